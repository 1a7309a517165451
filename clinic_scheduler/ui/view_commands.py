"""Ways to look at the calendar, as commands."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject

from .calendar.views import Kind
from .calendar_page import CalendarPage
from .columns_dialog import ColumnsDialog


class ViewCommands(QObject):
    """The slots of the commands that turn pages and change the view."""

    def __init__(self, page: CalendarPage) -> None:
        super().__init__(page)
        self._page = page

    def show_today(self) -> None:
        """Turn to today."""
        self._page.show_today()

    def show_previous(self) -> None:
        """Turn a page back."""
        self._page.step(-1)

    def show_next(self) -> None:
        """Turn a page on."""
        self._page.step(1)

    def view_day(self) -> None:
        """A column for each practitioner or room."""
        self._page.look(replace(self._page.view, kind=Kind.DAY))

    def view_days(self) -> None:
        """Several days side by side."""
        self._page.look(replace(self._page.view, kind=Kind.DAYS))

    def view_week(self) -> None:
        """A week: of whoever the keyboard stands on, or as it was looked at before."""
        spot, schedule = self._page.day_view.spot, self._page.model.schedule
        of = self._page.view.of
        if self._page.view.kind is Kind.DAY and spot is not None and schedule is not None:
            of = schedule.columns[spot.column].resource_id
        self._page.look(replace(self._page.view, kind=Kind.WEEK, of=of))

    def view_month(self) -> None:
        """How full the days of a month are."""
        self._page.look(replace(self._page.view, kind=Kind.MONTH))

    def view_agenda(self) -> None:
        """The next two weeks as a list."""
        self._page.look(replace(self._page.view, kind=Kind.AGENDA))

    def show_practitioners(self) -> None:
        """Practitioners side by side."""
        self._page.look(self._page.view.turned("practitioner"))

    def show_rooms(self) -> None:
        """Rooms side by side."""
        self._page.look(self._page.view.turned("room"))

    def choose_columns(self) -> None:
        """Ask who stands in the calendar, in which order."""
        dialog = ColumnsDialog(self._page.everybody, self._page.view.columns, self._page.window())
        dialog.chosen.connect(self._show_columns)
        dialog.open()

    def _show_columns(self, columns: tuple[UUID, ...]) -> None:
        self._page.look(replace(self._page.view, columns=columns))

    def colour_by_service(self) -> None:
        """The hue of a visit says what is done."""
        self._page.look(replace(self._page.view, colour_by="service"))

    def colour_by_practitioner(self) -> None:
        """The hue of a visit says with whom."""
        self._page.look(replace(self._page.view, colour_by="practitioner"))

    def colour_by_status(self) -> None:
        """The hue of a visit says how far it is."""
        self._page.look(replace(self._page.view, colour_by="status"))

    def zoom_in(self) -> None:
        """More room for each minute."""
        self._page.zoom(1)

    def zoom_out(self) -> None:
        """More minutes at a glance."""
        self._page.zoom(-1)
