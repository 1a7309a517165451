"""The plan of the selected visit, at the side of the calendar: how far it has come, and the way to it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line

from . import words
from .pieces import Bar


class PlanCard(QFrame):
    """Hidden while the visit belongs to no plan.

    Signals:
        plan_wanted: the id of the plan.
    """

    plan_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._plan: PlanView | None = None
        title = controls.label(self.tr("Treatment plan"))
        title.setFont(fonts.small(strong=True))
        self._service = wide(controls.label())
        self.bar = Bar()
        self.sentence = wide(controls.label(tone="muted"))
        self.sentence.setFont(fonts.small())
        self.review = wide(controls.label(tone="warning"))
        self.review.setFont(fonts.small())
        self.go = QPushButton(self.tr("Open the plan"))
        self.go.clicked.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        for part in (title, self._service, self.bar, self.sentence, self.review, self.go):
            column.addWidget(part)
        self.hide()

    @property
    def plan(self) -> PlanView | None:
        """The plan on show."""
        return self._plan

    def show_plan(self, plan: PlanView | None) -> None:
        """Show this, or nothing."""
        self._plan = plan
        self.setVisible(plan is not None)
        if plan is not None:
            self._service.setText(one_line(plan.service))
            self.bar.show_progress(plan.progress, words.progress(plan))
            self.sentence.setText(plan.sentence)
            self.review.setText(plan.review)
            self.review.setVisible(bool(plan.review))

    def _go(self) -> None:
        if self._plan is not None:
            self.plan_wanted.emit(self._plan.id)
