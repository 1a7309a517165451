"""Pieces that show how far a plan has come and what is up for review."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from clinic_scheduler.services.plans.views import PlanView, Progress
from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.booking.frames import wide

from . import plan_list, words

BAR_H: Final = 8


class Bar(QWidget):
    """How far the plan has come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(BAR_H)
        self._progress: Progress | None = None

    def show_progress(self, counted: Progress, spoken: str) -> None:
        """Show this."""
        self._progress = counted
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._progress is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plan_list.draw_bar(painter, self.rect(), self._progress)


class ReviewBar(QFrame):
    """What happened that somebody has to look at, and what can be done about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        sign = QLabel()
        sign.setPixmap(icons.pixmap("triangle-alert", 16, "warning", self.devicePixelRatioF()))
        self._said = wide(controls.label(tone="warning"))
        self._said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.again = QPushButton(self.tr("Book it again…"))
        self.skip = QPushButton(self.tr("Leave it out"))
        self.seen = QPushButton(self.tr("Noted"))
        self.seen.setToolTip(self.tr("Nothing is to be done; the plan is no longer up for review"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(self._said, 1)
        for button in (self.again, self.skip, self.seen):
            row.addWidget(button)

    @property
    def text(self) -> str:
        """What is said, empty while hidden."""
        return "" if self.isHidden() else self._said.text()

    def show_plan(self, plan: PlanView, *, may: bool) -> None:
        """Show what is up for review, or nothing."""
        fallen = next((one for one in plan.sessions if one.is_open and one.appointment_id is not None), None)
        proposed = ""
        if fallen is not None and fallen.window is not None:
            proposed = self.tr("It could be booked again by {day}, or be left out.").format(
                day=words.day(fallen.window.latest)
            )
        self._said.setText(f"{plan.review} {proposed}".strip())
        self.setVisible(bool(plan.review))
        for button in (self.again, self.skip):
            button.setVisible(may and fallen is not None and plan.state == "active")
        self.seen.setVisible(may)
