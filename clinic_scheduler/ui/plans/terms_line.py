"""What is wished of all sessions: what comes first, from which day, on which days and halves of them."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from clinic_scheduler.services.plans.course import MOST_SESSIONS
from clinic_scheduler.services.plans.search import Aim
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.filters import Filters

from . import words


class TermsLine(QWidget):
    """One line over the sessions.

    Signals:
        changed: something else is wished.
        counted: how many sessions are booked now.
    """

    changed = Signal()
    counted = Signal(int)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aim = QComboBox()
        self._aim.setAccessibleName(self.tr("What comes first"))
        for each in Aim:
            self._aim.addItem(words.aim(each), each)
        self._aim.activated.connect(self._choose)
        self.filters = Filters(today)
        self.filters.changed.connect(self.changed)
        self.count = QSpinBox()
        self.count.setRange(1, MOST_SESSIONS)
        self.count.setAccessibleName(self.tr("How many now"))
        self.count.valueChanged.connect(self.counted)
        self._count_words = controls.label(self.tr("How many now"), "muted")
        self._count_words.setBuddy(self.count)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._count_words)
        row.addWidget(self.count)
        row.addWidget(self._aim)
        row.addWidget(self.filters, 1)
        self.ask_for_count(0)

    @property
    def aim(self) -> Aim:
        """What comes first."""
        return Aim(self._aim.currentData())

    def choose_aim(self, aim: str) -> None:
        """Show one as chosen, without a signal; anything unknown counts as the first."""
        self._aim.setCurrentIndex(max(0, self._aim.findData(aim)))

    def ask_for_count(self, most: int, count: int = 1) -> None:
        """Let the desk say how many of `most` are booked now; 0 where that is settled."""
        self.count.blockSignals(True)
        self.count.setRange(1, max(1, most))
        self.count.setValue(count)
        self.count.blockSignals(False)
        for part in (self.count, self._count_words):
            part.setVisible(most > 0)

    def _choose(self, _index: int) -> None:
        self.changed.emit()
