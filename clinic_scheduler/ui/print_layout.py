"""How a day is divided over pages: which columns, which hours, which visits side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from clinic_scheduler.services.days.schedule import DaySchedule, Visit

COLUMN_MM: Final = 32.0  # a name of fifteen letters still fits
LINE_MM: Final = 3.0  # one line of a visit
HOUR_MM: Final = 12.0  # so that a visit of fifteen minutes holds one line
SHORTEST: Final = 5  # minutes; what is shorter is drawn without words
PORTRAIT_COLUMNS: Final = 4
HIDDEN: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the day: columns `first` up to `last`, minutes `start` up to `end`, both half-open.

    `per_page` is the number of columns of the widest page, so that all pages have one column width.
    """

    first: int
    last: int
    start: int
    end: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit in lane `lane` of `lanes` that stand side by side."""

    visit: Visit
    lane: int
    lanes: int


def is_portrait(schedule: DaySchedule) -> bool:
    """Whether few enough columns stand on an upright page."""
    return len(schedule.columns) <= PORTRAIT_COLUMNS


def pages(schedule: DaySchedule, width_mm: float, height_mm: float) -> list[Page]:
    """The pages in reading order, columns first and then hours; at least one."""
    count = len(schedule.columns)
    groups = _even_parts(max(count, 1), max(1, int(width_mm // COLUMN_MM)))
    start, end = _span(schedule)
    shortest = max(
        SHORTEST, min((v.end - v.start for v in schedule.visits if v.status != HIDDEN), default=60)
    )
    hour_mm = max(HOUR_MM, LINE_MM * 60 / shortest)
    rows = _even_parts(ceil((end - start) / 60), max(1, int(height_mm // hour_mm)))
    widest = max(last - first for first, last in groups)
    return [
        Page(first, min(last, count), start + top * 60, min(start + bottom * 60, end), widest)
        for first, last in groups
        for top, bottom in rows
    ]


def placed(visits: Sequence[Visit]) -> list[Placed]:
    """The visits of one column by start, those that overlap each other in lanes side by side."""
    done: list[Placed] = []
    cluster: list[tuple[Visit, int]] = []
    ends: list[int] = []  # where each lane of the cluster is free again
    for visit in sorted(visits, key=lambda one: (one.start, -one.end)):
        if cluster and visit.start >= max(ends):
            done += [Placed(one, lane, len(ends)) for one, lane in cluster]
            cluster, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= visit.start), len(ends))
        ends[lane : lane + 1] = [visit.end]
        cluster.append((visit, lane))
    return done + [Placed(one, lane, len(ends)) for one, lane in cluster]


def initials(name: str) -> str:
    """A name nobody can read from the wall: "A. S."."""
    return " ".join(f"{part[0]}." for part in one_line(name).split()[:3])


def one_line(text: str) -> str:
    """The text without line breaks and control signs, and never too long to lay out."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())


def _span(schedule: DaySchedule) -> tuple[int, int]:
    """The minutes to print: whole hours around opening time and everything booked outside it."""
    busy = [visit for visit in schedule.visits if visit.status != HIDDEN]
    start = min([schedule.opens, *(visit.start for visit in busy)])
    end = max([schedule.closes, *(visit.end for visit in busy)])
    start = max(0, start // 60 * 60)
    return start, max(min(ceil(end / 60) * 60, schedule.length), start + 60)


def _even_parts(total: int, most: int) -> list[tuple[int, int]]:
    """`total` divided into as few half-open parts of at most `most` as it takes, the first ones larger."""
    count = ceil(total / most)
    size, larger = divmod(total, count)
    edges = [0]
    for number in range(count):
        edges.append(edges[-1] + size + (number < larger))
    return list(pairwise(edges))
