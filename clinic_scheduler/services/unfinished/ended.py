"""Why an unfinished booking is not there any more, in a sentence for the desk that had it open."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import SessionOutcome
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES

OVER = "This booking was finished or has expired; start a new one."


def why(session: Session, *, actor: Actor, session_id: UUID) -> str:
    """What became of it; of another clinic's nothing is told."""
    b = t.BookingSession
    row = session.execute(
        select(b.outcome, b.patient_id, t.Booking.reference)
        .outerjoin(t.Booking, t.Booking.session_id == b.id)
        .where(b.id == session_id, b.clinic_id == actor.clinic_id)
    ).first()
    if row is None:
        return OVER
    if row.outcome == SessionOutcome.CONVERTED and row.reference:
        return f"This booking was confirmed already; its reference is {row.reference}."
    if row.outcome == SessionOutcome.DISCARDED:
        return "This booking was discarded at another desk; start a new one."
    if row.outcome == SessionOutcome.ABANDONED and row.patient_id is not None:
        newer = session.execute(
            select(b.user_name, b.workstation).where(b.patient_id == row.patient_id, b.outcome.in_(OUTCOMES))
        ).first()
        if newer is not None:
            return f"{newer.user_name} at {newer.workstation} began a newer booking for this patient; it goes on there."
    return OVER
