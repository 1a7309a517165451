"""Booking the next sessions of a plan that runs: as many as wanted, all of them or none."""

from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ChangedMeanwhile, ClinicError
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans import creating, proposing, reading
from clinic_scheduler.services.plans.creating import Placed, Terms
from clinic_scheduler.services.plans.proposals import Looking
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk

from .asking import Source
from .frame import PlanDialog
from .proposal_editor import ProposalEditor

SIZE = (920, 660)


class BookDialog(PlanDialog):
    """The plan's next sessions with their times; Enter books.

    Signals:
        booked: the PlanView before, and the Placed.
    """

    booked = Signal(object, object)

    def __init__(
        self, desk: Desk, offered: Catalogue, plan: PlanView, today: date, parent: QWidget, count: int = 1
    ) -> None:
        super().__init__(parent.tr("Book the next sessions"), parent.tr("Book"), parent)
        self.resize(*SIZE)
        self._desk, self._tasks, self._plan = desk, desk.tasks, plan
        self._request_id = uuid4()
        self._who = wide(controls.label(tone="muted"))
        self.editor = ProposalEditor(desk.tasks, offered, today, self)
        self.editor.changed.connect(self._mark)
        self.editor.refused.connect(self.refuse)
        self.editor.terms.counted.connect(self._ask_for)
        self.lay_out(self._who, self.editor, stretched=self.editor)
        self._show_plan(plan, count)

    def _show_plan(self, plan: PlanView, count: int) -> None:
        self._plan = plan
        self._who.setText(f"{one_line(plan.patient)}, {one_line(plan.service)}: {plan.sentence}")
        self.editor.terms.ask_for_count(plan.progress.to_book, count)
        self._ask_for(min(count, plan.progress.to_book) or 1)
        self.editor.sessions.setFocus()

    def _ask_for(self, count: int) -> None:
        source = Source(
            self._desk.actor, partial(proposing.propose_rest, plan_id=self._plan.id), self._desk.diaries
        )
        self.editor.ask(source, Looking(self.editor.terms.filters.first, self._plan.patient_id), count)

    def _mark(self) -> None:
        self._request_id = uuid4()
        why = self.editor.why_not
        self.go.setEnabled(not why)
        self.say("" if self.editor.is_asking else why)
        found = self.editor.proposal
        count = len(found.parts) if found else 1
        self.go.setText(
            self.tr("Book 1 session") if count == 1 else self.tr("Book {n} sessions").format(n=count)
        )

    def act(self) -> None:
        """Book what is on show."""
        found = self.editor.proposal
        if found is None or self.editor.why_not:
            return
        self.go.setEnabled(False)
        work = partial(
            creating.book,
            actor=self._desk.actor,
            request_id=self._request_id,
            plan_id=self._plan.id,
            version=self._plan.version,
            parts=found.parts,
            terms=Terms(may_break_gaps=self.editor.allow.isChecked()),
        )
        self._tasks.write(self, work, self._done, self._not_done, repeatable=True)

    def _done(self, placed: Placed) -> None:
        self.booked.emit(self._plan, placed)
        self.accept()

    def _not_done(self, error: ClinicError) -> None:
        """Nothing was booked: say why, and look at the plan and the times as they are now."""
        self.refuse(error)
        self._request_id = uuid4()
        if isinstance(error, ChangedMeanwhile):
            work = partial(reading.plan, actor=self._desk.actor, plan_id=self._plan.id)
            count = self.editor.terms.count.value()
            self._tasks.read(self, work, partial(self._show_anew, count), refused=self.refuse, latest="plan")
        else:
            self.editor.look_again()

    def _show_anew(self, count: int, plan: PlanView) -> None:
        self._show_plan(plan, min(count, max(1, plan.progress.to_book)))
