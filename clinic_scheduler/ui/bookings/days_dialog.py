"""Choosing any first and last day, typed as people say them."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.day_words import understood


class DaysDialog(QDialog):
    """Asks for two days; an empty one is open.

    Signals:
        chosen: the first and the last day, each a date or None.
    """

    chosen = Signal(object, object)

    def __init__(self, first: date | None, last: date | None, today: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Other days"))
        self._today = today
        self._fields = (QLineEdit(), QLineEdit())
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for field, name, day in zip(
            self._fields, (self.tr("From"), self.tr("Until")), (first, last), strict=True
        ):
            field.setAccessibleName(name)
            field.setPlaceholderText(self.tr("Any day, such as mon, +2w or 14.3."))
            field.setText(day.isoformat() if day else "")
            field.textChanged.connect(self._say)
            form.addRow(name, field)
        self._words = controls.label("", "muted")
        self._words.setWordWrap(True)
        buttons = QDialogButtonBox()
        self._show = buttons.addButton(self.tr("Show these days"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Leave it"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Which days?")))
        column.addLayout(controls.level(form))
        column.addWidget(self._words)
        column.addWidget(buttons)
        self.setMinimumWidth(400)
        self._say()

    def accept(self) -> None:
        """Say which days, and close."""
        if self._show.isEnabled():
            self.chosen.emit(*self._days())
            super().accept()

    def _days(self) -> tuple[date | None, date | None]:
        first, last = (understood(field.text(), self._today) for field in self._fields)
        return first, last

    def _say(self) -> None:
        days = self._days()
        typed = [field.text().strip() for field in self._fields]
        problem = ""
        if any(text and day is None for text, day in zip(typed, days, strict=True)):
            problem = self.tr("That is no day; type one such as mon, +2w or 14.3.")
        elif days[0] and days[1] and days[0] > days[1]:
            problem = self.tr("The last day lies before the first; please swap them.")
        words = [texts.long_date(day, with_year=True) if day else self.tr("any day") for day in days]
        self._words.setText(problem or f"{words[0]} \N{EN DASH} {words[1]}")
        controls_tone = "error" if problem else "muted"
        self._words.setProperty("tone", controls_tone)
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._show.setEnabled(not problem)
