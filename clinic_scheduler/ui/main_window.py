"""The window that the desk lives in: its places, and everything that can be asked of them."""

from datetime import date, datetime
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from clinic_scheduler.errors import ChangedMeanwhile, ClinicError

from . import commands
from .absences import Absences
from .acting import Acting
from .appearance import Appearance
from .asking_why import AskingWhy
from .booking.kept import Prefill
from .booking_desk import BookingDesk
from .calendar_place import CalendarPlace
from .day_printer import DayPrinter
from .desk import Desk
from .going import Going
from .helping import Helping
from .kept_views import KeptViews
from .menu_marks import MenuMarks
from .notice import Notice
from .pinning import Pinning
from .places import CALENDAR, Place
from .searching import Searching
from .status import Status
from .upkeep import Upkeep
from .view_commands import ViewCommands
from .visit_commands import VisitCommands

SCREEN_TOPICS = frozenset(
    {
        "appointment",
        "booking",
        "booking_session",
        "desk_task",
        "pin",
        "time",
        "treatment_plan",
        "waitlist_entry",
    }
)


class MainWindow(QMainWindow):
    """A clinic: the rail, the place that is shown, and a strip for what is told.

    Signals:
        day_shown: the DaySchedule now on the screen.
        theme_chosen: one of theme.CHOICES, to be remembered.
        views_kept: the ways to look at the calendar that are kept, as one text.
        database_wanted: another clinic is to be opened.
        closed: the window is gone for good.
    """

    day_shown = Signal(object)
    theme_chosen = Signal(str)
    views_kept = Signal(str)
    database_wanted = Signal()
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._tasks, self._actor = desk, desk.tasks, desk.actor
        self.setWindowTitle(self.tr("{clinic} - Clinic Scheduler").format(clinic=desk.clinic.name))
        self.resize(1440, 900)
        self.bookings = BookingDesk(desk.tasks, desk.actor, desk.diaries, self)
        self._upkeep = Upkeep(desk.tasks, desk.actor, desk.clinic.where, self)
        self._build()
        self._equip(desk)
        self.helping.actions = self.actions_by_name
        self._marks = MenuMarks(self.actions_by_name, self.page, self.acting, self.looks)
        self._connect()
        self.bookings.forget_catalogue()
        self.going.show_calendar()
        self._upkeep.run()

    def _equip(self, desk: Desk) -> None:
        """Make everybody whose commands stand in the menus."""
        self.visits = VisitCommands(desk.tasks, desk.actor, self.page, self.acting, self.bookings)
        self.views, self.kept_views = ViewCommands(self.page), KeptViews(self.page, desk.views)
        self.looks, self.helping = Appearance(desk.themes, self), Helping(self)
        printer = DayPrinter(desk.tasks, self.page, desk.clinic)
        self.pinning = Pinning(desk.tasks, desk.actor, desk.clinic, self.page, self.acting, self.panel.pins)
        self.absences = Absences(desk.tasks, desk.actor, self.page, self.acting, self.bookings)
        self.asking_why = AskingWhy(desk.tasks, desk.actor, self.page, self.bookings)
        self.searching = Searching(desk.tasks, desk.actor, self.bookings, self)
        everybody = (
            self.going,
            self.searching,
            self.calendar,
            self.plans,
            self.absences,
            self.asking_why,
            self.waitlist,
            self.people,
            self.pinning,
            self.views,
            self.acting,
            self.visits,
            self.looks,
            self.helping,
            self.kept_views,
            printer,
        )
        self.actions_by_name = commands.build(self, desk.actor.permissions, *everybody)

    def _build(self) -> None:
        self.calendar = CalendarPlace(self._desk, self.bookings)
        self.page, self.panel, self.top = self.calendar.page, self.calendar.panel, self.calendar.top
        self.model, self.day_view = self.page.model, self.page.day_view
        self.notice = Notice()
        self.status = Status(self._desk.database, f"{self._actor.name}, {self._actor.workstation}")
        self.setStatusBar(self.status)
        self.acting = Acting(self._tasks, self._actor, self)
        self.going = Going(self._desk, self.calendar, self.bookings, self.acting, self)
        self.places, self.waitlist, self.people = self.going.places, self.going.waitlist, self.going.people
        self.plans = self.going.plans
        self.places.made.connect(self._listen_to)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.plans.strip)
        column.addWidget(self.places.stack, 1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.places.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(whole)

    def _listen_to(self, place: Place) -> None:
        place.told.connect(self.notice.tell)
        place.refused.connect(self.notice.refuse)
        place.visit_wanted.connect(self.going.show_visit)

    def _connect(self) -> None:
        self.calendar.day_shown.connect(self.day_shown)
        self.calendar.clock_read.connect(self._note_clock)
        self.calendar.plan_wanted.connect(self.plans.show_plan)
        self.top.kind_chosen.connect(self._view)
        self.top.columns_chosen.connect(self._show_by)
        self.top.booking_wanted.connect(self.new_booking)
        self.top.search_wanted.connect(self.searching.search_or_book)
        self.searching.record_wanted.connect(self.people.show_person)
        self.searching.visit_wanted.connect(self.going.show_visit)
        self.helping.told.connect(self.notice.tell)
        self.places.changed.connect(self._note_place)
        for view in (self.day_view, self.page.agenda_view):
            view.menu_requested.connect(self._open_menu)
        self.day_view.time_chosen.connect(self._book_at)
        self.day_view.visit_moved.connect(self.visits.move)
        self.acting.told.connect(self.notice.tell)
        self.acting.refused.connect(self._refuse)
        self.acting.refused.connect(self.page.settle)
        self.acting.answered.connect(self._read_what_changes)
        self.waitlist.refused.connect(self.notice.refuse)
        self.plans.refused.connect(self.notice.refuse)
        self.waitlist.proposed.connect(self.notice.propose)
        self.notice.led_on.connect(self.waitlist.show_proposed)
        for speaker in (self.visits, self.absences, self.asking_why, self.pinning, self.waitlist, self.plans):
            speaker.told.connect(self.notice.tell)
        self.kept_views.kept.connect(self.views_kept)
        self.kept_views.told.connect(self.notice.tell)
        self.looks.chosen.connect(self.theme_chosen)
        self.bookings.told.connect(self.notice.tell)
        self.bookings.cancelled.connect(self.visits.cancel_parts)
        self.bookings.ended.connect(self._read_what_changes)
        self._tasks.refused.connect(self._refuse)
        self._tasks.busy.connect(self.status.note_busy)
        self._tasks.changed.connect(self.hear)
        self._desk.live.changed.connect(self.hear)
        self._desk.live.connected.connect(self.status.note_line)
        self._upkeep.told.connect(self.status.show_upkeep)

    @property
    def clinic_name(self) -> str:
        """The clinic on the screen."""
        return self._desk.clinic.name

    def refresh(self) -> None:
        """Read everything on the screen anew."""
        self.bookings.forget_catalogue()
        self._read_what_changes()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Bring the screen up to date after a change, here or at another desk; None stands for anything."""
        self.bookings.hear(changes)
        self.waitlist.hear(changes)
        if changes is None or any(getattr(change, "topic", "") not in SCREEN_TOPICS for change in changes):
            self.bookings.forget_catalogue()
        if self.places.shown == CALENDAR:
            self._read_what_changes()
        else:
            self.places.hear(changes)

    def _note_clock(self, now: datetime) -> None:
        self.status.note_read(f"{now.astimezone(self._desk.clinic.where):%H:%M}")

    def _note_place(self, name: str) -> None:
        self._marks.note_place(name)
        if name == CALENDAR:
            self.pinning.read()

    def show_day(self, day: date) -> None:
        """Turn the calendar to a day."""
        self.page.show_day(day)

    def _view(self, kind: str) -> None:
        self.actions_by_name[f"view_{kind}"].trigger()

    def _show_by(self, by: str) -> None:
        self.actions_by_name["show_rooms" if by == "room" else "show_practitioners"].trigger()

    def _open_menu(self, visit_id: UUID | None, place: QPoint) -> None:
        self.visits.open_menu(self.actions_by_name, visit_id, place)

    def cancel_visit(self) -> None:
        """Ask which parts of the selected visit are cancelled."""
        self.bookings.ask_to_cancel(self.panel.visit.shown)

    def new_booking(self) -> None:
        """Begin a booking, or come back to the one that is open here."""
        self.bookings.begin()

    def new_booking_here(self) -> None:
        """Begin a booking at the time that the keyboard stands on."""
        time = self.page.cursor_time()
        if time is None:
            self.bookings.begin()
        else:
            self._book_at(*time)

    def _book_at(self, resource_id: UUID, start: datetime) -> None:
        practitioner = resource_id if self.page.view.by == "practitioner" else None
        day = self.page.local_day(start)
        self.bookings.begin(Prefill(day=day, start=start, practitioner_id=practitioner))

    def _refuse(self, error: ClinicError) -> None:
        self.notice.refuse(error)
        if isinstance(error, ChangedMeanwhile):  # the line to the others may be down
            self._read_what_changes()

    def _read_what_changes(self) -> None:
        if self.places.shown == CALENDAR:
            self.calendar.read()
            self.pinning.read()
        else:
            self.places.hear(None)

    def sweep_now(self) -> None:
        """Clear away holds and unfinished bookings that have expired."""
        self._upkeep.run()

    def open_another(self) -> None:
        """Ask which clinic to open instead."""
        self.database_wanted.emit()

    def quit(self) -> None:
        """Close the window; an open booking waits in the tray."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._upkeep.stop()
        self.bookings.park()
        super().closeEvent(event)
        self.closed.emit()
