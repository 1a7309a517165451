"""The calendar of the main window: reads the days that are looked at, shows them, answers where a visit may go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.changing import targets
from clinic_scheduler.services.days import calendar, side_by_side
from clinic_scheduler.services.days.schedule import Column, DaySchedule, Visit

from .calendar.day_view import DayView
from .calendar.drag import Drag
from .calendar.geometry import MIN_COLUMN, ZOOMS
from .calendar.model import ScheduleModel
from .calendar.views import Kind, View
from .columns_dialog import ColumnsDialog
from .month_grid import within
from .tasks import Tasks

NARROWEST = 64  # of columns where several people stand side by side for a whole week
MOST_WHYS = 3


class CalendarPage(QWidget):
    """One model, looked at in several ways.

    Signals:
        schedule_shown: the DaySchedule now on the screen.
        view_changed: the View it is looked at in.
        refused: a ClinicError.
    """

    schedule_shown = Signal(object)
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
        self._shown: tuple[View, date | None] | None = None
        self.model = ScheduleModel(self)
        self.day_view = DayView()
        self.day_view.set_model(self.model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.day_view)
        self.setFocusProxy(self.day_view)
        dragging = self.day_view.dragging
        dragging.targets_wanted.connect(self._read_targets)
        dragging.why_wanted.connect(self._read_why)

    def read(self) -> None:
        """Read what is looked at anew; without a day, today."""
        view, day = self.view, self.day
        work = partial(
            calendar.days,
            clinic_id=self._clinic_id,
            first=view.first(day) if day else None,
            count=view.count,
            by=view.by,
        )
        self._tasks.read(self, work, partial(self._show, view), latest="days")

    def show_day(self, day: date) -> None:
        """Turn to a day."""
        self.day = within(day)
        self.read()

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

    def show_previous(self) -> None:
        """Turn a page back."""
        self.step(-1)

    def show_next(self) -> None:
        """Turn a page on."""
        self.step(1)

    def view_day(self) -> None:
        """A column for each practitioner or room."""
        self.look(replace(self.view, kind=Kind.DAY))

    def view_days(self) -> None:
        """Several days side by side."""
        self.look(replace(self.view, kind=Kind.DAYS))

    def view_week(self) -> None:
        """A week: of whoever the keyboard stands on, or as it was looked at before."""
        spot, schedule = self.day_view.spot, self.model.schedule
        of = self.view.of
        if self.view.kind is Kind.DAY and spot is not None and schedule is not None:
            of = schedule.columns[spot.column].resource_id
        self.look(replace(self.view, kind=Kind.WEEK, of=of))

    def show_practitioners(self) -> None:
        """Practitioners side by side."""
        self.look(self.view.turned("practitioner"))

    def show_rooms(self) -> None:
        """Rooms side by side."""
        self.look(self.view.turned("room"))

    def choose_columns(self) -> None:
        """Ask who stands in the calendar, in which order."""
        dialog = ColumnsDialog(self.everybody, self.view.columns, self.window())
        dialog.chosen.connect(self._show_columns)
        dialog.open()

    def _show_columns(self, columns: tuple[UUID, ...]) -> None:
        self.look(replace(self.view, columns=columns))

    def colour_by_service(self) -> None:
        """The hue of a visit says what is done."""
        self.look(replace(self.view, colour_by="service"))

    def colour_by_practitioner(self) -> None:
        """The hue of a visit says with whom."""
        self.look(replace(self.view, colour_by="practitioner"))

    def colour_by_status(self) -> None:
        """The hue of a visit says how far it is."""
        self.look(replace(self.view, colour_by="status"))

    def zoom_in(self) -> None:
        """More room for each minute."""
        self.zoom(1)

    def zoom_out(self) -> None:
        """More minutes at a glance."""
        self.zoom(-1)

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
        return self.day_view.selected

    def cursor_time(self) -> tuple[UUID, datetime] | None:
        """Resource id and instant of the empty time that the keyboard stands on."""
        return self.day_view.cursor_time()

    def cursor_place(self) -> QPoint:
        """Where on the screen that is."""
        rect = self.day_view.rect_of_spot()
        return self.day_view.viewport().mapToGlobal(rect.center() if rect else QPoint(0, 0))

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
        is_other = self._shown != (view, self.day)
        self._shown = view, self.day
        self.model.show(schedule)
        if is_other and self.day in schedule.dates:
            self.day_view.scroll_to_column(schedule.dates.index(self.day))
        if self.day_view.dragging.is_waiting:
            self.day_view.dragging.settle()
        self.schedule_shown.emit(schedule)

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
