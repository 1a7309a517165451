"""The shape of a day as screen and printer need it: plain values, minutes as integers.

Minutes count elapsed time since the clinic's local midnight, so that a day of 23 or 25 hours
has one axis; `DaySchedule.hours` says which wall time stands at which minute.

What comes by the thousand is a named tuple: a frozen dataclass of so many fields takes ten times as long to make.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


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
    accepted, else empty. `version` is the optimistic lock.
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
    """One local day of several columns.

    `length` is 1380, 1440 or 1500 minutes; `opens` and `closes` bound everything worth showing;
    `midnight` is the instant of minute 0, `now` the database's clock at reading, both aware UTC.
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
