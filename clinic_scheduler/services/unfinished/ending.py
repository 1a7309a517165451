"""Closing an unfinished booking for good, whatever became of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import SessionOutcome
from clinic_scheduler.services.taking import claims, holds


def end(
    session: Session,
    row: t.BookingSession,
    outcome: SessionOutcome,
    now: datetime,
    *,
    keep_choices: bool = False,
) -> None:
    """Free the holds of a locked session and empty it; its outcome, step and counters stay for the figures."""
    held = claims.live_holds(session, row.id)
    claims.lock(session, [claim.resource_id for claim in held])
    claims.release(session, held, now)
    for column, value in holds.ended(holds.fate(was_live=bool(held))).items():
        setattr(row, column, value)
    row.outcome, row.ended_at, row.held_since, row.version = outcome, now, None, row.version + 1
    if not keep_choices:
        row.choices, row.set_aside = {}, None
    session.flush()
    announce(session, "booking_session", row.id)
