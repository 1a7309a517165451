"""Parking visits on the pinboard, and putting them elsewhere."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.changing import moving, pinboard
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.pinboard import Pinned
from clinic_scheduler.services.wishes import Opening

from . import history, texts
from .acting import Acting
from .calendar.typeset import one_line
from .calendar_page import CalendarPage
from .pin_list import PinList
from .tasks import Tasks


class Pinning(QObject):
    """What the pinboard and its commands do.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        clinic: ClinicFacts,
        page: CalendarPage,
        acting: Acting,
        board: PinList,
    ) -> None:
        super().__init__(page)
        self._tasks, self._actor, self._where = tasks, actor, clinic.where
        self._page, self._acting, self._board = page, acting, board
        board.shown.connect(self._show)
        board.placed.connect(self._place_here)
        board.asked.connect(self._ask_free)
        board.unpinned.connect(self._unpin)

    def read(self) -> None:
        """Show the pinboard as it is now."""
        work = partial(pinboard.pinned, actor=self._actor)
        self._tasks.read(self, work, self._board.show_pins, latest="pins")

    def park_visit(self) -> None:
        """Set the selected visit aside."""
        selected = self._page.selected
        if selected is None:
            self.told.emit(self.tr("Select a visit, then park it."))
            return
        work = partial(pinboard.pin, actor=self._actor, appointment_ids=(selected,))
        self._tasks.write(self, work, self._tell_parked)

    def park_day(self) -> None:
        """Set aside all that can be moved of whoever is shown on this day."""
        schedule, day = self._page.model.schedule, self._page.day
        if schedule is None or day is None or self._page.view.by != "practitioner":
            self.told.emit(self.tr("Show the day of the practitioners first, then park it."))
            return
        ids = tuple({column.resource_id for column in schedule.columns})
        work = partial(pinboard.pin_day, actor=self._actor, practitioner_ids=ids, on=day)
        self._tasks.write(self, work, self._tell_parked)

    def _tell_parked(self, parked: Sequence[UUID]) -> None:
        if not parked:
            self.told.emit(self.tr("There is nothing more to park here."))
        elif len(parked) == 1:
            self.told.emit(self.tr("Parked on the pinboard. It keeps its time until you put it elsewhere."))
        else:
            words = self.tr("{count} visits are on the pinboard. They keep their times until you move them.")
            self.told.emit(words.format(count=len(parked)))

    def _unpin(self, appointment_id: UUID) -> None:
        work = partial(pinboard.unpin, actor=self._actor, appointment_ids=(appointment_id,))
        self._tasks.write(self, work)

    def _show(self, pin: Pinned) -> None:
        self._page.show_visit(pin.day, pin.appointment_id)

    def _place_here(self, pin: Pinned) -> None:
        time = self._page.cursor_time()
        if time is None:
            self.told.emit(self.tr("Go to a free time in the calendar first; the visit is put there."))
            return
        resource_id, start = time
        if self._page.view.by == "room":
            change = Change(pin.appointment_id, pin.version, start, room_id=resource_id)
        else:
            change = Change(pin.appointment_id, pin.version, start, practitioner_id=resource_id)
        self._move(pin, change)

    def _move(self, pin: Pinned, change: Change) -> None:
        words = self.tr("move {name}").format(name=one_line(pin.patient))
        self._acting.do(history.of_changes(words, (change,), partial(moving.change, actor=self._actor)))

    def _ask_free(self, pin: Pinned) -> None:
        work = partial(pinboard.next_free, actor=self._actor, appointment_id=pin.appointment_id)
        self._tasks.read(self, work, partial(self._offer, pin), latest="free")

    def _offer(self, pin: Pinned, openings: Sequence[Opening]) -> None:
        if not openings:
            self.told.emit(self.tr("No free place in the next two months; move other visits first."))
            return
        menu = QMenu(self._page)
        names = {column.resource_id: one_line(column.name) for column in self._page.everybody}
        for opening in openings:
            part = opening.parts[0]
            action = QAction(_words(opening, self._where, names.get(part.practitioner_id, "")), menu)
            action.setData(
                (
                    pin,
                    Change(pin.appointment_id, pin.version, part.start, practitioner_id=part.practitioner_id),
                )
            )
            menu.addAction(action)
        menu.triggered.connect(self._take)
        menu.popup(QCursor.pos())

    def _take(self, action: QAction) -> None:
        self._move(*action.data())


def _words(opening: Opening, where: ZoneInfo, name: str) -> str:
    start, end = opening.start.astimezone(where), opening.end.astimezone(where)
    when = f"{texts.short_date(start.date())} {start:%H:%M}"
    return ", ".join(part for part in (f"{when} to {end:%H:%M}", name) if part).replace("&", "&&")
