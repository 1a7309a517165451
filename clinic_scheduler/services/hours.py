"""When resources are open: weekly hours, breaks, exceptions, time off, closures, over a span of local days."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ResourceKind

from . import localtime, timelines
from .timelines import Interval, Timeline


@dataclass(frozen=True, slots=True)
class Span:
    """`count` local days from `first`; minute 0 is the first midnight, minutes are elapsed ones."""

    first: date
    count: int
    where: ZoneInfo

    @property
    def start(self) -> datetime:
        """The instant of minute 0."""
        return localtime.midnight(self.first, self.where)

    @property
    def end(self) -> datetime:
        """The instant after the last minute."""
        return localtime.midnight(self.first + timedelta(days=self.count), self.where)

    @property
    def length(self) -> int:
        """Minutes in all."""
        return (self.end - self.start) // localtime.MINUTE

    def days(self) -> Sequence[date]:
        """Every local day of the span."""
        return tuple(localtime.days(self.first, self.count))

    def minute(self, moment: datetime) -> int:
        """The minute an instant lies in; negative before the span."""
        return (moment - self.start) // localtime.MINUTE

    def minute_up(self, moment: datetime) -> int:
        """The first whole minute at or after an instant."""
        return -((self.start - moment) // localtime.MINUTE)

    def moment(self, minute: int) -> datetime:
        """The instant of a minute."""
        return self.start + minute * localtime.MINUTE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a resource takes nobody in [start, end): break, time_off or closure, and the words for it."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(slots=True)
class OpenTime:
    """The open minutes of one resource, and the reasons of what is closed within its hours."""

    open: Timeline = 0
    reasons: list[Reason] = field(default_factory=list)

    def close(self, reason: Reason) -> None:
        """Take a time out."""
        self.open &= ~timelines.between(reason.start, reason.end)
        self.reasons.append(reason)


def open_times(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span
) -> dict[UUID, OpenTime]:
    """The open time of each resource; a room without hours of its own is open whenever the clinic is."""
    weekly, exceptions = _weekly(session, resource_ids), _exceptions(session, resource_ids, span)
    always = _rooms_without_hours(session, resource_ids, weekly)
    found = {}
    for identifier in resource_ids:
        if identifier in always:
            found[identifier] = OpenTime(timelines.between(0, span.length))
        else:
            found[identifier] = _hours(span, weekly.get(identifier, []), exceptions[identifier])
    _close_shut_times(session, clinic_id, found, span)
    return found


def _hours(
    span: Span, rows: Sequence[t.WorkingHours], exceptions: dict[date, list[t.HoursException]]
) -> OpenTime:
    opened = OpenTime()
    breaks = []
    # The day before too: hours may run past midnight.
    for day in (span.first - timedelta(days=1), *span.days()):
        if day in exceptions:
            _except(opened, span, day, exceptions[day])
            continue
        for row in rows:
            if (
                row.weekday != day.weekday()
                or row.valid_from > day
                or (row.valid_until and row.valid_until < day)
            ):
                continue
            start, end = _wall(span, day, row.start_min, row.end_min)
            if row.is_break:
                breaks.append(Reason(start, end, "break", row.label))
            else:
                opened.open |= timelines.between(start, end)
    for reason in breaks:
        if reason.end > 0:
            opened.close(reason)
    opened.open &= timelines.between(0, span.length)
    return opened


def _except(opened: OpenTime, span: Span, day: date, rows: Sequence[t.HoursException]) -> None:
    for row in rows:
        if row.start_min is not None and row.end_min is not None:
            start, end = _wall(span, day, row.start_min, row.end_min)
            opened.open |= timelines.between(start, end)
        elif day >= span.first:
            whole = timelines.between(*_wall(span, day, 0, 1440))
            # The night before may end in it.
            for start, end in timelines.intervals(whole & ~opened.open):
                opened.reasons.append(Reason(start, end, "time_off", row.reason))


def _wall(span: Span, day: date, start_min: int, end_min: int) -> Interval:
    start, end = (localtime.at_minute(day, minute, span.where) for minute in (start_min, end_min))
    return span.minute(start), span.minute(end)


def _weekly(session: Session, resource_ids: Sequence[UUID]) -> dict[UUID, list[t.WorkingHours]]:
    found: dict[UUID, list[t.WorkingHours]] = defaultdict(list)
    for row in session.scalars(
        select(t.WorkingHours)
        .where(t.WorkingHours.resource_id.in_(resource_ids))
        .order_by(t.WorkingHours.start_min)
    ):
        found[row.resource_id].append(row)
    return found


def _rooms_without_hours(
    session: Session, resource_ids: Sequence[UUID], weekly: Mapping[UUID, Sequence[t.WorkingHours]]
) -> set[UUID]:
    kinds = (ResourceKind.ROOM, ResourceKind.EQUIPMENT)
    wanted = select(t.Resource.id).where(t.Resource.id.in_(resource_ids), t.Resource.kind.in_(kinds))
    return {identifier for identifier in session.scalars(wanted) if identifier not in weekly}


def _exceptions(
    session: Session, resource_ids: Sequence[UUID], span: Span
) -> dict[UUID, dict[date, list[t.HoursException]]]:
    found: dict[UUID, dict[date, list[t.HoursException]]] = defaultdict(lambda: defaultdict(list))
    wanted = select(t.HoursException).where(
        t.HoursException.resource_id.in_(resource_ids),
        t.HoursException.day >= span.first - timedelta(days=1),
        t.HoursException.day <= span.first + timedelta(days=span.count),
    )
    for row in session.scalars(wanted):
        found[row.resource_id][row.day].append(row)
    return found


def _close_shut_times(session: Session, clinic_id: UUID, found: dict[UUID, OpenTime], span: Span) -> None:
    closures = select(t.Closure).where(
        t.Closure.clinic_id == clinic_id, t.Closure.end_at > span.start, t.Closure.start_at < span.end
    )
    for closure in session.scalars(closures):
        reason = Reason(
            span.minute(closure.start_at), span.minute_up(closure.end_at), "closure", closure.reason
        )
        for opened in found.values():
            opened.close(reason)
    absences = select(t.TimeOff).where(
        t.TimeOff.resource_id.in_(found), t.TimeOff.end_at > span.start, t.TimeOff.start_at < span.end
    )
    for absence in session.scalars(absences):
        found[absence.resource_id].close(
            Reason(span.minute(absence.start_at), span.minute_up(absence.end_at), "time_off", absence.reason)
        )
