"""Changing what stands: other times, practitioners, rooms, equipment and lengths of appointments, all or nothing.

A change closes the claims it leaves and takes new ones. What it returns undoes it, by another change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import FINAL, AppointmentStatus
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import audit, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import Catalogue, catalogue
from clinic_scheduler.services.changing import pinboard, reasons, standing, told
from clinic_scheduler.services.changing.moves import Change, Changed, Terms
from clinic_scheduler.services.changing.retaking import Retaken, take
from clinic_scheduler.services.changing.standing import Seen
from clinic_scheduler.services.plans import following
from clinic_scheduler.services.taking import checks, once, rules
from clinic_scheduler.services.taking.requests import Answer
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.times.timelines import Interval

MOVABLE = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class _Move:
    """One appointment and what becomes of it."""

    row: t.Appointment
    before: Terms
    after: Terms
    away: Interval | None


def change(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    changes: Sequence[Change],
    reason: str = "",
    override: Override | None = None,
) -> Changed:
    """Change appointments of any visits, all or none. Asked again with the same `request_id` it answers the same.

    Pending and confirmed ones change in everything; whoever has arrived only in length, practitioner and place.

    Raises:
        TimeTaken: naming who or what is not free.
        RuleBroken: the clinic's rules forbid a time, and the override does not name that rule.
        ChangedMeanwhile: one is no longer as it was seen; says how it is now.
        NotPermitted: the person may not book, or not override.
        NotFound, InvalidInput, KeyReused: something in it cannot be.
    """
    content = ("change", [one.write() for one in changes])
    done = once.answered(
        session,
        request_id,
        content,
        lambda: apply(session, actor, changes, reason, override).write(),
    )
    return Changed.read(done)


def move_visit(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    seen: Seen,
    start: datetime,
    reason: str = "",
    override: Override | None = None,
) -> Changed:
    """Move a whole visit, so that the first of the appointments seen begins at `start` and all keep their distances.

    Parts of the visit that stand and were not among those `seen` go along. Raises as `change` does.
    """

    def do() -> Answer:
        rows = _seen(session, actor, seen)
        by = start - min(standing.terms(row).start for row in rows)
        versions = _others(session, rows) | dict(seen)
        starts = {row.id: standing.terms(row).start + by for row in _seen(session, actor, versions)}
        changes = [Change(identifier, versions[identifier], start) for identifier, start in starts.items()]
        return apply(session, actor, changes, reason, override).write()

    content = ("move", sorted(map(str, seen.items())), start)
    return Changed.read(once.answered(session, request_id, content, do))


def swap(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    one: Seen,
    other: Seen,
    reason: str = "",
    override: Override | None = None,
) -> Changed:
    """Let two parts, or two visits of as many parts, take each other's time, practitioner and place.

    Each keeps its length and, in a visit, its distances. A place is exchanged where both have one. Raises as `change`
    does.
    """

    def do() -> Answer:
        these, those = _seen(session, actor, one), _seen(session, actor, other)
        if len(these) != len(those) or not these or set(one) & set(other):
            raise InvalidInput("These visits have different parts; please move them one by one.", "visit")
        changes = [*_in_place_of(these, those, one), *_in_place_of(those, these, other)]
        return apply(session, actor, changes, reason, override).write()

    content = ("swap", sorted(map(str, one.items())), sorted(map(str, other.items())))
    return Changed.read(once.answered(session, request_id, content, do))


def _in_place_of(
    these: Sequence[t.Appointment], those: Sequence[t.Appointment], versions: Seen
) -> list[Change]:
    mine, theirs = [standing.terms(row) for row in these], [standing.terms(row) for row in those]
    by = min(terms.start for terms in theirs) - min(terms.start for terms in mine)
    return [
        Change(
            row.id,
            versions[row.id],
            start=own.start + by,
            practitioner_id=place.practitioner_id,
            room_id=place.room_id if place.room_id and own.room_id else own.room_id,
            equipment_id=place.equipment_id if place.equipment_id and own.equipment_id else own.equipment_id,
        )
        for row, own, place in zip(these, mine, theirs, strict=True)
    ]


def _seen(session: Session, actor: Actor, seen: Seen) -> list[t.Appointment]:
    """The appointments, unlocked, by visit and position."""
    a = t.Appointment
    rows = session.scalars(
        select(a)
        .where(a.id.in_(seen), a.clinic_id == actor.clinic_id)
        .order_by(a.booking_id, a.position)
        .execution_options(populate_existing=True)
    ).all()
    if not rows or len(rows) != len(seen):
        raise NotFound("That visit is no longer there; please refresh the day.")
    return list(rows)


def _others(session: Session, rows: Sequence[t.Appointment]) -> dict[UUID, int]:
    """The versions of what else stands of the same visits."""
    a = t.Appointment
    wanted = select(a.id, a.version).where(
        a.booking_id.in_({row.booking_id for row in rows}), a.status.not_in(FINAL)
    )
    return dict(session.execute(wanted).all())


def apply(
    session: Session, actor: Actor, changes: Sequence[Change], reason: str, override: Override | None
) -> Changed:
    """What `change` does, as a part of something larger."""
    actor.require(BOOK)
    allowed, reason = rules.permitted(actor, override), reasons.clean(reason)
    seen = {one.appointment_id: one.version for one in changes}
    if not 0 < len(seen) == len(changes) <= MOST_CHANGES:
        raise InvalidInput("Please choose what is to be changed, each visit once.", "visit")
    rows = standing.locked(session, actor, seen)
    offered = catalogue(session, actor.clinic_id)
    wanted = {one.appointment_id: one for one in changes}
    moves = [_move(offered, row, wanted[row.id]) for row in rows]
    moves = [move for move in moves if move.before != move.after]
    if not moves:
        return Changed(())
    patients = standing.patients(session, [move.row.booking_id for move in moves])
    retaken = [Retaken(m.row, m.after, m.away, patients[m.row.booking_id]) for m in moves]
    taken = take(session, offered, retaken, allowed)
    before = {move.row.id: told.facts(move.row) for move in moves}
    for move in moves:
        _write(offered, move, taken.overlap_reasons[move.row.id])
    session.flush()
    standing.touch_bookings(session, patients)
    following.moved(session, actor, [m.row.id for m in moves if m.before.start != m.after.start])
    _tell(session, offered, moves, before, taken.at)
    pinboard.put_elsewhere(session, (move.row.id for move in moves))
    for move in moves:
        _record(session, actor, move, reason or (allowed.reason if allowed else ""))
    return Changed(tuple(Change.back(m.row.id, m.row.version, m.before, m.after) for m in moves))


def _move(offered: Catalogue, row: t.Appointment, wanted: Change) -> _Move:
    """What the change makes of the appointment.

    Raises:
        InvalidInput: its status or its length does not allow that.
    """
    if row.status in FINAL:
        raise InvalidInput(
            f"This visit is {row.status.replace('_', ' ')} and stays as it was; open it again first.", "visit"
        )
    before = standing.terms(row)
    try:
        after = wanted.applied(before)
    except OverflowError:
        raise InvalidInput("That date is out of reach; please choose another.", "time") from None
    if row.status not in MOVABLE and after.start != before.start:
        raise InvalidInput(
            "The patient has arrived already; only length, person and place can change.", "time"
        )
    if (after.start, after.end) != (before.start, before.end):
        checks.length(after.start, after.end)
    if after.price_cents != before.price_cents and after.practitioner_id == before.practitioner_id:
        raise InvalidInput("The price stays as agreed, unless the practitioner changes.", "price")
    if after.price_cents < 0:
        raise InvalidInput("A price is not below zero; please check it.", "price")
    return _Move(row, before, after, _away(offered, row, after))


def _away(offered: Catalogue, row: t.Appointment, after: Terms) -> Interval | None:
    """The minutes in which the practitioner is free, as agreed, or as somebody else performs the service."""
    if after.practitioner_id != row.practitioner_id:
        return offered.service(row.service_id).performer(after.practitioner_id).away
    return standing.away(row)


def _write(offered: Catalogue, move: _Move, overlap_reason: str) -> None:
    row, after, clinic = move.row, move.after, offered.clinic
    row.start_at, row.end_at = after.start, after.end
    row.day = localtime.local_day(after.start, clinic.where)
    row.local_start, row.zone = localtime.wall_text(after.start, clinic.where), clinic.zone
    row.room_id, row.equipment_id, row.price_cents = after.room_id, after.equipment_id, after.price_cents
    row.practitioner_id, row.overlap_reason = after.practitioner_id, overlap_reason
    row.gap_start_min, row.gap_end_min = move.away or (None, None)
    row.version += 1


def _tell(
    session: Session,
    offered: Catalogue,
    moves: Sequence[_Move],
    before: dict[UUID, told.Facts],
    now: datetime,
) -> None:
    for booking_id in sorted({move.row.booking_id for move in moves}):
        known = {
            m.row.id: before[m.row.id]
            for m in moves
            if m.row.booking_id == booking_id and before[m.row.id] != told.facts(m.row)
        }
        if known:
            told.queue_change(session, offered.clinic, booking_id, now, known)
    announce(session, "appointment", *(move.row.id for move in moves))
    announce(session, "booking", *(move.row.booking_id for move in moves))


def _record(session: Session, actor: Actor, move: _Move, reason: str) -> None:
    before, after = (_facts(terms) for terms in (move.before, move.after))
    differing = [name for name in before if before[name] != after[name]]
    audit.record(
        session,
        actor,
        "appointment.changed",
        "appointment",
        move.row.id,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
        reason=reason,
    )


def _facts(terms: Terms) -> dict[str, str | int | None]:
    return {
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
        "practitioner": str(terms.practitioner_id),
        "room": str(terms.room_id) if terms.room_id else None,
        "equipment": str(terms.equipment_id) if terms.equipment_id else None,
        "price_cents": terms.price_cents,
    }
