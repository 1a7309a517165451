"""What can be asked of the visit or the time that the keyboard stands on: by menu, shortcut and context menu."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import copying, standing, taking_back
from clinic_scheduler.services.changing.copying import Copied
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.days.schedule import Visit
from clinic_scheduler.services.taking.booking import Confirmed

from . import texts
from .acting import Acting
from .booking.kept import Prefill
from .booking_desk import BookingDesk
from .calendar.drag import Moved
from .calendar.typeset import one_line
from .calendar_page import CalendarPage
from .history import Step
from .tasks import Tasks

# Which command brings a visit to which status.
LEADING = {
    "confirm_visit": "confirmed",
    "arrive_visit": "arrived",
    "start_visit": "in_progress",
    "complete_visit": "completed",
    "miss_visit": "no_show",
}


class VisitCommands(QObject):
    """Acts on what is selected in the calendar.

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
        self._copy: Copied | None = None

    @property
    def _visit(self) -> Visit | None:
        return self._page.visit(self._page.selected)

    def move(self, moved: Moved) -> None:
        """Move or stretch a visit to where it was dropped."""
        self._acting.move(moved, self._page.view.by)

    def confirm_visit(self) -> None:
        """The visit is certain."""
        self._put("confirmed")

    def arrive_visit(self) -> None:
        """The patient is here."""
        self._put("arrived")

    def start_visit(self) -> None:
        """The patient is with the practitioner."""
        self._put("in_progress")

    def complete_visit(self) -> None:
        """It is done."""
        self._put("completed")

    def miss_visit(self) -> None:
        """Nobody came; the time is free again."""
        self._put("no_show")

    def cancel_parts(self, identifiers: Sequence[UUID], versions: Sequence[int], reason: str) -> None:
        """Cancel what was chosen of a visit."""
        wanted = tuple(
            Put(one, version, "cancelled") for one, version in zip(identifiers, versions, strict=True)
        )
        words = self.tr("one appointment cancelled")
        if len(wanted) > 1:
            words = self.tr("{count} appointments cancelled").format(count=len(wanted))
        self._acting.do(self.of_statuses(words, wanted, reason))

    def copy_visit(self) -> None:
        """Remember the visit, to book it again elsewhere."""
        visit = self._visit
        if visit is None:
            self.told.emit(self.tr("Select a visit, then copy it."))
            return
        work = partial(copying.copied, actor=self._actor, booking_id=visit.booking_id)
        self._tasks.read(self, work, self._keep_copy, latest="copy")

    def paste_visit(self) -> None:
        """Begin a booking like the one that was copied, at the time the keyboard stands on."""
        time = self._page.cursor_time()
        if self._copy is None:
            self.told.emit(self.tr("Copy a visit first, then go to a free time and book the copy there."))
        elif time is None:
            self.told.emit(self.tr("Go to a free time first; the copy is booked there."))
        else:
            _resource_id, start = time
            self._bookings.begin(Prefill(day=self._page.local_day(start), start=start), self._copy)

    def book_again(self) -> None:
        """Begin a booking like the selected visit; only its time is still to be found."""
        visit = self._visit
        if visit is None:
            self.told.emit(self.tr("Select a visit, then book it again."))
            return
        work = partial(copying.copied, actor=self._actor, booking_id=visit.booking_id)
        self._tasks.read(self, work, lambda copy: self._bookings.begin(None, copy), latest="copy")

    def walk_in(self) -> None:
        """Book whoever stands at the desk at the next free time."""
        self._bookings.with_catalogue(self._take_walk_in)

    def _take_walk_in(self, offered: Catalogue) -> None:
        from .booking.walk_in_dialog import WalkInDialog  # noqa: PLC0415 - not needed at the start, see `Going`

        dialog = WalkInDialog(self._tasks, self._actor, offered, self._page.window())
        dialog.booked.connect(self._tell_walk_in)
        dialog.open()

    def _tell_walk_in(self, confirmed: Confirmed, start: datetime, name: str) -> None:
        facts = {"name": one_line(name), "reference": confirmed.reference}
        facts |= {"day": texts.short_date(start.date()), "start": f"{start:%H:%M}"}
        puts = tuple(Put(one, 1, "cancelled") for one in confirmed.appointment_ids)
        self._acting.note(self.of_statuses(self.tr("book {name}").format(**facts), puts))
        words = self.tr("Booked {name} on {day} at {start}, reference {reference}. Ctrl+Z takes it back.")
        self.told.emit(words.format(**facts))
        self._page.show_visit(start.date(), confirmed.appointment_ids[0])

    def open_menu(self, actions: dict[str, QAction], visit_id: UUID | None, place: QPoint) -> QMenu:
        """The menu at a place of the screen: what is legal there, no more."""
        menu = QMenu(self._page)
        for name in self._of_visit(visit_id) if visit_id else self._of_time():
            if name:
                menu.addAction(actions[name])
            else:
                menu.addSeparator()
        menu.popup(place)
        return menu

    def _of_visit(self, visit_id: UUID) -> Iterator[str]:
        visit = self._page.visit(visit_id)
        if visit is None:
            return
        legal = standing.next_statuses(visit.status)
        yield from (name for name, status in LEADING.items() if status in legal)
        if "cancelled" in legal:
            yield "cancel_visit"
        yield ""
        if visit.status in ("pending", "confirmed"):
            yield "park_visit"
        if visit.status in ("cancelled", "no_show"):
            yield "who_could_come"
        yield "copy_visit"
        yield "book_again"
        yield ""
        yield "undo"
        yield "redo"

    def _of_time(self) -> Iterator[str]:
        yield "new_booking_here"
        yield "paste_visit"
        yield "ask_why"
        yield "who_could_come"
        yield ""
        yield "close_time"
        yield "undo"

    def _put(self, status: str) -> None:
        visit = self._visit
        if visit is None:
            self.told.emit(self.tr("Select a visit first."))
        elif status not in standing.next_statuses(visit.status):
            words = self.tr("This visit is {status}; that does not lead to {other}.")
            self.told.emit(
                words.format(
                    status=texts.status_word(visit.status).lower(), other=texts.status_word(status).lower()
                )
            )
        else:
            words = self.tr("{name} {status}").format(
                name=one_line(visit.patient), status=texts.status_word(status).lower()
            )
            self._acting.do(self.of_statuses(words, (Put(visit.id, visit.version, status),)))

    def of_statuses(self, words: str, wanted: tuple[Put, ...], reason: str = "") -> Step:
        """A step that brings visits to statuses."""

        def ask(puts: tuple[Put, ...], request_id: UUID) -> partial[tuple[Put, ...]]:
            return partial(
                taking_back.put, actor=self._actor, request_id=request_id, wanted=puts, reason=reason
            )

        return Step(words, wanted, ask, tuple)

    def _keep_copy(self, copy: Copied) -> None:
        self._copy = copy
        words = self.tr("Copied the visit of {name}. Go to a free time and book it there with Ctrl+V.")
        self.told.emit(words.format(name=one_line(copy.name)))
