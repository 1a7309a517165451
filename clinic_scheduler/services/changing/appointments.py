"""Changing the status of appointments: the legal moves, cancelling, opening again; and what follows from it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import FINAL, LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit, catalogue
from clinic_scheduler.services.actor import BOOK, REOPEN, Actor
from clinic_scheduler.services.changing import pinboard, reasons, retaking, standing, told
from clinic_scheduler.services.changing.retaking import Retaken
from clinic_scheduler.services.changing.standing import Seen
from clinic_scheduler.services.plans import following
from clinic_scheduler.services.taking import claims, once
from clinic_scheduler.services.taking.requests import Answer

OPEN = (
    AppointmentStatus.PENDING,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.IN_PROGRESS,
)


def cancel(
    session: Session,
    *,
    actor: Actor,
    appointment_ids: Sequence[UUID],
    versions: Sequence[int],
    reason: str = "",
    request_id: UUID | None = None,
) -> tuple[UUID, ...]:
    """Cancel appointments that nobody changed since the screen showed them, and free their times.

    Asked again with the same `request_id` it returns the first answer.

    Raises:
        ChangedMeanwhile: one of them was changed or is finished.
        NotFound: one is not in this clinic.
    """
    actor.require(BOOK)
    seen = _seen(appointment_ids, versions)
    reason = reasons.clean(reason)

    def do() -> None:
        rows = standing.locked(session, actor, seen)
        for row in rows:
            if row.status not in OPEN:
                raise standing.changed(session, row)
        clinic = catalogue.clinic(session, actor.clinic_id)
        now = free(session, rows)
        notice = timedelta(hours=clinic.cancel_notice_hours)
        before = {row.id: row.status for row in rows}
        for row in rows:
            row.is_late_cancel = row.start_at is not None and row.start_at - now < notice
            row.cancelled_at = now
            write(row, AppointmentStatus.CANCELLED, reason)
        bookings = settle(session, actor, rows)
        retaking.settle(session, actor.clinic_id, bookings)
        for booking_id in bookings:
            told.queue_cancellation(session, clinic, booking_id, now)
        for row in rows:
            after: audit.Facts = {"status": row.status, "late": row.is_late_cancel}
            record(session, actor, row, "cancelled", {"status": before[row.id]}, after)

    return _answered(session, request_id, "cancel", seen, reason, do)


def advance(
    session: Session,
    *,
    actor: Actor,
    appointment_ids: Sequence[UUID],
    versions: Sequence[int],
    to: str,
    reason: str = "",
    request_id: UUID | None = None,
) -> tuple[UUID, ...]:
    """Confirm, arrive, start, complete or note as a no-show, along the legal moves.

    A no-show frees the time, what is completed keeps it. Cancelling and opening again have functions of their own.

    Raises:
        InvalidInput: the status does not lead there, or a no-show has not begun yet.
        ChangedMeanwhile: one of them was changed meanwhile.
        NotFound: one is not in this clinic.
    """
    actor.require(BOOK)
    seen = _seen(appointment_ids, versions)
    reason = reasons.clean(reason)

    def do() -> None:
        rows = standing.locked(session, actor, seen)
        for row in rows:
            if to == AppointmentStatus.CANCELLED or to not in LEGAL_MOVES.get(row.status, ()):
                raise InvalidInput(
                    f"A visit that is {_word(row.status)} does not become {_word(to)}; please look at it again.",
                    "status",
                )
        before = {row.id: row.status for row in rows}
        if to == AppointmentStatus.NO_SHOW:
            now = free(session, rows)
            if any(row.start_at is None or row.start_at > now for row in rows):
                raise InvalidInput("This visit has not begun yet; wait for it, or cancel it.", "status")
        for row in rows:
            write(row, to, reason)
        bookings = settle(session, actor, rows)
        if to == AppointmentStatus.NO_SHOW:
            retaking.settle(session, actor.clinic_id, bookings)
        for row in rows:
            record(session, actor, row, to, {"status": before[row.id]}, {"status": to})

    return _answered(session, request_id, f"advance {to}", seen, reason, do)


def reopen(
    session: Session,
    *,
    actor: Actor,
    appointment_ids: Sequence[UUID],
    versions: Sequence[int],
    reason: str,
    request_id: UUID | None = None,
) -> tuple[UUID, ...]:
    """Put cancelled, missed or completed appointments back to confirmed, in the times and lanes they had.

    Raises:
        NotPermitted: the person may not.
        TimeTaken: naming who or what is no longer free.
        InvalidInput: there is no reason, one is not finished, or its time was never told.
        ChangedMeanwhile: one of them was changed meanwhile.
        NotFound: one is not in this clinic.
    """
    actor.require(REOPEN)
    seen = _seen(appointment_ids, versions)
    reason = reasons.required(reason)

    def do() -> None:
        rows = standing.locked(session, actor, seen)
        before = {row.id: row.status for row in rows}
        if not FINAL.issuperset(before.values()):
            raise InvalidInput("Only a finished visit is opened again; this one stands.", "status")
        now = take_again(session, actor, rows)
        for row in rows:
            row.cancelled_at, row.is_late_cancel = None, False
            write(row, AppointmentStatus.CONFIRMED, reason)
        bookings = settle(session, actor, rows)
        was_told = {row.booking_id for row in rows if before[row.id] == AppointmentStatus.CANCELLED}
        for booking_id in sorted(was_told.intersection(bookings)):
            told.queue_reopening(session, catalogue.clinic(session, actor.clinic_id), booking_id, now)
        for row in rows:
            record(session, actor, row, "reopened", {"status": before[row.id]}, {"status": row.status})

    return _answered(session, request_id, "reopen", seen, reason, do)


def _seen(appointment_ids: Sequence[UUID], versions: Sequence[int]) -> Seen:
    if not appointment_ids:
        raise InvalidInput("Please choose a visit first.", "visit")
    return dict(zip(appointment_ids, versions, strict=True))


def _answered(
    session: Session, request_id: UUID | None, what: str, seen: Seen, words: str, do: Callable[[], None]
) -> tuple[UUID, ...]:
    def answer() -> Answer:
        do()
        return {"appointments": [str(identifier) for identifier in seen]}

    content = (what, words, sorted(map(str, seen.items())))
    return tuple(map(UUID, once.answered(session, request_id, content, answer)["appointments"]))


def free(session: Session, rows: Sequence[t.Appointment]) -> datetime:
    """Close the claims of the appointments; when that was."""
    taken = claims.of_appointments(session, [row.id for row in rows])
    claims.lock(session, [claim.resource_id for claim in taken])
    now = claims.now(session)
    claims.release(session, taken, now)
    return now


def take_again(session: Session, actor: Actor, rows: Sequence[t.Appointment]) -> datetime:
    """Take the times of the appointments, whose claims were closed; when that was."""
    offered = catalogue.catalogue(session, actor.clinic_id)
    patients = standing.patients(session, [row.booking_id for row in rows])
    retaken = [
        Retaken(row, standing.terms(row), standing.away(row), patients[row.booking_id]) for row in rows
    ]
    taken = retaking.take(session, offered, retaken, known_for=retaking.EVER, as_before=True)
    for row in rows:
        row.overlap_reason = taken.overlap_reasons[row.id]
    return taken.at


def write(row: t.Appointment, status: str, reason: str) -> None:
    """Give an appointment its new status."""
    row.status, row.status_reason = status, reason
    row.version += 1


def settle(session: Session, actor: Actor, rows: Sequence[t.Appointment]) -> tuple[UUID, ...]:
    """Bring the visits and plans in line with their appointments and tell every desk; the visits, sorted."""
    session.flush()
    pinboard.put_elsewhere(session, (row.id for row in rows if row.status not in pinboard.PINNABLE))
    bookings = tuple(sorted({row.booking_id for row in rows}))
    standing.touch_bookings(session, bookings)
    following.follow(session, actor, rows)
    announce(session, "appointment", *(row.id for row in rows))
    announce(session, "booking", *bookings)
    return bookings


def record(
    session: Session,
    actor: Actor,
    row: t.Appointment,
    what: str,
    before: audit.Facts,
    after: audit.Facts,
) -> None:
    """Leave what was done to an appointment in the audit."""
    action = f"appointment.{what}"
    audit.record(
        session, actor, action, "appointment", row.id, before=before, after=after, reason=row.status_reason
    )


def _word(status: str) -> str:
    return status.replace("_", " ")
