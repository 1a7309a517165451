"""What is done to plans: each act asks what it has to, then is one transaction."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import taking_back
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.plans import editing, joining, stopping
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.plans.stopping import Stopped
from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.history import Step

from . import asking
from .asking import Looked
from .small_dialogs import MergeDialog, SplitDialog, StopDialog, StrategyDialog, TotalDialog

GOING_ON = ("draft", "active", "paused", "lapsed")


class PlanActs(QObject):
    """Acts on one plan as it was seen; what somebody else changed meanwhile is refused.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError; nothing was changed.
        plan_wanted: the id of a plan that is to be shown.
    """

    told = Signal(str)
    refused = Signal(object)
    plan_wanted = Signal(object)

    def __init__(self, desk: Desk, acting: Acting, bookings: BookingDesk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._acting, self._bookings, self._window = desk, acting, bookings, window
        self._looked: Looked | None = None
        self._asked: PlanView | None = None  # about: another may come on show while a dialog is open

    def look_at(self, looked: Looked | None) -> None:
        """Act on this plan from now on."""
        self._looked = looked

    @property
    def _plan(self) -> PlanView:
        assert self._looked is not None  # noqa: S101 - the buttons are off until a plan is shown
        return self._looked.plan

    def _ask(self) -> PlanView:
        """The plan that a dialog is opened about: what is chosen there is done to this one."""
        self._asked = self._plan
        return self._asked

    # What opens a dialog

    def book(self, count: int = 1) -> None:
        """Book the next sessions."""
        if self._looked is not None:
            self._bookings.with_catalogue(partial(self._open_book, self._looked, count))

    def _open_book(self, looked: Looked, count: int, offered: Catalogue) -> None:
        from .book_dialog import BookDialog  # noqa: PLC0415 - not needed at the start, see `Going`

        dialog = BookDialog(self._desk, offered, looked.plan, looked.today, self._window, count)
        dialog.booked.connect(self.note_booked)
        dialog.open()

    def note_booked(self, plan: PlanView, placed: Placed) -> None:
        """Tell what was booked, and let it be taken back."""
        count, name = len(placed.appointment_ids), one_line(plan.patient)
        puts = tuple(Put(one, 1, "cancelled") for one in placed.appointment_ids)
        words = self.tr("book 1 session of {name}") if count == 1 else self.tr("book {n} sessions of {name}")
        self._acting.note(self._of_statuses(words.format(n=count, name=name), puts))
        told = self.tr("Booked for {name}: {listed}. Ctrl+Z takes it back.")
        self.told.emit(told.format(name=name, listed=", ".join(placed.references[:6])))

    def move(self, one: SessionView) -> None:
        """Move a session; what follows is seen first."""
        self._bookings.with_catalogue(partial(self._open_move, self._plan, one.number))

    def _open_move(self, plan: PlanView, number: int, offered: Catalogue) -> None:
        from .move_dialog import MoveDialog  # noqa: PLC0415 - as above

        MoveDialog(self._desk, self._acting, offered, plan, number, self._window).open()

    def replace(self, one: SessionView) -> None:
        """Let a session be another."""
        self._bookings.with_catalogue(partial(self._open_step, self._plan, one, is_new=False))

    def add(self, after: SessionView) -> None:
        """Put a session in."""
        self._bookings.with_catalogue(partial(self._open_step, self._plan, after, is_new=True))

    def _open_step(self, plan: PlanView, one: SessionView, offered: Catalogue, *, is_new: bool) -> None:
        from .step_dialog import StepDialog  # noqa: PLC0415 - as above

        StepDialog(self._desk, offered, plan, one, self._window, is_new=is_new).open()

    def change_total(self) -> None:
        """Ask how many sessions there are in all."""
        dialog = TotalDialog(self._ask(), self._window)
        dialog.chosen.connect(self._set_total)
        dialog.open()

    def change_strategy(self) -> None:
        """Ask how the sessions are booked from now on."""
        dialog = StrategyDialog(self._ask(), self._window)
        dialog.chosen.connect(self._set_strategy)
        dialog.open()

    def split(self, number: int) -> None:
        """Ask from which session on a plan of its own begins."""
        dialog = SplitDialog(self._ask(), number, self._window)
        dialog.chosen.connect(self._split)
        dialog.open()

    def merge(self) -> None:
        """Ask which other plan of the patient comes into this one."""
        others = self.mergeable
        if not others:
            self.told.emit(self.tr("This patient has no other plan that could be put into this one."))
            return
        dialog = MergeDialog(self._ask(), others, self._window)
        dialog.chosen.connect(self._merge)
        dialog.open()

    @property
    def mergeable(self) -> Sequence[PlanView]:
        """The other plans of the patient that go on."""
        return [one for one in self._looked.others if one.state in GOING_ON] if self._looked else []

    def pause(self) -> None:
        """Ask why it rests."""
        dialog = StopDialog(self._ask(), self._window, is_end=False)
        dialog.chosen.connect(self._pause)
        dialog.open()

    def cancel(self) -> None:
        """Ask why it ends, and what becomes of the visits to come."""
        dialog = StopDialog(self._ask(), self._window, is_end=True)
        dialog.chosen.connect(self._cancel)
        dialog.open()

    def print_sheet(self) -> None:
        """Open the print preview of the sheet that the patient takes home."""
        if self._looked is not None:
            from . import sheet  # noqa: PLC0415 - nobody prints before the day is on the screen

            sheet.read_and_preview(self._desk, self._plan.id, self._window, self._refuse_sheet)

    # What is done at once

    def lock(self, one: SessionView) -> None:
        """Keep a session where it is when others move, or let it move again."""
        said = self.tr("Session {number} moves with the others again.")
        if not one.is_locked:
            said = self.tr("Session {number} stays where it is when others move.")
        self._write(
            partial(editing.lock, number=one.number, is_locked=not one.is_locked),
            said.format(number=one.number),
        )

    def skip(self, one: SessionView) -> None:
        """Leave a session out, or take it in again."""
        said = self.tr("Session {number} is to be booked again.")
        if one.state != "skipped":
            said = self.tr("Session {number} is left out.")
        self._write(partial(editing.skip, number=one.number), said.format(number=one.number))

    def leave_fallen_out(self, one: SessionView) -> None:
        """Leave out a session that was missed or cancelled; with that it has been looked at."""
        said = self.tr("Session {number} is left out.").format(number=one.number)
        self._write(partial(asking.left_out, number=one.number), said)

    def shift_place(self, one: SessionView, by: int) -> None:
        """Let an open session change places with its open neighbour."""
        numbers = [each.number for each in self._plan.sessions if each.is_open]
        at = numbers.index(one.number) if one.number in numbers else -1
        if at < 0 or not 0 <= at + by < len(numbers):
            self.told.emit(self.tr("Only sessions that are still to be booked change places."))
            return
        there = numbers[at + by]
        numbers[at], numbers[at + by] = numbers[at + by], numbers[at]
        said = self.tr("Sessions {one} and {other} changed places.").format(
            one=min(one.number, there), other=max(one.number, there)
        )
        self._write(partial(editing.reorder, numbers=numbers), said)

    def resume(self) -> None:
        """Go on with a plan that was stopped."""
        self._write(stopping.resume, self.tr("The plan goes on; what is open is due from today on."))

    def reviewed(self) -> None:
        """Somebody looked at what had happened."""
        self._write(stopping.reviewed, self.tr("Noted; the plan is no longer up for review."))

    def _set_total(self, total: int) -> None:
        said = self.tr("The plan has {n} sessions now.").format(n=total)
        self._write(partial(editing.change_total, total=total), said, self._asked)

    def _set_strategy(self, strategy: str) -> None:
        work = partial(stopping.change_strategy, strategy=strategy)
        self._write(work, self.tr("The plan goes on so."), self._asked)

    def _split(self, number: int) -> None:
        said = self.tr("The sessions from {number} on are a plan of their own now.").format(number=number)
        self._write(partial(joining.split, number=number), said, self._asked)

    def _merge(self, other: PlanView) -> None:
        work = partial(joining.merge, other_id=other.id, other_version=other.version)
        self._write(work, self.tr("The two plans are one now."), self._asked)

    def _pause(self, reason: str, cancels: bool) -> None:
        work = partial(stopping.pause, reason=reason, cancels_visits=cancels)
        self._write(work, self.tr("The plan is paused."), self._asked, self._note_stopped)

    def _cancel(self, reason: str, cancels: bool) -> None:
        work = partial(stopping.cancel, reason=reason, cancels_visits=cancels)
        self._write(work, self.tr("The plan is cancelled."), self._asked, self._note_stopped)

    def _note_stopped(self, plan: PlanView, stopped: Stopped) -> None:
        """Visits that were cancelled with the plan can be brought back."""
        if stopped.back:
            words = self.tr("cancel {n} visits of {name}")
            facts = {"n": len(stopped.back), "name": one_line(plan.patient)}
            self._acting.note(self._of_statuses(words.format(**facts), stopped.back))

    def _of_statuses(self, words: str, wanted: tuple[Put, ...]) -> Step:
        def ask(puts: tuple[Put, ...], request_id: UUID) -> partial[tuple[Put, ...]]:
            return partial(taking_back.put, actor=self._desk.actor, request_id=request_id, wanted=puts)

        return Step(words, wanted, ask, tuple)

    def _write(
        self,
        work: Callable[..., Any],
        said: str,
        seen: PlanView | None = None,
        then: Callable[[PlanView, Any], None] | None = None,
    ) -> None:
        """Do it to the plan that was `seen` when it was asked, or to the one on show."""
        plan = seen or self._plan

        def done(answer: object) -> None:
            if then is not None:
                then(plan, answer)
            self.told.emit(said)

        whole = partial(work, actor=self._desk.actor, plan_id=plan.id, version=plan.version)
        self._desk.tasks.write(self, whole, done, self._refuse)

    def _refuse_sheet(self, error: ClinicError) -> None:
        self.refused.emit(error)

    def _refuse(self, error: ClinicError) -> None:
        self.refused.emit(error)
        self.plan_wanted.emit(self._plan.id)  # as it is now
