"""What happened to a booking, from the first hold on: who did it, where, when, and what was before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import MessageState, Source
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import catalogue
from clinic_scheduler.services.actor import Actor

PLACES: Final = ("practitioner", "room", "equipment")
TIMES: Final = ("start", "end")
RESTORABLE: Final = frozenset({*PLACES, *TIMES, "status", "price_cents"})
IMPORT_TAKES = timedelta(hours=1)
Value = str | int | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was changed; times are local, people and places are named. `name` is as the audit calls it."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `entry_id` is missing where no entry of the audit tells of it.

    `service` says which appointment it happened to; it is empty where all of the booking is meant. A state that
    `is_restorable` can be asked for again (changing/restoring.py).
    """

    at: datetime
    who: str
    workstation: str
    action: str
    service: str = ""
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    entry_id: UUID | None = None
    is_restorable: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries are read with."""

    where: ZoneInfo
    names: Mapping[str, str]
    services: Mapping[UUID, str]


def of_booking(session: Session, *, actor: Actor, booking_id: UUID) -> tuple[Event, ...]:
    """Everything that is known to have happened to a booking, in its order.

    Raises:
        NotFound: it is not in this clinic.
    """
    booking = session.get(t.Booking, booking_id)
    if booking is None or booking.clinic_id != actor.clinic_id:
        raise NotFound("That visit is no longer there; please refresh the list.")
    where = catalogue.clinic(session, actor.clinic_id).where
    a, s = t.Appointment, t.Service
    services: dict[UUID, str] = dict(
        session.execute(
            select(a.id, s.name).join(s, s.id == a.service_id).where(a.booking_id == booking_id)
        ).all()
    )
    entries = _entries(session, [booking_id, booking.session_id, *services])
    known = _Known(
        where, _names(session, entries), services if len(services) > 1 else dict.fromkeys(services, "")
    )
    found = [_event(entry, known) for entry in entries]
    found += _hold(session, booking.session_id, where)
    found += _messages(session, booking_id, where)
    if booking.source == Source.IMPORTED:
        found.append(_imported(session, booking, where))
    elif not any(one.action == "booking.confirmed" for one in found):  # made with the demo clinic
        found.append(Event(booking.created_at.astimezone(where), "", "", "booking.created"))
    return tuple(
        sorted(found, key=lambda one: one.at)
    )  # stable: what happened at one instant keeps its order


def _entries(session: Session, entities: Sequence[UUID | None]) -> list[t.AuditEntry]:
    e = t.AuditEntry
    wanted = [one for one in entities if one is not None]
    return list(session.scalars(select(e).where(e.entity_id.in_(wanted)).order_by(e.at, e.chain, e.number)))


def _names(session: Session, entries: Sequence[t.AuditEntry]) -> dict[str, str]:
    """What the people and places in the entries are called."""
    ids = {
        UUID(str(facts[name]))
        for entry in entries
        for facts in (entry.before, entry.after)
        for name in PLACES
        if isinstance(facts, dict) and facts.get(name)
    }
    rows = session.execute(select(t.Resource.id, t.Resource.name).where(t.Resource.id.in_(ids)))
    return {str(identifier): name for identifier, name in rows}


def _event(entry: t.AuditEntry, known: _Known) -> Event:
    differences = tuple(_differences(entry.before, entry.after, known))
    return Event(
        entry.at.astimezone(known.where),
        entry.actor_name,
        entry.chain,
        entry.action,
        known.services.get(entry.entity_id, ""),
        differences,
        entry.reason,
        entry.id,
        # What was done to the unfinished booking cannot be gone back to.
        entry.action == "booking.confirmed"
        or (entry.entity == "appointment" and any(one.name in RESTORABLE for one in differences)),
    )


def _differences(before: object, after: object, known: _Known) -> Iterator[Difference]:
    old: Mapping[str, Any] = before if isinstance(before, dict) else {}
    new: Mapping[str, Any] = after if isinstance(after, dict) else {}
    for name in dict.fromkeys((*old, *new)):
        values = _value(name, old.get(name), known), _value(name, new.get(name), known)
        if values[0] != values[1]:
            yield Difference(name, *values)


def _value(name: str, stored: Value, known: _Known) -> Value:
    if name in PLACES and stored:
        return known.names.get(str(stored), str(stored))
    if name in TIMES and stored:
        return datetime.fromisoformat(str(stored)).astimezone(known.where)
    return stored


def _hold(session: Session, session_id: UUID | None, where: ZoneInfo) -> Iterator[Event]:
    """The holds of the unfinished booking that it was made from."""
    begun = session.get(t.BookingSession, session_id) if session_id else None
    if begun is None or not begun.holds_taken:
        return
    counts = (
        Difference("taken", None, begun.holds_taken),
        Difference("lapsed", None, begun.holds_lapsed),
        Difference("released", None, begun.holds_released),
    )
    at = (begun.ended_at or begun.updated_at).astimezone(where)
    yield Event(
        at, begun.user_name, begun.workstation, "session.held", "", tuple(one for one in counts if one.after)
    )


def _messages(session: Session, booking_id: UUID, where: ZoneInfo) -> Iterator[Event]:
    """What was to be sent, and what became of it."""
    m = t.Message
    for row in session.scalars(select(m).where(m.booking_id == booking_id).order_by(m.created_at, m.id)):
        of = Difference("kind", None, row.kind), Difference("channel", None, row.channel)
        yield Event(row.created_at.astimezone(where), "", "", "message.queued", "", of)
        if row.sent_at is not None:
            yield Event(row.sent_at.astimezone(where), "", "", "message.sent", "", of)
        elif row.state in (MessageState.CANCELLED, MessageState.FAILED, MessageState.DEAD):
            at = max(row.created_at, row.due_at) if row.state != MessageState.CANCELLED else row.created_at
            yield Event(at.astimezone(where), "", "", f"message.{row.state}", "", of, row.error[:200])


def _imported(session: Session, booking: t.Booking, where: ZoneInfo) -> Event:
    e = t.AuditEntry
    by = session.execute(
        select(e.actor_name, e.chain)
        .where(
            e.clinic_id == booking.clinic_id,
            e.action == "import.done",
            e.at >= booking.created_at,
            e.at < booking.created_at + IMPORT_TAKES,
        )
        .order_by(e.at)
        .limit(1)
    ).first()
    who, desk = by or ("", "")
    return Event(booking.created_at.astimezone(where), who, desk, "import.done")
