"""The small month: pick a day, see how full the days are."""

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QLocale, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from . import controls, fonts, texts, tokens

CELL_H = 28
HEAD_H = 24
WEEKS = 6
LOAD_STEPS = 3
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # a key held down must not run out of dates
KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


def within(day: date) -> date:
    """The day, or the nearest one that can be shown."""
    return max(EARLIEST, min(day, LATEST))


class MonthGrid(QWidget):
    """Six weeks around the chosen day, shaded by their number of visits.

    Signals:
        chosen: the date that was clicked or entered.
        month_shown: first and last date now visible, so that their load can be read.
    """

    chosen = Signal(object)
    month_shown = Signal(object, object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = controls.label()
        self._title.setFont(fonts.body(strong=True))
        self._days = _Days(today, self)
        self._days.chosen.connect(self.chosen)
        self._days.month_stepped.connect(self.step)
        back = controls.icon_button("chevron-left", self.tr("Month before"), quiet=True)
        on = controls.icon_button("chevron-right", self.tr("Month after"), quiet=True)
        back.clicked.connect(self._step_back)
        on.clicked.connect(self._step_on)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(back, 0, 1)
        grid.addWidget(on, 0, 2)
        grid.addWidget(self._days, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)

    def show_day(self, day: date, today: date) -> None:
        """Mark `day`, turning to its month."""
        self._days.today, self._days.day = today, within(day)
        self._turn_to(self._days.day.replace(day=1))

    def show_load(self, load: Mapping[date, int]) -> None:
        """Shade the days by their number of visits."""
        self._days.load = load
        self._days.update()

    def visible(self) -> tuple[date, date]:
        """The first and last date shown."""
        first = self._days.first()
        return first, first + timedelta(days=7 * WEEKS - 1)

    def step(self, months: int) -> None:
        """Turn the page without choosing a day."""
        month = self._days.month
        index = month.year * 12 + month.month - 1 + months
        self._turn_to(within(date(index // 12, index % 12 + 1, 1)).replace(day=1))

    def _step_back(self) -> None:
        self.step(-1)

    def _step_on(self) -> None:
        self.step(1)

    def _turn_to(self, month: date) -> None:
        is_new = month != self._days.month or not self._title.text()
        self._days.month = month
        self._title.setText(texts.month_and_year(month))
        self._days.update()
        if is_new:
            self.month_shown.emit(*self.visible())


class _Days(QWidget):
    """The painted days.

    Signals:
        chosen: the date that was clicked or entered.
        month_stepped: months to turn by, from PageUp and PageDown.
    """

    chosen = Signal(object)
    month_stepped = Signal(int)

    def __init__(self, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.today = self.day = today
        self.month = today.replace(day=1)
        self.load: Mapping[date, int] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Month; arrows change the day"))

    def sizeHint(self) -> QSize:
        return QSize(7 * 24, HEAD_H + WEEKS * CELL_H)

    def first(self) -> date:
        """The first date shown: the start of the week in which the month begins."""
        starts = QLocale().firstDayOfWeek().value - 1
        return self.month - timedelta(days=(self.month.weekday() - starts) % 7)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = tokens.current()
        painter.setFont(fonts.tiny())
        painter.setPen(theme.muted)
        for column in range(7):
            weekday = (self.first() + timedelta(days=column)).isoweekday()
            name = QLocale().dayName(weekday, QLocale.FormatType.NarrowFormat)
            painter.drawText(self._cell(column, -1), Qt.AlignmentFlag.AlignCenter, name)
        busiest = max(self.load.values(), default=0)
        for number in range(7 * WEEKS):
            day = self.first() + timedelta(days=number)
            self._paint_day(painter, self._cell(number % 7, number // 7), day, busiest)

    def _paint_day(self, painter: QPainter, cell: QRect, day: date, busiest: int) -> None:
        theme = tokens.current()
        box = cell.adjusted(1, 1, -1, -1)
        is_here, is_today = day == self.day, day == self.today
        step = -(-LOAD_STEPS * self.load.get(day, 0) // busiest) if busiest else 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_here:
            painter.setBrush(theme.accent)
            painter.drawRoundedRect(box, 4, 4)
        elif step and day.month == self.month.month:
            painter.setBrush(tokens.mixed(theme.accent, 0.07 * step, theme.surface))
            painter.drawRoundedRect(box, 4, 4)
        if is_today and not is_here:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 1))
            painter.drawRoundedRect(box, 4, 4)
        if is_here and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.on_accent, 1))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 3, 3)
        ink = theme.text if day.month == self.month.month else theme.muted
        painter.setPen(theme.on_accent if is_here else ink)
        painter.setFont(fonts.tabular(fonts.small(strong=is_here or is_today)))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().toPoint())
        if day is not None:
            self.chosen.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = KEYS.get(Qt.Key(event.key()))
        if step is not None:
            self.chosen.emit(within(self.day + timedelta(days=step)))
        elif event.key() == Qt.Key.Key_PageUp:
            self.month_stepped.emit(-1)
        elif event.key() == Qt.Key.Key_PageDown:
            self.month_stepped.emit(1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _cell(self, column: int, row: int) -> QRect:
        left, right = (self.width() * edge // 7 for edge in (column, column + 1))
        top = 0 if row < 0 else HEAD_H + row * CELL_H
        return QRect(left, top, right - left, HEAD_H if row < 0 else CELL_H)

    def _day_at(self, point: QPoint) -> date | None:
        row, column = (point.y() - HEAD_H) // CELL_H, point.x() * 7 // max(1, self.width())
        if point.y() < HEAD_H or not (0 <= row < WEEKS and 0 <= column < 7):
            return None
        return self.first() + timedelta(days=row * 7 + column)
