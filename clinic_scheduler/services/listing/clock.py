"""What time it is by the database's clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from clinic_scheduler.services import catalogue
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims


def now(session: Session, *, actor: Actor) -> datetime:
    """Now, in the clinic's wall time."""
    return claims.now(session).astimezone(catalogue.clinic(session, actor.clinic_id).where)
