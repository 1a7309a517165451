"""The sheet that a patient takes home: the sessions of one plan, with days, times and people; nobody else's data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import reading
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import GONE, PlanView, SessionView
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.print_canvas import Canvas
from clinic_scheduler.ui.printing import Paper, open_preview, printed_words

from . import words

INK, MUTED, LINE = QColor("#111111"), QColor("#444444"), QColor("#BBBBBB")
MARGIN, HEAD, ROW, FOOT = 16.0, 9.0, 11.0, 12.0  # millimetres, as every length here
NUMBER, DAY, TIME, WHO = 0.0, 78.0, 122.0, 138.0  # where the columns begin


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plan and the clinic that prints it; `printed_at` is in the clinic's wall time."""

    plan: PlanView
    clinic: str
    printed_at: datetime


class SheetPainter:
    """One printing of one sheet; the column heads stand on every page."""

    def __init__(self, device: QPagedPaintDevice, sheet: Sheet) -> None:
        self._canvas, self._sheet = Canvas(device), sheet
        self._sessions = [one for one in sheet.plan.sessions if one.state not in GONE]
        self._y, self._page, self._pages = 0.0, 1, 1

    def paint(self) -> int:
        """Paint all pages; how many there were."""
        title = 34.0
        on_first = int((self._canvas.height - FOOT - title - HEAD) // ROW)
        on_next = int((self._canvas.height - FOOT - HEAD - 10) // ROW)
        rest = max(0, len(self._sessions) - on_first)
        self._pages = 1 + -(-rest // on_next)
        self._canvas.begin()
        try:
            self._title()
            self._y = title
            self._heads()
            for one in self._sessions:
                if self._y + ROW > self._canvas.height - FOOT:
                    self._turn()
                self._row(one)
            self._foot()
        finally:
            self._canvas.end()
        return self._page

    def _turn(self) -> None:
        self._foot()
        self._canvas.next_page()
        self._page += 1
        self._put(0, 0, self._canvas.width, one_line(self._sheet.plan.patient), 3.6, is_bold=True)
        self._y = 8.0
        self._heads()

    def _title(self) -> None:
        plan, width = self._sheet.plan, self._canvas.width
        self._put(0, 0, width, one_line(self._sheet.clinic), 3.6, colour=MUTED)
        self._put(0, 7, width, one_line(plan.patient), 6, is_bold=True)
        self._put(0, 16, width, one_line(plan.service), 4.4)
        self._put(0, 23, width, _progress(plan), 3.4, colour=MUTED)

    def _heads(self) -> None:
        heads = (
            (NUMBER, DAY, texts.translate("sheet", "Session")),
            (DAY, TIME, texts.translate("sheet", "Day")),
            (TIME, WHO, texts.translate("sheet", "Time")),
            (WHO, self._canvas.width, texts.translate("sheet", "With")),
        )
        for left, right, text in heads:
            self._put(left, self._y + 1, right - left - 2, text, 3, colour=MUTED, is_bold=True)
        self._y += HEAD - 2
        self._canvas.line(QLineF(0, self._y, self._canvas.width, self._y), INK)
        self._y += 1

    def _row(self, one: SessionView) -> None:
        top, width = self._y + 1.2, self._canvas.width
        self._put(NUMBER, top, DAY - 3, words.title(one, one.service), 3.4, is_bold=True)
        below = one.service if one.name else ""
        facts = [below, texts.duration(one.duration_min)]
        self._put(
            NUMBER,
            top + 4.4,
            DAY - 3,
            " · ".join(one_line(part) for part in facts if part),
            2.8,
            colour=MUTED,
        )
        has_time = one.start is not None and not one.is_open
        if has_time and one.start is not None:
            self._put(DAY, top, TIME - DAY - 2, texts.short_date(one.start.date(), with_year=True), 3.4)
            self._put(TIME, top, WHO - TIME - 2, f"{one.start:%H:%M}", 3.4)
        else:
            is_next = one.number == self._sheet.plan.progress.next_number
            self._put(DAY, top, WHO - DAY - 2, _open_words(one, is_next=is_next), 3.4, colour=MUTED)
        if one.state == "completed":
            self._put(DAY, top + 4.4, WHO - DAY - 2, words.session_state(one.state), 2.8, colour=MUTED)
        self._put(WHO, top, width - WHO, one_line(one.practitioner), 3.4)
        self._put(WHO, top + 4.4, width - WHO, one_line(one.room), 2.8, colour=MUTED)
        self._y += ROW
        self._canvas.line(QLineF(0, self._y, width, self._y), LINE)

    def _foot(self) -> None:
        bottom = self._canvas.height - 5
        printed = printed_words(self._sheet.printed_at, self._page, self._pages)
        place = QRectF(0, bottom, self._canvas.width, 4)
        self._canvas.text(place, one_line(self._sheet.clinic), 2.6, colour=MUTED)
        self._canvas.text(place, printed, 2.6, colour=MUTED, at_right=True)

    def _put(
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        size: float,
        *,
        colour: QColor = INK,
        is_bold: bool = False,
    ) -> None:
        place = QRectF(left, top, width, size * 1.4)
        self._canvas.text(place, text, size, colour=colour, is_bold=is_bold)


def _open_words(one: SessionView, *, is_next: bool) -> str:
    if one.window is None or not is_next:
        return texts.translate("sheet", "still to be booked")
    return texts.translate("sheet", "to be booked by {day}").format(day=words.day(one.window.latest))


def _progress(plan: PlanView) -> str:
    counted = plan.progress
    return texts.translate("sheet", "{total} sessions, {done} completed, {booked} booked").format(
        total=counted.total, done=counted.completed, booked=counted.booked
    )


def paper(sheet: Sheet) -> Paper:
    """The sheet as it is printed."""

    def paint(device: QPagedPaintDevice) -> int:
        return SheetPainter(device, sheet).paint()

    return Paper(one_line(sheet.plan.service), one_line(sheet.clinic), paint, margin_mm=MARGIN)


def read(session: Any, *, actor: Actor, plan_id: UUID, clinic: str) -> Sheet:  # noqa: ANN401
    """The sheet of a plan as it is now."""
    clock = Clock.read(session, actor.clinic_id)
    plan = reading.plan(session, actor=actor, plan_id=plan_id)
    return Sheet(plan, clinic, clock.now.astimezone(clock.where))


def read_and_preview(
    desk: Desk, plan_id: UUID, window: QWidget, refused: Callable[[ClinicError], None]
) -> None:
    """Read the plan anew, so that what is printed is true, and open the preview."""
    work = partial(read, actor=desk.actor, plan_id=plan_id, clinic=desk.clinic.name)
    desk.tasks.read(window, work, partial(preview, window), refused=refused, latest="sheet")


def preview(window: QWidget, sheet: Sheet) -> None:
    """Open the print preview and return at once."""
    open_preview(window, paper(sheet), texts.translate("printing", "Print the plan"))
