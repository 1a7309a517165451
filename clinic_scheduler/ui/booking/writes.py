"""The writes to one booking session, one after the other, so that versions never cross."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.errors import (
    ChangedMeanwhile,
    ClinicError,
    DatabaseUnavailable,
    NotFound,
    OutcomeUnknown,
)
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished import booking_session, ended
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.ui.tasks import Tasks

AGAIN_MS = 3_000
TOPIC = "booking_session"
Refused = Callable[[ClinicError], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One write; `work` takes a session and the version that the booking is in by then."""

    work: Callable[[Any, int], Any]
    then: Callable[[Any], None]
    refused: Refused
    repeatable: bool = False


class Writes(QObject):
    """Sends one step at a time, each with the version that the one before it answered.

    Signals:
        seen: the Unfinished as it was just read.
        ended: a sentence; the booking goes on elsewhere or is over.
    """

    seen = Signal(object)
    ended = Signal(str)

    def __init__(
        self, tasks: Tasks, actor: Actor, begun: Unfinished, save: Callable[[], Step | None], parent: QObject
    ) -> None:
        """`save` gives the step that keeps what is not saved yet, None where all is; it goes before any other."""
        super().__init__(parent)
        self._tasks, self._actor, self._id, self._save = tasks, actor, begun.id, save
        self.version = begun.version
        self._waiting: deque[Step] = deque()
        self._is_busy = self._is_unsure = self._is_doubtful = self.has_ended = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.go)
        tasks.busy.connect(self._suspect)

    @property
    def has_steps(self) -> bool:
        """Whether a step waits, which then waits for the save."""
        return bool(self._waiting)

    def ask(self, step: Step) -> None:
        """Do this after everything that was asked before."""
        if not self.has_ended:
            self._waiting.append(step)
            self.go()

    def go(self) -> None:
        """Send what is next, unless something is under way."""
        if self._is_busy or self.has_ended:
            return
        if self._is_unsure:
            self._is_busy = True
            self._read(self._found, self._not_found)
            return
        step = self._save() or (self._waiting.popleft() if self._waiting else None)
        if step is not None:
            self._send(step)

    def end(self) -> None:
        """Send nothing more."""
        self.has_ended = True
        self._waiting.clear()
        self._again.stop()

    def later(self) -> None:
        """Try again by itself in a moment."""
        self._again.start()

    def hear(self, changes: frozenset[Any] | None) -> None:
        """Read the session again if it may be among what changed."""
        if self.has_ended or self._is_busy or self._is_doubtful:
            return
        if changes is None or any((c.topic, c.key) == (TOPIC, self._id) for c in changes):
            self._read(self._look, self._look_failed)

    def _send(self, step: Step) -> None:
        self._is_busy, version = True, self.version

        def work(session: Any) -> Any:  # noqa: ANN401
            return step.work(session, version)

        def then(value: Any) -> None:  # noqa: ANN401
            self._is_busy = self._is_doubtful = False
            step.then(value)
            self.go()

        def refused(error: ClinicError) -> None:
            self._is_busy = False
            if isinstance(error, ChangedMeanwhile):
                self._inquire(step, error)
                return
            is_lost = isinstance(error, OutcomeUnknown | DatabaseUnavailable)
            # What may be repeated is settled by asking again; the booking may have ended by it meanwhile.
            self._is_doubtful = step.repeatable and is_lost
            self._is_unsure = self._is_unsure or (is_lost and not step.repeatable)
            step.refused(error)
            if not isinstance(error, DatabaseUnavailable):
                self.go()

        self._tasks.write(self, work, then, refused, repeatable=step.repeatable)

    def _inquire(self, step: Step, error: ClinicError) -> None:
        """Tell a booking that is gone from a mere clash with somebody else's change."""
        self._is_busy = True

        def still(found: Unfinished) -> None:
            self._is_busy = False
            if self._is_ours(found) and found.version == self.version:
                step.refused(error)
            else:
                self._over(str(error))

        def gone(_error: ClinicError) -> None:
            self._gone()

        self._read(still, gone)

    def _read(self, then: Callable[[Unfinished], None], refused: Refused) -> None:
        actor, identifier = self._actor, self._id
        self._tasks.read(
            self,
            lambda session: booking_session.find(session, actor=actor, session_id=identifier),
            then,
            refused=refused,
        )

    def _found(self, found: Unfinished) -> None:
        """Go on after a write whose answer was lost: whatever version it left, the desk is still ours."""
        self._is_busy = self._is_unsure = False
        if not self._is_ours(found):
            self._over_to(found)
            return
        self.version = found.version
        self.seen.emit(found)
        self.go()

    def _look(self, found: Unfinished) -> None:
        if self.has_ended or self._is_busy or found.version < self.version:
            return
        if not self._is_ours(found) or found.version > self.version:
            self._over_to(found)
        else:
            self.seen.emit(found)

    def _look_failed(self, error: ClinicError) -> None:
        if isinstance(error, NotFound) and not (self._is_busy or self._is_doubtful):
            self._gone()

    def _not_found(self, error: ClinicError) -> None:
        self._is_busy = False
        if isinstance(error, NotFound) and not self.has_ended:
            self._gone()
        elif self._is_unsure:
            self.later()

    def _is_ours(self, found: Unfinished) -> bool:
        return (found.workstation, found.user_id) == (self._actor.workstation, self._actor.user_id)

    def _over_to(self, found: Unfinished) -> None:
        self._over(
            self.tr("{name} at {desk} goes on with this booking now; nothing you typed is lost.").format(
                name=found.user_name, desk=found.workstation
            )
        )

    def _gone(self) -> None:
        """It is over: nothing more is written, and the desk is told what became of it."""
        if not self.has_ended:
            self.end()
            work = partial(ended.why, actor=self._actor, session_id=self._id)
            self._tasks.read(self, work, self.ended.emit, refused=self._tell_only_that)

    def _tell_only_that(self, _error: ClinicError) -> None:
        self.ended.emit(ended.OVER)

    def _over(self, sentence: str) -> None:
        if not self.has_ended:
            self.end()
            self.ended.emit(sentence)

    def _suspect(self, running: int) -> None:
        if running == 0 and self._is_busy:
            QTimer.singleShot(0, self, self._give_up)

    def _give_up(self) -> None:
        """A write that met a bug answers nothing; the next one must not wait for it for ever."""
        if self._is_busy and self._tasks.running == 0:
            self._is_busy, self._is_unsure = False, True
