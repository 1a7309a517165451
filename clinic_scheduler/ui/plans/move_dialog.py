"""Moving one session: what becomes of the later ones is seen first; one confirm, one undo."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QDate, QDateTime, QSignalBlocker, QTime, QTimer
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import moves, moving
from clinic_scheduler.services.plans import shifting
from clinic_scheduler.services.plans.shifting import Following, Moving, Preview
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls, history
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.history import Step, Wanted

from . import rows, words
from .frame import PlanDialog
from .other_times import OtherTimes
from .proposal_list import RowList, RowModel
from .rows import Row

SIZE = (920, 620)
PAUSE_MS = 200


class MoveDialog(PlanDialog):
    """Everything in it is a question until it is confirmed; then all of it is done, or nothing."""

    def __init__(
        self, desk: Desk, acting: Acting, offered: Catalogue, plan: PlanView, number: int, parent: QWidget
    ) -> None:
        super().__init__(parent.tr("Move session {number}").format(number=number), parent.tr("Move"), parent)
        self.resize(*SIZE)
        self._desk, self._acting, self._offered = desk, acting, offered
        self._plan, self._number = plan, number
        self._chosen: dict[int, Part] = {}
        self._preview: Preview | None = None
        self._is_acting, self._refusal = False, ""
        who = wide(controls.label(f"{one_line(plan.patient)}, {one_line(plan.service)}", "muted"))
        self.when = QDateTimeEdit(_shown(plan.number(number).start))
        self.when.setCalendarPopup(True)
        self.when.setDisplayFormat(words.DAY_AND_TIME)
        self.when.setAccessibleName(self.tr("New day and time"))
        self.following = controls.Segments(
            (
                (Following.SHIFT, self.tr("Keep the gaps")),
                (Following.REPLAN, self.tr("Plan them anew")),
                (Following.STAY, self.tr("Leave them")),
            ),
            self.tr("What the later sessions do"),
        )
        self._model = RowModel(self)
        self.sessions = RowList(self._model, self.tr("What would become of the sessions"))
        as_card(self.sessions)
        self.others = OtherTimes(offered)
        self._sum = wide(controls.label(tone="muted"))
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.sessions, 3)
        both.addWidget(self.others, 2)
        middle = QWidget()
        middle.setLayout(both)
        both.setContentsMargins(0, 0, 0, 0)
        self.lay_out(who, self._terms(), middle, self._sum, stretched=middle)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._connect()
        self._look()
        self.when.setFocus()

    def _terms(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(controls.label(self.tr("To"), "muted"))
        row.addWidget(self.when)
        row.addSpacing(12)
        row.addWidget(controls.label(self.tr("Later sessions"), "muted"))
        row.addWidget(self.following)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self._pause.timeout.connect(self._look)
        self.when.dateTimeChanged.connect(self._look_soon)
        self.following.chosen.connect(self._look_anew)
        self.sessions.marked.connect(self._show_times)
        self.sessions.times_wanted.connect(self.others.take_keyboard)
        self.others.taken.connect(self._take)
        self.others.left.connect(self.sessions.setFocus)
        self.others.reset.connect(self._reset)
        self.others.refused.connect(self.refuse)
        self._acting.refused.connect(self._note_refusal)
        self._acting.answered.connect(self._answered)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What would become of each session."""
        return self._model.rows

    @property
    def preview(self) -> Preview | None:
        """What is on show; None while it is looked for."""
        return self._preview

    # Looking

    def _look_soon(self, _at: QDateTime) -> None:
        self._chosen.pop(self._number, None)
        self._preview = None
        self.go.setEnabled(False)
        self._pause.start()

    def _look_anew(self, _key: str) -> None:
        self._chosen.clear()
        self._look()

    def _look(self) -> None:
        self._preview = None
        self.go.setEnabled(False)
        wall = self.when.dateTime().toPython()
        try:
            start = localtime.chosen(wall, self._offered.clinic.where)  # type: ignore[arg-type]
        except ClinicError as error:
            self.say(str(error))
            return
        work = partial(
            shifting.preview,
            actor=self._desk.actor,
            plan_id=self._plan.id,
            number=self._number,
            start=start,
            following=Following(self.following.key),
            chosen=dict(self._chosen),
        )
        self._desk.tasks.read(self, work, self._show, refused=self._cannot, latest="preview")

    def _cannot(self, error: ClinicError) -> None:
        self.say(f"{self._refusal} {error}".strip())

    def _show(self, found: Preview) -> None:
        self._preview = found
        marked = self.sessions.chosen
        with QSignalBlocker(self.sessions):
            self._model.show_rows([rows.moving(one, self._offered) for one in found.sessions])
            conflicts = found.conflicts
            is_kept = marked is not None and marked.number not in (0, self._number)
            number = marked.number if marked and is_kept else (conflicts[0] if conflicts else self._number)
            self.sessions.mark_number(number)
        self._show_times(self.sessions.chosen)
        self._judge(found)

    def _judge(self, found: Preview) -> None:
        count = len(found.changes)
        stuck = found.conflicts
        why = ""
        if stuck:
            listed = ", ".join(str(n) for n in stuck)
            why = self.tr("Choose another time for session {listed}; its time there is taken.")
            if len(stuck) > 1:
                why = self.tr("Choose other times for sessions {listed}; their times there are taken.")
            why = why.format(listed=listed)
        self.say(f"{self._refusal} {why}".strip())
        self.go.setEnabled(bool(count) and not stuck)
        self.go.setText(
            self.tr("Move 1 session") if count == 1 else self.tr("Move {n} sessions").format(n=count)
        )
        still = len(found.sessions) - count
        self._sum.setText(
            self.tr("Nothing is changed before you say so.")
            if not count or stuck
            else self.tr("{moved} move, {still} stay. One Ctrl+Z takes it all back.").format(
                moved=count, still=still
            )
        )

    # Another time for one

    def _moving(self, number: int) -> Moving | None:
        sessions = self._preview.sessions if self._preview else ()
        return next((one for one in sessions if one.session.number == number), None)

    def _show_times(self, row: Row | None) -> None:
        one = self._moving(row.number) if row else None
        if one is None:
            self.others.show_nothing()
            return
        number = one.session.number
        self.others.show_session(number, one.after, is_chosen=number in self._chosen)
        self.others.show_times(one.alternatives)

    def _take(self, part: Part) -> None:
        row = self.sessions.chosen
        if row is None:
            return
        self._chosen[row.number] = part
        if row.number == self._number:
            with QSignalBlocker(self.when):
                self.when.setDateTime(_shown(part.start.astimezone(self._offered.clinic.where)))
        self._refusal = ""
        self.sessions.setFocus()
        self._look()

    def _reset(self) -> None:
        row = self.sessions.chosen
        if row is not None and self._chosen.pop(row.number, None) is not None:
            self._look()

    # Doing

    def act(self) -> None:
        """Move everything that is on show."""
        found = self._preview
        if found is None or found.conflicts or not found.changes or self._is_acting:
            return
        self._is_acting, self._refusal = True, ""
        self.go.setEnabled(False)
        self._acting.do(step(self._desk, self._plan, found))

    def _note_refusal(self, error: ClinicError) -> None:
        if self._is_acting:
            self._refusal = self.tr("{why} Nothing was moved.").format(why=error)

    def _answered(self) -> None:
        if not self._is_acting:
            return
        self._is_acting = False
        if not self._refusal:
            self.accept()
            return
        self.say(self._refusal)
        self._look()


def step(desk: Desk, plan: PlanView, found: Preview) -> Step:
    """The move as a step; what leads back is a plain change of the same visits."""
    facts = {"name": one_line(plan.patient), "number": found.number, "n": len(found.changes)}
    text = words.translate("plans", "move session {number} of {name}")
    if len(found.changes) > 1:
        text = words.translate("plans", "move session {number} of {name} and {n} in all")
    said = text.format(**facts)
    change = partial(moving.change, actor=desk.actor)

    def ask(_wanted: Wanted, request_id: UUID) -> Callable[..., Any]:
        return partial(shifting.apply, actor=desk.actor, request_id=request_id, preview=found)

    def turned(answer: moves.Changed) -> Step:
        return history.of_changes(said, answer.undo, change)

    return Step(said, found.changes, ask, lambda answer: answer.undo, turned=turned)


def _shown(start: datetime | None) -> QDateTime:
    if start is None:
        return QDateTime.currentDateTime()
    return QDateTime(QDate(start.year, start.month, start.day), QTime(start.hour, start.minute))
