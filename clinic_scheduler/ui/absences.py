"""The command for somebody who is away, and how it is taken back and done again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import absence
from clinic_scheduler.services.changing.absence import Applied, Decided
from clinic_scheduler.services.changing.moves import Change, Changed
from clinic_scheduler.services.changing.taking_back import Put

from .acting import Acting
from .booking_desk import BookingDesk
from .calendar_page import CalendarPage
from .history import Step, Wanted
from .tasks import Tasks


class Absences(QObject):
    """Plans what happens when somebody is away.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(
        self, tasks: Tasks, actor: Actor, page: CalendarPage, acting: Acting, bookings: BookingDesk
    ) -> None:
        super().__init__(page)
        self._tasks, self._actor = tasks, actor
        self._page, self._acting, self._bookings = page, acting, bookings

    def close_time(self) -> None:
        """Plan what happens when somebody is away, from the day that is looked at on."""
        self._bookings.with_catalogue(self._plan)

    def _plan(self, offered: Catalogue) -> None:
        from .absence_dialog import AbsenceDialog  # noqa: PLC0415 - not needed at the start, see `Going`

        dialog = AbsenceDialog(
            self._tasks,
            self._actor,
            offered,
            practitioner_id=self._page.practitioner(),
            start=self._page.beginning(),
            parent=self._page.window(),
        )
        dialog.applied.connect(self._note)
        dialog.open()

    def _note(self, applied: Applied, decided: Decided) -> None:
        self._acting.note(self._back(decided, applied))
        self.told.emit(self.tr("The absence is written. Ctrl+Z takes all of it back."))

    def _back(self, decided: Decided, applied: Applied) -> Step:
        """The step that takes an absence back."""

        def ask(wanted: Wanted, request_id: UUID) -> Callable[..., Any]:
            seen = replace(
                applied,
                moved=Changed(tuple(one for one in wanted if isinstance(one, Change))),
                cancelled=tuple(one for one in wanted if isinstance(one, Put)),
            )
            return partial(absence.undo, actor=self._actor, request_id=request_id, applied=seen)

        def turned(versions: Mapping[UUID, int]) -> Step:
            decisions = (
                replace(one, version=versions.get(one.appointment_id, one.version))
                for one in decided.decisions
            )
            return self._again(replace(decided, decisions=tuple(decisions)))

        def read(versions: Mapping[UUID, int]) -> tuple[Put, ...]:
            return tuple(Put(one, version, "") for one, version in versions.items())

        return Step(self.tr("absence"), _wanted(applied), ask, read, turned=turned)

    def _again(self, decided: Decided) -> Step:
        """The step that writes the absence once more, as it was decided."""

        def ask(wanted: Wanted, request_id: UUID) -> Callable[..., Any]:
            return partial(
                absence.apply,
                actor=self._actor,
                request_id=request_id,
                decided=replace(decided, decisions=wanted),
            )

        return Step(self.tr("absence"), decided.decisions, ask, _wanted, turned=partial(self._back, decided))


def _wanted(applied: Applied) -> Wanted:
    return (*applied.moved.undo, *applied.cancelled)
