"""Unfinished bookings: started, saved at every step, resumed after a crash, at this desk or another."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import ChangedMeanwhile, NotFound

from . import audit, choices, claims
from .actor import BOOK, Actor
from .choices import Choices
from .unfinished import OUTCOMES, Unfinished, may_open, query, read

LIFETIME = timedelta(hours=2)


def start(
    session: Session,
    *,
    actor: Actor,
    chosen: Choices | None = None,
    patient_id: UUID | None = None,
    session_id: UUID | None = None,
) -> Unfinished:
    """Begin a booking; an older one of the same patient ends and is named in `replaced`."""
    actor.require(BOOK)
    now, identifier = claims.now(session), session_id or new_id()
    replaced = _take_over(session, actor, patient_id, identifier, now) if patient_id else ""
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
    return replace(find(session, actor=actor, session_id=identifier), replaced=replaced)


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

    Raises:
        ChangedMeanwhile: another desk took the booking over, or it has ended.
    """
    row = own(session, actor, session_id, version)
    now = claims.now(session)
    replaced = (
        _take_over(session, actor, patient_id, session_id, now)
        if patient_id and patient_id != row.patient_id
        else ""
    )
    row.choices, row.step, row.patient_id = choices.write(chosen), SessionStep(step), patient_id
    row.outcome, row.updated_at, row.expires_at, row.version = (
        SessionOutcome.OPEN,
        now,
        now + LIFETIME,
        version + 1,
    )
    session.flush()
    announce(session, "booking_session", session_id)
    return replace(find(session, actor=actor, session_id=session_id), replaced=replaced)


def park(session: Session, *, actor: Actor, session_id: UUID) -> None:
    """Put the booking into the tray, unless another desk has it by now; its holds run on until they expire."""
    row = _locked(session, session_id)
    if row is None or (row.workstation, row.user_id) != (actor.workstation, actor.user_id):
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
    row, now = _locked(session, session_id), claims.now(session)
    if row is None or row.outcome not in OUTCOMES or row.expires_at <= now or not may_open(row, actor):
        raise NotFound("That booking was finished or has expired; start a new one.")
    if (row.workstation, row.user_id) != (actor.workstation, actor.user_id):
        audit.record(
            session,
            actor,
            "session.taken_over",
            "booking_session",
            session_id,
            before={"workstation": row.workstation},
        )
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
    """Throw the booking away and free its times at once; one that has ended already stays as it is."""
    row = _locked(session, session_id)
    if row is not None and row.outcome in OUTCOMES and may_open(row, actor):
        end(session, row, SessionOutcome.DISCARDED, claims.now(session))
        audit.record(
            session, actor, "session.discarded", "booking_session", session_id, after={"step": row.step}
        )


def end(
    session: Session,
    row: t.BookingSession,
    outcome: SessionOutcome,
    now: datetime,
    *,
    keep_choices: bool = False,
) -> None:
    """Close a session for good: free its holds, keep its outcome for the figures."""
    holds = claims.live_holds(session, row.id)
    claims.lock(session, [claim.resource_id for claim in holds])
    claims.release(session, holds, now)
    row.outcome, row.ended_at, row.version = outcome, now, row.version + 1
    if not keep_choices:
        row.choices = {}
    session.flush()
    announce(session, "booking_session", row.id)


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


def find(session: Session, *, actor: Actor, session_id: UUID) -> Unfinished:
    """One unfinished booking as it stands now.

    Raises:
        NotFound: it has ended or is not this person's to see.
    """
    wanted = query().where(t.BookingSession.id == session_id).execution_options(populate_existing=True)
    row = session.execute(wanted).one_or_none()
    if row is None or row[0].outcome not in OUTCOMES or not may_open(row[0], actor):
        raise NotFound("That booking was finished or has expired; start a new one.")
    return read(*row)


def _locked(session: Session, session_id: UUID) -> t.BookingSession | None:
    return session.scalars(
        select(t.BookingSession)
        .where(t.BookingSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def own(session: Session, actor: Actor, session_id: UUID, version: int) -> t.BookingSession:
    """The session, locked, if it is still at this desk in the version that the screen shows.

    Raises:
        ChangedMeanwhile: it has ended, or goes on at another desk.
    """
    row = _locked(session, session_id)
    if row is None or row.outcome not in OUTCOMES or row.expires_at <= claims.now(session):
        raise ChangedMeanwhile("This booking has ended or expired; start a new one.")
    if row.workstation != actor.workstation or row.user_id != actor.user_id or row.version != version:
        raise ChangedMeanwhile(f"{row.user_name} at {row.workstation} goes on with this booking now.")
    return row


def _take_over(session: Session, actor: Actor, patient_id: UUID, keep: UUID, now: datetime) -> str:
    """End the patient's other unfinished booking, if there is one; who made it."""
    older = session.scalars(
        select(t.BookingSession)
        .where(
            or_(
                t.BookingSession.outcome == SessionOutcome.OPEN,
                t.BookingSession.outcome == SessionOutcome.PARKED,
            ),
            t.BookingSession.patient_id == patient_id,
            t.BookingSession.id != keep,
        )
        .with_for_update()
    ).one_or_none()
    if older is None:
        return ""
    end(session, older, SessionOutcome.ABANDONED, now, keep_choices=True)
    audit.record(session, actor, "session.replaced", "booking_session", older.id, after={"by": str(keep)})
    return f"{older.user_name}, {older.workstation}"
