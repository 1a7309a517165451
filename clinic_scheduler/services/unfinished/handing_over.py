"""Handing an unfinished booking to a colleague, with the time it holds."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import SessionOutcome
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished.booking_session import LIFETIME, own
from clinic_scheduler.services.unfinished.unfinished import OFFERS

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at a desk."""

    workstation: str
    user_id: UUID
    name: str


def colleagues(session: Session, *, actor: Actor) -> tuple[Colleague, ...]:
    """Who else began or took over a booking of this clinic in the last 30 days, and at which desk; by name, desk."""
    b = t.BookingSession
    found = session.execute(
        select(b.workstation, b.user_id, func.max(b.user_name))
        .where(b.clinic_id == actor.clinic_id, b.created_at > claims.now(session) - LATELY)
        .where(b.workstation != OFFERS)
        .group_by(b.workstation, b.user_id)
    )
    others = (Colleague(*row) for row in found if (row[0], row[1]) != (actor.workstation, actor.user_id))
    return tuple(sorted(others, key=lambda one: (one.name.casefold(), one.workstation, one.user_id)))


def hand_over(session: Session, *, actor: Actor, session_id: UUID, version: int, to: Colleague) -> None:
    """Put the booking, a guest's too, into the colleague's tray; what it holds stays held, and this desk lets go.

    Raises:
        ChangedMeanwhile: the booking is at another desk by now or has ended.
        NotFound: nobody like that works at that desk.
    """
    row = own(session, actor, session_id, version)
    if to not in colleagues(session, actor=actor):
        raise NotFound(f"{to.name} is not known at {to.workstation}; choose a colleague from the list.")
    now = claims.now(session)
    row.workstation, row.user_id, row.user_name = to.workstation, to.user_id, to.name
    row.outcome, row.updated_at, row.expires_at, row.version = (
        SessionOutcome.PARKED,
        now,
        now + LIFETIME,
        version + 1,
    )
    audit.record(
        session,
        actor,
        "session.handed_over",
        "booking_session",
        session_id,
        before={"workstation": actor.workstation, "user": str(actor.user_id)},
        after={"workstation": to.workstation, "user": str(to.user_id)},
    )
    session.flush()
    announce(session, "booking_session", session_id)
