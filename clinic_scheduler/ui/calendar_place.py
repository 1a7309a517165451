"""The calendar and what belongs to it: the strip over it; at its side the month, the tray, the pins, the visit."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clinic_scheduler.services import details
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.plans import reading
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.unfinished import Unfinished

from .booking_desk import BookingDesk
from .calendar.views import View
from .calendar_page import CalendarPage
from .desk import Desk
from .places import Place
from .side_panel import SidePanel
from .top_bar import TopBar


class CalendarPlace(Place):
    """Where the desk lives.

    Signals:
        day_shown: the DaySchedule now on the screen.
        clock_read: the database's time of what is shown.
        plan_wanted: the id of a plan, to be shown in its place.
    """

    day_shown = Signal(object)
    clock_read = Signal(object)
    plan_wanted = Signal(object)

    def __init__(self, desk: Desk, bookings: BookingDesk) -> None:
        super().__init__()
        self._tasks, self._actor, self._clinic_id = desk.tasks, desk.actor, desk.clinic.id
        self._bookings = bookings
        self.page = CalendarPage(desk.tasks, desk.actor, desk.clinic)
        self.top = TopBar()
        self.panel = SidePanel(desk.actor, desk.clinic.where, date.today())  # noqa: DTZ011  (until the day is read)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.page, 1)
        beside.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(beside, 1)
        self._connect()

    def _connect(self) -> None:
        self.top.stepped.connect(self.page.step)
        self.top.today_wanted.connect(self.page.show_today)
        self.top.one_chosen.connect(self.page.look_at)
        self.top.day.chosen.connect(self.page.show_day)
        self.top.day.left.connect(self.page.setFocus)
        self.page.schedule_shown.connect(self._show_schedule)
        self.page.month_shown.connect(self._show_when)
        self.page.view_changed.connect(self._mark_view)
        self.page.refused.connect(self.refused)
        for view in (self.page.day_view, self.page.agenda_view):
            view.visit_selected.connect(self._select)
            view.visit_opened.connect(self._select)
        self.page.day_view.day_stepped.connect(self.page.step)
        self.page.day_view.dragging.told.connect(self.told)
        self.panel.month.chosen.connect(self.page.show_day)
        self.panel.month.month_shown.connect(self._read_load)
        self.panel.tray.resumed.connect(self._bookings.resume)
        self.panel.tray.discarded.connect(self._bookings.discard)
        self.panel.visit.cancel_wanted.connect(self._bookings.ask_to_cancel)
        self.panel.plan.plan_wanted.connect(self.plan_wanted)
        self._bookings.opened.connect(self.read_tray)

    def come(self) -> None:
        """Read everything that is looked at, and walk the calendar by keyboard."""
        self.read()
        self.page.setFocus()

    def read(self) -> None:
        """Read everything that is looked at anew."""
        self.page.read()
        self.read_tray()
        self._read_load(*self.panel.month.visible())

    def read_tray(self) -> None:
        """Read the unfinished bookings anew."""
        work = partial(booking_session.unfinished, actor=self._actor)
        self._tasks.read(self, work, self._show_tray, latest="tray")

    def go_to_day(self) -> None:
        """Let a day be typed."""
        self.top.day.ask()

    def toggle_panel(self) -> None:
        """Show or hide what stands at the side."""
        self.panel.setVisible(self.panel.isHidden())

    def _read_load(self, first: date, last: date) -> None:
        work = partial(calendar.busy_days, clinic_id=self._clinic_id, first=first, last=last)
        self._tasks.read(self, work, self.panel.month.show_load, latest="load")

    def _show_tray(self, bookings: tuple[Unfinished, ...]) -> None:
        others = [booking for booking in bookings if booking.id != self._bookings.open_id]
        self.panel.tray.show_bookings(others)

    def _show_when(self, first: date, now: datetime) -> None:
        """Say what is looked at, and when it was read."""
        self.clock_read.emit(now)
        today = self.page.local_day(now)
        self.top.show_day(self.page.view, first, today)
        self.top.show_view(self.page.view, self.page.everybody)
        self.panel.month.show_day(self.page.day or first, today)
        if self.page.selected is None:
            self._clear_visit()

    def _show_schedule(self, schedule: DaySchedule) -> None:
        self._show_when(schedule.day, schedule.now)
        if self.page.selected is not None:
            self._select(self.page.selected)
        self.day_shown.emit(schedule)

    def _mark_view(self, view: View) -> None:
        self.top.show_view(view, self.page.everybody)

    def _select(self, appointment_id: UUID | None) -> None:
        visit = self.page.visit(appointment_id)
        if visit is None:
            self._clear_visit()
            return
        work = partial(details.of_booking, actor=self._actor, booking_id=visit.booking_id)
        self._tasks.read(self, work, self._show_visit, latest="visit")

    def _show_visit(self, found: details.VisitDetails) -> None:
        """Show what was read, unless something else is selected by now."""
        if any(part.id == self.page.selected for part in found.parts):
            self.panel.visit.show_visit(found)
            self._read_plan(found)

    def _clear_visit(self) -> None:
        self.panel.visit.clear()
        self.panel.plan.show_plan(None)

    def _read_plan(self, found: details.VisitDetails) -> None:
        """Show the plan that the visit is a session of, beside it."""
        session = next((part.id for part in found.parts if part.counter), None)
        if session is None:
            self.panel.plan.show_plan(None)
            return
        work = partial(reading.of_appointment, actor=self._actor, appointment_id=session)
        self._tasks.read(self, work, self._show_plan, latest="plan")

    def _show_plan(self, plan: PlanView | None) -> None:
        """Show what was read, unless another visit is selected by now."""
        shown = self.panel.visit.shown
        own = {one.appointment_id for one in plan.sessions} if plan else set()
        if shown is not None and own.intersection(part.id for part in shown.parts):
            self.panel.plan.show_plan(plan)
