"""Step 2: when the whole visit could be; picking an answer holds it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clinic_scheduler.errors import ClinicError, TimeTaken
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.wishes import Opening
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.booking import kept, looking, words
from clinic_scheduler.ui.booking.answer_foot import AnswerFoot
from clinic_scheduler.ui.booking.answer_list import OPENING, AnswerModel, AnswerView
from clinic_scheduler.ui.booking.answers import Answer, Question
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.filters import Filters
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.held_card import HeldCard
from clinic_scheduler.ui.booking.lost import Lost
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.visit_card import VisitCard
from clinic_scheduler.ui.booking.wished_time import WishedTime


class TimePage(Page):
    """Arrows choose, Enter takes the time and goes on, a click only takes it."""

    step = "time"

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._asked: Question | None = None
        self._next_day: date | None = None
        self._near: Lost | None = None  # instead of which the answers are
        self._waived: Lost | None = None  # instead of which all free times were asked for
        self._is_taking = self._is_asking_more = self._is_going_to_more = self._is_over = self._is_back = (
            False
        )
        self._summary = wide(controls.label(tone="muted"))
        self.filters = Filters(local_day(draft.now, draft.catalogue.clinic.where))
        self.filters.changed.connect(self._narrow)
        self.wished = WishedTime(draft)
        self.wished.wished.connect(self._wish)
        self._model = AnswerModel(draft.catalogue, self)
        self.answers = AnswerView(self._model)
        self.answers.clicked.connect(self._take)
        self.answers.taken.connect(self._take_and_go_on)
        self.answers.ran_out.connect(self._look_on)
        self.answers.selectionModel().currentChanged.connect(self._show_marked)
        self.foot = AnswerFoot()
        self.foot.later.clicked.connect(self._look_later)
        self.foot.widen.clicked.connect(self.filters.widen)
        self.foot.everything.clicked.connect(self._look_at_all)
        self._visit_card = VisitCard(draft)
        self._held_card = HeldCard(draft)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 0)
        row.setSpacing(24)
        row.addLayout(self._left(), 3)
        row.addLayout(self._right(), 2)
        draft.held.connect(self._show_held)

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(controls.heading(self.tr("When suits?")))
        left.addWidget(self._summary)
        left.addSpacing(4)
        left.addWidget(self.filters)
        left.addWidget(self.wished)
        left.addSpacing(4)
        left.addWidget(self.answers, 1)
        left.addWidget(self.foot)
        return left

    def _right(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._visit_card)
        right.addWidget(self._held_card)
        right.addStretch(1)
        return right

    @property
    def may_go_on(self) -> bool:
        return self.draft.is_time_chosen or self.answers.currentIndex().isValid()

    @property
    def hint(self) -> str:
        if self._near is not None:
            return self.tr("↑↓ choose · Enter takes the time · F5 all free times")
        return self.tr("↑↓ choose · Enter takes the time")

    def enter(self) -> None:
        self.filters.restore(self.draft.typed)
        self.wished.restore()
        self._summary.setText(words.summary(self.draft.catalogue, self.draft.choices.wishes))
        self._show_held()
        self._search(is_back=True)
        self.answers.setFocus()

    def go_on(self) -> None:
        marked = self.answers.currentIndex()
        opening = marked.data(OPENING) if marked.isValid() else None
        is_held = self.draft.is_time_chosen and not self.draft.has_lapsed
        if isinstance(opening, Opening) and not (is_held and opening.parts == self.draft.picked):
            self._take_and_go_on(marked)
        elif self.draft.is_time_chosen:
            self.done.emit()

    # Searching

    def _look_at_all(self) -> None:
        """Search as ever instead of near a time that was lost."""
        self._waive()
        self._search()
        self.answers.setFocus()

    def _waive(self) -> None:
        if self._near is not None:
            self._waived = self._near
            self.stuck.emit("", "")

    def _narrow(self) -> None:
        self._waive()
        self.wished.clear()
        self.draft.note(**self.filters.kept(), at="")
        self._search()

    def _wish(self, day: date, start: datetime) -> None:
        """Look from the wished day on, and mark the wished start if it is free."""
        self._waive()
        self.filters.restore({"from": day.isoformat()})
        self.draft.note(**self.filters.kept(), at=start.isoformat())
        self._search()

    def _search(self, *, is_back: bool = False) -> None:
        """Look for answers; who comes back to the page sees among them what is held, to go on with it."""
        self._is_back = is_back
        near = self.draft.lost
        if near is not None and near is not self._waived and near.wishes == self.draft.choices.wishes:
            self._look_near(near)
            return
        self._turn_to(None)
        self._asked = looking.question(self.draft, self.filters)
        self.answers.say(self.tr("Looking for free times…"))
        self._ask(self._asked, is_more=False)

    def _look_near(self, near: Lost) -> None:
        self._turn_to(near)
        self.answers.say(self.tr("Looking for the nearest free times…"))
        work, show = looking.near(self.draft, near), partial(self._show_near, near)
        self.tasks.read(self, work, show, refused=self._cannot_look, latest="answers")

    def _turn_to(self, near: Lost | None) -> None:
        """Let the answers be those near a lost time, or those to the question."""
        self._near, self._next_day, self._is_asking_more, self._is_over = near, None, False, False
        self.foot.fit(is_near=near is not None, is_narrow=self.filters.is_narrow)

    def _look_later(self) -> None:
        self._look_on(is_scrolled=False)

    def _look_on(self, *, is_scrolled: bool = True) -> None:
        """Read the answers that follow; by scrolling alone not where the last look found nothing more."""
        if self._is_asking_more or (is_scrolled and self._is_over):
            return
        if self._asked is not None and self._next_day is not None:
            self._is_asking_more, self._is_going_to_more = True, not is_scrolled
            self._ask(replace(self._asked, first=self._next_day, at=None), is_more=True)

    def _ask(self, question: Question, *, is_more: bool) -> None:
        work, show = looking.of(self.draft, question), self._add if is_more else self._show
        self.tasks.read(self, work, show, refused=self._cannot_look, latest="answers")

    def _show_near(self, near: Lost, found: Sequence[Opening]) -> None:
        self._model.show_all(found)
        self._model.hold(self.draft.picked)
        self._mark_row(0)
        self.wished.clear()
        order = near.order_text(self.draft.catalogue, is_narrow=self.filters.is_narrow)
        self.foot.said.setText(order if found else "")
        self.answers.say(near.empty_text(self.draft.catalogue))
        if self.isVisible():
            self.stuck.emit(near.sentence(found), "")
        self.ready.emit()

    def _show(self, answer: Answer) -> None:
        self._next_day, self._is_asking_more, self._is_over = answer.next_day, False, False
        self._model.show_all(looking.with_held(self.draft, answer) if self._is_back else answer.openings)
        self._model.hold(self.draft.picked)
        self._mark()
        self._tell_what_was_found()
        self._explain()
        self.ready.emit()

    def _add(self, answer: Answer) -> None:
        first = self._model.rowCount()
        self._next_day, self._is_over, self._is_asking_more = answer.next_day, not answer.openings, False
        found = [one for one in answer.openings if self._model.row_of(one.parts) < 0]
        self._model.add(found)
        if found and self._is_going_to_more:
            self.answers.setCurrentIndex(self._model.index(first))
        self._tell_what_was_found()

    def _mark(self) -> None:
        """Mark what is held, else the start asked for, else the first."""
        row = self._model.row_of(self.draft.picked)
        if row < 0:
            wished = looking.wished_start(self.draft)
            starts = [opening.start for opening in self._model.openings]
            row = starts.index(wished) if wished in starts else 0
        self._mark_row(row)

    def _mark_row(self, row: int) -> None:
        if self._model.rowCount():
            self.answers.setCurrentIndex(self._model.index(row))
        else:
            self._show_marked(QModelIndex())

    def _tell_what_was_found(self) -> None:
        until = (self._next_day or self.filters.first) - timedelta(days=1)
        starts = [local_day(one.start, self.draft.catalogue.clinic.where) for one in self._model.openings]
        self.foot.said.setText(self.filters.sentence(starts))
        self.answers.say(
            self.tr(
                "Nothing is free until {day}. Look at later days, choose other days, or go back and allow anyone."
            ).format(day=texts.short_date(until))
        )

    def _explain(self) -> None:
        """Say why the wished start is not among the answers."""
        start = looking.wished_start(self.draft)
        if start is None or start in [opening.start for opening in self._model.openings]:
            self.wished.settle(start)
        else:
            self.wished.explain(start)

    def _cannot_look(self, error: ClinicError) -> None:
        self._is_asking_more = False
        self._model.show_all(())
        self.answers.say(str(error))

    # Taking

    def _take(self, index: QModelIndex) -> None:
        self._hold(index, is_going_on=False)

    def _take_and_go_on(self, index: QModelIndex) -> None:
        self._hold(index, is_going_on=True)

    def _hold(self, index: QModelIndex, *, is_going_on: bool) -> None:
        opening = index.data(OPENING)
        if not isinstance(opening, Opening) or self._is_taking:
            return
        if opening.parts == self.draft.picked and not self.draft.has_lapsed:
            if is_going_on:
                self.done.emit()
            return
        self._is_taking = True
        then = self._taken_go_on if is_going_on else self._taken
        self.draft.hold(opening.parts, then, partial(self._not_taken, opening))

    def _taken(self) -> None:
        self._is_taking = False
        if self._near is not None:
            self.stuck.emit("", "")
            chosen = self.draft.choices
            self.draft.edit(wishes=kept.allowing(chosen.wishes, chosen.parts))
        self._show_held()
        self.ready.emit()

    def _taken_go_on(self) -> None:
        self._taken()
        if self.isVisible():
            self.done.emit()

    def _not_taken(self, opening: Opening, error: ClinicError) -> None:
        self._is_taking = False
        if not isinstance(error, TimeTaken):
            self.stuck.emit(str(error), "")
            return
        why = self.tr("Somebody just took that time.")
        self.draft.lose(opening.parts, why)
        self.stuck.emit(why, "")
        self._search()
        self.answers.setFocus()

    def _show_marked(self, index: QModelIndex) -> None:
        opening = index.data(OPENING) if index.isValid() else None
        self._visit_card.show_visit(opening.parts if isinstance(opening, Opening) else ())
        self.ready.emit()

    def _show_held(self) -> None:
        self._model.hold(() if self.draft.has_lapsed else self.draft.picked)
        self._held_card.refresh()
