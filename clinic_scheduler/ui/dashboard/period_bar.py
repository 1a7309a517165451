"""Choosing the days that the dashboard is about."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDateEdit, QGridLayout, QHBoxLayout, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.figures import period as periods
from clinic_scheduler.services.figures.period import DAY, Period, Quick
from clinic_scheduler.ui import controls, texts

OWN = "own"
NARROWEST, WIDE = 520, 800


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which button is pressed, and the days."""

    which: str
    period: Period


class PeriodBar(QWidget):
    """Quick periods around today, a step back or on, or any two days.

    Signals:
        chosen: the Period.
        refused: an InvalidInput.
    """

    chosen = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = date.min
        self._chosen: _Chosen | None = None
        self.quick = controls.Segments(
            (
                (Quick.TODAY, self.tr("Today")),
                (Quick.WEEK, self.tr("Week")),
                (Quick.MONTH, self.tr("Month")),
                (Quick.QUARTER, self.tr("Quarter")),
                (Quick.YEAR, self.tr("Year")),
                (OWN, self.tr("Own days")),
            ),
            self.tr("Days"),
        )
        back = controls.icon_button("chevron-left", self.tr("Days before"), quiet=True)
        on = controls.icon_button("chevron-right", self.tr("Days after"), quiet=True)
        self.first, self.last = _field(self.tr("First day")), _field(self.tr("Last day"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(_row(self.quick, back, on), 0, 0)
        self._own = _row(self.first, controls.label(self.tr("to")), self.last)
        self._grid.addWidget(self._own, 0, 1)
        self.setMinimumWidth(NARROWEST)
        self.quick.chosen.connect(self._choose_quick)
        back.clicked.connect(self._step_back)
        on.clicked.connect(self._step_on)
        for field in (self.first, self.last):
            field.dateChanged.connect(self._choose_own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= WIDE
        self._grid.addWidget(self._own, *((0, 1) if is_wide else (1, 0)))

    @property
    def period(self) -> Period | None:
        """The days that are chosen."""
        return self._chosen.period if self._chosen else None

    def begin(self, today: date) -> None:
        """Learn what day it is; at first choose this month."""
        self._today = today
        if self._chosen is None:
            self._choose_quick(Quick.MONTH)

    def _choose_quick(self, which: str) -> None:
        if which == OWN:
            self.first.setFocus()
            if self._chosen:
                self._set(OWN, self._chosen.period)
            return
        self._set(which, periods.quick(which, self._today, QLocale().firstDayOfWeek().value - 1))

    def _step_back(self) -> None:
        self._step(-1)

    def _step_on(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        if self._chosen is None:
            return
        which, now = self._chosen.which, self._chosen.period
        if which == OWN:
            days = now.count * DAY
            first, last = (now.first - days, now.last - days) if by < 0 else (now.until, now.last + days)
        else:
            near = now.first - DAY if by < 0 else now.until
            quick = periods.quick(which, near, QLocale().firstDayOfWeek().value - 1)
            first, last = quick.first, quick.last
        try:
            self._set(which, periods.chosen(first, last))
        except InvalidInput as error:
            self.refused.emit(error)

    def _choose_own(self) -> None:
        first, last = (_day(field.date()) for field in (self.first, self.last))
        try:
            self._set(OWN, periods.chosen(first, last))
        except InvalidInput as error:
            self.refused.emit(error)

    def _set(self, which: str, period: Period) -> None:
        changed = self._chosen is None or period != self._chosen.period
        self._chosen = _Chosen(which, period)
        self.quick.choose(which)
        for field, day in ((self.first, period.first), (self.last, period.last)):
            field.blockSignals(True)  # what is shown was not typed
            field.setDate(QDate(day.year, day.month, day.day))
            field.blockSignals(False)
        if changed:
            self.chosen.emit(period)


def _row(*widgets: QWidget) -> QWidget:
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return group


def words(period: Period) -> str:
    """The days in words, such as "1 Nov 2026 to 30 Nov 2026"."""
    first, last = (texts.short_date(day, with_year=True) for day in (period.first, period.last))
    return first if period.count == 1 else f"{first} \N{EN DASH} {last}"


def _field(name: str) -> QDateEdit:
    field = QDateEdit()
    field.setCalendarPopup(True)
    field.setAccessibleName(name)
    field.setMinimumDate(QDate(periods.EARLIEST.year, 1, 1))
    field.setMaximumDate(QDate(periods.LATEST.year, 12, 31))
    field.setKeyboardTracking(False)
    field.setMinimumWidth(116)
    return field


def _day(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
