"""Three numbers of days: at least, best, at most; what is wrong with them stands below."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from clinic_scheduler.services.plans.course import Gap
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.theme import style_as

HIGHEST = 9_999  # more than may be, so that a sentence says why not


class GapFields(QWidget):
    """A gap to be typed.

    Signals:
        changed: another number stands there.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader says before each of the three."""
        super().__init__(parent)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._fields: list[QSpinBox] = []
        for words in (self.tr("at least"), self.tr("best"), self.tr("at most")):
            field = QSpinBox()
            field.setRange(0, HIGHEST)
            field.setAccessibleName(f"{name}, {words}")
            field.setFixedWidth(76)
            field.valueChanged.connect(self._tell)
            row.addWidget(controls.label(words, "muted"))
            row.addWidget(field)
            self._fields.append(field)
        row.addWidget(controls.label(self.tr("days"), "muted"))
        row.addStretch(1)
        self._error = wide(controls.label(tone="error"))
        self._error.setFont(fonts.small())
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._error)

    @property
    def gap(self) -> Gap:
        """What stands there, whether it can be or not."""
        return Gap(*(field.value() for field in self._fields))

    @property
    def fields(self) -> tuple[QSpinBox, ...]:
        """At least, best, at most."""
        return tuple(self._fields)

    def show_gap(self, gap: Gap) -> None:
        """Show another, without a signal."""
        for field, days in zip(self._fields, (gap.min_days, gap.ideal_days, gap.max_days), strict=True):
            field.blockSignals(True)
            field.setValue(days)
            field.blockSignals(False)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong; empty where nothing is."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        for field in self._fields:
            if bool(field.property("invalid")) != bool(sentence):
                style_as(field, invalid=bool(sentence))

    @property
    def said(self) -> str:
        """What is said to be wrong."""
        return "" if self._error.isHidden() else self._error.text()

    def _tell(self, _days: int) -> None:
        self.changed.emit()
