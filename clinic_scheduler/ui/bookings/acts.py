"""What is done to the bookings that are selected, each one transaction with one undo."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.services.actor import REOPEN, Actor
from clinic_scheduler.services.changing import appointments, restoring, standing, taking_back
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.details import VisitDetails
from clinic_scheduler.services.listing.lines import Part
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.history import Step, Wanted
from clinic_scheduler.ui.tasks import Tasks

from .reopen_dialog import ReopenDialog
from .rows import LineRow, PartRow, Row

STATUSES: Final = ("confirmed", "arrived", "in_progress", "completed", "no_show", "cancelled")


class BookingActs(QObject):
    """Acts on rows of the list and on the booking beside it.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, acting: Acting, place: QWidget) -> None:
        super().__init__(place)
        self._tasks, self._actor, self._acting, self._place = tasks, actor, acting, place
        self._before: dict[UUID, str] = {}  # of what may be opened again

    def put(self, rows: Iterable[Row], status: str) -> None:
        """Bring what is selected to a status, as far as that is legal; what it is not for is said."""
        parts = chosen_parts(rows)
        fitting = [part for part in parts if status in standing.next_statuses(part.status)]
        word = texts.status_word(status).lower()
        if not fitting:
            self.told.emit(self.tr("Nothing that is selected can become {status}.").format(status=word))
            return
        words = self.tr("one appointment {status}").format(status=word)
        if len(fitting) > 1:
            words = self.tr("{count} appointments {status}").format(count=len(fitting), status=word)
        left = len(parts) - len(fitting)
        if left:
            words = self.tr("{what}, {left} left as they were").format(what=words, left=left)
        self._acting.do(self.of_statuses(words, [Put(one.id, one.version, status) for one in fitting]))

    def of_statuses(self, words: str, wanted: Sequence[Put], reason: str = "") -> Step:
        """A step that brings appointments to statuses."""

        def ask(puts: Wanted, request_id: UUID) -> Callable[..., Any]:
            return partial(
                taking_back.put, actor=self._actor, request_id=request_id, wanted=puts, reason=reason
            )

        return Step(words, tuple(wanted), ask, tuple)

    def cancel(self, identifiers: Sequence[UUID], versions: Sequence[int], reason: str) -> None:
        """Cancel what was chosen of a visit."""
        wanted = [Put(one, version, "cancelled") for one, version in zip(identifiers, versions, strict=True)]
        self._acting.do(self.of_statuses(self.tr("visit cancelled"), wanted, reason))

    def ask_to_reopen(self, visit: VisitDetails) -> None:
        """Ask which finished parts of a visit are opened again, and why."""
        if REOPEN not in self._actor.permissions:
            self.told.emit(self.tr("You may not open a finished visit again; ask a colleague who may."))
            return
        dialog = ReopenDialog(visit, self._place.window())
        self._before = {part.id: part.status for part in visit.parts}
        dialog.reopened.connect(self._reopen)
        dialog.open()

    def _reopen(self, identifiers: Sequence[UUID], versions: Sequence[int], reason: str) -> None:
        words = self.tr("visit opened again")
        seen = [
            Put(one, version, self._before[one]) for one, version in zip(identifiers, versions, strict=True)
        ]

        def ask(wanted: Wanted, request_id: UUID) -> Callable[..., Any]:
            return partial(
                appointments.reopen,
                actor=self._actor,
                appointment_ids=[one.appointment_id for one in wanted],
                versions=[one.version for one in wanted],
                reason=reason,
                request_id=request_id,
            )

        def back(_answer: object) -> Wanted:
            return tuple(replace(one, version=one.version + 1) for one in seen)

        def turned(answer: object) -> Step:
            return self.of_statuses(words, back(answer))

        self._acting.do(Step(words, tuple(seen), ask, back, turned=turned))

    def ask_to_restore(self, visit: VisitDetails, entry_id: UUID) -> None:
        """Bring a visit back to how it was after an entry of its history."""
        work = partial(
            restoring.state_after, actor=self._actor, booking_id=visit.booking_id, entry_id=entry_id
        )
        self._tasks.read(self, work, partial(self._restore, one_line(visit.patient)), latest="restore")

    def _restore(self, name: str, wanted: Wanted) -> None:
        if not wanted:
            self.told.emit(self.tr("The visit is already as it was then."))
            return

        def ask(parts: Wanted, request_id: UUID) -> Callable[..., Any]:
            return partial(restoring.bring, actor=self._actor, request_id=request_id, wanted=parts)

        words = self.tr("{name} as before").format(name=name)
        self._acting.do(Step(words, wanted, ask, tuple, may_override=True))


def chosen_parts(rows: Iterable[Row]) -> list[Part]:
    """The appointments that rows stand for, each once; a visit stands for all its parts that are wanted."""
    found: dict[UUID, Part] = {}
    for row in rows:
        if isinstance(row, LineRow):
            found |= {part.id: part for part in row.line.parts if part.is_wanted}
        elif isinstance(row, PartRow):
            found[row.part.id] = row.part
    return list(found.values())


def possible(rows: Iterable[Row]) -> list[str]:
    """The statuses that something of what is selected can come to."""
    legal = {to for part in chosen_parts(rows) for to in standing.next_statuses(part.status)}
    return [status for status in STATUSES if status in legal]
