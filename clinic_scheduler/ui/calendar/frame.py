"""A scrolled viewport whose heads stay above and whose hours stay beside it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from clinic_scheduler.ui.calendar.edges import GUTTER, HEAD, Edge, Heads, Hours
from clinic_scheduler.ui.calendar.scene import Scene

AROUND = 12  # pixels kept free around what is brought into view


class StickyFrame(QAbstractScrollArea):
    """Knows how to scroll and nothing of what is painted."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportMargins(GUTTER, HEAD, 0, 0)
        self.corner, self.heads, self.hours = Edge(self), Heads(self), Hours(self)

    def origin(self) -> QPoint:
        """What of the content stands at the viewport's top left corner."""
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def to_content(self, place: QPoint) -> QPoint:
        """A place of the viewport in the coordinates of the scene."""
        return place + self.origin()

    def show_edges(self, scene: Scene | None) -> None:
        for edge in (self.corner, self.heads, self.hours):
            edge.show_scene(scene)

    def set_ranges(self, whole: QSize, step_x: int, step_y: int) -> None:
        """Let the bars scroll over content of size `whole`."""
        shown = self.viewport().size()
        for bar, beyond, page, step in (
            (self.horizontalScrollBar(), whole.width() - shown.width(), shown.width(), step_x),
            (self.verticalScrollBar(), whole.height() - shown.height(), shown.height(), step_y),
        ):
            bar.setRange(0, max(beyond, 0))
            bar.setPageStep(page)
            bar.setSingleStep(max(step, 1))

    def reveal(self, rect: QRect) -> None:
        """Scroll no more than needed; something taller than the view shows its beginning."""
        for bar, start, end, shown in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), self.viewport().width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), self.viewport().height()),
        ):
            if end + AROUND > bar.value() + shown:
                bar.setValue(end + AROUND - shown)
            if start - AROUND < bar.value():
                bar.setValue(start - AROUND)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        if dx:
            self.heads.slide(self.horizontalScrollBar().value())
        if dy:
            self.hours.slide(self.verticalScrollBar().value())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.viewport().geometry()
        self.corner.setGeometry(area.x() - GUTTER, area.y() - HEAD, GUTTER, HEAD)
        self.heads.setGeometry(area.x(), area.y() - HEAD, area.width(), HEAD)
        self.hours.setGeometry(area.x() - GUTTER, area.y(), GUTTER, area.height())
