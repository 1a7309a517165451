"""The calendar of the main window: reads the days that are looked at, shows them, answers where a visit may go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.changing import targets
from clinic_scheduler.services.days import calendar, months, side_by_side
from clinic_scheduler.services.days.months import Month
from clinic_scheduler.services.days.schedule import Column, DaySchedule, Visit

from .calendar.agenda_view import AgendaView
from .calendar.day_view import DayView
from .calendar.drag import Drag
from .calendar.geometry import MIN_COLUMN, ZOOMS
from .calendar.model import ScheduleModel
from .calendar.views import Kind, View, month_start
from .month_grid import within
from .tasks import Tasks

if TYPE_CHECKING:
    from .calendar.month_view import MonthView

NARROWEST = 64  # of columns where several people stand side by side for a whole week
MOST_WHYS = 3


class CalendarPage(QWidget):
    """One model, looked at in several ways.

    Signals:
        schedule_shown: the DaySchedule now on the screen.
        month_shown: the day of the month now on the screen, and the database's clock.
        view_changed: the View it is looked at in.
        refused: a ClinicError.
    """

    schedule_shown = Signal(object)
    month_shown = Signal(object, object)
    view_changed = Signal(object)
    refused = Signal(object)

    def __init__(
        self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks, self._actor, self._clinic_id = tasks, actor, clinic.id
        self._where = clinic.where
        self.day: date | None = None
        self.view = View()
        self.everybody: tuple[Column, ...] = ()
        self._wanted: UUID | None = None
        self._shown: tuple[View, date | None] | None = None
        self.model = ScheduleModel(self)
        self.day_view = DayView()
        self.day_view.set_model(self.model)
        self.agenda_view = AgendaView()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.day_view)
        self.stack.addWidget(self.agenda_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self.setFocusProxy(self.day_view)
        dragging = self.day_view.dragging
        dragging.targets_wanted.connect(self._read_targets)
        dragging.why_wanted.connect(self._read_why)

    @cached_property
    def month_view(self) -> "MonthView":
        """Made when somebody first looks at a month: a table, and all that Qt needs for one."""
        from .calendar.month_view import MonthView  # noqa: PLC0415

        made = MonthView()
        made.day_opened.connect(self._open_day)
        made.day_selected.connect(self._note_day)
        made.month_stepped.connect(self.step)
        self.stack.addWidget(made)
        return made

    def read(self) -> None:
        """Read what is looked at anew; without a day, today."""
        view, day = self.view, self.day
        if view.kind is Kind.MONTH:
            self._read_month(view, day or self.local_day(datetime.now(UTC)))
            return
        work = partial(
            calendar.days,
            clinic_id=self._clinic_id,
            first=view.first(day) if day else None,
            count=view.count,
            by=view.by,
        )
        self._tasks.read(self, work, partial(self._show, view), latest="days")

    def _read_month(self, view: View, day: date) -> None:
        work = partial(
            months.month, clinic_id=self._clinic_id, first=month_start(day), by=view.by, of=view.of
        )
        self._tasks.read(self, work, partial(self._show_month, view, day), latest="days")

    def show_day(self, day: date) -> None:
        """Turn to a day."""
        self.day = within(day)
        self.read()

    def show_visit(self, day: date, appointment_id: UUID) -> None:
        """Turn to a day and select a visit of it, once it is shown."""
        self._wanted = appointment_id
        self.show_day(day)

    def show_today(self) -> None:
        """Turn to today, by the database's clock."""
        self.day = self._today()
        self.read()

    def step(self, by: int) -> None:
        """Turn some pages on or back."""
        if self.day is not None:
            self.show_day(self.view.stepped(self.day, by))

    def look(self, view: View) -> None:
        """Look at it in another way."""
        if view == self.view:
            return
        is_other_time = (view.kind, view.by) != (self.view.kind, self.view.by)
        self.view = view
        self.day_view.set_colour_by(view.colour_by)
        self.day_view.set_zoom(next((z for z in ZOOMS if z.step == view.zoom), self.day_view.zoom))
        self.day_view.set_min_column(NARROWEST if view.kind is Kind.WEEK else MIN_COLUMN)
        self.view_changed.emit(view)
        if is_other_time:
            self.day = self.day or self._today()
        self.read()

    def zoom(self, steps: int) -> None:
        """Closer (positive) or wider."""
        self.day_view.zoom_by(steps)
        self.view = replace(self.view, zoom=self.day_view.zoom.step)

    def look_at(self, resource_id: UUID | None) -> None:
        """Look at one practitioner or room, or at everybody."""
        self.look(replace(self.view, of=resource_id))

    @property
    def selected(self) -> UUID | None:
        """The appointment that is selected."""
        here = self.stack.currentWidget()
        return next((one.selected for one in (self.day_view, self.agenda_view) if one is here), None)

    def cursor_time(self) -> tuple[UUID, datetime] | None:
        """Resource id and instant of the empty time that the keyboard stands on."""
        return self.day_view.cursor_time() if self.stack.currentWidget() is self.day_view else None

    def cursor_place(self) -> QPoint:
        """Where on the screen that is."""
        rect = self.day_view.rect_of_spot()
        return self.day_view.viewport().mapToGlobal(rect.center() if rect else QPoint(0, 0))

    def practitioner(self) -> UUID | None:
        """Whom the keyboard stands on, or who is looked at alone."""
        spot, schedule = self.day_view.spot, self.model.schedule
        if self.view.by != "practitioner":
            return None
        if self.stack.currentWidget() is self.day_view and spot is not None and schedule is not None:
            return schedule.columns[spot.column].resource_id
        return self.view.of

    def beginning(self) -> datetime:
        """The midnight of the day that is looked at, or that the keyboard stands on."""
        spot, schedule = self.day_view.spot, self.model.schedule
        day = self.day or self.local_day(datetime.now(UTC))
        if self.stack.currentWidget() is self.day_view and spot is not None and schedule is not None:
            day = schedule.date_of(spot.column)
        return localtime.midnight(day, self._where)

    def local_day(self, instant: datetime) -> date:
        """The clinic's day of an instant."""
        return localtime.local_day(instant, self._where)

    def visit(self, appointment_id: UUID | None) -> Visit | None:
        """A visit that is shown."""
        return self.model.visit(appointment_id) if appointment_id is not None else None

    def _today(self) -> date | None:
        now = self.day_view.live.now()
        if now is None:
            return None
        return self.local_day(now)

    def _show(self, view: View, days: Sequence[DaySchedule]) -> None:
        if view != self.view:  # it was turned meanwhile
            return
        first = days[0]
        self.everybody = first.columns
        if view.kind is Kind.DAY:
            schedule = side_by_side.only(first, view.columns) if view.columns else first
        else:
            schedule = side_by_side.side_by_side(days, view.wanted)
        if self.day is None or not first.day <= self.day <= days[-1].day:
            self.day = first.day
        if view.kind is Kind.AGENDA:
            self.agenda_view.show_days(days, view.of, first.day if self.day is None else self.day)
        self._turn_to(self.agenda_view if view.kind is Kind.AGENDA else self.day_view)
        is_other = self._shown != (view, self.day)
        self._shown = view, self.day
        self.model.show(schedule)
        if is_other and self.day in schedule.dates:
            self.day_view.scroll_to_column(schedule.dates.index(self.day))
        if self.day_view.dragging.is_waiting:
            self.day_view.dragging.settle()
        if self._wanted is not None:
            view_now = self.agenda_view if view.kind is Kind.AGENDA else self.day_view
            view_now.select(self._wanted)
            self._wanted = None
        self.schedule_shown.emit(schedule)

    def _show_month(self, view: View, day: date, month: Month) -> None:
        if view != self.view:
            return
        self.day, self.everybody = day, month.columns
        self.model.show(None)
        self.month_view.show_month(month, day, self.local_day(month.now))
        self._turn_to(self.month_view)
        self.month_shown.emit(day, month.now)

    def _turn_to(self, view: QWidget) -> None:
        before = self.stack.currentWidget()
        if before is view:
            return
        had_keyboard = before is not None and before.hasFocus()
        self.stack.setCurrentWidget(view)
        self.setFocusProxy(view)
        if had_keyboard:
            view.setFocus()

    def _note_day(self, day: date) -> None:
        if self.stack.currentWidget() is self.month_view:
            self.day = day

    def _open_day(self, day: date) -> None:
        self.day = day
        self.look(replace(self.view, kind=Kind.DAY))

    def settle(self) -> None:
        """What was dropped is refused: it stands where it stood."""
        if self.day_view.dragging.is_waiting:
            self.day_view.dragging.settle()

    def _read_targets(self, visit: Visit, is_whole: bool) -> None:
        schedule = self.model.schedule
        if schedule is None:
            return
        work = partial(
            targets.of_appointment,
            actor=self._actor,
            appointment_id=visit.id,
            first=schedule.day,
            count=self.view.count,
            by=self.view.by,
            is_whole=is_whole,
        )
        self._tasks.read(
            self, work, self.day_view.dragging.show_targets, refused=self._give_up, latest="targets"
        )

    def _give_up(self, error: ClinicError) -> None:
        self.day_view.dragging.cancel()
        self.refused.emit(error)

    def _read_why(self, drag: Drag) -> None:
        schedule = self.model.schedule
        if schedule is None or drag.visit is None:
            return
        work = partial(
            targets.why_not,
            actor=self._actor,
            appointment_id=drag.visit.id,
            resource_id=schedule.columns[drag.column].resource_id,
            start=schedule.instant(drag.column, drag.start),
            by=self.view.by,
        )
        self._tasks.read(self, work, self._show_why, refused=self._say_why, latest="why")

    def _show_why(self, sentences: Sequence[str]) -> None:
        self.day_view.dragging.show_why(" ".join(sentences[:MOST_WHYS]))

    def _say_why(self, error: ClinicError) -> None:
        self.day_view.dragging.show_why(str(error))
