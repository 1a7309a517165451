"""Unfinished bookings: started, saved at every step, resumed after a crash, at this desk or another."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import choices, naming
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.naming import Named
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES, Unfinished, is_at, may_open, query, read

log = logging.getLogger(__name__)

LIFETIME = timedelta(hours=2)
LONGEST_SET_ASIDE = 100_000


def start(
    session: Session,
    *,
    actor: Actor,
    chosen: Choices | None = None,
    patient_id: UUID | None = None,
    session_id: UUID | None = None,
) -> Unfinished:
    """Begin a booking; an older one of the same patient ends and is named in `replaced`.

    Raises:
        NotFound: no patient of this clinic has that id.
    """
    actor.require(BOOK)
    now, identifier = claims.now(session), session_id or new_id()
    patient_id = patients.current(session, patient_id)
    named = naming.take_over(session, actor, patient_id, identifier, now) if patient_id else Named()
    session.execute(
        insert(t.BookingSession).values(
            id=identifier,
            clinic_id=actor.clinic_id,
            patient_id=patient_id,
            user_id=actor.user_id,
            user_name=actor.name,
            workstation=actor.workstation,
            choices=choices.write(chosen or Choices()),
            expires_at=now + LIFETIME,
            created_at=now,
            updated_at=now,
        )
    )
    audit.record(session, actor, "session.started", "booking_session", identifier)
    announce(session, "booking_session", identifier)
    return _told(session, actor, identifier, named)


def save(
    session: Session,
    *,
    actor: Actor,
    session_id: UUID,
    version: int,
    chosen: Choices,
    step: str,
    patient_id: UUID | None = None,
) -> Unfinished:
    """Keep the choices and renew the session's two hours. Parts are chosen by `booking.hold`, not here.

    Somebody newly named gets the held time too; where that person is elsewhere then, `clash` says so and all is saved.

    Raises:
        ChangedMeanwhile: another desk took the booking over, or it has ended.
        NotFound: no patient of this clinic has that id.
    """
    row = own(session, actor, session_id, version)
    now = claims.now(session)
    named = Named()
    if patient_id != row.patient_id:
        patient_id = patients.current(session, patient_id)
    if patient_id != row.patient_id:
        named = naming.name(session, actor, row, chosen.parts, patient_id, now)
    row.choices, row.step, row.patient_id = choices.write(chosen), SessionStep(step), patient_id
    row.outcome, row.updated_at, row.expires_at, row.version = (
        SessionOutcome.OPEN,
        now,
        now + LIFETIME,
        version + 1,
    )
    session.flush()
    announce(session, "booking_session", session_id)
    return _told(session, actor, session_id, named)


def park(session: Session, *, actor: Actor, session_id: UUID) -> None:
    """Put the booking into the tray, unless another desk has it by now; its holds run on until they expire."""
    row = locked(session, actor, session_id)
    if row is None or not is_at(row, actor):
        return
    if row.outcome == SessionOutcome.OPEN:
        row.outcome, row.version = SessionOutcome.PARKED, row.version + 1
        audit.record(session, actor, "session.parked", "booking_session", session_id)
        announce(session, "booking_session", session_id)


def resume(session: Session, *, actor: Actor, session_id: UUID) -> Unfinished:
    """Go on with an unfinished booking here; the desk that had it open is told by the change.

    Raises:
        NotFound: it has ended, or belongs to a guest of another desk and user.
    """
    actor.require(BOOK)
    row, now = locked(session, actor, session_id), claims.now(session)
    if row is None or row.outcome not in OUTCOMES or row.expires_at <= now or not may_open(row, actor):
        raise _gone()
    if not is_at(row, actor):
        audit.record(
            session,
            actor,
            "session.taken_over",
            "booking_session",
            session_id,
            before={"workstation": row.workstation},
        )
    _set_damaged_aside(session, actor, row)
    row.workstation, row.user_id, row.user_name = actor.workstation, actor.user_id, actor.name
    row.outcome, row.updated_at, row.expires_at, row.version = (
        SessionOutcome.OPEN,
        now,
        now + LIFETIME,
        row.version + 1,
    )
    session.flush()
    announce(session, "booking_session", session_id)
    return find(session, actor=actor, session_id=session_id)


def discard(session: Session, *, actor: Actor, session_id: UUID) -> None:
    """Throw the booking away and free its times at once; one that has ended already stays as it is.

    Raises:
        ChangedMeanwhile: it is open at another desk.
    """
    actor.require(BOOK)
    row = locked(session, actor, session_id)
    if row is None or row.outcome not in OUTCOMES or not may_open(row, actor):
        return
    if row.outcome == SessionOutcome.OPEN and row.workstation != actor.workstation:
        raise ChangedMeanwhile(
            f"{row.user_name} at {row.workstation} goes on with this booking now; "
            "go on with it here first, then discard it."
        )
    end(session, row, SessionOutcome.DISCARDED, claims.now(session))
    audit.record(session, actor, "session.discarded", "booking_session", session_id, after={"step": row.step})


def unfinished(session: Session, *, actor: Actor) -> tuple[Unfinished, ...]:
    """The clinic's unfinished bookings that this person may go on with, newest first."""
    rows = session.execute(
        query()
        .where(
            t.BookingSession.clinic_id == actor.clinic_id,
            t.BookingSession.outcome.in_(OUTCOMES),
            t.BookingSession.expires_at > clock(),
        )
        .order_by(t.BookingSession.updated_at.desc(), t.BookingSession.id)
    )
    return tuple(read(*row) for row in rows if may_open(row[0], actor))


def of_patient(session: Session, *, actor: Actor, patient_id: UUID) -> Unfinished | None:
    """The patient's unfinished booking, to go on with instead of beginning another; None if there is none."""
    row = session.execute(
        query().where(
            t.BookingSession.clinic_id == actor.clinic_id,
            t.BookingSession.outcome.in_(OUTCOMES),
            t.BookingSession.patient_id == patient_id,
            t.BookingSession.expires_at > clock(),
        )
    ).one_or_none()
    return read(*row) if row is not None else None


def find(session: Session, *, actor: Actor, session_id: UUID) -> Unfinished:
    """One unfinished booking as it stands now.

    Raises:
        NotFound: it has ended or is not this person's to see.
    """
    wanted = query().where(t.BookingSession.id == session_id).execution_options(populate_existing=True)
    row = session.execute(wanted).one_or_none()
    if row is None or row[0].outcome not in OUTCOMES or not may_open(row[0], actor):
        raise _gone()
    found = read(*row)
    if found.expires_at <= found.now:
        raise _gone()
    return found


def replaced(session: Session, *, actor: Actor, session_id: UUID) -> Unfinished:
    """A booking that a newer one of its patient took over from, as it stood; kept for a day.

    Raises:
        NotFound: it is no such booking, or was emptied by now.
    """
    row = session.execute(query().where(t.BookingSession.id == session_id)).one_or_none()
    is_kept = row is not None and row[0].outcome == SessionOutcome.ABANDONED and row[0].choices != {}
    if row is None or not is_kept or not may_open(row[0], actor):
        raise NotFound("That booking is no longer kept; ask who made it what was chosen.")
    return read(*row)


def own(session: Session, actor: Actor, session_id: UUID, version: int) -> t.BookingSession:
    """The session, locked, if it is still at this desk in the version that the screen shows.

    Raises:
        ChangedMeanwhile: it has ended, or goes on at another desk.
    """
    actor.require(BOOK)
    row = locked(session, actor, session_id)
    if row is None or row.outcome not in OUTCOMES or row.expires_at <= claims.now(session):
        raise ChangedMeanwhile("This booking has ended or expired; start a new one.")
    if not is_at(row, actor):
        raise ChangedMeanwhile(f"{row.user_name} at {row.workstation} goes on with this booking now.")
    if row.version != version:
        raise ChangedMeanwhile("This booking was changed at this desk meanwhile; please look at it again.")
    return row


def locked(session: Session, actor: Actor, session_id: UUID) -> t.BookingSession | None:
    """The clinic's booking of that id, in whatever state, locked until the transaction ends."""
    row = session.get(t.BookingSession, session_id, with_for_update=True, populate_existing=True)
    return row if row is not None and row.clinic_id == actor.clinic_id else None


def _told(session: Session, actor: Actor, session_id: UUID, named: Named) -> Unfinished:
    found = find(session, actor=actor, session_id=session_id)
    return replace(found, replaced=named.replaced, replaced_id=named.replaced_id, clash=named.clash)


def _set_damaged_aside(session: Session, actor: Actor, row: t.BookingSession) -> None:
    """Keep damaged choices as they were found: the next save writes over them."""
    _chosen, damaged = choices.read(row.choices)
    if not damaged:
        return
    row.set_aside = json.dumps(row.choices)[:LONGEST_SET_ASIDE]
    lost = ", ".join(damaged)
    log.warning("choices of booking session %s were damaged: %s", row.id, lost)
    audit.record(session, actor, "session.damaged", "booking_session", row.id, after={"lost": lost})


def _gone() -> NotFound:
    return NotFound("That booking was finished or has expired; start a new one.")
