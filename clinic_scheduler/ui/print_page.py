"""Painting the pages of a day: heads, hours, closed time, visits, holds and the footer."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice

from clinic_scheduler.services.days.schedule import ClosedTime, DaySchedule, HeldTime, Visit
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.hues import hue
from clinic_scheduler.ui.print_canvas import Canvas
from clinic_scheduler.ui.print_layout import (
    HIDDEN,
    LINE_MM,
    Page,
    Placed,
    initials,
    is_portrait,
    one_line,
    pages,
    placed,
)
from clinic_scheduler.ui.printing import Paper, printed_words
from clinic_scheduler.ui.texts import translate
from clinic_scheduler.ui.tokens import mixed

_TITLE: Final = 10.0  # millimetres, as every length here
_HEAD: Final = 9.0
_FOOT: Final = 10.0
_AXIS: Final = 12.0
_GAP: Final = 0.6
_BAR: Final = 1.1
_TEXT: Final = 2.6
_LEAST: Final = 1.8  # smaller letters nobody reads
_NAME: Final = 13.0  # a name wants this much before the time beside it may stay

_INK: Final = QColor("#111111")
_MUTED: Final = QColor("#444444")
_EDGE: Final = QColor("#777777")
_LINE: Final = QColor("#BBBBBB")
_HATCH: Final = QColor("#C4C4C4")
_WHITE: Final = QColor("#FFFFFF")
_FINISHED: Final = frozenset({"completed", "no_show"})
_LEGEND: Final = ("pending", "arrived", "in_progress", "completed", "no_show")


class DayPainter:
    """One printing of one day onto one device."""

    def __init__(
        self,
        device: QPagedPaintDevice,
        schedule: DaySchedule,
        clinic: str,
        printed_at: datetime,
        *,
        masked: bool,
    ) -> None:
        self._canvas = Canvas(device)
        self._day = schedule
        self._clinic = one_line(clinic)
        self._printed_at = printed_at
        self._masked = masked
        self._top = _TITLE + _HEAD
        self._bottom = self._canvas.height - _FOOT
        self._visits = [
            placed([visit for visit in schedule.visits if visit.column == number and visit.status != HIDDEN])
            for number in range(len(schedule.columns))
        ]

    def paint(self) -> int:
        """Paint all pages; how many there are."""
        todo = pages(self._day, self._canvas.width - _AXIS, self._bottom - self._top)
        self._canvas.begin()
        try:
            for number, page in enumerate(todo, 1):
                if number > 1:
                    self._canvas.next_page()
                self._paint_title(page, is_part=len(todo) > 1)
                self._paint_grid(page)
                self._paint_footer(number, len(todo))
        finally:
            self._canvas.end()
        return len(todo)

    def _paint_title(self, page: Page, *, is_part: bool) -> None:
        place = QRectF(0, 0, self._canvas.width, 7)
        title = title_of(self._day)
        taken = self._canvas.text(place, title, 5, colour=_INK, is_bold=True)
        if is_part:
            part = translate("printing", "Columns {first} to {last} of {total}, {start} to {end}").format(
                first=page.first + 1,
                last=page.last,
                total=len(self._day.columns),
                start=self._label(page.start),
                end=self._label(page.end),
            )
            self._canvas.text(place.adjusted(taken + 4, 0, 0, 0), part, 3, colour=_MUTED, at_right=True)

    def _paint_footer(self, number: int, total: int) -> None:
        legend = "     ".join(f"{texts.status_sign(one)} {texts.status_word(one)}" for one in _LEGEND)
        line = QRectF(0, self._bottom + 1.6, self._canvas.width, 3.4)
        self._canvas.text(line, legend, 2.4, colour=_MUTED)
        right = printed_words(self._printed_at, number, total)
        line.translate(0, 4.2)
        taken = self._canvas.text(line, right, 2.6, colour=_INK, at_right=True)
        self._canvas.text(line.adjusted(0, 0, -taken - 4, 0), self._clinic, 2.6, colour=_INK)

    def _paint_grid(self, page: Page) -> None:
        if not self._day.columns:
            words = translate("printing", "Nobody works on this day.")
            self._canvas.text(QRectF(0, _TITLE, self._canvas.width, 8), words, 3.2, colour=_INK)
            return
        for closed in self._day.closed:
            if page.first <= closed.column < page.last and _is_on(page, closed.start, closed.end):
                self._paint_closed(page, closed)
        self._paint_lines(page)
        for column in range(page.first, page.last):
            self._paint_head(page, column)
            for one in self._visits[column]:
                if _is_on(page, one.visit.start, one.visit.end):
                    self._paint_visit(page, one)
        for held in self._day.holds:
            if page.first <= held.column < page.last and _is_on(page, held.start, held.end):
                self._paint_hold(page, held)

    def _paint_lines(self, page: Page) -> None:
        right = _AXIS + (page.last - page.first) * self._column_width(page)
        for mark in self._day.hours:
            if page.start <= mark.minute < page.end:
                y = self._y(page, mark.minute)
                self._canvas.line(QLineF(0, y, right, y), _LINE)
                self._canvas.text(
                    QRectF(0, y + 0.4, _AXIS - 1.5, 3.4), mark.label, _TEXT, colour=_MUTED, at_right=True
                )
        self._canvas.line(QLineF(0, self._bottom, right, self._bottom), _LINE)
        for column in range(page.last - page.first + 1):
            x = _AXIS + column * self._column_width(page)
            self._canvas.line(QLineF(x, _TITLE, x, self._bottom), _LINE)

    def _paint_head(self, page: Page, number: int) -> None:
        column, place = self._day.columns[number], self._span(page, number, page.start, page.end)
        head = QRectF(place.x() + 1.2, _TITLE, place.width() - 2.4, 4.6)
        upper, lower = one_line(column.name), one_line(column.role)
        if self._day.dates:
            upper, lower = texts.short_date(self._day.dates[number]), upper
        self._canvas.text(head, upper, 3, colour=_INK, is_bold=True)
        self._canvas.text(head.translated(0, 4), lower, 2.4, colour=_MUTED)

    def _paint_closed(self, page: Page, closed: ClosedTime) -> None:
        place = self._span(page, closed.column, closed.start, closed.end)
        self._canvas.hatch(place, _HATCH)
        # Why somebody is away is nothing for the wall.
        reason = "" if self._masked and closed.kind == "time_off" else one_line(closed.reason)
        if reason and place.height() >= LINE_MM:
            label = QRectF(place.x() + 1.2, place.y() + 0.6, place.width() - 2.4, LINE_MM)
            width = min(label.width(), self._canvas.text_width(reason, 2.4) + 0.2)
            self._canvas.fill(QRectF(label.x() - 0.6, label.y(), width + 1.2, label.height()), _WHITE)
            self._canvas.text(label, reason, 2.4, colour=_MUTED)

    def _paint_visit(self, page: Page, one: Placed) -> None:
        visit = one.visit
        place = self._span(page, visit.column, visit.start, visit.end)
        lane = place.width() / one.lanes
        place = QRectF(place.x() + one.lane * lane, place.y(), lane, place.height()).adjusted(
            _GAP, 0.15, -_GAP, -0.15
        )
        is_finished = visit.status in _FINISHED
        colour = hue(visit.hue)
        self._canvas.fill(place, mixed(colour, 0.05 if is_finished else 0.12, _WHITE))
        is_open = visit.start < page.start, visit.end > page.end
        self._canvas.frame(place, _EDGE, has_top=not is_open[0], has_bottom=not is_open[1])
        middle = place.x() + _BAR / 2
        bar = QLineF(middle, place.top(), middle, place.bottom())
        self._canvas.line(bar, colour, _BAR, is_dashed=visit.status == "pending")
        self._write_visit(place.adjusted(_BAR + 0.7, 0, -0.7, 0), visit, _MUTED if is_finished else _INK)

    def _write_visit(self, place: QRectF, visit: Visit, ink: QColor) -> None:
        size = min(_TEXT, place.height() * 0.8)
        if size < _LEAST:
            return
        rows = int((place.height() - 0.4) / LINE_MM)
        drop = 0.5 if rows > 1 else 0.0
        line = QRectF(place.x(), place.y() + drop, place.width(), min(LINE_MM + 0.3, place.height()))
        sign = texts.status_sign(visit.status)
        if sign:
            taken = self._canvas.text(line, sign, size, colour=ink, is_bold=True, at_right=True)
            line.adjust(0, 0, -taken - 0.6, 0)
        name = initials(visit.patient) if self._masked else one_line(visit.patient)
        width = self._canvas.text_width(name, size, is_bold=True)
        time_width = self._canvas.text_width(visit.time, size) + 1
        is_crowded = time_width + width > line.width()
        if line.width() - time_width >= _NAME or (is_crowded and rows > 2 and line.width() > time_width):
            self._canvas.text(line, visit.time, size, colour=_MUTED)
            if is_crowded and rows > 2:  # the name has a line of its own
                line = QRectF(place.x(), line.y() + LINE_MM, place.width(), line.height())
                rows -= 1
            else:
                line.adjust(time_width, 0, 0, 0)
        is_struck = visit.status == "no_show"
        taken = self._canvas.text(line, name, size, colour=ink, is_bold=True, is_struck=is_struck)
        if rows > 1:
            below = QRectF(place.x(), line.y() + LINE_MM + 0.1, place.width(), LINE_MM)
            self._canvas.text(below, _details(visit), 2.4, colour=_MUTED)
        elif line.width() - taken > _NAME:
            self._canvas.text(line.adjusted(taken + 1.5, 0, 0, 0), _details(visit), size, colour=_MUTED)

    def _paint_hold(self, page: Page, held: HeldTime) -> None:
        place = self._span(page, held.column, held.start, held.end).adjusted(_GAP, 0.15, -_GAP, -0.15)
        self._canvas.fill(place, _WHITE)
        is_open = held.start < page.start, held.end > page.end
        self._canvas.frame(place, _INK, has_top=not is_open[0], has_bottom=not is_open[1], is_dashed=True)
        line = QRectF(place.x() + 1, place.y() + 0.2, place.width() - 2, LINE_MM)
        words = translate("printing", "Held by {owner}").format(owner=one_line(held.owner))
        if place.height() >= LINE_MM:
            self._canvas.text(line, words, _TEXT, colour=_INK)
        if place.height() >= 2 * LINE_MM + 0.6:
            self._canvas.text(line.translated(0, LINE_MM), one_line(held.service), 2.4, colour=_MUTED)

    def _column_width(self, page: Page) -> float:
        return (self._canvas.width - _AXIS) / page.per_page

    def _y(self, page: Page, minute: int) -> float:
        return self._top + (minute - page.start) * (self._bottom - self._top) / (page.end - page.start)

    def _span(self, page: Page, column: int, start: int, end: int) -> QRectF:
        """Where a stretch of a column stands, cut at the page's hours."""
        width = self._column_width(page)
        top = self._y(page, max(start, page.start))
        return QRectF(
            _AXIS + (column - page.first) * width, top, width, self._y(page, min(end, page.end)) - top
        )

    def _label(self, minute: int) -> str:
        """The wall time at a full hour of the axis."""
        known = {mark.minute: mark.label for mark in self._day.hours}
        return known.get(minute) or known.get(minute % self._day.length, "")


def day_paper(schedule: DaySchedule, clinic: str, printed_at: datetime, *, masked: bool = False) -> Paper:
    """A day, or several side by side, across for many columns. `masked` prints initials for names."""

    def paint(device: QPagedPaintDevice) -> int:
        return DayPainter(device, schedule, clinic, printed_at, masked=masked).paint()

    return Paper(title_of(schedule), clinic, paint, is_upright=is_portrait(schedule))


def title_of(schedule: DaySchedule) -> str:
    """The day or days in words."""
    if not schedule.dates:
        return texts.long_date(schedule.day, with_year=True)
    first, last = schedule.dates[0], schedule.dates[-1]
    return translate("printing", "{first} to {last}").format(
        first=texts.short_date(first, with_year=first.year != last.year),
        last=texts.short_date(last, with_year=True),
    )


def _is_on(page: Page, start: int, end: int) -> bool:
    return start < page.end and end > page.start


def _details(visit: Visit) -> str:
    """Service and what the desk wants to know beside it, in the order in which it may be cut off."""
    parts = [
        visit.service,
        visit.room,
        visit.counter,
        translate("printing", "new") if visit.is_new else "",
        translate("printing", "paid") if visit.is_paid else "",
    ]
    return " · ".join(one_line(part) for part in parts if part)
