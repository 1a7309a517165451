"""What the dialogs about plans have in common: a heading, the content, what is refused, two buttons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import wide


class PlanDialog(QDialog):
    """Stays open over a refusal, which it says; nothing that was chosen is lost."""

    def __init__(self, title: str, act: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._head = controls.heading(title)
        self._said = wide(controls.label(tone="error"))
        self._said.hide()
        self._buttons = QDialogButtonBox()
        self.go = self._buttons.addButton(act, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("primary", True)
        self.leave: QPushButton = self._buttons.addButton(
            self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.leave.setAutoDefault(False)
        self.go.setDefault(True)
        self._buttons.accepted.connect(self.act)
        self._buttons.rejected.connect(self.reject)

    def lay_out(self, *parts: QWidget | QLayout, stretched: QWidget | None = None) -> None:
        """Put the content between heading and buttons; one part may take what room there is."""
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(self._head)
        for part in parts:
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part, 1 if part is stretched else 0)
        column.addWidget(self._said)
        column.addWidget(self._buttons)

    @property
    def said(self) -> str:
        """What was refused last, empty where nothing."""
        return "" if self._said.isHidden() else self._said.text()

    def act(self) -> None:
        """Do what the dialog is for."""

    def say(self, sentence: str) -> None:
        """Say what stands in the way; empty where nothing does."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def refuse(self, error: Exception) -> None:
        """Say what was refused, and let it be tried again."""
        self.go.setEnabled(True)
        self.say(str(error))
