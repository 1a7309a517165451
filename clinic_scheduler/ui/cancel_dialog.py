"""Cancelling a visit: which parts, and why."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.details import VisitDetails

from . import controls, texts

LONGEST_REASON = 200
LONGEST_NAME = 60


class CancelDialog(QDialog):
    """Asks which appointments of a visit are cancelled.

    Signals:
        cancelled: appointment ids, their versions, the reason.
    """

    cancelled = Signal(object, object, str)

    def __init__(self, details: VisitDetails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Cancel visit"))
        self._boxes: list[tuple[QCheckBox, UUID, int]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        head = controls.heading(self.tr("Cancel this visit?"))
        head.setWordWrap(True)
        column.addWidget(head)
        who = controls.label(
            self.tr("{name}, {reference}").format(name=details.patient[:80], reference=details.reference)
        )
        who.setWordWrap(True)
        column.addWidget(who)
        for part in details.parts:
            if part.may_cancel and part.start is not None:
                when = f"{texts.short_date(part.start.date())} {part.start:%H:%M}"
                what = f"{when}  {part.service[:LONGEST_NAME]}, {part.practitioner[:LONGEST_NAME]}"
                box = QCheckBox(what.replace("&", "&&"))
                box.setChecked(True)
                box.toggled.connect(self._check)
                self._boxes.append((box, part.id, part.version))
                column.addWidget(box)
        self._reason = QLineEdit()
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason.setPlaceholderText(self.tr("Reason, if one was given"))
        self._reason.setAccessibleName(self.tr("Reason"))
        column.addWidget(self._reason)
        column.addWidget(controls.label(self.tr("The time is free for others at once."), "muted"))
        buttons = QDialogButtonBox()
        self._cancel = QPushButton(self.tr("Cancel visit"))
        self._cancel.setProperty("danger", True)
        keep = QPushButton(self.tr("Keep it"))
        buttons.addButton(self._cancel, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(keep, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addSpacing(8)
        column.addWidget(buttons)
        self._reason.setFocus()
        self.setMinimumWidth(420)

    def accept(self) -> None:
        """Say what is to be cancelled, and close."""
        chosen = [(identifier, version) for box, identifier, version in self._boxes if box.isChecked()]
        if chosen:
            identifiers, versions = zip(*chosen, strict=True)
            self.cancelled.emit(identifiers, versions, " ".join(self._reason.text().split()))
            super().accept()

    def _check(self) -> None:
        self._cancel.setEnabled(any(box.isChecked() for box, _id, _version in self._boxes))
