"""What stands on each row of the list: days, visits, and what unfolds below a visit. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_scheduler.services.listing.courses import PlannedSession
from clinic_scheduler.services.listing.lines import Line, Part


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day, over the visits that begin on it."""

    day: date


@dataclass(frozen=True, slots=True)
class LineRow:
    """A visit; `is_open` with what it consists of below."""

    line: Line
    is_open: bool

    @property
    def can_open(self) -> bool:
        """Whether there is anything to unfold."""
        return has_more(self.line)


@dataclass(frozen=True, slots=True)
class PartRow:
    """An appointment of the visit above."""

    line: Line
    part: Part


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session of the course that the visit above belongs to."""

    line: Line
    session: PlannedSession


Row = DayRow | LineRow | PartRow | SessionRow


def has_more(line: Line) -> bool:
    """Whether a visit has several parts, or belongs to a course of several sessions."""
    return len(line.parts) > 1 or (line.course is not None and len(line.course.sessions) > 1)


def below(line: Line) -> list[Row]:
    """What unfolds below a visit."""
    parts = [PartRow(line, part) for part in line.parts] if len(line.parts) > 1 else []
    sessions = [SessionRow(line, one) for one in line.course.sessions] if line.course else []
    return [*parts, *sessions]


def flattened(
    lines: Sequence[Line], opened: Collection[UUID], *, by_day: bool, after: date | None = None
) -> list[Row]:
    """The rows of some lines; `after` is the day that the row before them belongs to."""
    return list(_rows(lines, opened, by_day=by_day, day=after))


def _rows(
    lines: Sequence[Line], opened: Collection[UUID], *, by_day: bool, day: date | None
) -> Iterator[Row]:
    for line in lines:
        if by_day and line.lead.day != day:
            day = line.lead.day
            yield DayRow(day)
        is_open = line.visit.id in opened and has_more(line)
        yield LineRow(line, is_open)
        if is_open:
            yield from below(line)
