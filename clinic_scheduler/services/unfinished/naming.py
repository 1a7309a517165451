"""Saying whose booking it is: the person's other booking ends, and the held time becomes the person's too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import SessionOutcome
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.taking import claims, overlaps, visits
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES
from clinic_scheduler.services.wishes import Part


@dataclass(frozen=True, slots=True)
class Named:
    """What naming a person did; as in `Unfinished`."""

    replaced: str = ""
    replaced_id: UUID | None = None
    clash: str = ""


def take_over(session: Session, actor: Actor, patient_id: UUID, keep: UUID, now: datetime) -> Named:
    """End the patient's unfinished booking other than `keep`, if there is one; its choices can still be looked at.

    Raises:
        NotFound: nobody of this clinic has that id.
    """
    older = _other_booking(session, actor, patient_id, keep)
    if older is None:
        return Named()
    end(session, older, SessionOutcome.ABANDONED, now, keep_choices=True)
    audit.record(session, actor, "session.replaced", "booking_session", older.id, after={"by": str(keep)})
    return Named(f"{older.user_name}, {older.workstation}", older.id)


def name(
    session: Session,
    actor: Actor,
    row: t.BookingSession,
    parts: Sequence[Part],
    patient_id: UUID | None,
    now: datetime,
) -> Named:
    """Make a locked session this person's, or nobody's, as far as its holds go; a clash is told, not refused.

    Raises:
        NotFound: nobody of this clinic has that id.
    """
    older = _other_booking(session, actor, patient_id, row.id) if patient_id else None
    held = claims.live_holds(session, row.id)
    freed = claims.live_holds(session, older.id) if older else []
    if held or freed:  # all at once, so that desks queue in one order
        people = [person for person in (patient_id, row.patient_id) if person]
        claims.lock(session, [*people, *(claim.resource_id for claim in (*held, *freed))])
        now = claims.now(session)  # a time that was freed while this desk waited was taken until then
    named = take_over(session, actor, patient_id, row.id, now) if patient_id else Named()
    claims.release(session, [claim for claim in held if claim.resource_id == row.patient_id], now)
    clash = _take_time(session, row, parts, patient_id) if patient_id else ""
    return Named(named.replaced, named.replaced_id, clash)


def queue_for(session: Session, patient_ids: Iterable[UUID]) -> None:
    """Wait for desks that begin a booking for these people now, so that what they begin is seen."""
    if session.get_bind().dialect.name == "postgresql":
        queue = text("SELECT pg_advisory_xact_lock(4, hashtext(:patient))")
        for patient in sorted(map(str, patient_ids)):
            session.execute(queue, {"patient": patient})


def _other_booking(session: Session, actor: Actor, patient_id: UUID, keep: UUID) -> t.BookingSession | None:
    patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
    queue_for(session, [patient_id])
    wanted = select(t.BookingSession).where(
        t.BookingSession.outcome.in_(OUTCOMES),
        t.BookingSession.patient_id == patient_id,
        t.BookingSession.id != keep,
    )
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _take_time(session: Session, row: t.BookingSession, parts: Sequence[Part], patient_id: UUID) -> str:
    """Hold the patient's time as long as the rest of the visit; why that cannot be, empty if it can."""
    held = claims.live_holds(session, row.id)
    spans = {
        number: (
            min(claim.start_at for claim in held if claim.part == number),
            max(claim.end_at for claim in held if claim.part == number),
        )
        for number in {claim.part for claim in held}
    }
    wanted = [
        taking
        for taking in visits.of_patient(parts, patient_id)
        if spans.get(taking.part) == (parts[taking.part].start, parts[taking.part].end)
    ]
    if not wanted:
        return ""
    try:
        seated = overlaps.assigned(session, wanted)
    except TimeTaken as taken:
        return str(taken)
    until = min(claim.live_to for claim in held if claim.live_to)
    # Not as of before the look: what had run out by then had not yet.
    claims.hold(session, row.clinic_id, row.id, seated, until, claims.now(session))
    return ""
