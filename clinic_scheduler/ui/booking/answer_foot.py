"""Under the answers: what they are, and how to see others."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import wide


class AnswerFoot(QWidget):
    """A sentence and the buttons that go with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = wide(controls.label(tone="muted"))
        self.later = QPushButton(self.tr("Show later days"))
        self.widen = QPushButton(self.tr("Any time of any day"))
        self.everything = QPushButton(self.tr("All free times"))
        self.everything.setShortcut("F5")
        self.everything.setToolTip(
            self.tr("Look for every time that suits, from the first day chosen on (F5)")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in (self.widen, self.later, self.everything):
            button.setProperty("quiet", True)
            row.addWidget(button)
        self.fit(is_near=False, is_narrow=False)

    def fit(self, *, is_near: bool, is_narrow: bool) -> None:
        """Offer what can be done with answers near a lost time, or with those to a question."""
        self.everything.setVisible(is_near)
        self.later.setVisible(not is_near)
        self.widen.setVisible(is_narrow and not is_near)
