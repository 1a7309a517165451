"""The window that the desk lives in: the day, what stands beside it, and what can be asked of it."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from clinic_scheduler import __version__
from clinic_scheduler.errors import ChangedMeanwhile, ClinicError
from clinic_scheduler.services import details
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.unfinished import Unfinished

from . import commands, printing
from .booking.kept import Prefill
from .booking_desk import BookingDesk
from .calendar.day_view import DayView
from .calendar.model import ScheduleModel
from .desk import Desk
from .month_grid import within
from .notice import Notice
from .side_panel import SidePanel
from .status import Status
from .top_bar import TopBar
from .upkeep import Upkeep

SCREEN_TOPICS = frozenset({"appointment", "booking", "booking_session", "time"})


class MainWindow(QMainWindow):
    """The day of a clinic.

    Signals:
        day_shown: the DaySchedule now on the screen.
        theme_chosen: one of theme.CHOICES, to be remembered.
        database_wanted: another clinic is to be opened.
        closed: the window is gone for good.
    """

    day_shown = Signal(object)
    theme_chosen = Signal(str)
    database_wanted = Signal()
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._tasks, self._actor = desk, desk.tasks, desk.actor
        self._day: date | None = None
        self._by = "practitioner"
        self.setWindowTitle(self.tr("{clinic} - Clinic Scheduler").format(clinic=desk.clinic.name))
        self.resize(1440, 900)
        self.bookings = BookingDesk(desk.tasks, desk.actor, desk.diaries, self)
        self._upkeep = Upkeep(desk.tasks, desk.actor, desk.clinic.where, self)
        self._build()
        self.actions_by_name = commands.build(self, desk.actor.permissions)
        self._mark_choices()
        self._connect()
        self.refresh()
        self._upkeep.run()

    def _build(self) -> None:
        self.model = ScheduleModel(self)
        self.day_view = DayView()
        self.day_view.set_model(self.model)
        self.top = TopBar()
        self.notice = Notice()
        self.panel = SidePanel(self._actor, self._desk.clinic.where, date.today())  # noqa: DTZ011  (until the day is read)
        self.status = Status(self._desk.database, f"{self._actor.name}, {self._actor.workstation}")
        self.setStatusBar(self.status)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.day_view, 1)
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
        self.top.stepped.connect(self.step_day)
        self.top.today_wanted.connect(self.show_today)
        self.top.columns_chosen.connect(self._show_by)
        self.top.booking_wanted.connect(self.new_booking)
        self.day_view.visit_selected.connect(self._select)
        self.day_view.visit_opened.connect(self._select)
        self.day_view.time_chosen.connect(self._book_at)
        self.day_view.day_stepped.connect(self.step_day)
        self.panel.month.chosen.connect(self.show_day)
        self.panel.month.month_shown.connect(self._read_load)
        self.panel.tray.resumed.connect(self.bookings.resume)
        self.panel.tray.discarded.connect(self.bookings.discard)
        self.panel.visit.cancel_wanted.connect(self.bookings.ask_to_cancel)
        self.bookings.told.connect(self.notice.tell)
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
        if changes is not None and all(getattr(change, "topic", "") in SCREEN_TOPICS for change in changes):
            self._read_what_changes()
        else:
            self.refresh()

    def _read_day(self) -> None:
        work = partial(calendar.day, clinic_id=self._desk.clinic.id, on=self._day, by=self._by)
        self._tasks.read(self, work, self._show_schedule, latest="day")

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

    def _show_schedule(self, schedule: DaySchedule) -> None:
        self._day = schedule.day
        today = schedule.now.astimezone(self._desk.clinic.where).date()
        self.model.show(schedule)
        self.top.show_day(schedule.day, today)
        self.panel.month.show_day(schedule.day, today)
        if self.day_view.selected is not None:
            self._select(self.day_view.selected)
        self.day_shown.emit(schedule)

    def show_day(self, day: date) -> None:
        """Turn to a day."""
        self._day = within(day)
        self._read_day()

    def step_day(self, days: int) -> None:
        """Turn some days on or back."""
        if self._day is not None:
            self.show_day(self._day + timedelta(days=days))

    def show_today(self) -> None:
        """Turn to today, by the database's clock."""
        self._day = None
        self._read_day()

    def show_previous(self) -> None:
        """Turn to the day before."""
        self.step_day(-1)

    def show_next(self) -> None:
        """Turn to the day after."""
        self.step_day(1)

    def show_practitioners(self) -> None:
        """One column a practitioner."""
        self._show_by("practitioner")

    def show_rooms(self) -> None:
        """One column a room."""
        self._show_by("room")

    def zoom_in(self) -> None:
        """More room for each minute."""
        self.day_view.zoom_by(1)

    def zoom_out(self) -> None:
        """More minutes at a glance."""
        self.day_view.zoom_by(-1)

    def toggle_panel(self) -> None:
        """Show or hide what stands at the side."""
        self.panel.setVisible(self.panel.isHidden())

    def _show_by(self, by: str) -> None:
        self._by = by
        self.top.show_columns(by)
        self._mark_choices()
        self._read_day()

    def _select(self, appointment_id: UUID | None) -> None:
        visit = self.model.visit(appointment_id) if appointment_id is not None else None
        if visit is None:
            self.panel.visit.clear()
            return
        work = partial(details.of_booking, actor=self._actor, booking_id=visit.booking_id)
        self._tasks.read(self, work, self._show_visit, latest="visit")

    def _show_visit(self, found: details.VisitDetails) -> None:
        """Show what was read, unless something else is selected by now."""
        if any(part.id == self.day_view.selected for part in found.parts):
            self.panel.visit.show_visit(found)

    def cancel_visit(self) -> None:
        """Ask which parts of the selected visit are cancelled."""
        self.bookings.ask_to_cancel(self.panel.visit.shown)

    def new_booking(self) -> None:
        """Begin a booking, or come back to the one that is open here."""
        self.bookings.begin()

    def _book_at(self, resource_id: UUID, minute: int) -> None:
        schedule = self.model.schedule
        if schedule is not None:
            practitioner = resource_id if self._by == "practitioner" else None
            start = schedule.midnight + timedelta(minutes=minute)
            self.bookings.begin(Prefill(day=schedule.day, start=start, practitioner_id=practitioner))

    def _refuse(self, error: ClinicError) -> None:
        self.notice.refuse(error)
        if isinstance(error, ChangedMeanwhile):  # the line to the others may be down
            self._read_what_changes()

    def _read_what_changes(self) -> None:
        self._read_day()
        self._read_tray()
        self._read_load(*self.panel.month.visible())

    def print_day(self) -> None:
        """Open the print preview of the day on the screen."""
        schedule = self.model.schedule
        if schedule is not None:
            printed_at = schedule.now.astimezone(self._desk.clinic.where)
            printing.open_preview(self, schedule, clinic=self._desk.clinic.name, printed_at=printed_at)

    def sweep_now(self) -> None:
        """Clear away holds and unfinished bookings that have expired."""
        self._upkeep.run()

    def use_system_theme(self) -> None:
        """Follow the system."""
        self._choose_theme("system")

    def use_light_theme(self) -> None:
        """Dark on light."""
        self._choose_theme("light")

    def use_dark_theme(self) -> None:
        """Light on dark."""
        self._choose_theme("dark")

    def use_high_contrast(self) -> None:
        """The strongest contrast."""
        self._choose_theme("high-contrast")

    def _choose_theme(self, choice: str) -> None:
        self._desk.themes.choose(choice)
        self.theme_chosen.emit(choice)
        self._mark_choices()

    def _mark_choices(self) -> None:
        by_theme = {"system": "use_system_theme", "light": "use_light_theme", "dark": "use_dark_theme"}
        self.actions_by_name[by_theme.get(self._desk.themes.choice, "use_high_contrast")].setChecked(True)
        self.actions_by_name["show_rooms" if self._by == "room" else "show_practitioners"].setChecked(True)

    def show_about(self) -> None:
        """Say which version this is."""
        words = self.tr(
            "Clinic Scheduler {version}. Free software under the MIT licence; icons by Lucide (ISC)."
        )
        self.notice.tell(words.format(version=__version__))

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
