"""The command that opens the people on record."""

from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import records

from .calendar_page import CalendarPage
from .patients_dialog import PatientsDialog
from .tasks import Tasks


class People(QObject):
    """At most one window of people; it stays open beside the calendar."""

    def __init__(self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, page: CalendarPage) -> None:
        super().__init__(page)
        self._tasks, self._actor, self._clinic, self._page = tasks, actor, clinic, page
        self.dialog: PatientsDialog | None = None

    def show_patients(self) -> None:
        """Open the people on record, with whoever's visit is selected."""
        if self._open():
            self._begin_with_selected()

    def _open(self) -> bool:
        """Bring the window up; whether it was not there before."""
        is_new = self.dialog is None
        if self.dialog is None:
            self.dialog = PatientsDialog(self._tasks, self._actor, self._clinic, self._page.window())
            self.dialog.visit_wanted.connect(self._show_visit)
            self.dialog.finished.connect(self._forget)
            self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return is_new

    def show_person(self, patient_id: UUID) -> None:
        """Open one person's record."""
        self._open()
        self._show_one(patient_id)

    def hear(self, changes: frozenset[object] | None) -> None:
        """Something changed, here or at another desk."""
        if self.dialog is not None:
            self.dialog.hear(changes)

    def _begin_with_selected(self) -> None:
        visit = self._page.visit(self._page.selected)
        if visit is not None:
            work = partial(records.patient_of, actor=self._actor, booking_id=visit.booking_id)
            self._tasks.read(self, work, self._show_one, latest="patient")

    def _show_one(self, patient_id: UUID | None) -> None:
        if self.dialog is not None and patient_id is not None:
            self.dialog.show_record(patient_id)

    def _show_visit(self, day: date, appointment_id: UUID) -> None:
        self._page.show_visit(day, appointment_id)

    def _forget(self) -> None:
        self.dialog = None
