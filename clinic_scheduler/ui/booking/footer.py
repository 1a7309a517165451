"""The strip at the bottom of the wizard: leave on the left, back and on at the right."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.tokens import current


class Footer(QFrame):
    """The wizard's buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self.park = QPushButton(self.tr("Park and close"))
        self.park.setToolTip(self.tr("Keeps everything under Unfinished bookings (Esc)"))
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.setProperty("quiet", True)
        self.discard.setToolTip(self.tr("Throws this booking away and frees its time at once"))
        self.back = QPushButton(self.tr("Back"))
        self.go_on = controls.primary(self.tr("Continue"))
        self._hint = controls.label(tone="muted")
        self._hint.setFont(fonts.small())
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(8)
        row.addWidget(self.park)
        row.addWidget(self.discard)
        row.addStretch()
        row.addWidget(self._hint)
        row.addSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.go_on)
        self.setFixedHeight(60)

    def show_for(self, page: Page, number: int, *, has_ended: bool) -> None:
        """Fit the buttons to the page on show; a booking that has ended can only be closed."""
        self.park.setVisible(not has_ended)
        self.discard.setVisible(not has_ended)
        self.back.setVisible(not has_ended and number > 0)
        self._hint.setText("" if has_ended else page.hint)
        if has_ended:
            self.go_on.setText(self.tr("Close"))
        else:
            self.go_on.setText(self.tr("Confirm booking") if page.step == "payment" else self.tr("Continue"))
        self.go_on.setEnabled(has_ended or page.may_go_on)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, current().line)
