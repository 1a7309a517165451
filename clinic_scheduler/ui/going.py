"""The places of the rail: who makes them, and the commands that lead there."""

from datetime import date
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from clinic_scheduler.services.actor import FIGURES

from .acting import Acting
from .booking_desk import BookingDesk
from .calendar_place import CalendarPlace
from .desk import Desk
from .people import People
from .places import BOARD, BOOKINGS, CALENDAR, DASHBOARD, PATIENTS, PLANS, Opening, Place, Places
from .plans.desk import PlansDesk
from .rail import Stop
from .waitlist.desk import WAITLIST, WaitlistDesk


class Going(QObject):
    """Leads from place to place; each is made, and loaded, when somebody first goes there.

    At the start nobody waits for them, and they are a tenth of the program.
    """

    def __init__(
        self, desk: Desk, calendar: CalendarPlace, bookings: BookingDesk, acting: Acting, window: QWidget
    ) -> None:
        super().__init__(window)
        self._desk, self._calendar = desk, calendar
        self._bookings, self._acting = bookings, acting
        self.places = Places(self._openings(), window)
        self.waitlist = WaitlistDesk(desk, calendar.page, bookings, acting, self.places)
        self.people = People(desk, calendar.page, self.places)
        self.plans = PlansDesk(desk, bookings, acting, self.places, window)

    def show_calendar(self) -> None:
        """Go to the calendar."""
        self.places.go(CALENDAR)

    def show_bookings(self) -> None:
        """Go to the list of bookings."""
        self.places.go(BOOKINGS)

    def show_board(self) -> None:
        """Go to the board of today."""
        self.places.go(BOARD)

    def show_dashboard(self) -> None:
        """Go to the figures."""
        self.places.go(DASHBOARD)

    def show_visit(self, day: date, appointment_id: UUID) -> None:
        """Show a visit in the calendar."""
        self.places.go(CALENDAR)
        self._calendar.page.show_visit(day, appointment_id)

    def _openings(self) -> tuple[Opening, ...]:
        """In the order of the rail."""
        everybody = (
            Opening(Stop(CALENDAR, self.tr("Calendar"), "calendar-days", "F12"), self._the_calendar),
            Opening(Stop(BOOKINGS, self.tr("Bookings"), "list", "Ctrl+B"), self._the_bookings),
            Opening(Stop(BOARD, self.tr("Board"), "door-open", "Ctrl+Shift+B"), self._the_board),
            Opening(Stop(WAITLIST, self.tr("Waitlist"), "clock", "F8"), self._the_waitlist),
            Opening(Stop(PATIENTS, self.tr("Patients"), "users", "F7"), self._the_patients),
            Opening(Stop(PLANS, self.tr("Plans"), "clipboard-list", "F11"), self._the_plans),
        )
        if FIGURES not in self._desk.actor.permissions:
            return everybody
        dashboard = Stop(DASHBOARD, self.tr("Dashboard"), "layout-dashboard", "Shift+F12")
        return (*everybody, Opening(dashboard, self._the_dashboard))

    def _the_calendar(self) -> Place:
        return self._calendar

    def _the_bookings(self) -> Place:
        from .bookings.place import BookingsPlace  # noqa: PLC0415 - see above

        return BookingsPlace(self._desk, self._acting, self._bookings)

    def _the_board(self) -> Place:
        from .board.place import BoardPlace  # noqa: PLC0415 - see above

        return BoardPlace(self._desk, self._acting)

    def _the_waitlist(self) -> Place:
        from .waitlist.place import WaitlistPlace  # noqa: PLC0415 - see above

        return WaitlistPlace(self._desk, self.waitlist)

    def _the_patients(self) -> Place:
        from .patients.place import PatientsPlace  # noqa: PLC0415 - see above

        return PatientsPlace(self._desk)

    def _the_plans(self) -> Place:
        return self.plans.make_place()

    def _the_dashboard(self) -> Place:
        from .dashboard.place import DashboardPlace  # noqa: PLC0415 - see above

        return DashboardPlace(self._desk.tasks, self._desk.actor, self._desk.clinic)
