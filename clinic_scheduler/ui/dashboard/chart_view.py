"""A chart as a list of bars, walked by arrows, opened by Enter or a click, read out bar by bar."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from . import definitions
from .bar_model import BarModel
from .bar_painting import ROW_H, UprightBars, painting
from .shown import Chart


class ChartView(QListView):
    """As high as its bars need.

    Signals:
        opened: the filter behind a bar.
    """

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None, *, is_upright: bool = False) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setAccessibleName(definitions.title(name))
        self.bars = BarModel(name, self)
        self.setModel(self.bars)
        self._painting = painting(self, is_upright=is_upright)
        self.setItemDelegate(self._painting)
        self._is_upright = is_upright
        if is_upright:
            self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)

    def show_chart(self, chart: Chart, most: int | None = None) -> None:
        """Show the bars; the keyboard stays at its place."""
        row = max(0, self.currentIndex().row())
        self.bars.show(chart, most)
        shown = self.bars.rowCount()
        self.setFixedHeight(self._height(shown))
        self.setAccessibleDescription("; ".join(bar.spoken() for bar in chart.bars))
        if shown:
            self.setCurrentIndex(self.bars.index(min(row, shown - 1)))

    def _height(self, shown: int) -> int:
        painter = self._painting
        return painter.height if isinstance(painter, UprightBars) else max(1, shown) * ROW_H

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isalpha():
            event.ignore()  # letters are the window's commands
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.indexAt(event.position().toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls, not the chart

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self._painting.measure()
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            behind = self.bars.bars[index.row()].behind
            if behind is not None:
                self.opened.emit(behind)
