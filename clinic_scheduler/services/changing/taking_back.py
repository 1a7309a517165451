"""Bringing appointments to a status and back again, so that every click on a status can be undone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import LEGAL_BACK, LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit, catalogue
from clinic_scheduler.services.actor import BOOK, REOPEN, Actor
from clinic_scheduler.services.changing import appointments, reasons, retaking, standing, told
from clinic_scheduler.services.taking import claims, once
from clinic_scheduler.services.taking.requests import Answer

TAKEN_BACK = "taken back"
FREE = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)  # of time


@dataclass(frozen=True, slots=True)
class Put:
    """The status that an appointment seen in that `version` is to have."""

    appointment_id: UUID
    version: int
    status: str


@dataclass(frozen=True, slots=True)
class _Move:
    row: t.Appointment
    before: str
    after: str

    @property
    def is_back(self) -> bool:
        return self.after not in LEGAL_MOVES.get(self.before, ())


def put(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    wanted: Sequence[Put],
    reason: str = "",
) -> tuple[Put, ...]:
    """Bring appointments of any visits to the statuses wanted, all or none; what brings them back.

    Whoever changed a status takes it back within ten minutes, later it takes the permission to reopen. What was
    cancelled or missed gets its times again, lanes and accepted overlaps too.

    Raises:
        InvalidInput: nothing is asked for, a status does not lead there, or a no-show has not begun.
        NotPermitted: the person may not book, or not take that back any more.
        TimeTaken: naming who or what is no longer free.
        ChangedMeanwhile: one of them was changed meanwhile.
        NotFound: one is not in this clinic.
        KeyReused: the request id came before with other content.
    """
    actor.require(BOOK)
    reason = reasons.clean(reason)

    def do() -> Answer:
        back = apply(session, actor, wanted, reason)
        return {"back": [[str(one.appointment_id), one.version, one.status] for one in back]}

    content = ("put", reason, sorted((str(one.appointment_id), one.version, one.status) for one in wanted))
    answer = once.answered(session, request_id, content, do)
    return tuple(Put(UUID(identifier), version, status) for identifier, version, status in answer["back"])


def apply(session: Session, actor: Actor, wanted: Sequence[Put], reason: str) -> Iterator[Put]:
    """What `put` does, as a part of something larger."""
    seen = {one.appointment_id: one.version for one in wanted}
    if not seen or len(seen) < len(wanted):
        raise InvalidInput("Please choose the visits first, each once.", "visit")
    statuses = {one.appointment_id: one.status for one in wanted}
    rows = standing.locked(session, actor, seen)
    moves = [_Move(row, row.status, statuses[row.id]) for row in rows if row.status != statuses[row.id]]
    _check(session, actor, moves)
    now = _give_and_take(session, actor, moves)
    notice = timedelta(hours=catalogue.clinic(session, actor.clinic_id).cancel_notice_hours)
    for move in moves:
        row, is_cancelled = move.row, move.after == AppointmentStatus.CANCELLED
        row.cancelled_at = now if is_cancelled else None
        row.is_late_cancel = is_cancelled and row.start_at is not None and row.start_at - now < notice
        appointments.write(row, move.after, TAKEN_BACK if move.is_back else reason)
    if moves:
        _tell(session, actor, moves, now)
    return (Put(move.row.id, move.row.version, move.before) for move in moves)


def _check(session: Session, actor: Actor, moves: Sequence[_Move]) -> None:
    for move in moves:
        if move.is_back and move.after not in LEGAL_BACK.get(move.before, ()):
            before, after = (word.replace("_", " ") for word in (move.before, move.after))
            raise InvalidInput(
                f"A visit that is {before} does not become {after}; please look at it again.", "status"
            )
    back = [move.row.id for move in moves if move.is_back]
    if back and not _are_own_and_new(session, actor, back):
        actor.require(REOPEN)


def _are_own_and_new(session: Session, actor: Actor, appointment_ids: Sequence[UUID]) -> bool:
    """Whether the status of each was last changed by this person just now; moving or parking it changes none."""
    e, since = t.AuditEntry, claims.now(session) - retaking.UNDO_WITHIN
    found = session.execute(
        select(e.entity_id, e.actor_id, e.at, e.before)
        .where(e.entity == "appointment", e.entity_id.in_(appointment_ids))
        .order_by(e.at)
    )
    last = {entity: (who, at) for entity, who, at, before in found if "status" in (before or {})}
    return all(
        identifier in last and last[identifier][0] == actor.user_id and last[identifier][1] >= since
        for identifier in appointment_ids
    )


def _give_and_take(session: Session, actor: Actor, moves: Sequence[_Move]) -> datetime:
    """Free the times of what does not take place, take those of what does again; when that was."""
    leaving = [move.row for move in moves if move.after in FREE and move.before not in FREE]
    coming = [move.row for move in moves if move.before in FREE and move.after not in FREE]
    now = appointments.free(session, leaving) if leaving else claims.now(session)
    missed = [move.row for move in moves if move.after == AppointmentStatus.NO_SHOW and not move.is_back]
    if any(row.start_at is None or row.start_at > now for row in missed):
        raise InvalidInput("This visit has not begun yet; wait for it, or cancel it.", "status")
    return appointments.take_again(session, actor, coming) if coming else now


def _tell(session: Session, actor: Actor, moves: Sequence[_Move], now: datetime) -> None:
    """Tell the desks, the patients and the audit."""
    bookings = appointments.settle(session, actor, [move.row for move in moves])
    if any(move.after in FREE for move in moves):
        retaking.settle(session, actor.clinic_id, bookings)
    clinic = catalogue.clinic(session, actor.clinic_id)
    for queue, which in (
        (told.queue_cancellation, [m for m in moves if m.after == AppointmentStatus.CANCELLED]),
        (told.queue_reopening, [m for m in moves if m.before == AppointmentStatus.CANCELLED]),
    ):
        for booking_id in sorted({move.row.booking_id for move in which}):
            queue(session, clinic, booking_id, now)
    for move in moves:
        before: audit.Facts = {"status": move.before}
        after: audit.Facts = {"status": move.after, "late": move.row.is_late_cancel}
        appointments.record(
            session, actor, move.row, "taken_back" if move.is_back else move.after, before, after
        )
