"""Short questions about a plan: why it stops, how it goes on, how many sessions, with which other plan."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QLineEdit, QRadioButton, QSpinBox, QWidget

from clinic_scheduler.services.plans.course import MOST_SESSIONS
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line

from . import words
from .frame import PlanDialog

LONGEST_REASON, WIDTH = 200, 460


class StopDialog(PlanDialog):
    """A plan is paused or cancelled: why, and what becomes of the visits to come.

    Signals:
        chosen: the reason, and whether the visits to come are cancelled with it.
    """

    chosen = Signal(str, bool)

    def __init__(self, plan: PlanView, parent: QWidget, *, is_end: bool) -> None:
        act = parent.tr("Cancel the plan") if is_end else parent.tr("Pause the plan")
        super().__init__(act, act, parent)
        self.setMinimumWidth(WIDTH)
        if is_end:
            self.leave.setText(self.tr("Keep the plan"))
            self.go.setProperty("primary", False)
            self.go.setProperty("danger", True)
        what = wide(controls.label(f"{one_line(plan.patient)}, {one_line(plan.service)}: {plan.sentence}"))
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setPlaceholderText(self.tr("Reason, kept with the plan"))
        self.reason.textChanged.connect(self._forget)
        count = plan.progress.booked
        text = self.tr("Cancel the visit to come as well")
        if count > 1:
            text = self.tr("Cancel the {n} visits to come as well").format(n=count)
        self.visits = QCheckBox(text)
        self.visits.setChecked(is_end)
        self.visits.toggled.connect(self._explain)
        self._means = wide(controls.label(tone="muted"))
        self.lay_out(what, self.reason, self.visits, self._means)
        for part in (self.visits, self._means):
            part.setVisible(count > 0)
        self._explain(self.visits.isChecked())

    def _explain(self, is_cancelled: bool) -> None:
        self._means.setText(
            self.tr("Their times are free at once. Ctrl+Z brings the visits back.")
            if is_cancelled
            else self.tr("They stay in the calendar as they are.")
        )

    def _forget(self, _text: str) -> None:
        self.say("")

    def act(self) -> None:
        """Say what was chosen."""
        reason = self.reason.text().strip()
        if not reason:
            self.say(self.tr("Please say why; it is kept with the plan."))
            self.reason.setFocus()
            return
        self.chosen.emit(reason, self.visits.isChecked() and not self.visits.isHidden())
        self.accept()


class StrategyDialog(PlanDialog):
    """A plan goes on in another way.

    Signals:
        chosen: the strategy.
    """

    chosen = Signal(str)

    def __init__(self, plan: PlanView, parent: QWidget) -> None:
        super().__init__(parent.tr("How are the sessions booked from now on?"), parent.tr("Go on so"), parent)
        self.setMinimumWidth(WIDTH)
        self._group = QButtonGroup(self)
        parts: list[QWidget] = []
        for number, key in enumerate(words.STRATEGIES):
            button = QRadioButton(words.strategy(key))
            button.setAccessibleDescription(words.how_booked(key))
            button.setChecked(key == plan.strategy)
            self._group.addButton(button, number)
            parts += [button, wide(controls.label(words.how_booked(key), "muted"))]
        said = self.tr("What is booked stays booked.")
        self.lay_out(*parts, wide(controls.label(said)))

    def choose(self, key: str) -> None:
        """Mark a strategy."""
        self._group.button(words.STRATEGIES.index(key)).setChecked(True)

    def act(self) -> None:
        """Say what was chosen."""
        self.chosen.emit(words.STRATEGIES[self._group.checkedId()])
        self.accept()


class TotalDialog(PlanDialog):
    """How many sessions a plan has.

    Signals:
        chosen: the number.
    """

    chosen = Signal(int)

    def __init__(self, plan: PlanView, parent: QWidget) -> None:
        super().__init__(parent.tr("How many sessions in all?"), parent.tr("Save"), parent)
        self.setMinimumWidth(WIDTH)
        self._now = len(plan.sessions)
        self.total = QSpinBox()
        self.total.setRange(1, 999)  # more than may be, so that a sentence says why not
        self.total.setValue(self._now)
        self.total.setAccessibleName(self.tr("Sessions in all"))
        self.total.valueChanged.connect(self._explain)
        self._means = wide(controls.label(tone="muted"))
        self.lay_out(self.total, self._means)
        self._explain(self._now)
        self.total.setFocus()
        self.total.selectAll()

    def _explain(self, total: int) -> None:
        self.say("")
        more = total - self._now
        if total > MOST_SESSIONS:
            self.say(
                self.tr("A plan has at most {most} sessions; please choose fewer.").format(most=MOST_SESSIONS)
            )
        if more > 0:
            text = self.tr("{n} more sessions like the last one, still to be booked.").format(n=more)
        elif more < 0:
            text = self.tr("The last {n} are taken away; only sessions without a visit can be.").format(
                n=-more
            )
        else:
            text = self.tr("As it is now.")
        self._means.setText(text)
        self.go.setEnabled(bool(more) and total <= MOST_SESSIONS)

    def act(self) -> None:
        """Say what was chosen."""
        self.chosen.emit(self.total.value())
        self.accept()


class MergeDialog(PlanDialog):
    """Which other plan of the patient is put into this one.

    Signals:
        chosen: the PlanView of the other.
    """

    chosen = Signal(object)

    def __init__(self, plan: PlanView, others: Sequence[PlanView], parent: QWidget) -> None:
        super().__init__(parent.tr("Put two plans together"), parent.tr("Put together"), parent)
        self.setMinimumWidth(WIDTH)
        self._others = tuple(others)
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("The other plan"))
        for one in others:
            text = f"{one_line(one.service)}, {words.progress(one)}, {words.plan_state(one.state)}"
            self.which.addItem(text[:80], one.id)
        means = self.tr(
            "Its sessions come into the plan {service} by their days, with their visits; the other plan then ends."
        ).format(service=one_line(plan.service))
        self.lay_out(self.which, wide(controls.label(means, "muted")))

    def act(self) -> None:
        """Say what was chosen."""
        identifier: UUID = self.which.currentData()
        self.chosen.emit(next(one for one in self._others if one.id == identifier))
        self.accept()


class SplitDialog(PlanDialog):
    """From which session on a plan of its own begins.

    Signals:
        chosen: the number.
    """

    chosen = Signal(int)

    def __init__(self, plan: PlanView, number: int, parent: QWidget) -> None:
        super().__init__(parent.tr("Split the plan"), parent.tr("Split"), parent)
        self.setMinimumWidth(WIDTH)
        self.first = QComboBox()
        self.first.setAccessibleName(self.tr("First session of the new plan"))
        for one in plan.sessions[1:]:
            when = words.when(one.start) if one.start else ""
            self.first.addItem(f"{words.title(one, one.service)}  {when}"[:80], one.number)
        self.first.setCurrentIndex(max(0, self.first.findData(number)))
        means = self.tr("This session and all after it become a plan of their own, with their visits.")
        self.lay_out(
            controls.label(self.tr("The new plan begins with"), "muted"),
            self.first,
            wide(controls.label(means, "muted")),
        )

    def act(self) -> None:
        """Say what was chosen."""
        self.chosen.emit(self.first.currentData())
        self.accept()
