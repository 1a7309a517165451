"""Printing what the calendar looks at."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.days import calendar, side_by_side
from clinic_scheduler.services.days.schedule import DaySchedule

from .calendar.views import View
from .calendar_page import CalendarPage
from .tasks import Tasks


class DayPrinter(QObject):
    """Reads the day anew, so that what is printed is true."""

    def __init__(self, tasks: Tasks, page: CalendarPage, clinic: ClinicFacts) -> None:
        super().__init__(page)
        self._tasks, self._page, self._clinic = tasks, page, clinic

    def print_day(self) -> None:
        """Open the print preview of the days on the screen, with the columns chosen there; of a month, of its day."""
        view, day = self._page.view, self._page.day
        first = view.first(day) if day else None
        work = partial(calendar.days, clinic_id=self._clinic.id, first=first, count=view.count, by=view.by)
        self._tasks.read(self, work, partial(self._preview, view), latest="print")

    def _preview(self, view: View, days: Sequence[DaySchedule]) -> None:
        from . import printing  # noqa: PLC0415 - nobody prints before the day is on the screen
        from .print_page import day_paper  # noqa: PLC0415

        if view.count > 1:
            schedule = side_by_side.side_by_side(days, view.wanted)
        else:
            schedule = side_by_side.only(days[0], view.columns) if view.columns else days[0]
        printed_at = schedule.now.astimezone(self._clinic.where)
        paper = day_paper(schedule, self._clinic.name, printed_at)
        printing.open_preview(self._page.window(), paper, self.tr("Print"))
