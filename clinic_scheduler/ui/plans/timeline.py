"""Sessions along a line of days: what is done, booked, due and to come; told apart by shape and by colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_scheduler.services.plans.views import GONE, PlanView, SessionView
from clinic_scheduler.ui import fonts, icons
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.tokens import current

from . import words

RADIUS: Final = 10
MIDDLE: Final = 32
HEIGHT: Final = 68
SMALL: Final = 4
ROOM_FOR_DAYS: Final = 30  # pixels between two circles in which the days still can be read
_SIGNS: Final = {"completed": "check", "missed": "x"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A session at its day, counted from any; it may be from `low` to `high`.

    `state` is as of a session, or "proposed", or "conflict".
    """

    number: int
    at: int
    state: str
    low: int | None = None
    high: int | None = None
    is_locked: bool = False


class Timeline(QWidget):
    """One circle a session; between two the days that lie between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._ends = "", ""
        self._today: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_marks(
        self, marks: Sequence[Mark], first: str = "", last: str = "", today: int | None = None
    ) -> None:
        """Show these from left to right; `first` and `last` stand under the ends of the line."""
        self._marks, self._ends, self._today = tuple(marks), (first, last), today
        said = ", ".join(f"{one.number} {_said(one.state)}" for one in marks)
        self.setAccessibleName(self.tr("Sessions: {listed}").format(listed=said))
        self.update()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is on show."""
        return self._marks

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def _x(self, at: int) -> float:
        every = [mark.at for mark in self._marks] + [m.high for m in self._marks if m.high is not None]
        first, last = min(mark.at for mark in self._marks), max(every)
        room = self.width() - 2 * RADIUS - 4
        return RADIUS + 2 + (room * (at - first) / (last - first) if last > first else 0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = [self._x(mark.at) for mark in self._marks]
        painter.setPen(QPen(current().line, 2))
        right = max([*places, *(self._x(m.high) for m in self._marks if m.high is not None)])
        painter.drawLine(QPointF(places[0], MIDDLE), QPointF(right, MIDDLE))
        self._draw_windows(painter)
        self._draw_today(painter)
        nearest = min((after - before for before, after in pairwise(places)), default=ROOM_FOR_DAYS)
        is_small = nearest < 2 * RADIUS + 2
        for mark, x in zip(self._marks, places, strict=True):
            self._draw(painter, mark, QPointF(x, MIDDLE), is_small=is_small)
        for (before, after), (x, y) in zip(pairwise(self._marks), pairwise(places), strict=True):
            if y - x - 2 * RADIUS >= ROOM_FOR_DAYS and not is_small:
                self._write_days(painter, after.at - before.at, x, y)
        self._write_ends(painter)

    def _draw_windows(self, painter: QPainter) -> None:
        for mark in self._marks:
            if mark.low is not None and mark.high is not None and mark.high > mark.low:
                low = max(self._x(mark.low), RADIUS + 2.0)
                place = QRectF(low, MIDDLE + RADIUS + 4, self._x(mark.high) - low, 4)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(current().accent_ground if mark.state != "due" else current().warning_ground)
                painter.drawRoundedRect(place, 2, 2)

    def _draw_today(self, painter: QPainter) -> None:
        every = [mark.at for mark in self._marks]
        if self._today is not None and min(every) <= self._today <= max(every):
            x = self._x(self._today)
            painter.setPen(QPen(current().now, 1.5))
            painter.drawLine(QPointF(x, MIDDLE - 18), QPointF(x, MIDDLE + 18))

    def _draw(self, painter: QPainter, mark: Mark, at: QPointF, *, is_small: bool) -> None:
        ground, edge, ink = _colours(mark.state)
        pen = QPen(edge, 1.5)
        if mark.state in ("planned", "due"):
            pen.setDashPattern([2, 1.5])
        painter.setPen(pen)
        painter.setBrush(ground)
        radius = SMALL if is_small else RADIUS
        painter.drawEllipse(at, radius, radius)
        if is_small:
            return
        sign = _SIGNS.get(mark.state)
        if sign:
            tone = "good" if mark.state == "completed" else "error"
            picture = icons.pixmap(sign, 12, tone, self.devicePixelRatioF())  # type: ignore[arg-type]
            painter.drawPixmap(at - QPointF(6, 6), picture)
        else:
            box = QRectF(at.x() - RADIUS, at.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
            painter.setFont(fonts.tabular(fonts.tiny(strong=True)))
            painter.setPen(ink)
            text = "!" if mark.state == "conflict" else str(mark.number)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        if mark.is_locked:
            painter.setPen(QPen(current().text, 1.5))
            painter.drawLine(at + QPointF(-5, RADIUS + 2.5), at + QPointF(5, RADIUS + 2.5))

    def _write_days(self, painter: QPainter, days: int, left: float, right: float) -> None:
        place = QRect(round(left), 0, round(right - left), MIDDLE - RADIUS - 2)
        place.setTop(place.bottom() - 14)
        painter.setFont(fonts.tabular(fonts.tiny()))
        painter.setPen(current().muted)
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignCenter), self.tr("{days} d", "days").format(days=days)
        )

    def _write_ends(self, painter: QPainter) -> None:
        foot = QRect(0, HEIGHT - 18, self.width(), 16)
        font, ink = fonts.tabular(fonts.tiny()), current().muted
        taken = painting.put(painter, foot, self._ends[0], font, ink)
        painting.put(painter, foot.adjusted(taken + 8, 0, 0, 0), self._ends[1], font, ink, painting.RIGHT)


def _colours(state: str) -> tuple[QColor, QColor, QColor]:
    """Ground, edge and ink of a circle."""
    theme = current()
    return {
        "completed": (theme.good_ground, theme.good, theme.good),
        "booked": (theme.accent, theme.accent, theme.on_accent),
        "proposed": (theme.accent_ground, theme.accent, theme.accent_text),
        "missed": (theme.now_ground, theme.now, theme.now),
        "due": (theme.warning_ground, theme.warning, theme.warning),
        "conflict": (theme.warning_ground, theme.warning, theme.warning),
    }.get(state, (theme.surface, theme.outline, theme.muted))


def _said(state: str) -> str:
    if state == "conflict":
        return words.translate("plans", "needs another time")
    if state == "proposed":
        return words.translate("plans", "has a time")
    return words.session_state(state).lower()


def of_plan(plan: PlanView, today: date) -> tuple[list[Mark], date | None, date | None]:
    """The sessions of a plan as marks, and the days at both ends; what has no day yet lies at its ideal distance."""
    found: list[Mark] = []
    at: date | None = None
    for one in plan.sessions:
        if one.state in GONE:
            continue
        at = _day_of(one, at, today)
        is_next = one.number == plan.progress.next_number
        low, high = (one.window.earliest, one.window.latest) if one.window and is_next else (None, None)
        is_near = high is not None and (high - today).days < 400
        found.append(
            Mark(
                one.number,
                at.toordinal(),
                one.state,
                low.toordinal() if low and is_near else None,
                high.toordinal() if high and is_near else None,
                one.is_locked,
            )
        )
    if not found:
        return [], None, None
    last = max([mark.at for mark in found] + [mark.high for mark in found if mark.high is not None])
    return found, date.fromordinal(found[0].at), date.fromordinal(last)


def _day_of(one: SessionView, before: date | None, today: date) -> date:
    if one.start is not None and not one.is_open:
        return one.start.date()
    if one.window is not None and (before is None or one.window.ideal > before):
        return one.window.ideal
    if before is None:
        return today
    return date.fromordinal(before.toordinal() + max(1, one.gap.ideal_days))
