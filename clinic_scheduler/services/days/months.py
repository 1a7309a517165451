"""Whole months as the screen shows them: how full each day is, and who comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ResourceKind
from clinic_scheduler.db.types import microseconds
from clinic_scheduler.services import localtime
from clinic_scheduler.services.days import calendar_rows
from clinic_scheduler.services.days.schedule import Column
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.hours import OpenTime

DAY = timedelta(days=1)
MINUTE = 60_000_000
WEEKS = 6


class Line(NamedTuple):
    """A visit in one line; `time` is the clinic's wall time."""

    id: UUID
    time: str
    patient: str
    status: str
    hue: int


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A local day: its visits but for the cancelled, their minutes (none where nobody came), the first few of them.

    `closed` is why the whole clinic is closed, empty if it is not; `open_min` counts every practitioner or room.
    """

    day: date
    count: int
    booked_min: int
    open_min: int
    closed: str
    first: tuple[Line, ...]

    @property
    def load(self) -> int:
        """Percent of the open minutes that are booked, 100 at most."""
        return min(100, 100 * self.booked_min // self.open_min) if self.open_min else 0


@dataclass(frozen=True, slots=True)
class Month:
    """Days in a row; `columns` are those that could be looked at alone, `now` is the database's clock, aware UTC."""

    days: tuple[MonthDay, ...]
    columns: tuple[Column, ...]
    now: datetime


def month(
    session: Session,
    *,
    clinic_id: UUID,
    first: date,
    weeks: int = WEEKS,
    by: str = ResourceKind.PRACTITIONER,
    of: UUID | None = None,
    most: int = 4,
) -> Month:
    """The weeks from a day on, of all active practitioners or rooms, or of one.

    Raises:
        NotFound: there is no such clinic.
    """
    where, now = calendar_rows.place_and_time(session, clinic_id)
    span = Span(first, 7 * weeks, where)
    columns = calendar_rows.names(session, clinic_id, by).columns
    ids = [column.resource_id for column in columns if of in (None, column.resource_id)]
    counted = _counted(session, clinic_id, span, by, of)
    lines = _lines(session, clinic_id, span, by, of, most)
    opened = list(hours.open_times(session, clinic_id, ids, span).values())
    days = []
    for number, day in enumerate(span.days()):
        start, end = (span.minute(localtime.midnight(first + n * DAY, where)) for n in (number, number + 1))
        whole = timelines.between(0, end - start)
        free = sum((one.open >> start & whole).bit_count() for one in opened)
        count, booked = counted.get(day, (0, 0))
        days.append(
            MonthDay(day, count, booked, free, _closed(opened, start, end), tuple(lines.get(day, ())))
        )
    return Month(tuple(days), columns, now)


def _closed(opened: Sequence[OpenTime], start: int, end: int) -> str:
    """The reason of a closure on a day of which it leaves nothing."""
    whole = timelines.between(0, end - start)
    if any(one.open >> start & whole for one in opened):
        return ""
    closures = (reason for one in opened[:1] for reason in one.reasons if reason.kind == "closure")
    return next(
        (reason.text or "Closed" for reason in closures if reason.start < end and reason.end > start), ""
    )


def _standing(clinic_id: UUID, span: Span, by: str, of: UUID | None) -> list[ColumnElement[bool]]:
    """Which appointments count. With a day more on both sides no zone's lie outside, and the index finds them."""
    a = t.Appointment.__table__.c
    last = span.first + (span.count - 1) * DAY
    low, high = (datetime.combine(day, time(), UTC) for day in (span.first - 2 * DAY, last + 3 * DAY))
    found = [
        a.clinic_id == clinic_id,
        a.start_at >= low,
        a.start_at < high,
        a.day >= span.first,
        a.day <= last,
        a.status != AppointmentStatus.CANCELLED,
    ]
    if of is not None:
        found.append((a.room_id if by == ResourceKind.ROOM else a.practitioner_id) == of)
    elif by == ResourceKind.ROOM:
        found.append(a.room_id.is_not(None))
    return found


def _counted(
    session: Session, clinic_id: UUID, span: Span, by: str, of: UUID | None
) -> Mapping[date, tuple[int, int]]:
    a = t.Appointment.__table__.c
    took = microseconds(a.end_at) - microseconds(a.start_at)
    length = func.sum(case((a.status == AppointmentStatus.NO_SHOW, 0), else_=took))
    wanted = select(a.day, func.count(), length).where(*_standing(clinic_id, span, by, of)).group_by(a.day)
    return {day: (count, int(booked) // MINUTE) for day, count, booked in session.execute(wanted)}


def _lines(
    session: Session, clinic_id: UUID, span: Span, by: str, of: UUID | None, most: int
) -> Mapping[date, list[Line]]:
    """The first visits of each day."""
    table, b, p, s = (x.__table__ for x in (t.Appointment, t.Booking, t.Patient, t.Service))
    a = table.c
    place = func.row_number().over(partition_by=a.day, order_by=(a.start_at, a.id)).label("place")
    some = select(a.id, place).where(*_standing(clinic_id, span, by, of)).subquery()
    wanted = (
        select(
            a.day,
            a.id,
            a.local_start,
            func.coalesce(p.c.name, b.c.guest_name),
            a.status,
            s.c.hue,
        )
        .select_from(
            some.join(table, a.id == some.c.id)
            .join(b, b.c.id == a.booking_id)
            .join(s, s.c.id == a.service_id)
            .outerjoin(p, p.c.id == b.c.patient_id)
        )
        .where(some.c.place <= most)
        .order_by(a.start_at, a.id)
    )
    found: dict[date, list[Line]] = {}
    for day, identifier, start, patient, status, hue in session.execute(wanted):
        found.setdefault(day, []).append(Line(identifier, (start or "")[11:16], patient, status, hue))
    return found
