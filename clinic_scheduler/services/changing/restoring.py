"""Bringing a booking back to how it once was, as far as that is legal; and away from there again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import FINAL, AppointmentStatus
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.changing import moving, reasons, taking_back
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.taking import once
from clinic_scheduler.services.taking.requests import Answer
from clinic_scheduler.services.taking.rules import Override

Wanted = Put | Change
TERMS: Final = ("start", "end", "practitioner", "room", "equipment", "price_cents")
State = dict[str, Any]


def state_after(session: Session, *, actor: Actor, booking_id: UUID, entry_id: UUID) -> tuple[Wanted, ...]:
    """What would bring the booking back to how it was right after that entry of the audit; empty if it is so.

    Raises:
        NotFound: the booking, or an entry of it, is not in this clinic.
    """
    a, e = t.Appointment, t.AuditEntry
    rows = session.scalars(
        select(a).where(a.booking_id == booking_id, a.clinic_id == actor.clinic_id).order_by(a.position)
    ).all()
    entity_ids = [booking_id, *(row.id for row in rows)]
    entries = session.scalars(
        select(e).where(e.entity_id.in_(entity_ids)).order_by(e.at, e.chain, e.number)
    ).all()
    place = next((number for number, entry in enumerate(entries) if entry.id == entry_id), None)
    if not rows or place is None:
        raise NotFound("That is no longer in the history of this visit; please look at it again.")
    states = {row.id: _state(row) for row in rows}
    for entry in reversed(entries[place + 1 :]):
        if entry.action == "appointment.price_changed":
            continue  # another price than the listed one was agreed with the booking: there never was that one
        known: Mapping[str, Any] = entry.before if isinstance(entry.before, dict) else {}
        if entry.entity_id in states:
            states[entry.entity_id].update(
                {name: known[name] for name in known if name in (*TERMS, "status")}
            )
    return tuple(one for row in rows for one in _leading(row, states[row.id]))


def _state(row: t.Appointment) -> State:
    return {
        "status": row.status,
        "start": row.start_at.isoformat() if row.start_at else None,
        "end": row.end_at.isoformat() if row.end_at else None,
        "practitioner": str(row.practitioner_id),
        "room": str(row.room_id) if row.room_id else None,
        "equipment": str(row.equipment_id) if row.equipment_id else None,
        "price_cents": row.price_cents,
    }


def _leading(row: t.Appointment, to: State) -> Iterator[Wanted]:
    now = _state(row)
    if any(now[name] != to[name] for name in TERMS) and to["start"] and to["end"]:
        is_repriced = now["price_cents"] != to["price_cents"]
        yield Change(
            row.id,
            row.version,
            datetime.fromisoformat(to["start"]),
            datetime.fromisoformat(to["end"]),
            UUID(to["practitioner"]),
            UUID(to["room"]) if to["room"] else None,
            UUID(to["equipment"]) if to["equipment"] else None,
            to["price_cents"] if is_repriced else None,
        )
    if now["status"] != to["status"]:
        yield Put(row.id, row.version, to["status"])


def bring(
    session: Session,
    *,
    actor: Actor,
    request_id: UUID,
    wanted: Sequence[Wanted],
    reason: str = "",
    override: Override | None = None,
) -> tuple[Wanted, ...]:
    """Bring appointments to statuses and terms, all or none; what brings them back.

    Raises as `taking_back.put` and `moving.change` do.
    """
    actor.require(BOOK)
    reason = reasons.clean(reason)

    def do() -> Answer:
        if not wanted:
            raise InvalidInput("The visit is already as it was then.", "visit")
        return {"back": [_written(one) for one in _brought(session, actor, wanted, reason, override)]}

    content = ("bring", reason, sorted(map(_written, wanted), key=str))
    answer = once.answered(session, request_id, content, do)
    return tuple(_read(one) for one in answer["back"])


def _brought(
    session: Session, actor: Actor, wanted: Sequence[Wanted], reason: str, override: Override | None
) -> tuple[Wanted, ...]:
    """What stands again is put so first, to be moved then; what ends, ends last."""
    changes = [one for one in wanted if isinstance(one, Change)]
    puts = [one for one in wanted if isinstance(one, Put)]
    moved = {one.appointment_id for one in changes}
    is_first = {
        one.appointment_id: one.appointment_id in moved
        and one.status not in FINAL
        and (one.status in moving.MOVABLE or _is_final(session, one.appointment_id))
        for one in puts
    }
    versions = {one.appointment_id: one.version for one in wanted}
    back: list[Wanted] = []
    for part in (
        [p for p in puts if is_first[p.appointment_id]],
        changes,
        [p for p in puts if not is_first[p.appointment_id]],
    ):
        now = [replace(one, version=versions[one.appointment_id]) for one in part]
        if not now:
            continue
        done = _done(session, actor, now, reason, override)
        versions |= {one.appointment_id: one.version for one in done}
        back += done
    return tuple(replace(one, version=versions[one.appointment_id]) for one in reversed(back))


def _done(
    session: Session, actor: Actor, part: Sequence[Wanted], reason: str, override: Override | None
) -> list[Wanted]:
    puts = [one for one in part if isinstance(one, Put)]
    if puts:
        return list(taking_back.apply(session, actor, puts, reason))
    changes = [one for one in part if isinstance(one, Change)]
    return list(moving.apply(session, actor, changes, reason, override).undo)


def _is_final(session: Session, appointment_id: UUID) -> bool:
    status = session.scalar(select(t.Appointment.status).where(t.Appointment.id == appointment_id))
    return status in FINAL


def _written(one: Wanted) -> list[Any]:
    if isinstance(one, Change):
        return ["change", *one.write()]
    return ["put", str(one.appointment_id), one.version, one.status]


def _read(stored: list[Any]) -> Wanted:
    kind, *rest = stored
    if kind == "change":
        return Change.read(rest)
    return Put(UUID(rest[0]), rest[1], AppointmentStatus(rest[2]))
