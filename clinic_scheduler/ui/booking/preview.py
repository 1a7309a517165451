"""The picked visit in place: its day as a small column, to scale."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import fonts, texts, theme
from clinic_scheduler.ui.booking import painting, words
from clinic_scheduler.ui.tokens import current

AXIS: Final = 48
LOWEST: Final = 24  # pixels of the shortest service, room for one line
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
TALLEST: Final = 340


class Preview(QWidget):
    """Paints the parts of one visit; every text on a line of its own or not at all."""

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._parts: tuple[Part, ...] = ()
        self._scale = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_visit(self, parts: Sequence[Part]) -> None:
        """Show these parts, or nothing."""
        self._parts = tuple(parts)
        if parts:
            shortest = min((part.end - part.start) / MINUTE for part in parts)
            self._scale = max(LOWEST / shortest, min(1.7, TALLEST / self._minutes(self._last())))
        spoken = [f"{words.time_text(p.start, self._catalogue)} {self._title(p)}" for p in self._parts]
        self.setAccessibleName(", ".join(spoken))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = round(self._minutes(self._last()) * self._scale) + 20 if self._parts else 0
        return QSize(240, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _first(self) -> datetime:
        start = min(part.start for part in self._parts).astimezone(self._catalogue.clinic.where)
        return start.replace(minute=0, second=0, microsecond=0)

    def _last(self) -> datetime:
        return max(part.end for part in self._parts) + timedelta(minutes=10)

    def _minutes(self, moment: datetime) -> float:
        return (moment - self._first().astimezone(moment.tzinfo)) / MINUTE

    def _y(self, moment: datetime) -> int:
        return round(self._minutes(moment) * self._scale) + 8

    def _title(self, part: Part) -> str:
        service = words.part_name(self._catalogue, part)
        return f"{service}, {words.resource_name(self._catalogue, part.practitioner_id)}"

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._parts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_hours(painter)
        for part in self._parts:
            self._draw_part(painter, part)
        for before, after in zip(self._parts, self._parts[1:], strict=False):
            self._draw_wait(painter, before, after)

    def _draw_hours(self, painter: QPainter) -> None:
        hour = self._first().astimezone(self._parts[0].start.tzinfo)
        last = self._last()
        while hour <= last:
            y = self._y(hour)
            place = QRect(0, y - 8, AXIS - 8, 16)
            text = words.time_text(hour, self._catalogue)
            painting.put(painter, place, text, fonts.tabular(fonts.tiny()), current().muted)
            painter.fillRect(AXIS, y, self.width() - AXIS, 1, current().faint_line)
            hour += HOUR
        painter.fillRect(AXIS, 8, 1, self.height() - 8, current().line)

    def _draw_part(self, painter: QPainter, part: Part) -> None:
        top, bottom = self._y(part.start), self._y(part.end)
        place = QRect(AXIS + 6, top + 1, self.width() - AXIS - 6, bottom - top - 2)
        colours = theme.block(current(), words.service_hue(self._catalogue, part.service_id))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.ground)
        painter.drawRoundedRect(QRectF(place), 4, 4)
        painter.setBrush(colours.bar)
        painter.drawRoundedRect(QRectF(place.left(), place.top(), 4, place.height()), 2, 2)
        inner = place.adjusted(12, 2, -8, -2)
        time, strong = words.time_text(part.start, self._catalogue), fonts.tabular(fonts.small(strong=True))
        line = QFontMetrics(strong).height() + 1
        service = words.part_name(self._catalogue, part)
        who = words.resource_name(self._catalogue, part.practitioner_id)
        if inner.height() < 2 * line:
            row = QRect(inner.left(), inner.center().y() - line // 2, inner.width(), line + 1)
            taken = painting.put(painter, row, f"{time} {service}", strong, colours.ink)
            rest = row.adjusted(taken + 8, 0, 0, 0)
            if rest.width() > 40:
                painting.put(painter, rest, who, fonts.small(), colours.muted)
            return
        rows = [QRect(inner.left(), inner.top() + 1 + n * line, inner.width(), line + 1) for n in range(3)]
        painting.put(painter, rows[0], f"{time} {service}", strong, colours.ink)
        painting.put(painter, rows[1], who, fonts.small(), colours.muted)
        if inner.height() >= 3 * line + 2:
            length = texts.duration(round((part.end - part.start) / MINUTE))
            painting.put(painter, rows[2], length, fonts.small(), colours.muted)

    def _draw_wait(self, painter: QPainter, before: Part, after: Part) -> None:
        wait = round((after.start - before.end) / MINUTE)
        top, bottom = self._y(before.end), self._y(after.start)
        if wait <= 0 or bottom - top < 14:
            return
        place = QRect(AXIS + 18, top, self.width() - AXIS - 26, bottom - top)
        painting.put(painter, place, words.waiting_text(wait), fonts.tiny(), current().muted)
