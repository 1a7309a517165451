"""Another session in a plan, or one that is to be another."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans import editing
from clinic_scheduler.services.plans.course import Gap, Step
from clinic_scheduler.services.plans.settings import OwnSession
from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.tasks import Work

from .frame import PlanDialog
from .gap_fields import GapFields
from .step_form import StepForm

WIDTH = 520


class StepDialog(PlanDialog):
    """Begins like the session that was marked.

    Signals:
        saved: the PlanView afterwards.
    """

    saved = Signal(object)

    def __init__(
        self,
        desk: Desk,
        offered: Catalogue,
        plan: PlanView,
        like: SessionView,
        parent: QWidget,
        *,
        is_new: bool,
    ) -> None:
        title = parent.tr("Add a session after {number}") if is_new else parent.tr("Change session {number}")
        super().__init__(title.format(number=like.number), parent.tr("Save"), parent)
        self.setMinimumWidth(WIDTH)
        self._desk, self._plan, self._like, self._is_new = desk, plan, like, is_new
        self.form = StepForm(offered)
        self.gap = GapFields(self.tr("Days since the session before"))
        caption = controls.label(self.tr("Days since the session before"), "muted")
        self.lay_out(self.form, caption, self.gap)
        self.gap.show_gap(_gap(plan, like, is_new=is_new))
        other = like.service_id if like.service_id != plan.service_id else None
        length = like.duration_min if like.duration_min != like.usual_min else None
        wished = like.is_open and not is_new
        own = OwnSession(
            "" if is_new else like.name,
            other,
            length,
            like.practitioner_id if wished else None,
            like.room_id if wished else None,
        )
        self.form.show_session(plan.service_id, own)
        self.form.changed.connect(self._forget)
        self.gap.changed.connect(self._forget)
        self.form.name.setFocus()

    @property
    def step(self) -> Step:
        """What stands there."""
        own = self.form.own
        return Step(
            self._like.number,
            own.service_id or self._plan.service_id,
            self.gap.gap,
            own.name,
            own.duration_min,
            own.practitioner_id,
            own.room_id,
        )

    def act(self) -> None:
        """Save it."""
        self.go.setEnabled(False)
        self._desk.tasks.write(self, self._work(), self._done, self._not_done)

    def _work(self) -> Work[PlanView]:
        plan, step = self._plan, self.step
        work: Callable[..., PlanView] = partial(editing.replace_step, step=step)
        if self._is_new:
            work = partial(editing.add, steps=[replace(step, number=step.number + 1)])
        return partial(work, actor=self._desk.actor, plan_id=plan.id, version=plan.version)

    def _done(self, plan: PlanView) -> None:
        self.saved.emit(plan)
        self.accept()

    def _not_done(self, error: ClinicError) -> None:
        self.go.setEnabled(True)
        field = error.field.split(" ")[0] if isinstance(error, InvalidInput) else ""
        if field == "gap":
            self.gap.refuse(str(error))
        elif field in ("service", "duration", "practitioner", "room"):
            self.form.refuse(field, str(error))
        else:
            self.say(str(error))

    def _forget(self) -> None:
        """What was refused was about other words."""
        self.say("")
        self.gap.refuse("")
        self.form.accept_all()


def _gap(plan: PlanView, like: SessionView, *, is_new: bool) -> Gap:
    """The gap to begin with; that of the first session means nothing, so another takes the next one's."""
    following = [one.gap for one in plan.sessions if one.number == like.number + 1]
    return following[0] if is_new and like.number == 1 and following else like.gap
