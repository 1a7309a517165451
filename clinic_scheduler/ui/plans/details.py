"""One plan in full: where it stands, its sessions along time, and what can be done with it."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import CutLabel, as_card, wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.pick_list import PickList

from . import timeline, words
from .acts import GOING_ON, PlanActs
from .asking import Looked
from .pieces import Bar, ReviewBar
from .session_list import SessionDelegate, SessionModel
from .timeline import Timeline

STOPPED: Final = ("paused", "lapsed", "cancelled")
MOVABLE: Final = ("pending", "confirmed")


class PlanDetails(QFrame):
    """The right side of the place.

    Signals:
        visit_wanted: the day and the appointment id of a session.
    """

    visit_wanted = Signal(object, object)

    def __init__(self, actor: Actor, acts: PlanActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("side", True)
        self._acts, self._may = acts, BOOK in actor.permissions
        self._looked: Looked | None = None
        self._name, self._service = CutLabel("", fonts.title()), wide(controls.label(tone="muted"))
        self.sentence = wide(controls.label())
        self.bar = Bar()
        self.review = ReviewBar()
        self.timeline = Timeline()
        self._model = SessionModel(self)
        self.sessions = PickList(self._model, SessionDelegate(), self.tr("Sessions"))
        as_card(self.sessions)
        self.sessions.marked.connect(self._mark)
        self.sessions.picked.connect(self._show_in_calendar)
        self.book = controls.primary(self.tr("Book next…"), "calendar-plus")
        self.more = QPushButton(self.tr("Book more…"))
        self.move_ = QPushButton(self.tr("Move…"))
        self.resume = controls.primary(self.tr("Go on with it"), "play")
        self.print_ = controls.icon_button("printer", self.tr("Print the plan…"))
        self.of_session, self.of_plan = QPushButton(self.tr("Session")), QPushButton(self.tr("Plan"))
        self._actions: dict[str, QAction] = {}
        self._fill_menus()
        self._lay_out()
        self._connect()
        self.show_nothing("")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.book, self.resume, self.more, self.move_):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.of_session, self.of_plan):
            buttons.addWidget(button)
        buttons.addWidget(self.print_)
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._name, self._service, self.bar, self.sentence, self.review):
            column.addWidget(part)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addWidget(self.timeline)
        column.addWidget(self.sessions, 1)
        self._empty = wide(controls.label(tone="muted"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.addWidget(self._whole, 1)
        outer.addWidget(self._empty)
        outer.addStretch(0)

    def _connect(self) -> None:
        self.book.clicked.connect(self._book_next)
        self.more.clicked.connect(self._book_more)
        self.move_.clicked.connect(self._move)
        self.resume.clicked.connect(self._acts.resume)
        self.print_.clicked.connect(self._acts.print_sheet)
        self.review.again.clicked.connect(self._book_next)
        self.review.skip.clicked.connect(self._skip_fallen)
        self.review.seen.clicked.connect(self._acts.reviewed)

    def _fill_menus(self) -> None:
        session, plan = QMenu(self), QMenu(self)
        for name, text, slot in (
            ("show", self.tr("Show in the calendar"), self._show_marked),
            ("lock", self.tr("Keep where it is"), self._lock),
            ("", "", None),
            ("replace", self.tr("Change…"), self._replace),
            ("add", self.tr("Add a session after it…"), self._add),
            ("skip", self.tr("Leave out"), self._skip),
            ("up", self.tr("Earlier in the order"), self._up),
            ("down", self.tr("Later in the order"), self._down),
        ):
            self._put(session, name, text, slot)
        for name, text, slot in (
            ("total", self.tr("How many sessions…"), self._acts.change_total),
            ("strategy", self.tr("How they are booked…"), self._acts.change_strategy),
            ("split", self.tr("Split…"), self._split),
            ("merge", self.tr("Put together with another…"), self._acts.merge),
            ("", "", None),
            ("pause", self.tr("Pause…"), self._acts.pause),
            ("cancel", self.tr("Cancel the plan…"), self._acts.cancel),
        ):
            self._put(plan, name, text, slot)
        self.of_session.setMenu(session)
        self.of_plan.setMenu(plan)

    def _put(self, menu: QMenu, name: str, text: str, slot: Callable[[], None] | None) -> None:
        if slot is None:
            menu.addSeparator()
            return
        action = menu.addAction(text)
        action.triggered.connect(slot)
        self._actions[name] = action

    def action(self, name: str) -> QAction:
        """An entry of one of the two menus."""
        return self._actions[name]

    @property
    def looked(self) -> Looked | None:
        """What is on show."""
        return self._looked

    def show_nothing(self, words_: str) -> None:
        """No plan is chosen; say what to do."""
        self._looked = None
        self._acts.look_at(None)
        self._whole.hide()
        self._empty.setText(words_)
        self._empty.setVisible(bool(words_))

    def show_plan(self, looked: Looked) -> None:
        """Show this; the marked session stays marked where it is the same plan."""
        before, marked = self._looked, self.sessions.chosen
        self._looked = looked
        self._acts.look_at(looked)
        plan = looked.plan
        self._name.show_text(one_line(plan.patient))
        facts = [one_line(plan.service), words.strategy(plan.strategy), words.plan_state(plan.state)]
        self._service.setText(" · ".join([*facts, one_line(plan.phone)] if plan.phone else facts))
        self.bar.show_progress(plan.progress, words.progress(plan))
        self.sentence.setText(plan.sentence)
        self.review.show_plan(plan, may=self._may)
        self._draw(plan, looked.today)
        self._model.show_plan(plan, looked.today)
        is_same = before is not None and before.plan.id == plan.id and marked is not None
        self.sessions.mark_number(marked.number if is_same and marked else (plan.progress.next_number or 1))
        self._empty.hide()
        self._whole.show()
        self._mark(self.sessions.chosen)

    def _draw(self, plan: PlanView, today: date) -> None:
        marks, first, last = timeline.of_plan(plan, today)
        begin, end = (words.day(day) if day else "" for day in (first, last))
        self.timeline.show_marks(marks, begin, end, today=today.toordinal())
        self.timeline.setVisible(bool(marks))

    def _mark(self, one: SessionView | None) -> None:
        """Let just that be asked for which can be done."""
        if self._looked is None:
            return
        plan = self._looked.plan
        is_going, to_book = plan.state in GOING_ON, plan.progress.to_book
        may_book = self._may and plan.state in ("active", "lapsed") and to_book > 0
        self.book.setVisible(may_book)
        self.more.setVisible(may_book and to_book > 1)
        self.resume.setVisible(self._may and plan.state in STOPPED)
        may_edit = self._may and is_going and one is not None
        is_open, is_booked = one is not None and one.is_open, one is not None and one.status in MOVABLE
        is_booked = is_booked and one is not None and one.state == "booked"
        self.move_.setEnabled(self._may and is_booked)
        self.of_session.setEnabled(one is not None)
        can = {
            "show": one is not None and one.start is not None and one.appointment_id is not None,
            "lock": may_edit and is_booked,
            "replace": may_edit and is_open,
            "add": self._may and one is not None and (is_going or plan.state == "completed"),
            "skip": may_edit and one is not None and (is_open or one.state == "skipped"),
            "up": may_edit and is_open,
            "down": may_edit and is_open,
            "total": self._may and (is_going or plan.state == "completed"),
            "strategy": self._may and is_going,
            "split": self._may and is_going and len(plan.sessions) > 1,
            "merge": self._may and is_going and bool(self._acts.mergeable),
            "pause": self._may and plan.state == "active",
            "cancel": self._may and is_going,
        }
        for name, is_possible in can.items():
            self._actions[name].setEnabled(is_possible)
        is_locked, is_skipped = one is not None and one.is_locked, one is not None and one.state == "skipped"
        self._actions["lock"].setText(
            self.tr("Let it move again") if is_locked else self.tr("Keep where it is")
        )
        self._actions["skip"].setText(self.tr("Take in again") if is_skipped else self.tr("Leave out"))

    # What is asked of the marked session

    def _book_next(self) -> None:
        self._acts.book(1)

    def _book_more(self) -> None:
        self._acts.book(self._looked.plan.progress.to_book if self._looked else 1)

    def _with(self, act: Callable[[SessionView], None]) -> None:
        one = self.sessions.chosen
        if one is not None:
            act(one)

    def _move(self) -> None:
        self._with(self._acts.move)

    def _lock(self) -> None:
        self._with(self._acts.lock)

    def _replace(self) -> None:
        self._with(self._acts.replace)

    def _add(self) -> None:
        self._with(self._acts.add)

    def _skip(self) -> None:
        self._with(self._acts.skip)

    def _up(self) -> None:
        self._shift(-1)

    def _down(self) -> None:
        self._shift(1)

    def _shift(self, by: int) -> None:
        one = self.sessions.chosen
        if one is not None:
            self._acts.shift_place(one, by)

    def _split(self) -> None:
        one = self.sessions.chosen
        self._acts.split(one.number if one is not None else 2)

    def _skip_fallen(self) -> None:
        sessions = self._looked.plan.sessions if self._looked else ()
        fallen = next((one for one in sessions if one.is_open and one.appointment_id is not None), None)
        if fallen is not None:
            self._acts.leave_fallen_out(fallen)

    def _show_marked(self) -> None:
        self._with(self._show_in_calendar)

    def _show_in_calendar(self, one: SessionView) -> None:
        if one.start is not None and one.appointment_id is not None:
            self.visit_wanted.emit(one.start.date(), one.appointment_id)
