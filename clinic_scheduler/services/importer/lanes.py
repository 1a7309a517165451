"""Where a book overlaps: each appointment gets a lane, and beyond the first ones a reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services import localtime

from .lines import Line

MOST_LANES = 64  # as the database has it
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A taken time, half-open; without a line it was in the database before."""

    lane: int
    start: datetime
    end: datetime
    line: Line | None = None


@dataclass(slots=True)
class Lanes:
    """The taken times of resources, by their codes."""

    _days: dict[tuple[str, int], list[Slot]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: str, slot: Slot) -> None:
        """Note a taken time."""
        for day in _day_numbers(slot.start, slot.end):
            self._days[key, day].append(slot)

    def overlapping(self, key: str, start: datetime, end: datetime) -> list[Slot]:
        """The taken times that share a moment with [start, end), each once."""
        found = {
            id(slot): slot
            for day in _day_numbers(start, end)
            for slot in self._days.get((key, day), ())
            if slot.start < end and start < slot.end
        }
        return list(found.values())

    def place(self, key: str, start: datetime, end: datetime, line: Line) -> tuple[int, list[Slot]]:
        """Take the first free lane; also who is there at that time."""
        others = self.overlapping(key, start, end)
        used = {slot.lane for slot in others}
        lane = next(number for number in range(1, len(used) + 2) if number not in used)
        self.add(key, Slot(lane, start, end, line))
        return lane, others


@dataclass(frozen=True, slots=True)
class Taken:
    """The times of staff and people, by their codes in the book."""

    staff: Lanes
    people: Lanes


@dataclass(frozen=True, slots=True)
class Place:
    """A member of staff: the name, and how many people at once are no overlap."""

    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The instants of a line, its lanes, and the reason where it overlaps; `others` are those rows."""

    start: datetime
    end: datetime
    lane: int = 1
    person_lane: int = 1
    reason: str = ""
    others: tuple[tuple[str, int], ...] = ()


def place(
    lines: Iterable[Line],
    minutes: Mapping[str, int],
    where: ZoneInfo,
    taken: Taken,
    staff: Mapping[str, Place],
) -> dict[tuple[str, int], Placed]:
    """Every line that has a time, by file and row; those who did not come and who cancelled take none.

    `taken` grows by what is placed.

    Raises:
        ImportRefused: more overlap than the database has lanes for.
    """
    found = {}
    timed = [(line.start, line.file, line.row, line) for line in lines if line.start]
    for wall, file, row, line in sorted(timed, key=itemgetter(0, 1, 2)):
        start = localtime.instant(wall, where)
        placed = Placed(start, start + timedelta(minutes=minutes[line.service]))
        if not (line.is_cancelled or line.is_no_show):
            placed = _placed(line, wall, placed, taken, staff)
        found[file, row] = placed
    return found


def _placed(line: Line, wall: datetime, times: Placed, taken: Taken, staff: Mapping[str, Place]) -> Placed:
    start, end = times.start, times.end
    lane, there = taken.staff.place(line.staff, start, end, line)
    person_lane, elsewhere = taken.people.place(line.person, start, end, line) if line.person else (1, [])
    if max(lane, person_lane) > MOST_LANES:
        raise ImportRefused(
            f"{line.file}, row {line.row}: there are more than {MOST_LANES} appointments at the same time;"
            " check the columns of staff and person in the mapping."
        )
    reasons = []
    if len(there) >= staff[line.staff].capacity:
        reasons.append(_staff_reason(line, staff[line.staff].name, there))
    else:
        there = []
    if elsewhere:
        told = _person_reason(line, staff, elsewhere)
        if told or not reasons:
            reasons.append(told or "the book has this person twice")
    rows = {(slot.line.file, slot.line.row) for slot in (*there, *elsewhere) if slot.line}
    reason = f"Imported: {'; '.join(reasons)} at {wall:%H:%M}" if reasons else ""
    return Placed(start, end, lane, person_lane, reason, tuple(sorted(rows)))


def _staff_reason(line: Line, name: str, there: Sequence[Slot]) -> str:
    lines = [slot.line for slot in there if slot.line]
    if len(lines) < len(there):
        return f"{name} was taken already"
    people = {(other.person or f"{other.file}:{other.row}") for other in (*lines, line)}
    if len(people) == 1:
        return f"the book has {name} with one person for two services"
    count = NUMBERS[len(people)] if len(people) < len(NUMBERS) else str(len(people))
    return f"the book has {name} with {count} people"


def _person_reason(line: Line, staff: Mapping[str, Place], elsewhere: Sequence[Slot]) -> str:
    """Empty where the same member of staff has both. No word tells who the person is."""
    lines = [slot.line for slot in elsewhere if slot.line]
    if len(lines) < len(elsewhere):
        return "this person was booked already"
    others = sorted({staff[other.staff].name for other in lines if other.staff != line.staff})
    names = " and ".join((*others, staff[line.staff].name))
    return f"the book has this person with {names}" if others else ""


def _day_numbers(start: datetime, end: datetime) -> range:
    return range(start.date().toordinal(), end.date().toordinal() + 1)
