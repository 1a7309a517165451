"""What a visit on the move looks like: where it would go, whether it may, and what is dimmed meanwhile. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from PySide6.QtCore import QRect

from clinic_scheduler.services.changing.targets import Targets
from clinic_scheduler.services.days.schedule import DaySchedule, Visit
from clinic_scheduler.services.times import timelines
from clinic_scheduler.ui.calendar.geometry import Geometry
from clinic_scheduler.ui.calendar.lanes import WHOLE

SNAP: Final = 5
MOVABLE: Final = frozenset({"pending", "confirmed"})
STRETCHABLE: Final = MOVABLE | {"arrived", "in_progress"}


class Grip(Enum):
    """What is being done: to a visit, or to empty time."""

    MOVE = "move"
    START = "start"
    END = "end"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that was dropped: with whom or in which room, from when to when.

    If all of its booking goes along, `parts` are what is shown of it, and it begins `lead` after the first of them.
    """

    visit: Visit
    grip: Grip
    resource_id: UUID
    start: datetime
    end: datetime
    parts: tuple[Visit, ...] = ()
    lead: timedelta = timedelta()


@dataclass(slots=True)
class Drag:
    """A gesture under way; `grabbed` is how many minutes below its start a visit was taken hold of."""

    grip: Grip
    column: int
    start: int
    end: int
    grabbed: int = 0
    visit: Visit | None = None
    is_whole: bool = False
    is_by_key: bool = False
    targets: Targets | None = None
    why: str = ""
    dim: list[QRect] = field(default_factory=list)

    def to(self, column: int, minute: int, bounds: Geometry) -> bool:
        """Follow the pointer; whether anything changed."""
        before = (self.column, self.start, self.end)
        if self.grip is Grip.MOVE:
            length = self.end - self.start
            latest = max(bounds.opens, bounds.closes - SNAP)
            self.start = min(max(_snapped(minute - self.grabbed), bounds.opens), latest)
            self.end, self.column = self.start + length, column
        elif self.grip is Grip.START:
            self.start = min(max(_snapped(minute), bounds.opens), self.end - SNAP)
        elif self.grip is Grip.END:
            self.end = max(min(_snapped(minute), bounds.closes), self.start + SNAP)
        else:
            first = self.grabbed
            self.start = min(first, _snapped(minute))
            self.end = max(first + SNAP, _snapped(minute))
        return before != (self.column, self.start, self.end)

    def is_allowed(self, schedule: DaySchedule) -> bool | None:
        """Whether it may be dropped here; None while that is not known."""
        if self.targets is None or self.visit is None:
            return None
        if self.grip is Grip.START:
            return schedule.instant(self.column, self.start) >= self.targets.earliest
        if self.grip is Grip.END:
            return schedule.instant(self.column, self.end) <= self.targets.latest
        resource_id = schedule.columns[self.column].resource_id
        return self.targets.allows(resource_id, schedule.instant(self.column, self.start))

    def rect(self, bounds: Geometry) -> QRect:
        """Where it is drawn in the content."""
        return QRect(*bounds.box(self.column, WHOLE, self.start, self.end))

    def dimmed(self, schedule: DaySchedule, bounds: Geometry) -> list[QRect]:
        """The parts of the content where it may not go."""
        if self.targets is None or self.visit is None or self.grip is Grip.RANGE:
            return []
        found = []
        for column in range(bounds.columns):
            x, end = bounds.x(column), bounds.x(column + 1)
            dark = timelines.between(bounds.opens, bounds.closes) & ~self._bright(schedule, column)
            for first, last in timelines.intervals(dark):
                top = 0 if first == bounds.opens else bounds.y(first)
                bottom = bounds.height if last == bounds.closes else bounds.y(last)
                found.append(QRect(x, top, end - x, bottom - top))
        return found

    def _bright(self, schedule: DaySchedule, column: int) -> timelines.Timeline:
        """The minutes of a column that it could cover."""
        assert self.targets is not None  # noqa: S101 - asked for only once they are known
        if self.grip is not Grip.MOVE:
            if column != self.column:
                return 0
            first = schedule.minute(column, self.targets.earliest)
            return timelines.between(first, schedule.minute(column, self.targets.latest))
        span, resource_id = self.targets.span, schedule.columns[column].resource_id
        own = schedule.date_of(column)
        midnight = span.minute(schedule.instant(column, 0)) if own in span.days() else -1
        if midnight < 0:
            return 0
        starts = self.targets.starts.get(resource_id, 0) >> midnight & timelines.between(0, schedule.length)
        return timelines.spread(starts, max(self.end - self.start - 1, 0))

    def dropped(self, schedule: DaySchedule) -> Moved | None:
        """What is asked for; nothing where nothing would change."""
        if self.visit is None or (self.column, self.start, self.end) == _where(self.visit):
            return None
        moved = Moved(
            self.visit,
            self.grip,
            schedule.columns[self.column].resource_id,
            schedule.instant(self.column, self.start),
            schedule.instant(self.column, self.end),
        )
        if not self.is_whole or self.grip is not Grip.MOVE:
            return moved
        parts = tuple(
            one
            for one in schedule.visits
            if one.booking_id == self.visit.booking_id and one.status in MOVABLE
        )
        starts = [schedule.instant(one.column, one.start) for one in parts]
        lead = schedule.instant(self.visit.column, self.visit.start) - min(starts)
        return replace(moved, parts=parts, lead=lead)


def _where(visit: Visit) -> tuple[int, int, int]:
    return visit.column, visit.start, visit.end


def _snapped(minute: int) -> int:
    return (minute + SNAP // 2) // SNAP * SNAP
