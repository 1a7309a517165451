"""Printing what the calendar looks at."""

from functools import partial

from PySide6.QtCore import QObject

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import DaySchedule

from . import printing
from .calendar_page import CalendarPage
from .tasks import Tasks


class DayPrinter(QObject):
    """Reads the day anew, so that what is printed is true."""

    def __init__(self, tasks: Tasks, page: CalendarPage, clinic: ClinicFacts) -> None:
        super().__init__(page)
        self._tasks, self._page, self._clinic = tasks, page, clinic

    def print_day(self) -> None:
        """Open the print preview of the day on the screen."""
        work = partial(calendar.day, clinic_id=self._clinic.id, on=self._page.day, by=self._page.view.by)
        self._tasks.read(self, work, self._preview, latest="print")

    def _preview(self, schedule: DaySchedule) -> None:
        printed_at = schedule.now.astimezone(self._clinic.where)
        printing.open_preview(self._page.window(), schedule, clinic=self._clinic.name, printed_at=printed_at)
