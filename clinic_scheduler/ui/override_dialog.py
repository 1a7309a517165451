"""Going against a rule on purpose: says which one stands in the way, and asks for the reason."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from . import controls

LONGEST_REASON = 200
WIDTH = 440


class OverrideDialog(QDialog):
    """Shown only to whoever may override.

    Signals:
        allowed: the reason.
    """

    allowed = Signal(str)

    def __init__(self, refusal: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Against a rule"))
        self.setMinimumWidth(WIDTH)
        head = controls.heading(self.tr("Do it all the same?"))
        why = controls.label(refusal)
        why.setWordWrap(True)
        self._reason = QLineEdit()
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason.setPlaceholderText(self.tr("Reason, kept with the visit"))
        self._reason.setAccessibleName(self.tr("Reason"))
        self._reason.textChanged.connect(self._check)
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(self.tr("Do it"), QDialogButtonBox.ButtonRole.AcceptRole)
        leave = buttons.addButton(self.tr("Leave it as it was"), QDialogButtonBox.ButtonRole.RejectRole)
        leave.setAutoDefault(False)
        buttons.accepted.connect(self._allow)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        for part in (head, why, self._reason, buttons):
            column.addWidget(part)
        self._check()

    def _check(self) -> None:
        self._go.setEnabled(bool(self._reason.text().strip()))

    def _allow(self) -> None:
        self.allowed.emit(self._reason.text().strip())
        self.accept()
