"""Where minutes and columns stand, in whole pixels, and which words of a visit fit."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clinic_scheduler.ui.calendar.lanes import Lane

PAD = 12  # above the first and below the last minute, so that their labels are whole
GAP = 3  # between a column's edge and its visits
BAR = 4
INSET = 10  # from a visit's left edge to its words
MARGIN = 6  # from its words to the right edge
MIN_COLUMN = 148
LEAST = 3  # a visit's height, however short it is
SHORTEST_SERVICE = 48  # a service cut shorter than this says nothing; badges go first
SHORTEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Zoom:
    """`step` is the finest line in minutes and what the arrow keys walk by."""

    step: int
    hour_height: int


ZOOMS = (Zoom(60, 36), Zoom(30, 60), Zoom(20, 78), Zoom(15, 96), Zoom(10, 156), Zoom(5, 300))
USUAL = ZOOMS[3]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Content coordinates of a day: the origin is the left edge of the first column."""

    columns: int
    opens: int
    closes: int
    zoom: Zoom
    width: int  # of all columns together
    height: int

    def y(self, minute: int) -> int:
        return PAD + (minute - self.opens) * self.zoom.hour_height // 60

    def minute_at(self, y: int) -> int:
        """The minute drawn at `y`, kept between opening and closing."""
        minute = self.opens + (y - PAD) * 60 // self.zoom.hour_height
        return min(max(minute, self.opens), max(self.closes - 1, self.opens))

    def step_at(self, y: int) -> int:
        """The start of the step that `y` lies in, counted from the day's midnight."""
        minute = self.minute_at(y)
        return max(minute - minute % self.zoom.step, self.opens)

    def minutes(self, top: int, bottom: int) -> tuple[int, int]:
        """The first and the last minute of which anything may be drawn from `top` to `bottom`."""
        hour = self.zoom.hour_height
        first = self.opens + (top - PAD - LEAST) * 60 // hour
        return first, self.opens - (PAD - bottom - LEAST) * 60 // hour

    def x(self, column: int) -> int:
        return column * self.width // self.columns

    def column_at(self, x: int) -> int:
        """The column drawn at `x`, or -1 beside them all."""
        if not 0 <= x < self.width:
            return -1
        return bisect_right(range(self.columns), x, key=self.x) - 1

    def box(self, column: int, lane: Lane, start: int, end: int) -> tuple[int, int, int, int]:
        """x, y, width and height of what takes `lane` from `start` to `end`, never empty."""
        # Written out, as it runs for every visit of a day: calls would cost more than the sums.
        total, count = self.width, self.columns
        x = column * total // count + GAP
        x_end = (column + 1) * total // count - GAP
        if lane.count > 1:
            left, shared = x, x_end - x + 2
            x = left + lane.number * shared // lane.count
            x_end = left + (lane.number + lane.span) * shared // lane.count - 2
        opens, hour = self.opens, self.zoom.hour_height
        y = PAD + (start - opens) * hour // 60 + 1
        width = x_end - x
        height = PAD + (end - opens) * hour // 60 - 1 - y
        return x, y, max(2, width), max(LEAST, height)


def geometry(
    columns: int, opens: int, closes: int, zoom: Zoom, viewport: int, min_column: int = MIN_COLUMN
) -> Geometry:
    """Columns share the viewport's width, or are as narrow as allowed and scroll sideways."""
    width = max(viewport, columns * min_column)
    height = 2 * PAD + (closes - opens) * zoom.hour_height // 60
    return Geometry(columns, opens, closes, zoom, width, height)


def next_zoom(zoom: Zoom, steps: int) -> Zoom:
    """`steps` closer (positive) or wider, stopping at the ends."""
    heights = [z.hour_height for z in ZOOMS]
    nearest = min(range(len(ZOOMS)), key=lambda i: abs(heights[i] - zoom.hour_height))
    return ZOOMS[min(max(nearest + steps, 0), len(ZOOMS) - 1)]


class Fit(NamedTuple):
    """What of a visit is shown; `name` and `service` are the pixels they may take.

    `lines` is 0 (a box without words) to 3, where the third line takes the badges; `sign` is the
    line that the status sign stands on, 0 for none.
    """

    lines: int
    time: bool
    name: int
    service: int
    badges: int
    sign: int


NOTHING = Fit(0, False, 0, 0, 0, 0)


def has_room(width: int, height: int, line: int) -> bool:
    """Whether a box can hold any words at all."""
    return height >= line - 2 and width >= INSET + 3 * MARGIN


def fit(width: int, height: int, line: int, time: int, name: int, sign: int, badges: Sequence[int]) -> Fit:
    """The fixed order of dropping: time, then badges from the last, then the name is cut.

    Where the name would be left with a letter or two, the sign moves down to the service. `width`
    and `height` are the box's, `line` the line's height; `time`, `name`, `sign` and `badges` are
    widths with the gap that belongs to them (`sign` 0 for none).
    """
    if not has_room(width, height, line):
        return NOTHING
    space = width - INSET - MARGIN
    whole = (height - 2) // line
    lines = 1 if whole < 2 else 2 if whole == 2 else 3
    place = _sign_line(space, lines, name, sign) if sign else 0
    first = space - (sign if place == 1 else 0)
    second = space - (sign if place == 2 else 0)
    shows_time = time + name <= first
    left = first - (time if shows_time else 0)
    if lines == 1:
        return Fit(1, shows_time, left, 0, 0, place)
    if not badges:
        return Fit(2, shows_time, left, second, 0, place)
    beside = _how_many(badges, second - SHORTEST_SERVICE)
    if lines == 3 and (below := _how_many(badges, space)) > beside:
        return Fit(3, shows_time, left, second, below, place)
    return Fit(2, shows_time, left, second - sum(badges[:beside]), beside, place)


def _sign_line(space: int, lines: int, name: int, sign: int) -> int:
    left = space - sign
    if left >= SHORTEST_NAME or left >= name:
        return 1
    if lines > 1:
        return 2
    return 1 if left >= 3 * MARGIN else 0


def _how_many(widths: Sequence[int], space: int) -> int:
    """How many of the first widths fit into the space together."""
    count = total = 0
    for width in widths:
        total += width
        if total > space:
            break
        count += 1
    return count
