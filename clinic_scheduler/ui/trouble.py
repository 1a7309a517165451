"""The usual database cannot be opened: why, and what can be done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout

from . import controls


class Trouble(QDialog):
    """Leaves the choice to the person.

    Signals:
        again: try the same database again.
        another: choose another one.
    """

    again = Signal()
    another = Signal()

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Clinic Scheduler"))
        self.setMinimumWidth(480)
        text = controls.label(reason)
        text.setWordWrap(True)
        again = controls.primary(self.tr("Try again"))
        another = QPushButton(self.tr("Open another clinic"))
        leave = QPushButton(self.tr("Quit"))
        again.clicked.connect(self._again)
        another.clicked.connect(self._another)
        leave.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(leave)
        buttons.addStretch(1)
        buttons.addWidget(another)
        buttons.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(controls.heading(self.tr("The clinic cannot be opened")))
        column.addWidget(text)
        column.addSpacing(8)
        column.addLayout(buttons)
        again.setDefault(True)
        again.setFocus()

    def _again(self) -> None:
        self.accept()
        self.again.emit()

    def _another(self) -> None:
        self.accept()
        self.another.emit()
