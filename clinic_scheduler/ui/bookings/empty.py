"""What stands in the list's place where there is nothing to list."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls


class Empty(QWidget):
    """Says why, and what to do next.

    Signals:
        everything_wanted: no filter at all.
    """

    everything_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head, self._words = controls.heading(""), controls.label("", "muted")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._all = QPushButton(self.tr("Show all bookings"))
        self._all.clicked.connect(self.everything_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def say(self, *, is_open: bool, is_ever: bool) -> None:
        """Say it for what is asked for."""
        if is_open and is_ever:
            self._head.setText(self.tr("No bookings yet"))
            self._words.setText(self.tr("Book the first visit with Ctrl+N; it will stand here."))
        elif is_open:
            self._head.setText(self.tr("Nothing is booked on these days"))
            self._words.setText(self.tr("Choose other days above, or look at all bookings there are."))
        else:
            self._head.setText(self.tr("No booking fits this filter"))
            self._words.setText(self.tr("Take a chip away above, type less, or look at all bookings."))
        self._all.setVisible(not (is_open and is_ever))
