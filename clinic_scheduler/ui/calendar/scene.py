"""A day laid out for painting: plain boxes by column, made when first looked at, kept while unchanged."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from PySide6.QtCore import QPoint, QRect

from clinic_scheduler.services.days.schedule import ClosedTime, DaySchedule, HeldTime, Visit
from clinic_scheduler.ui.calendar.boxes import Box, Faces, HoldBox, box, hold_box
from clinic_scheduler.ui.calendar.geometry import Geometry
from clinic_scheduler.ui.calendar.lanes import Lane, lanes
from clinic_scheduler.ui.tokens import Theme

MANY = 4  # columns that changed; from there on one large rectangle is painted sooner than many small
# Told apart by the sign too; a hue only helps to see them from afar.
STATUS_HUES = {
    "pending": 8,
    "confirmed": 0,
    "arrived": 1,
    "in_progress": 3,
    "completed": 2,
    "no_show": 11,
    "cancelled": 4,
}
NOT_HAPPENING = frozenset({"no_show", "cancelled"})


@dataclass(frozen=True, slots=True)
class Content:
    """What one column holds; equal contents look the same."""

    visits: tuple[Visit, ...]
    holds: tuple[HeldTime, ...]
    closed: tuple[ClosedTime, ...]

    def load(self, opens: int, closes: int) -> int:
        """Percent of the open minutes that visits take, each minute once; 100 at most."""
        shut = _covered([(c.start, c.end) for c in self.closed], opens, closes)
        spans = [(v.busy_start, v.busy_end) for v in self.visits if v.status not in NOT_HAPPENING]
        open_minutes = closes - opens - shut
        return min(100, 100 * _covered(spans, opens, closes) // open_minutes) if open_minutes > 0 else 0


@dataclass(frozen=True, slots=True)
class Boxes:
    """One column laid out, visits by start."""

    visits: tuple[Box, ...]
    holds: tuple[HoldBox, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """One column as far as it was looked at: None stands for visits out of sight till now."""

    lanes: list[Lane]
    boxes: list[Box | None]
    holds: tuple[HoldBox, ...]


class Scene:
    """The boxes of a day. Visits are laid out when first looked at; `adopt` keeps what did not change."""

    def __init__(
        self,
        schedule: DaySchedule,
        geometry: Geometry,
        theme: Theme,
        faces: Faces,
        *,
        shows_cancelled: bool = False,
        colour_by: str = "service",
    ) -> None:
        self.schedule = schedule
        self.colour_by = colour_by
        self.geometry = geometry
        self.theme = theme
        self.faces = faces
        self._shows_cancelled = shows_cancelled
        self._laid: list[Laid | None] = [None] * len(schedule.columns)

    @cached_property
    def contents(self) -> list[Content]:
        """What each column holds; sorted out on first use, as a day is laid out more often than seen."""
        return _contents(self.schedule, shows_cancelled=self._shows_cancelled)

    def boxes(self, column: int) -> Boxes:
        """All of a column, out of sight too."""
        laid = self._lay_out(column)
        visits = enumerate(self.contents[column].visits)
        return Boxes(tuple([laid.boxes[n] or self._box(laid, n, visit) for n, visit in visits]), laid.holds)

    def visits_between(self, column: int, top: int, bottom: int) -> list[Box]:
        """Every visit of a column that reaches, with its buffers, into what lies from `top` to `bottom`."""
        first, last = self.geometry.minutes(top, bottom)
        laid = self._lay_out(column)
        boxes = laid.boxes
        return [
            boxes[n] or self._box(laid, n, visit)
            for n, visit in enumerate(self.contents[column].visits)
            if visit.busy_start <= last and visit.busy_end >= first
        ]

    def adopt(self, before: "Scene") -> list[QRect] | None:
        """Take over the boxes of unchanged columns; what must be painted again, None for everything."""
        if (self.geometry, self.theme, self.faces) != (before.geometry, before.theme, before.faces):
            return None
        if self.schedule.columns != before.schedule.columns or self.schedule.hours != before.schedule.hours:
            return None
        if self.colour_by != before.colour_by:
            return None
        if (self.schedule.day, self.schedule.dates) != (before.schedule.day, before.schedule.dates):
            return [self.content]
        dirty: list[QRect] = []
        for column, content in enumerate(self.contents):
            old = before._laid[column]  # noqa: SLF001 - the same class
            if content == before.contents[column]:
                self.contents[column] = before.contents[column]
                self._laid[column] = old
            elif len(dirty) > MANY or old is None or content.closed != before.contents[column].closed:
                dirty.append(self.column_rect(column))
            else:
                was = before.boxes(column)
                self._keep(column, was)
                dirty.append(_difference(was, self.boxes(column)))
        if len(dirty) > MANY:
            return [self.content]
        return dirty

    def column_rect(self, column: int) -> QRect:
        x = self.geometry.x(column)
        return QRect(x, 0, self.geometry.x(column + 1) - x, self.geometry.height)

    def find(self, visit_id: UUID) -> Box | None:
        """The box of a visit that is shown."""
        for column, content in enumerate(self.contents):
            for place, visit in enumerate(content.visits):
                if visit.id == visit_id:
                    return self.boxes(column).visits[place]
        return None

    def of_booking(self, booking_id: UUID) -> list[Box]:
        """All boxes of one booking."""
        return [
            self.boxes(column).visits[place]
            for column, content in enumerate(self.contents)
            for place, visit in enumerate(content.visits)
            if visit.booking_id == booking_id
        ]

    def at(self, point: QPoint) -> Box | HoldBox | None:
        """What is painted at a point of the content."""
        column = self.geometry.column_at(point.x())
        if column < 0:
            return None
        boxes = self.boxes(column)
        x, y = point.x(), point.y()
        visit = next(
            (b for b in boxes.visits if b.x <= x < b.x + b.width and b.y <= y < b.y + b.height), None
        )
        return visit or next((b for b in boxes.holds if b.rect.contains(point)), None)

    def all_holds(self) -> list[HoldBox]:
        return [
            b
            for column, content in enumerate(self.contents)
            if content.holds
            for b in self.boxes(column).holds
        ]

    @property
    def content(self) -> QRect:
        """All of it."""
        return QRect(0, 0, self.geometry.width, self.geometry.height)

    @cached_property
    def is_grouped(self) -> bool:
        """Whether each day has several columns."""
        return len(set(self.schedule.dates)) < len(self.schedule.dates)

    def hue_of(self, visit: Visit) -> int:
        """The hue of a visit: its service's, its column's or its status's."""
        if self.colour_by == "practitioner":
            return self.schedule.columns[visit.column].hue
        return STATUS_HUES[visit.status] if self.colour_by == "status" else visit.hue

    @cached_property
    def visit_count(self) -> int:
        return sum(len(content.visits) for content in self.contents)

    def _lay_out(self, column: int) -> Laid:
        """The column with its lanes, its visits still to be made."""
        laid = self._laid[column]
        if laid is None:
            content = self.contents[column]
            spans = [(v.busy_start, v.busy_end) for v in content.visits]
            shares = lanes(spans + [(h.start, h.end) for h in content.holds])
            holds = [
                hold_box(held, lane, self.schedule, self.geometry, self.faces)
                for held, lane in zip(content.holds, shares[len(spans) :], strict=True)
            ]
            laid = self._laid[column] = Laid(shares, [None] * len(spans), tuple(holds))
        return laid

    def _box(self, laid: Laid, place: int, visit: Visit) -> Box:
        made = box(visit, laid.lanes[place], self.hue_of(visit), self.geometry, self.theme, self.faces)
        laid.boxes[place] = made
        return made

    def _keep(self, column: int, was: Boxes) -> None:
        """Go on with the boxes of the visits that stand as they stood."""
        laid, spare = self._lay_out(column), {b.visit.id: b for b in was.visits}
        for place, visit in enumerate(self.contents[column].visits):
            kept = spare.get(visit.id)
            if kept is not None and kept.lane == laid.lanes[place] and kept.visit == visit:
                laid.boxes[place] = kept


def _contents(schedule: DaySchedule, *, shows_cancelled: bool) -> list[Content]:
    count = len(schedule.columns)
    visits: list[list[Visit]] = [[] for _ in range(count)]
    holds: list[list[HeldTime]] = [[] for _ in range(count)]
    closed: list[list[ClosedTime]] = [[] for _ in range(count)]
    for visit in schedule.visits:
        if shows_cancelled or visit.status != "cancelled":
            visits[visit.column].append(visit)
    for held in schedule.holds:
        holds[held.column].append(held)
    for shut in schedule.closed:
        closed[shut.column].append(shut)
    for several in visits:
        several.sort(key=_by_start)
    return [Content(tuple(v), tuple(h), tuple(c)) for v, h, c in zip(visits, holds, closed, strict=True)]


def _by_start(visit: Visit) -> tuple[int, int]:
    return visit.start, visit.end


def _covered(spans: list[tuple[int, int]], opens: int, closes: int) -> int:
    """How many minutes from `opens` to `closes` lie in any of the spans."""
    total, reached = 0, opens
    for start, end in sorted(spans):
        last = min(closes, end)
        if last > reached:
            total += last - (max(reached, start))
            reached = last
    return total


def _difference(old: Boxes, new: Boxes) -> QRect:
    """The rectangle around every box that is in only one of the two."""
    kept = {id(b) for b in old.visits} & {id(b) for b in new.visits}
    dirty = QRect()
    for b in (*old.visits, *new.visits):
        if id(b) not in kept:
            top, bottom = b.reach
            dirty |= QRect(b.x, top - 1, b.width, bottom - top + 2)
    if old.holds != new.holds:
        for h in (*old.holds, *new.holds):
            dirty |= h.rect
    return dirty
