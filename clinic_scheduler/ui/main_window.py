"""The window that the desk lives in: the day, what stands beside it, and what can be asked of it."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from clinic_scheduler.errors import ChangedMeanwhile, ClinicError
from clinic_scheduler.services import details
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.unfinished import Unfinished

from . import commands
from .acting import Acting
from .appearance import Appearance
from .booking.kept import Prefill
from .booking_desk import BookingDesk
from .calendar.views import View
from .calendar_page import CalendarPage
from .day_printer import DayPrinter
from .desk import Desk
from .helping import Helping
from .kept_views import KeptViews
from .menu_marks import MenuMarks
from .notice import Notice
from .people import People
from .pinning import Pinning
from .side_panel import SidePanel
from .status import Status
from .top_bar import TopBar
from .upkeep import Upkeep
from .view_commands import ViewCommands
from .visit_commands import VisitCommands

SCREEN_TOPICS = frozenset({"appointment", "booking", "booking_session", "pin", "time"})


class MainWindow(QMainWindow):
    """The day of a clinic.

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
        self.refresh()
        self._upkeep.run()

    def _equip(self, desk: Desk) -> None:
        """Make everybody whose commands stand in the menus."""
        self.acting = Acting(desk.tasks, desk.actor, self)
        self.visits = VisitCommands(desk.tasks, desk.actor, self.page, self.acting, self.bookings)
        self.views, self.kept_views = ViewCommands(self.page), KeptViews(self.page, desk.views)
        self.looks, self.helping = Appearance(desk.themes, self), Helping(self)
        printer = DayPrinter(desk.tasks, self.page, desk.clinic)
        self.pinning = Pinning(desk.tasks, desk.actor, desk.clinic, self.page, self.acting, self.panel.pins)
        self.people = People(desk.tasks, desk.actor, desk.clinic, self.page)
        everybody = (
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
        self.page = CalendarPage(self._tasks, self._actor, self._desk.clinic)
        self.model, self.day_view = self.page.model, self.page.day_view
        self.top = TopBar()
        self.notice = Notice()
        self.panel = SidePanel(self._actor, self._desk.clinic.where, date.today())  # noqa: DTZ011  (until the day is read)
        self.status = Status(self._desk.database, f"{self._actor.name}, {self._actor.workstation}")
        self.setStatusBar(self.status)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.page, 1)
        middle.addWidget(self.panel)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.notice)
        column.addLayout(middle, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.top.stepped.connect(self.page.step)
        self.top.today_wanted.connect(self.page.show_today)
        self.top.kind_chosen.connect(self._view)
        self.top.columns_chosen.connect(self._show_by)
        self.top.one_chosen.connect(self.page.look_at)
        self.top.booking_wanted.connect(self.new_booking)
        self.top.day.chosen.connect(self.page.show_day)
        self.top.day.left.connect(self.page.setFocus)
        self.helping.told.connect(self.notice.tell)
        self.page.schedule_shown.connect(self._show_schedule)
        self.page.month_shown.connect(self._show_when)
        self.page.view_changed.connect(self._mark_view)
        self.page.refused.connect(self.notice.refuse)
        for view in (self.day_view, self.page.agenda_view):
            view.visit_selected.connect(self._select)
            view.visit_opened.connect(self._select)
            view.menu_requested.connect(self._open_menu)
        self.day_view.time_chosen.connect(self._book_at)
        self.day_view.day_stepped.connect(self.page.step)
        self.day_view.visit_moved.connect(self.visits.move)
        self.acting.told.connect(self.notice.tell)
        self.acting.refused.connect(self._refuse)
        self.acting.refused.connect(self.page.settle)
        self.day_view.dragging.told.connect(self.notice.tell)
        self.acting.answered.connect(self._read_what_changes)
        self.visits.told.connect(self.notice.tell)
        self.pinning.told.connect(self.notice.tell)
        self.kept_views.kept.connect(self.views_kept)
        self.kept_views.told.connect(self.notice.tell)
        self.looks.chosen.connect(self.theme_chosen)
        self.panel.month.chosen.connect(self.page.show_day)
        self.panel.month.month_shown.connect(self._read_load)
        self.panel.tray.resumed.connect(self.bookings.resume)
        self.panel.tray.discarded.connect(self.bookings.discard)
        self.panel.visit.cancel_wanted.connect(self.bookings.ask_to_cancel)
        self.bookings.told.connect(self.notice.tell)
        self.bookings.cancelled.connect(self.visits.cancel_parts)
        self.bookings.ended.connect(self._read_what_changes)
        self.bookings.opened.connect(self._read_tray)
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
        self.people.hear(changes)
        if changes is not None and all(getattr(change, "topic", "") in SCREEN_TOPICS for change in changes):
            self._read_what_changes()
        else:
            self.refresh()

    def _read_tray(self) -> None:
        work = partial(booking_session.unfinished, actor=self._actor)
        self._tasks.read(self, work, self._show_tray, latest="tray")

    def _read_load(self, first: date, last: date) -> None:
        work = partial(calendar.busy_days, clinic_id=self._desk.clinic.id, first=first, last=last)
        self._tasks.read(self, work, self.panel.month.show_load, latest="load")

    def _show_tray(self, bookings: tuple[Unfinished, ...]) -> None:
        self.panel.tray.show_bookings(
            [booking for booking in bookings if booking.id != self.bookings.open_id]
        )

    def _show_when(self, first: date, now: datetime) -> None:
        """Say what is looked at, and when it was read."""
        self.status.note_read(f"{now.astimezone(self._desk.clinic.where):%H:%M}")
        today = self.page.local_day(now)
        self.top.show_day(self.page.view, first, today)
        self.top.show_view(self.page.view, self.page.everybody)
        self.panel.month.show_day(self.page.day or first, today)
        if self.page.selected is None:
            self.panel.visit.clear()

    def _show_schedule(self, schedule: DaySchedule) -> None:
        self._show_when(schedule.day, schedule.now)
        if self.page.selected is not None:
            self._select(self.page.selected)
        self.day_shown.emit(schedule)

    def show_day(self, day: date) -> None:
        """Turn to a day."""
        self.page.show_day(day)

    def go_to_day(self) -> None:
        """Let a day be typed."""
        self.top.day.ask()

    def _view(self, kind: str) -> None:
        self.actions_by_name[f"view_{kind}"].trigger()

    def _show_by(self, by: str) -> None:
        self.actions_by_name["show_rooms" if by == "room" else "show_practitioners"].trigger()

    def _mark_view(self, view: View) -> None:
        self.top.show_view(view, self.page.everybody)

    def _open_menu(self, visit_id: UUID | None, place: QPoint) -> None:
        self.visits.open_menu(self.actions_by_name, visit_id, place)

    def toggle_panel(self) -> None:
        """Show or hide what stands at the side."""
        self.panel.setVisible(self.panel.isHidden())

    def _select(self, appointment_id: UUID | None) -> None:
        visit = self.page.visit(appointment_id)
        if visit is None:
            self.panel.visit.clear()
            return
        work = partial(details.of_booking, actor=self._actor, booking_id=visit.booking_id)
        self._tasks.read(self, work, self._show_visit, latest="visit")

    def _show_visit(self, found: details.VisitDetails) -> None:
        """Show what was read, unless something else is selected by now."""
        if any(part.id == self.page.selected for part in found.parts):
            self.panel.visit.show_visit(found)

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
        self.page.read()
        self.pinning.read()
        self._read_tray()
        self._read_load(*self.panel.month.visible())

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
