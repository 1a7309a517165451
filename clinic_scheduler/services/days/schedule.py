"""The shape of a day, or of several side by side, as screen and printer need it: plain values, minutes as integers.

Minutes count elapsed time since the clinic's local midnight, so that a day of 23 or 25 hours
has one axis; `DaySchedule.hours` says which wall time stands at which minute. Several days share
one axis, on which minutes are the wall clock's.

What comes by the thousand is a named tuple: a frozen dataclass of so many fields takes ten times as long to make.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services import localtime


@dataclass(frozen=True, slots=True)
class Column:
    """A practitioner or room; `hue` indexes the palette's service hues."""

    resource_id: UUID
    name: str
    role: str
    hue: int


class Visit(NamedTuple):
    """One appointment; `busy_start` and `busy_end` include the buffers.

    `counter` is "3/6" for a plan session, else empty. `lane_reason` is why an overlap was
    accepted, else empty. `version` is the optimistic lock. From `gap_start` to `gap_end` the
    practitioner is free; both are 0 where there is no gap.
    """

    id: UUID
    booking_id: UUID
    column: int
    start: int
    end: int
    busy_start: int
    busy_end: int
    time: str
    patient: str
    service: str
    status: str
    hue: int
    room: str
    counter: str
    is_new: bool
    is_paid: bool
    has_note: bool
    lane_reason: str
    version: int
    gap_start: int = 0
    gap_end: int = 0


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A live hold of any workstation; `expires_at` is the database's clock, aware UTC."""

    session_id: UUID
    column: int
    start: int
    end: int
    service: str
    owner: str
    initials: str
    workstation: str
    expires_at: datetime

    def moved(self, column: int, start: int, end: int) -> "HeldTime":
        """The same hold in another place of a schedule."""
        return replace(self, column=column, start=start, end=end)


class ClosedTime(NamedTuple):
    """Time in which the column takes nobody.

    `kind` is one of outside, break, time_off, closure; `reason` is empty for plain closing time.
    """

    column: int
    start: int
    end: int
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class HourMark:
    """A full hour of wall time and where it stands on the axis."""

    minute: int
    label: str


@dataclass(frozen=True, slots=True)
class DaySchedule:
    """One local day of several columns; or several days, with `dates` saying which day each column is of.

    `length` is 1380, 1440 or 1500 minutes; `opens` and `closes` bound everything worth showing;
    `midnight` is the instant of minute 0 (of the first day), `now` the database's clock at reading,
    both aware UTC.
    """

    day: date
    zone: str
    columns: tuple[Column, ...]
    visits: tuple[Visit, ...]
    holds: tuple[HeldTime, ...]
    closed: tuple[ClosedTime, ...]
    hours: tuple[HourMark, ...]
    length: int
    opens: int
    closes: int
    midnight: datetime
    now: datetime
    dates: tuple[date, ...] = ()

    def date_of(self, column: int) -> date:
        """The local day that a column is of."""
        return self.dates[column] if self.dates else self.day

    def instant(self, column: int, minute: int) -> datetime:
        """When a minute of a column is; one that the clocks skip is the moment after."""
        if not self.dates:
            return self.midnight + timedelta(minutes=minute)
        return localtime.at_minute(self.dates[column], minute, ZoneInfo(self.zone))

    def minute(self, column: int, instant: datetime) -> int:
        """The minute of a column at which an instant stands, before and beyond the day too."""
        if not self.dates:
            return (instant - self.midnight) // localtime.MINUTE
        return wall_minute(self.dates[column], instant, ZoneInfo(self.zone))

    def columns_of(self, instant: datetime) -> range:
        """The columns of the day in which an instant lies."""
        if not self.dates:
            is_inside = 0 <= self.minute(0, instant) < self.length
            return range(len(self.columns) if is_inside else 0)
        day = localtime.local_day(instant, ZoneInfo(self.zone))
        if day not in self.dates:
            return range(0)
        first = self.dates.index(day)
        return range(first, first + self.dates.count(day))

    def wall_time(self, minute: int) -> str:
        """What the clinic's clock shows at that minute, as "14:10"."""
        if self.dates:
            return f"{minute // 60 % 24:02}:{minute % 60:02}"
        return self.instant(0, minute).astimezone(ZoneInfo(self.zone)).strftime("%H:%M")


def wall_minute(day: date, instant: datetime, where: ZoneInfo) -> int:
    """The minute that the wall clock shows at an instant, counted from the midnight of a day."""
    local = instant.astimezone(where)
    return (local.date() - day).days * localtime.DAY_MIN + local.hour * 60 + local.minute
