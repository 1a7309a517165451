"""The parts of the day view that stay while it scrolls: column heads, hours and the corner between."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.ui import fonts, texts, theme
from clinic_scheduler.ui.calendar.geometry import GAP
from clinic_scheduler.ui.calendar.scene import Scene
from clinic_scheduler.ui.calendar.typeset import Typesetter, one_line

HEAD = 52
GUTTER = 56
INDENT = 12


@dataclass(frozen=True, slots=True)
class Head:
    """`facts` are the same fact from wordy to terse; the first that fits is shown after the role."""

    name: str
    role: str
    facts: tuple[str, ...]


class Edge(QWidget):
    """An opaque strip beside the scrolled part; it mirrors one direction of its scrolling."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scene: Scene | None = None
        self.offset = 0
        self.faces = Typesetter(fonts.body(strong=True)), Typesetter(fonts.tabular(fonts.tiny()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self.faces = Typesetter(fonts.body(strong=True)), Typesetter(fonts.tabular(fonts.tiny()))
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.current().surface)
        if self.scene is not None:
            self.paint_part(painter, self.scene, event.rect())
        painter.end()

    def show_scene(self, scene: Scene | None) -> None:
        """Show another day's edge; it is painted only if it looks different."""
        before, self.scene = self.scene, scene
        if before is None or scene is None or not _alike(before, scene):
            self.update()

    def paint_part(self, p: QPainter, scene: Scene, part: QRect) -> None:
        """The corner has nothing but its ground and lines."""
        colours = theme.current()
        p.fillRect(0, self.height() - 1, self.width(), 1, colours.line)
        p.fillRect(self.width() - 1, 0, 1, self.height(), colours.line)


def _alike(one: Scene, other: Scene) -> bool:
    """Whether columns and hours stand where they stood, in the same colours."""
    if (one.geometry, one.theme) != (other.geometry, other.theme):
        return False
    this, that = one.schedule, other.schedule
    return (this.columns, this.dates, this.hours) == (that.columns, that.dates, that.hours)


class Heads(Edge):
    """Name, role, number of visits and load of each column."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._heads: dict[int, Head] = {}

    def show_scene(self, scene: Scene | None) -> None:
        """Show the columns' heads; only those whose column changed are painted again."""
        before, self.scene = self.scene, scene
        if before is None or scene is None or not _alike(before, scene):
            self._heads.clear()
            self.update()
            return
        changed = [c for c, content in enumerate(scene.contents) if content is not before.contents[c]]
        for column in changed:
            self._heads.pop(column, None)
        dirty = QRect()
        for column in (changed[0], changed[-1]) if changed else ():
            dirty |= scene.column_rect(column).translated(-self.offset, 0)
        self.update(dirty.x(), 0, dirty.width(), self.height())

    def slide(self, offset: int) -> None:
        if self.scene is not None and self.scene.is_grouped:
            self.update()  # the days stay in sight
        else:
            self.scroll(self.offset - offset, 0)
        self.offset = offset

    def head(self, column: int) -> Head:
        """The words of a column's head, counted when first asked for."""
        assert self.scene is not None  # noqa: S101 - heads are asked for while a day is shown
        if column not in self._heads:
            content = self.scene.contents[column]
            bounds = self.scene.geometry
            load, count = content.load(bounds.opens, bounds.closes), len(content.visits)
            visits = self.tr("1 visit") if count == 1 else self.tr("%n visits", "", count)
            facts = (f"{visits} · {load} %", f"{count} · {load} %", f"{load} %")
            self._heads[column] = Head(*self._titles(self.scene.schedule, column), facts)
        return self._heads[column]

    def _titles(self, schedule: DaySchedule, column: int) -> tuple[str, str]:
        """Name and role; or the day, where days of one practitioner or room stand side by side."""
        if schedule.dates:
            return texts.short_date(schedule.dates[column]), ""
        shown = schedule.columns[column]
        return one_line(shown.name), one_line(shown.role)

    def paint_part(self, p: QPainter, scene: Scene, part: QRect) -> None:
        colours = theme.current()
        p.fillRect(part.left(), self.height() - 1, part.width(), 1, colours.line)
        geometry = scene.geometry
        for column in range(geometry.columns):
            x, end = geometry.x(column) - self.offset, geometry.x(column + 1) - self.offset
            if end < part.left() or x > part.right():
                continue
            if scene.is_grouped:
                self._paint_name(p, scene, column, x, end - x)
                continue
            if x > 0:
                p.fillRect(x, 0, 1, self.height(), colours.line)
            ink = colours.accent_text if scene.schedule.dates and column in self._today else colours.text
            self._paint_head(p, self.head(column), x + INDENT, end - x - INDENT - 6, (ink, colours.muted))
        if scene.is_grouped:
            self._paint_days(p, scene)

    def _paint_name(self, p: QPainter, scene: Scene, column: int, x: int, width: int) -> None:
        """A name below its day, to which several belong."""
        colours, small = theme.current(), self.faces[1]
        top = self.height() // 2
        p.fillRect(x, top, 1, self.height() - top, colours.line)
        p.setFont(small.font)
        p.setPen(colours.muted)
        name = one_line(scene.schedule.columns[column].name)
        if word := small.fitted(name, width - GAP - 3, x + GAP + 3, top + 5):
            p.drawStaticText(word.x, word.y, word.line)

    def _paint_days(self, p: QPainter, scene: Scene) -> None:
        """Each day over its columns; it stays in sight as long as one of them does."""
        colours, strong, geometry = theme.current(), self.faces[0], scene.geometry
        dates = scene.schedule.dates
        for first in (c for c in range(geometry.columns) if not c or dates[c] != dates[c - 1]):
            x = geometry.x(first) - self.offset
            end = geometry.x(first + dates.count(dates[first])) - self.offset
            if x > 0:
                p.fillRect(x, 0, 1, self.height(), colours.outline)
            p.setFont(strong.font)
            p.setPen(colours.accent_text if first in self._today else colours.text)
            left = max(x, 0) + INDENT
            if word := strong.fitted(texts.short_date(dates[first]), end - left - GAP, left, 5):
                p.drawStaticText(word.x, word.y, word.line)

    @property
    def _today(self) -> range:
        return self.scene.schedule.columns_of(self.scene.schedule.now) if self.scene else range(0)

    def _paint_head(self, p: QPainter, head: Head, x: int, space: int, inks: tuple[QColor, QColor]) -> None:
        strong, small = self.faces
        p.setFont(strong.font)
        p.setPen(inks[0])
        if name := strong.fitted(head.name, space, x, 8):
            p.drawStaticText(name.x, name.y, name.line)
        p.setFont(small.font)
        p.setPen(inks[1])
        p.drawStaticText(x, 10 + strong.height, small.line(self._second_line(head, space, small)))

    def _second_line(self, head: Head, space: int, small: Typesetter) -> str:
        """Role and facts; a role too long is cut before the facts are, then given up."""
        role = f"{head.role} · " if head.role else ""
        for facts in head.facts[:1] if role else head.facts:
            if small.width(role + facts) <= space:
                return role + facts
        for facts in head.facts:
            if small.width(facts) > space:
                continue
            if role and (room := space - small.width(" · " + facts)) >= small.width("xxxxx…"):
                return f"{small.cut(head.role, room)} · {facts}"
            return facts
        return ""


class Hours(Edge):
    """The hours of the clinic's clock, and the time it is now in a plate."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.now: tuple[int, str] | None = None  # y of the content, text

    def show_now(self, now: tuple[int, str] | None) -> None:
        """Move the plate of the present time to another y of the content."""
        if now != self.now:
            self.now = now
            self.update()

    def slide(self, offset: int) -> None:
        self.scroll(0, self.offset - offset)
        self.offset = offset

    def sizeHint(self) -> QSize:
        return QSize(GUTTER, 0)

    def paint_part(self, p: QPainter, scene: Scene, part: QRect) -> None:
        colours, small = theme.current(), self.faces[1]
        p.fillRect(self.width() - 1, part.top(), 1, part.height(), colours.line)
        geometry = scene.geometry
        p.setFont(small.font)
        p.setPen(colours.muted)
        reached = -100
        for mark in scene.schedule.hours:
            if not geometry.opens <= mark.minute <= geometry.closes:
                continue
            at = geometry.y(mark.minute)
            y = at - self.offset
            is_hidden = self.now is not None and abs(at - self.now[0]) < small.height + 4
            if y - reached < small.height or is_hidden:
                continue
            reached = y
            label = small.line(mark.label)
            p.drawStaticText(self.width() - 9 - small.width(mark.label), y - small.height // 2, label)
        if self.now is not None:
            self._plate(p, self.now[0] - self.offset, self.now[1])

    def _plate(self, p: QPainter, y: int, text: str) -> None:
        colours, small = theme.current(), self.faces[1]
        width, height = small.width(text) + 12, 18
        plate = QRectF(self.width() - 3 - width, y - height / 2, width, height)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colours.now)
        p.drawRoundedRect(plate, 4, 4)
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.fillRect(self.width() - 4, y - 1, 4, 2, colours.now)
        p.setPen(colours.surface)
        p.drawStaticText(QPointF(plate.x() + 6, y - small.height / 2), small.line(text))
