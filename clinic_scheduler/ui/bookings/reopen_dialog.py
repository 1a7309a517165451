"""Opening finished appointments again, with a reason."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from clinic_scheduler.services.details import VisitDetails
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.calendar.typeset import one_line

FINAL = frozenset({"completed", "no_show", "cancelled"})
LONGEST_REASON = 200


class ReopenDialog(QDialog):
    """Asks which, and why.

    Signals:
        reopened: appointment ids, their versions, the reason.
    """

    reopened = Signal(object, object, str)

    def __init__(self, details: VisitDetails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Open again"))
        self._boxes: list[tuple[QCheckBox, UUID, int]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Open this visit again?")))
        column.addWidget(
            controls.label(self.tr("It is confirmed again, if its time is still free."), "muted")
        )
        for part in details.parts:
            if part.status in FINAL and part.start is not None:
                when = f"{texts.short_date(part.start.date())} {part.start:%H:%M}"
                what = f"{when}  {one_line(part.service)[:60]}, {texts.status_word(part.status).lower()}"
                box = QCheckBox(what.replace("&", "&&"))
                box.setChecked(True)
                box.toggled.connect(self._check)
                self._boxes.append((box, part.id, part.version))
                column.addWidget(box)
        self._reason = QLineEdit()
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason.setPlaceholderText(self.tr("Reason, kept with the visit"))
        self._reason.setAccessibleName(self.tr("Reason"))
        self._reason.textChanged.connect(self._check)
        column.addWidget(self._reason)
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(self.tr("Open again"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Leave it as it is"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.setMinimumWidth(420)
        self._reason.setFocus()
        self._check()

    def accept(self) -> None:
        """Say what is opened again, and close."""
        if self._go.isEnabled():
            chosen = [(one, version) for box, one, version in self._boxes if box.isChecked()]
            identifiers, versions = zip(*chosen, strict=True)
            self.reopened.emit(identifiers, versions, " ".join(self._reason.text().split()))
            super().accept()

    def _check(self) -> None:
        is_any = any(box.isChecked() for box, _id, _version in self._boxes)
        self._go.setEnabled(is_any and bool(self._reason.text().strip()))
