"""What days on the screen are made from: visits, holds and names, as rows of plain values."""

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ClaimKind, PaymentState, ResourceKind
from clinic_scheduler.db.types import Instant, clock, microseconds
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.days.schedule import Column
from clinic_scheduler.services.times.hours import Span

LONGEST_VISIT = timedelta(days=1)
AT_ONCE = 200
NEVER = (1 << 62) - 1
Raw = object  # an id as the driver hands it over, for looking up only


@dataclass(frozen=True, slots=True)
class Names:
    """The columns, each one's number by its id, and by id what services (with their hues) and rooms are called."""

    columns: tuple[Column, ...]
    index: dict[Raw, int]
    services: dict[Raw, tuple[str, int]]
    rooms: dict[Raw, str]


class VisitRow(NamedTuple):
    """An appointment; times are microseconds since 1970. `came` is when the patient was first here; 0 for a guest."""

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
    came: int
    is_paid: bool
    has_note: bool
    overlap_reason: str
    version: int
    gap_start_min: int | None
    gap_end_min: int | None


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


def place_and_time(session: Session, clinic_id: UUID) -> tuple[ZoneInfo, datetime]:
    """The clinic's zone, and the database's clock.

    Raises:
        NotFound: there is no such clinic.
    """
    found = session.execute(_place_and_time(), {"clinic": clinic_id}).one_or_none()
    if found is None:
        raise NotFound("That clinic is not in this database.")
    return localtime.zone(found.zone), found.now


@lru_cache(maxsize=1)
def _place_and_time() -> Select[Any]:
    c = t.Clinic.__table__.c
    return select(c.zone, clock().label("now")).where(c.id == bindparam("clinic"))


def names(session: Session, clinic_id: UUID, by: str) -> Names:
    """What the screen calls things; the columns are active, in the clinic's order."""
    columns: list[Column] = []
    made = Names(columns=(), index={}, services={}, rooms={})
    for raw, identifier, kind, name, role, hue, is_active in session.execute(_names(), {"clinic": clinic_id}):
        if kind == by and is_active:
            made.index[raw] = len(columns)
            columns.append(Column(identifier, name, role, hue))
        if not kind:
            made.services[raw] = name, hue
        elif kind == ResourceKind.ROOM:
            made.rooms[raw] = name
    return replace(made, columns=tuple(columns))


@lru_cache(maxsize=1)
def _names() -> Select[Any]:
    r, s, empty = t.Resource.__table__.c, t.Service.__table__.c, literal("")
    kinds = (ResourceKind.PRACTITIONER, ResourceKind.ROOM)
    places = select(
        _raw(r.id).label("raw"), r.id, r.kind, r.name, r.role, r.hue, r.is_active, r.position
    ).where(r.clinic_id == bindparam("clinic"), r.kind.in_(kinds))
    services = select(
        _raw(s.id), s.id, empty.label("kind"), s.name, empty.label("role"), s.hue, s.is_active, s.position
    ).where(s.clinic_id == bindparam("clinic"))
    found = places.union_all(services).subquery()
    columns = list(found.c)
    return select(*columns[:-1]).order_by(columns[-1], found.c.name)


def visits(session: Session, clinic_id: UUID, span: Span, by: str) -> Iterator[VisitRow]:
    """What stands in a span and was not cancelled, in the order of starting."""
    asked = {"clinic": clinic_id, "low": span.start - LONGEST_VISIT, "start": span.start, "end": span.end}
    # A driver keeps Python to itself while it makes the rows that it is asked for; the window must not wait.
    for some in session.execute(_visits(by), asked).partitions(AT_ONCE):
        yield from typing.cast("Sequence[VisitRow]", some)


@lru_cache(maxsize=2)
def _visits(by: str) -> Select[Any]:
    """In tables, not entities: making rows of the latter takes twice as long."""
    appointment, booking, patient = t.Appointment.__table__, t.Booking.__table__, t.Patient.__table__
    a, b, p, planned = appointment.c, booking.c, patient.c, t.PlanSession.__table__
    start = bindparam("start", type_=Instant())
    return (
        select(
            a.id,
            a.booking_id,
            _raw(a.room_id if by == ResourceKind.ROOM else a.practitioner_id).label("column"),
            microseconds(a.start_at).label("start"),
            microseconds(a.end_at).label("end"),
            a.buffer_before_min,
            a.buffer_after_min,
            func.coalesce(p.name, b.guest_name).label("patient"),
            _raw(a.service_id).label("service"),
            a.status,
            _raw(a.room_id).label("room"),
            case((planned.c.id.is_(None), ""), else_=_counter(planned)).label("counter"),
            case((p.id.is_(None), 0), else_=func.coalesce(microseconds(p.first_visit_at), NEVER)).label(
                "came"
            ),
            (b.payment_state == PaymentState.PAID).label("is_paid"),
            (b.notes != "").label("has_note"),
            a.overlap_reason,
            a.version,
            *((null(), null()) if by == ResourceKind.ROOM else (a.gap_start_min, a.gap_end_min)),
        )
        .select_from(
            appointment.join(booking, b.id == a.booking_id)
            .outerjoin(patient, p.id == b.patient_id)
            .outerjoin(planned, planned.c.appointment_id == a.id)
        )
        .where(
            a.clinic_id == bindparam("clinic"),
            a.start_at >= bindparam("low", type_=Instant()),
            a.start_at < bindparam("end", type_=Instant()),
            a.end_at > start,
            a.status != AppointmentStatus.CANCELLED,
        )
        .order_by(a.start_at, a.id)
    )


def _counter(planned: FromClause) -> ColumnElement[str]:
    """Which session of how many."""
    every = t.PlanSession.__table__.alias()
    count = select(func.count(every.c.id)).where(every.c.plan_id == planned.c.plan_id).scalar_subquery()
    return cast(planned.c.number, Text) + "/" + cast(count, Text)


def holds(session: Session, clinic_id: UUID, span: Span, now: datetime) -> Sequence[HoldRow]:
    """The holds of a span that live at `now`, in the order of starting."""
    asked = {"clinic": clinic_id, "start": span.start, "end": span.end, "now": now}
    return typing.cast("Sequence[HoldRow]", session.execute(_holds(), asked).all())


@lru_cache(maxsize=1)
def _holds() -> Select[Any]:
    claim, begun = t.Claim.__table__, t.BookingSession.__table__
    c, s = claim.c, begun.c
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
        .select_from(claim.join(begun, s.id == c.session_id))
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


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """An id as the driver hands it over."""
    return type_coerce(column, NullType())
