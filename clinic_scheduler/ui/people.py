"""The command that goes to the people on record, with whoever is selected in the calendar."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from clinic_scheduler.services.people import records

from .calendar_page import CalendarPage
from .desk import Desk
from .places import PATIENTS, Places


class People(QObject):
    """Makes the place of the people, and takes there."""

    def __init__(self, desk: Desk, page: CalendarPage, places: Places) -> None:
        super().__init__(page)
        self._desk, self._page, self._places = desk, page, places

    def show_patients(self) -> None:
        """Go to the people on record; somebody whose visit is selected is shown at once."""
        is_there = self._places.shown == PATIENTS
        self._places.go(PATIENTS)
        visit = self._page.visit(self._page.selected)
        if visit is not None and not is_there:
            work = partial(records.patient_of, actor=self._desk.actor, booking_id=visit.booking_id)
            self._desk.tasks.read(self, work, self._show_one, latest="patient")

    def show_person(self, patient_id: UUID) -> None:
        """Go to one person's record."""
        self._places.go(PATIENTS)
        self._show_one(patient_id)

    def _show_one(self, patient_id: UUID | None) -> None:
        # Nobody waits for it at the start.
        from .patients.place import PatientsPlace  # noqa: PLC0415

        place = self._places.at(PATIENTS)
        if isinstance(place, PatientsPlace) and patient_id is not None:
            place.show_record(patient_id)
