"""What the desk does to visits that stand: move, stretch, change their status; and take it back."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ClinicError, RuleBroken, TimeTaken
from clinic_scheduler.services.actor import OVERRIDE, Actor
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking.rules import Override, Rule

from . import history
from .calendar.drag import Grip, Moved
from .calendar.typeset import one_line
from .history import History, Step
from .override_dialog import OverrideDialog
from .tasks import Tasks, Work


class Acting(QObject):
    """One step after the other; each is one transaction, and each can be taken back.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError; nothing was changed.
        answered: what was asked for was done, or refused.
        acted: the Step that was taken, and its answer.
        history_changed: what can be taken back or done again is another.
    """

    told = Signal(str)
    refused = Signal(object)
    answered = Signal()
    acted = Signal(object, object)
    history_changed = Signal()

    def __init__(self, tasks: Tasks, actor: Actor, window: QWidget) -> None:
        super().__init__(window)
        self._tasks, self._actor, self._window = tasks, actor, window
        self.history = History()
        self._is_busy = False
        self._waiting: tuple[Step, frozenset[str]] | None = None  # for leave to go against the rules

    def move(self, moved: Moved, by: str) -> None:
        """Move or stretch a visit to where it was dropped; `by` says what the columns are."""
        words = self._moved_words(moved)
        if not moved.parts:
            self.do(self._of_changes(words, (_change(moved, by),)))
            return
        seen = {one.id: one.version for one in moved.parts}
        start = moved.start - moved.lead
        step = self._of_changes(words, tuple(Change(*one) for one in seen.items()))
        work = partial(moving.move_visit, actor=self._actor, request_id=uuid4(), seen=seen, start=start)
        self._write(step, work)

    def do(self, step: Step) -> None:
        """Do something new that can be taken back."""
        self._do(step, override=None)

    def note(self, back: Step) -> None:
        """Something was done elsewhere that this step takes back."""
        self.history.was_done(back)
        self.history_changed.emit()

    def undo(self) -> None:
        """Take the last step back."""
        self._again(self.history.back, self.history.undone, self.tr("Taken back: {what}."))

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._again(self.history.on, self.history.redone, self.tr("Done again: {what}."))

    def _moved_words(self, moved: Moved) -> str:
        name = one_line(moved.visit.patient)
        if moved.grip is Grip.MOVE:
            return self.tr("move {name}").format(name=name)
        return self.tr("change the length of {name}").format(name=name)

    def _of_changes(self, words: str, changes: tuple[Change, ...]) -> Step:
        return history.of_changes(words, changes, partial(moving.change, actor=self._actor))

    def _do(self, step: Step, override: Override | None) -> None:
        self._write(step, step.work(uuid4(), override))

    def _write(self, step: Step, work: Work[Any]) -> None:
        if self._is_busy:
            self.answered.emit()
            return
        self._is_busy = True
        self._tasks.write(
            self, work, partial(self._done, step), partial(self._not_done, step), repeatable=True
        )

    def _done(self, step: Step, answer: object) -> None:
        self._is_busy = False
        if step.read(answer):  # else it already was so
            self.history.done(step, answer)
            words = self.tr("Done: {what}. Ctrl+Z takes it back.")
            self.told.emit(words.format(what=step.words))
            self.acted.emit(step, answer)
        self.history_changed.emit()
        self.answered.emit()

    def _not_done(self, step: Step, error: ClinicError) -> None:
        self._is_busy = False
        rules = error.rules if isinstance(error, RuleBroken | TimeTaken) else frozenset[str]()
        if rules and OVERRIDE in self._actor.permissions and step.may_override:
            dialog = OverrideDialog(str(error), self._window)
            self._waiting = step, rules
            dialog.allowed.connect(self._allow)
            dialog.finished.connect(self.answered)
            dialog.open()
            return
        self.refused.emit(error)
        self.answered.emit()

    def _allow(self, reason: str) -> None:
        if self._waiting is not None:
            step, rules = self._waiting
            self._do(step, Override(reason, frozenset(Rule(rule) for rule in rules)))

    def _again(self, steps: Sequence[Step], note: Any, words: str) -> None:  # noqa: ANN401 - a method of History
        if self._is_busy or not steps:
            return
        step = steps[-1]
        self._is_busy = True

        def done(answer: object) -> None:
            self._is_busy = False
            note(answer)
            self.told.emit(words.format(what=step.words))
            self.history_changed.emit()
            self.answered.emit()

        def refused(error: ClinicError) -> None:
            self._is_busy = False
            self.history.forget(step)
            self.refused.emit(error)
            self.history_changed.emit()
            self.answered.emit()

        self._tasks.write(self, step.work(uuid4()), done, refused, repeatable=True)


def _change(moved: Moved, by: str) -> Change:
    visit = moved.visit
    start = moved.start if moved.grip is not Grip.END else None
    end = moved.end if moved.grip is not Grip.MOVE else None
    if moved.grip is not Grip.MOVE:
        return Change(visit.id, visit.version, start, end)
    if by == "room":
        return Change(visit.id, visit.version, start, room_id=moved.resource_id)
    return Change(visit.id, visit.version, start, practitioner_id=moved.resource_id)
