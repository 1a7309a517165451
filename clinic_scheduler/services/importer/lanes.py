"""Where a book overlaps: each appointment gets a lane, and beyond the first ones a reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services import localtime

from .lines import Line

MOST_LANES = 64  # as the database has it
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DAY = timedelta(days=1)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Slot:
    """A taken time, half-open; without a line it was in the database before."""

    lane: int
    start: datetime
    end: datetime
    line: Line | None = None


@dataclass(slots=True)
class Lanes(Generic[K]):
    """The taken times of resources, by whatever names these."""

    _days: dict[tuple[K, int], list[Slot]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: K, slot: Slot) -> None:
        """Note a taken time."""
        for day in _day_numbers(slot.start, slot.end):
            self._days[key, day].append(slot)

    def overlapping(self, key: K, start: datetime, end: datetime) -> list[Slot]:
        """The taken times that share a moment with [start, end), each once."""
        found = {
            id(slot): slot
            for day in _day_numbers(start, end)
            for slot in self._days.get((key, day), ())
            if slot.start < end and start < slot.end
        }
        return list(found.values())

    def place(self, key: K, start: datetime, end: datetime, line: Line) -> tuple[int, list[Slot]]:
        """Take the first free lane; also who is there at that time."""
        others = self.overlapping(key, start, end)
        used = {slot.lane for slot in others}
        lane = next(number for number in range(1, len(used) + 2) if number not in used)
        self.add(key, Slot(lane, start, end, line))
        return lane, others


@dataclass(frozen=True, slots=True)
class Placed:
    """The instants of a line, its lanes, and the reason where it overlaps; `others` are the rows it overlaps with."""

    start: datetime
    end: datetime
    lane: int = 1
    person_lane: int = 1
    reason: str = ""
    others: tuple[Line, ...] = ()


def place(
    lines: Iterable[Line],
    minutes: Mapping[str, int],
    where: ZoneInfo,
    staff: Lanes[str],
    people: Lanes[str],
    capacity: Mapping[str, int],
    names: Mapping[str, str],
) -> dict[tuple[str, int], Placed]:
    """Every line that has a time, by file and row; those who did not come and who cancelled take none."""
    found = {}
    for line in sorted((x for x in lines if x.start), key=_order):
        assert line.start is not None
        start = localtime.instant(line.start, where)
        end = start + timedelta(minutes=minutes[line.service])
        placed = Placed(start, end)
        if not (line.is_cancelled or line.is_no_show):
            placed = _placed(line, placed, staff, people, capacity[line.staff], names)
        found[line.file, line.row] = placed
    return found


def _placed(
    line: Line,
    times: Placed,
    staff: Lanes[str],
    people: Lanes[str],
    capacity: int,
    names: Mapping[str, str],
) -> Placed:
    start, end = times.start, times.end
    lane, there = staff.place(line.staff, start, end, line)
    person_lane, elsewhere = people.place(line.person, start, end, line) if line.person else (1, [])
    if max(lane, person_lane) > MOST_LANES:
        raise ImportRefused(
            f"{line.file}, row {line.row}: there are more than {MOST_LANES} appointments at the same time;"
            " check the columns of staff and person in the mapping."
        )
    reasons = []
    if lane > capacity:
        reasons.append(_staff_reason(line, names[line.staff], there))
    else:
        there = []
    if person_lane > 1:
        reasons += _person_reason(line, names, elsewhere)
    others = {(x.file, x.row): x for slot in (*there, *elsewhere) if (x := slot.line) is not None}
    reason = f"Imported: {'; '.join(reasons)}" if reasons else ""
    return Placed(start, end, lane, person_lane, reason, tuple(others[key] for key in sorted(others)))


def _staff_reason(line: Line, name: str, there: Sequence[Slot]) -> str:
    lines = [slot.line for slot in there if slot.line]
    if len(lines) < len(there):
        return f"{name} was taken already at {line.start:%H:%M}"
    people = {(x.person or (x.file, x.row)) for x in (*lines, line)}
    count = NUMBERS[len(people)] if len(people) < len(NUMBERS) else str(len(people))
    if len(people) > 1:
        return f"the book has {name} with {count} people at {line.start:%H:%M}"
    return f"the book has {name} at two services for one person at {line.start:%H:%M}"


def _person_reason(line: Line, names: Mapping[str, str], elsewhere: Sequence[Slot]) -> list[str]:
    """Nothing where the same member of staff overlaps, which is told already. No word tells who the person is."""
    lines = [slot.line for slot in elsewhere if slot.line]
    if len(lines) < len(elsewhere):
        return [f"this person has another visit at {line.start:%H:%M}"]
    others = sorted({names[x.staff] for x in lines if x.staff != line.staff})
    return [f"the book has this person with {' and '.join((*others, names[line.staff]))} at {line.start:%H:%M}"] * bool(
        others
    )


def _order(line: Line) -> tuple[datetime | None, str, int]:
    return line.start, line.file, line.row


def _day_numbers(start: datetime, end: datetime) -> range:
    return range(start.date().toordinal(), end.date().toordinal() + 1)
