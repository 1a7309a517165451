"""What days on the screen are made from: visits, holds and names, as rows of plain values."""

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, bindparam, case, cast, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.types import NullType

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ClaimKind, PaymentState, ResourceKind
from clinic_scheduler.db.types import Instant, microseconds

from .hours import Span
from .schedule import Column

LONGEST_VISIT = timedelta(days=1)
Raw = object  # an id as the driver hands it over, for looking up only


@dataclass(frozen=True, slots=True)
class Names:
    """The columns, each one's number by its id, and by id what services (with their hues) and rooms are called."""

    columns: tuple[Column, ...]
    index: dict[Raw, int]
    services: dict[Raw, tuple[str, int]]
    rooms: dict[Raw, str]


class VisitRow(NamedTuple):
    """An appointment; times are microseconds since 1970. `newcomer` is a patient who was not here before the span."""

    id: UUID
    booking_id: UUID
    column: Raw
    start: int
    end: int
    buffer_before_min: int
    buffer_after_min: int
    patient: str
    service: Raw
    status: str
    room: Raw | None
    counter: str
    newcomer: Raw | None
    is_paid: bool
    has_note: bool
    overlap_reason: str
    version: int


class HoldRow(NamedTuple):
    """A hold that lives; times are microseconds since 1970."""

    column: Raw
    session_id: UUID
    start: int
    end: int
    service: Raw | None
    owner: str
    workstation: str
    until: datetime


def names(session: Session, clinic_id: UUID, by: str) -> Names:
    """What the screen calls things; the columns are active, in the clinic's order."""
    found = session.execute(_names(), {"clinic": clinic_id}).all()
    shown = [row for row in found if row.kind == by and row.is_active]
    return Names(
        tuple(Column(row.id, row.name, row.role, row.hue) for row in shown),
        {row.raw: number for number, row in enumerate(shown)},
        {row.raw: (row.name, row.hue) for row in found if not row.kind},
        {row.raw: row.name for row in found if row.kind == ResourceKind.ROOM},
    )


@lru_cache(maxsize=1)
def _names() -> Select[Any]:
    r, s = t.Resource, t.Service
    kinds = (ResourceKind.PRACTITIONER, ResourceKind.ROOM)
    places = select(
        _raw(r.id).label("raw"), r.id, r.kind, r.name, r.role, r.hue, r.is_active, r.position
    ).where(r.clinic_id == bindparam("clinic"), r.kind.in_(kinds))
    empty = literal("")
    services = select(
        _raw(s.id).label("raw"),
        s.id,
        empty.label("kind"),
        s.name,
        empty.label("role"),
        s.hue,
        s.is_active,
        s.position,
    ).where(s.clinic_id == bindparam("clinic"))
    found = places.union_all(services).subquery()
    columns = list(found.c)
    return select(*columns[:-1]).order_by(columns[-1], found.c.name)


def visits(session: Session, clinic_id: UUID, span: Span, by: str) -> Sequence[VisitRow]:
    """What stands in a span and was not cancelled, in the order of starting."""
    asked = {"clinic": clinic_id, "low": span.start - LONGEST_VISIT, "start": span.start, "end": span.end}
    return typing.cast("Sequence[VisitRow]", session.execute(_visits(by), asked).all())


@lru_cache(maxsize=2)
def _visits(by: str) -> Select[Any]:
    a, b, p, k, s = t.Appointment, t.Booking, t.Patient, t.Claim, t.PlanSession
    start = bindparam("start", type_=Instant())
    # The claims of a visit that was cancelled or missed have ended, as those of a hold will. The index has it all.
    was_here = (
        select(k.resource_id)
        .where(k.resource_id == b.patient_id, k.busy_from < start, k.live_to.is_(None))
        .exists()
    )
    other = aliased(t.PlanSession)
    sessions = select(func.count(other.id)).where(other.plan_id == s.plan_id).scalar_subquery()
    return (
        select(
            a.id,
            a.booking_id,
            (_raw(a.room_id) if by == ResourceKind.ROOM else _raw(a.practitioner_id)).label("column"),
            microseconds(a.start_at).label("start"),
            microseconds(a.end_at).label("end"),
            a.buffer_before_min,
            a.buffer_after_min,
            func.coalesce(p.name, b.guest_name).label("patient"),
            _raw(a.service_id).label("service"),
            a.status,
            _raw(a.room_id).label("room"),
            case((s.id.is_(None), ""), else_=cast(s.number, Text) + "/" + cast(sessions, Text)).label(
                "counter"
            ),
            case((~was_here, _raw(b.patient_id))).label("newcomer"),
            (b.payment_state == PaymentState.PAID).label("is_paid"),
            (b.notes != "").label("has_note"),
            a.overlap_reason,
            a.version,
        )
        .join(b, b.id == a.booking_id)
        .outerjoin(p, p.id == b.patient_id)
        .outerjoin(s, s.appointment_id == a.id)
        .where(
            a.clinic_id == bindparam("clinic"),
            a.start_at >= bindparam("low", type_=Instant()),
            a.start_at < bindparam("end", type_=Instant()),
            a.end_at > start,
            a.status != AppointmentStatus.CANCELLED,
        )
        .order_by(a.start_at, a.id)
    )


def holds(session: Session, clinic_id: UUID, span: Span, now: datetime) -> Sequence[HoldRow]:
    """The holds of a span that live at `now`, in the order of starting."""
    asked = {"clinic": clinic_id, "start": span.start, "end": span.end, "now": now}
    return typing.cast("Sequence[HoldRow]", session.execute(_holds(), asked).all())


@lru_cache(maxsize=1)
def _holds() -> Select[Any]:
    c, s = t.Claim, t.BookingSession
    return (
        select(
            _raw(c.resource_id).label("column"),
            c.session_id,
            microseconds(c.start_at).label("start"),
            microseconds(c.end_at).label("end"),
            _raw(c.service_id).label("service"),
            s.user_name.label("owner"),
            s.workstation,
            c.live_to.label("until"),
        )
        .join(s, s.id == c.session_id)
        .where(
            # Spelt out: with a parameter the index of the holds would not be found.
            c.kind == literal(ClaimKind.HOLD, literal_execute=True),
            c.live_to > bindparam("now", type_=Instant()),
            c.clinic_id == bindparam("clinic"),
            c.start_at < bindparam("end", type_=Instant()),
            c.end_at > bindparam("start", type_=Instant()),
        )
        .order_by(c.start_at, c.id)
    )


def _raw(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """An id as the driver hands it over."""
    return type_coerce(column, NullType())
