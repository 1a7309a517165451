"""Drawing a laid-out day: ground, closed time, lines, visits, holds, now and where the keyboard is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.calendar import overlay, speech
from clinic_scheduler.ui.calendar.boxes import STRUCK, Box, HoldBox
from clinic_scheduler.ui.calendar.geometry import BAR, GAP, INSET
from clinic_scheduler.ui.calendar.overlay import Lifted
from clinic_scheduler.ui.calendar.scene import Scene
from clinic_scheduler.ui.calendar.signs import HATCH, RADIUS, Signs
from clinic_scheduler.ui.hues import Block
from clinic_scheduler.ui.tokens import Theme, mixed

AntiAliasing = QPainter.RenderHint.Antialiasing
ROUND = 3 * RADIUS  # boxes narrower or lower than this keep their corners


@dataclass(frozen=True, slots=True)
class Moment:
    """What changes without the data: `now` is a minute or None, `cursor` the rectangle of empty time."""

    now: int | None = None
    selected: UUID | None = None
    booking: UUID | None = None
    cursor: QRect | None = None
    cursor_text: str = ""
    today: range = range(0)
    lifted: Lifted | None = None


class DayPainter:
    """Paints parts of one scene in content coordinates; no antialiasing but for round corners and signs."""

    def __init__(self, scene: Scene, signs: Signs) -> None:
        self._scene = scene
        self._signs = signs
        self._theme = scene.theme
        self._faces = scene.faces

    def take(self, scene: Scene) -> None:
        """Paint this scene of the same theme and fonts from now on."""
        self._scene = scene

    def paint(self, p: QPainter, part: QRect, moment: Moment, clocks: Sequence[tuple[HoldBox, str]]) -> None:
        """Everything inside `part`; `clocks` are the live holds with what is left of them."""
        shown = self._ground(p, part)
        visible = [self._scene.visits_between(column, part.top(), part.bottom()) for column in shown]
        for boxes in visible:
            self._bodies(p, boxes)
        self._now(p, part, moment, visible)
        for boxes in visible:
            self._names(p, boxes)
            self._small(p, boxes)
        for boxes in visible:
            self._outlines(p, boxes, moment)
        cursor = moment.cursor if moment.cursor is not None and moment.cursor.intersects(part) else None
        if cursor is not None:
            self._cursor(p, cursor, moment.cursor_text)
        for hold, left in clocks:
            if hold.rect.intersects(part):
                self._hold(p, hold, left)
        if cursor is not None:
            self._outline(p, cursor, self._theme.accent, 2)
        if moment.lifted is not None:
            overlay.paint(p, part, moment.lifted, self._theme, self._scene.content)

    def _ground(self, p: QPainter, part: QRect) -> list[int]:
        """Everything behind the visits; the columns that lie in `part`."""
        geometry, theme = self._scene.geometry, self._theme
        p.fillRect(part, theme.surface)
        columns = range(max(geometry.column_at(part.left()), 0), geometry.columns)
        shown = [c for c in columns if geometry.x(c) <= part.right()]
        self._lines(p, part)
        if part.bottom() >= geometry.height:
            p.fillRect(
                part.left(), geometry.height, part.width(), part.bottom() - geometry.height + 1, theme.closed
            )
        dates = self._scene.schedule.dates
        for column in shown:
            self._closed(p, column, part)
            if column:
                starts_day = self._scene.is_grouped and dates[column] != dates[column - 1]
                colour = theme.outline if starts_day else theme.line
                p.fillRect(geometry.x(column), part.top(), 1, part.height(), colour)
        return shown

    def _now(self, p: QPainter, part: QRect, moment: Moment, visible: list[list[Box]]) -> None:
        geometry, minute, today = self._scene.geometry, moment.now, moment.today
        if minute is None or not geometry.opens <= minute <= geometry.closes:
            return
        y = geometry.y(minute)
        if part.top() - 1 <= y <= part.bottom() + 1:
            left, right = geometry.x(today.start), geometry.x(today.stop)
            p.fillRect(left, y - 1, right - left, 2, self._theme.now)
            for boxes in visible:
                if boxes and boxes[0].visit.column in today:
                    self._keep_legible(p, boxes, y)

    def _lines(self, p: QPainter, part: QRect) -> None:
        geometry, theme = self._scene.geometry, self._theme
        left, width = part.left(), part.width()
        step = geometry.zoom.step
        marks = self._scene.schedule.hours
        ends = [mark.minute for mark in marks[1:]] + [geometry.closes]
        for mark, end in zip(marks, ends, strict=True):
            if geometry.opens <= mark.minute <= geometry.closes:
                p.fillRect(left, geometry.y(mark.minute), width, 1, theme.line)
            for minute in range(mark.minute + step, end, step):
                if geometry.opens < minute < geometry.closes:
                    p.fillRect(left, geometry.y(minute), width, 1, theme.faint_line)

    def _closed(self, p: QPainter, column: int, part: QRect) -> None:
        scene, geometry = self._scene, self._scene.geometry
        x = geometry.x(column)
        width = geometry.x(column + 1) - x
        for shut in scene.contents[column].closed:
            start, end = max(shut.start, geometry.opens), min(shut.end, geometry.closes)
            top = 0 if start == geometry.opens else geometry.y(start)
            bottom = geometry.height if end == geometry.closes else geometry.y(end)
            area = QRect(x, top, width, bottom - top).intersected(part)
            if start >= end or area.isEmpty():
                continue
            # The tile's phase follows the content, so that scrolled and new parts meet.
            p.drawTiledPixmap(area, self._signs.hatch, QPoint(area.x() % HATCH, area.y() % HATCH))
            if (label := speech.reason(shut)) and bottom - top >= self._faces.small.height + 4:
                self._label(p, label, x + INSET + GAP, geometry.y(start) + 4, width - 2 * INSET)

    def _label(self, p: QPainter, text: str, x: int, y: int, space: int) -> None:
        if word := self._faces.small.fitted(text, space, x, y):
            p.setFont(self._faces.small.font)
            p.setPen(self._theme.muted)
            p.drawStaticText(word.x, word.y, word.line)

    def _bodies(self, p: QPainter, boxes: list[Box]) -> None:
        fill, draw, caps = p.fillRect, p.drawPixmap, self._signs.caps
        for visit, _, x, y, width, height, reach, colours, _, _, _, _, gap in boxes:
            ground, bar = colours.ground, colours.bar
            if reach[0] < y or reach[1] > y + height:
                tall = reach[1] - reach[0]
                fill(x, reach[0], width, tall, mixed(ground, 0.55, self._theme.surface))
                fill(x, reach[0], BAR, tall, mixed(bar, 0.35, self._theme.surface))
            if width <= BAR:
                fill(x, y, width, height, bar)
                continue
            if width < ROUND or height < ROUND:
                fill(x, y, width, height, ground)
                fill(x, y, BAR, height, bar)
                continue
            is_dashed = visit.status == "pending"
            top, bottom = caps[width, colours, is_dashed]
            draw(x, y, top)
            draw(x, y + height - RADIUS, bottom)
            fill(x, y + RADIUS, width, height - 2 * RADIUS, ground)
            if is_dashed:
                p.drawTiledPixmap(x, y + 1, BAR, height - 2, self._signs.dashes(bar))
            else:
                fill(x, y + RADIUS, BAR, height - 2 * RADIUS, bar)
            if gap is not None:
                self._gap(p, x, width, gap, colours)

    def _gap(self, p: QPainter, x: int, width: int, gap: tuple[int, int], colours: Block) -> None:
        """While the practitioner is free, the visit is paler, as its buffers are."""
        top, tall = gap[0], gap[1] - gap[0]
        p.fillRect(x, top, width, tall, mixed(colours.ground, 0.55, self._theme.surface))
        p.fillRect(x, top, BAR, tall, mixed(colours.bar, 0.35, self._theme.surface))

    def _keep_legible(self, p: QPainter, boxes: list[Box], y: int) -> None:
        """Take the now line away from behind words and signs: it would read as struck out."""
        for b in boxes:
            if not b.y <= y <= b.y + b.height:
                continue
            words = [(w, self._faces.small.height) for w in b.small]
            if b.name is not None:
                words.append((b.name, self._faces.name.height))
            for word, height in words:
                if word.y - 1 <= y <= word.y + height + 1:
                    p.fillRect(word.x - 3, y - 1, word.width + 6, 2, b.colours.ground)
            if b.sign is not None and b.sign[1] - 1 <= y <= b.sign[1] + 13:
                p.fillRect(b.sign[0] - 3, y - 1, 18, 2, b.colours.ground)

    def _names(self, p: QPainter, boxes: list[Box]) -> None:
        signs, faces = self._signs.by_status, self._faces
        write, pen = p.drawStaticText, None
        p.setFont(faces.name.font)
        for b in boxes:
            if b.name is not None:
                ink = b.colours.ink
                if ink is not pen:
                    p.setPen(ink)
                    pen = ink
                x, y, line, width = b.name
                write(x, y, line)
                if b.visit.status in STRUCK:
                    p.fillRect(x, y + faces.name.ascent - 4, width, 1, ink)
            if b.sign is not None:
                p.drawPixmap(*b.sign, signs[b.visit.status])

    def _small(self, p: QPainter, boxes: list[Box]) -> None:
        write, pen = p.drawStaticText, None
        p.setFont(self._faces.small.font)
        for b in boxes:
            if b.small:
                muted = b.colours.muted
                if muted is not pen:
                    p.setPen(muted)
                    pen = muted
                for x, y, line, _ in b.small:
                    write(x, y, line)
            if b.badges:
                self._badges(p, b)
                pen = None

    def _badges(self, p: QPainter, b: Box) -> None:
        for badge in b.badges:
            self._pill(p, badge.rect, self._theme.line)
            p.setPen(self._theme.text)
            p.drawStaticText(badge.word.x, badge.word.y, badge.word.line)

    def _pill(self, p: QPainter, rect: QRect, edge: QColor) -> None:
        p.setRenderHint(AntiAliasing, True)
        p.setBrush(self._theme.raised)
        p.setPen(edge)
        p.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        p.setRenderHint(AntiAliasing, False)

    def _outlines(self, p: QPainter, boxes: list[Box], moment: Moment) -> None:
        if not (moment.selected or moment.booking or self._theme.is_high_contrast):
            return
        for b in boxes:
            if b.visit.id == moment.selected:
                self._outline(p, b.rect, self._theme.accent, 2)
            elif moment.booking is not None and b.visit.booking_id == moment.booking:
                self._outline(p, b.rect, self._theme.accent, 1)
            elif self._theme.is_high_contrast:
                self._outline(p, b.rect, self._theme.line, 1)

    def _outline(self, p: QPainter, rect: QRect, colour: QColor, width: int) -> None:
        p.setRenderHint(AntiAliasing, True)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(colour, width))
        half = width / 2
        p.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), RADIUS, RADIUS)
        p.setRenderHint(AntiAliasing, False)

    def _hold(self, p: QPainter, hold: HoldBox, left: str) -> None:
        frame = QRectF(hold.rect).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(frame, RADIUS, RADIUS)
        p.save()
        p.setRenderHint(AntiAliasing, True)
        p.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        p.drawTiledPixmap(hold.rect, self._signs.hold_hatch)
        p.restore()
        p.setRenderHint(AntiAliasing, True)
        pen = QPen(self._theme.warning, 1)
        pen.setDashPattern([4, 3])
        p.strokePath(shape, pen)
        p.setRenderHint(AntiAliasing, False)
        p.setFont(self._faces.small.font)
        p.setPen(self._theme.text)
        for word in hold.words:
            p.drawStaticText(word.x, word.y, word.line)
        if not hold.clock.isEmpty():
            self._pill(p, hold.clock, self._theme.warning)
            p.setFont(self._faces.strong.font)
            p.setPen(self._theme.warning)
            p.drawText(hold.clock, Qt.AlignmentFlag.AlignCenter, left)

    def _cursor(self, p: QPainter, rect: QRect, text: str) -> None:
        small = self._faces.small
        p.fillRect(rect, self._theme.accent_ground)
        if rect.height() >= small.height:
            p.setFont(small.font)
            p.setPen(self._theme.accent_text)
            y = rect.y() + min((rect.height() - small.height) // 2, 4)
            p.drawStaticText(rect.x() + INSET, y, small.line(text))


def paint_empty(p: QPainter, area: QRect, theme: Theme, words: tuple[str, str] | None) -> None:
    """A day without columns: what is so and what to do next; None while the day is still being read."""
    p.fillRect(area, theme.surface)
    if words is None:
        return
    middle = area.center().y()
    width = min(area.width() - 48, 520)
    x = area.center().x() - width // 2
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    p.setFont(fonts.title())
    p.setPen(theme.text)
    p.drawText(QRect(x, middle - 64, width, 60), flags | Qt.AlignmentFlag.AlignBottom, words[0])
    p.setFont(fonts.body())
    p.setPen(theme.muted)
    p.drawText(QRect(x, middle + 4, width, 80), flags | Qt.AlignmentFlag.AlignTop, words[1])
