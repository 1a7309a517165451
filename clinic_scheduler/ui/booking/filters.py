"""The chips over the answers: from when, which half of the day, which weekdays."""

from collections.abc import Collection
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.ui import controls, icons, texts
from clinic_scheduler.ui.tokens import current

HALVES: Final = ("morning", "afternoon")


class DayPopup(QFrame):
    """A month to pick a day from, under its chip.

    Signals:
        picked: the date.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("card", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.month = QCalendarWidget()
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        self.month.setGridVisible(False)
        self.month.setFixedSize(308, 264)
        self.month.setAccessibleName(self.tr("First day to look at"))
        self.month.setStyleSheet("#qt_calendar_navigationbar { background: transparent; }")
        for button in self.month.findChildren(QToolButton):
            button.setProperty("quiet", True)
        sides = (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right"))
        for name, icon in sides:
            side = self.month.findChild(QToolButton, name)
            if isinstance(side, QToolButton):
                side.setIcon(icons.icon(icon))
        self.month.clicked.connect(self._pick)
        self.month.activated.connect(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.month)

    def _pick(self, day: QDate) -> None:
        self.hide()
        self.picked.emit(date(day.year(), day.month(), day.day()))


class Filters(QWidget):
    """What narrows the answers.

    Signals:
        changed: the user chose something else.
    """

    changed = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.first = today
        self.weekdays: frozenset[int] = frozenset()
        self._from = QPushButton()
        self._from.setProperty("chip", True)
        self._from.setIcon(icons.icon("calendar", "muted"))
        self._from.clicked.connect(self._open_month)
        self._popup = DayPopup(self)
        self._popup.picked.connect(self._start_from)
        self._halves = {
            "morning": controls.chip(self.tr("Mornings")),
            "afternoon": controls.chip(self.tr("Afternoons")),
        }
        self._days = QPushButton()
        self._days.setProperty("chip", True)
        self._menu = QMenu(self)
        self._day_acts = [self._weekday_act(number) for number in range(7)]
        self._menu.triggered.connect(self._choose_weekdays)
        self._days.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._from)
        for chip in self._halves.values():
            chip.clicked.connect(self._choose_half)
            row.addWidget(chip)
        row.addWidget(self._days)
        row.addStretch()
        self._show()

    @property
    def half(self) -> str:
        """The half of the day asked for: "morning", "afternoon" or empty."""
        return next((key for key, chip in self._halves.items() if chip.isChecked()), "")

    @property
    def is_narrow(self) -> bool:
        """Whether a half of the day or weekdays are asked for."""
        return bool(self.half or self.weekdays)

    def sentence(self, found: Collection[date]) -> str:
        """What to say of the days on which something was found."""
        is_wanted = self.first != self._today and self.first.weekday() in (self.weekdays or range(7))
        if found and is_wanted and min(found) > self.first:
            day = texts.short_date(self.first)
            return self.tr("Nothing is free on {day}; these are the next times.").format(day=day)
        return "" if self.is_narrow else self.tr("Choose a weekday or half a day to see every time of it.")

    def kept(self) -> dict[str, str]:
        """The choice as texts, to be kept with the booking."""
        return {
            "from": "" if self.first == self._today else self.first.isoformat(),
            "half": self.half,
            "weekdays": ",".join(str(day) for day in sorted(self.weekdays)),
        }

    def restore(self, kept: dict[str, str]) -> None:
        """Show a choice that was kept; what cannot be read counts as not chosen, a day gone by as today."""
        try:
            self.first = max(self._today, date.fromisoformat(kept.get("from", "")))
        except ValueError:
            self.first = self._today
        for key, chip in self._halves.items():
            chip.setChecked(key == kept.get("half"))
        known = {str(day): day for day in range(7)}
        self.weekdays = frozenset(
            known[text] for text in kept.get("weekdays", "").split(",") if text in known
        )
        for day, act in enumerate(self._day_acts):
            act.setChecked(day in self.weekdays)
        self._show()

    def widen(self) -> None:
        """Take the half of the day and the weekdays away."""
        self.restore({"from": self.first.isoformat()})
        self.changed.emit()

    def _weekday_act(self, number: int) -> QAction:
        act = self._menu.addAction(QLocale().standaloneDayName(number + 1))
        act.setCheckable(True)
        return act

    def _open_month(self) -> None:
        month = self._popup.month
        plain = QTextCharFormat()
        plain.setForeground(current().text)
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            month.setWeekdayTextFormat(weekend, plain)
        month.setMinimumDate(QDate(self._today.year, self._today.month, self._today.day))
        month.setSelectedDate(QDate(self.first.year, self.first.month, self.first.day))
        self._popup.move(self._from.mapToGlobal(QPoint(0, self._from.height() + 4)))
        self._popup.show()
        month.setFocus()

    def _start_from(self, day: object) -> None:
        if isinstance(day, date):
            self.first = day
            self._say_changed()

    def _choose_half(self, is_on: bool) -> None:
        clicked = self.sender()
        for chip in self._halves.values():
            if chip is not clicked:
                chip.setChecked(False)
        self._say_changed()

    def _choose_weekdays(self, act: QAction) -> None:
        self.weekdays = frozenset(day for day, each in enumerate(self._day_acts) if each.isChecked())
        self._say_changed()

    def _say_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._from.setText(self.tr("From {day}").format(day=texts.short_date(self.first)))
        self._days.setText(texts.weekdays(self.weekdays) or self.tr("Any weekday"))
