"""The command that opens the search line, and what comes of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue

from .booking_desk import BookingDesk
from .tasks import Tasks

if TYPE_CHECKING:
    from .search_dialog import SearchDialog
    from .search_rows import Row


class Searching(QObject):
    """At most one search line at a time.

    Signals:
        record_wanted: the id of a patient.
        visit_wanted: the day and the id of an appointment.
    """

    record_wanted = Signal(object)
    visit_wanted = Signal(object, object)

    def __init__(self, tasks: Tasks, actor: Actor, bookings: BookingDesk, window: QWidget) -> None:
        super().__init__(window)
        self._tasks, self._actor, self._bookings, self._window = tasks, actor, bookings, window
        self.dialog: SearchDialog | None = None

    def search_or_book(self) -> None:
        """Open the search line."""
        if self.dialog is None:
            self._bookings.with_catalogue(self._open)

    def _open(self, offered: Catalogue) -> None:
        if self.dialog is not None:
            return
        from .search_dialog import SearchDialog  # noqa: PLC0415 - not needed at the start, see `Going`

        self.dialog = SearchDialog(self._tasks, self._actor, offered, self._window)
        self.dialog.chosen.connect(self._do)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _do(self, row: "Row") -> None:
        if row.begin is not None:
            self._bookings.begin(row.begin.prefill, row.begin.copy)
        elif row.record_id is not None:
            self.record_wanted.emit(row.record_id)
        elif row.visit is not None:
            self.visit_wanted.emit(row.visit.day, row.visit.appointment_id)

    def _forget(self) -> None:
        self.dialog = None
