"""The clinic's days as the screen shows them, read in a handful of statements of plain columns."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, ResourceKind
from clinic_scheduler.services import localtime
from clinic_scheduler.services.days import calendar_rows
from clinic_scheduler.services.days.calendar_days import Days
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.times import hours
from clinic_scheduler.services.times.hours import Span

DAY = timedelta(days=1)


def day(
    session: Session, *, clinic_id: UUID, on: date | None = None, by: str = ResourceKind.PRACTITIONER
) -> DaySchedule:
    """The day of every active practitioner, or of every room where `by` says so; without `on` it is today.

    Raises:
        NotFound: there is no such clinic.
    """
    return days(session, clinic_id=clinic_id, first=on, count=1, by=by)[0]


def days(
    session: Session,
    *,
    clinic_id: UUID,
    first: date | None = None,
    count: int = 7,
    by: str = ResourceKind.PRACTITIONER,
) -> tuple[DaySchedule, ...]:
    """Days in a row, each as `day` gives it, read together; without `first` from today on.

    Raises:
        NotFound: there is no such clinic.
    """
    where, now = calendar_rows.place_and_time(session, clinic_id)
    span = Span(first or localtime.local_day(now, where), count, where)
    names = calendar_rows.names(session, clinic_id, by)
    ids = [column.resource_id for column in names.columns]
    found = Days(span, names)
    found.add_visits(calendar_rows.visits(session, clinic_id, span, by))
    found.add_holds(calendar_rows.holds(session, clinic_id, span, now))
    found.add_hours(hours.open_times(session, clinic_id, ids, span))
    return found.schedules(now)


def busy_days(session: Session, *, clinic_id: UUID, first: date, last: date) -> dict[date, int]:
    """How many appointments each local day from `first` to `last` has, for the shading of a month."""
    a = t.Appointment.__table__.c
    # The days are the clinic's; with a day more on both sides no zone's lie outside, and the index finds them.
    low, high = (datetime.combine(day, time(), UTC) for day in (first - 2 * DAY, last + 3 * DAY))
    wanted = (
        select(a.day, func.count())
        .where(
            a.clinic_id == clinic_id,
            a.start_at >= low,
            a.start_at < high,
            a.day >= first,
            a.day <= last,
            a.status != AppointmentStatus.CANCELLED,
        )
        .group_by(a.day)
    )
    return dict(session.execute(wanted).all())
