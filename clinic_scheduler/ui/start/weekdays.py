"""The days of a week as chips, in the order of the locale."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_scheduler.ui import controls

WORKING_DAYS = range(5)


class Weekdays(QWidget):
    """Which weekdays; 0 is Monday.

    Signals:
        changed: a day was switched on or off.
    """

    changed = Signal()

    def __init__(self, locale: QLocale) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        first = locale.firstDayOfWeek().value - 1
        self._chips = {}
        for number in ((first + offset) % 7 for offset in range(7)):
            chip = controls.chip(locale.dayName(number + 1, QLocale.FormatType.ShortFormat))
            chip.setAccessibleName(locale.dayName(number + 1, QLocale.FormatType.LongFormat))
            chip.setChecked(number in WORKING_DAYS)
            chip.toggled.connect(self._on_toggle)
            self._chips[number] = chip
            row.addWidget(chip)
        row.addStretch()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self._chips[first])

    @property
    def chosen(self) -> tuple[int, ...]:
        """The days that are on, Monday first."""
        return tuple(sorted(number for number, chip in self._chips.items() if chip.isChecked()))

    def choose(self, days: tuple[int, ...]) -> None:
        """Switch these days on and the others off."""
        for number, chip in self._chips.items():
            chip.setChecked(number in days)

    def _on_toggle(self, _is_on: bool) -> None:
        self.changed.emit()
