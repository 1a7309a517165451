"""What the dashboard is made of: tiles of one number, cards of one chart, and columns as many as fit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts

from . import definitions
from .chart_view import ChartView
from .shown import Chart, Tile, before_words

MOST_BARS = 10


class TileButton(QPushButton):
    """One number, what it was before, and the way to what it counted.

    Signals:
        opened: the filter behind it.
    """

    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile: Tile | None = None
        self.setProperty("tile", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(definitions.meaning(name))
        self._title = controls.label(definitions.title(name), "muted")
        self._number = controls.label()
        self._number.setFont(fonts.tabular(fonts.title()))
        self._beside, self._before = controls.label(tone="muted"), controls.label(tone="muted")
        self._before.setFont(fonts.tabular(fonts.small()))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._number)
        line.addWidget(self._beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addLayout(line)
        column.addWidget(self._before)
        for each in (self._title, self._number, self._beside, self._before):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(definitions.title(name))
        self.setAccessibleDescription(definitions.meaning(name))
        self.clicked.connect(self._open)

    def show_tile(self, tile: Tile) -> None:
        """Show a number."""
        self.tile = tile
        self._number.setText(tile.amount.text())
        self._beside.setText(tile.beside.text() if tile.beside and tile.beside.value is not None else "")
        self._before.setText(before_words(tile.before) if tile.before else tile.note)
        self.setAccessibleName(tile.spoken(definitions.title(tile.name)))

    def _open(self) -> None:
        if self.tile is not None and self.tile.behind is not None:
            self.opened.emit(self.tile.behind)


class ChartCard(QFrame):
    """A chart under its name; of many bars the first few, until all are asked for."""

    def __init__(self, name: str, parent: QWidget | None = None, *, is_upright: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._is_upright = is_upright
        self.view = ChartView(name, is_upright=is_upright)
        title = controls.label(definitions.title(name))
        title.setFont(fonts.body(strong=True))
        title.setToolTip(definitions.meaning(name))
        self._said = controls.label(self.tr("Nothing in these days."), "muted")
        self._said.setContentsMargins(8, 0, 8, 0)
        self.more = QPushButton()
        self.more.setProperty("quiet", True)
        self.more.clicked.connect(self._show_all)
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(title, 1)
        column.addLayout(head)
        column.addWidget(self._said)
        column.addWidget(self.view)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._shows_all = False

    def show_chart(self, chart: Chart) -> None:
        """Show the bars, or say that there are none."""
        has_any = any(bar.amount.value or (bar.before and bar.before.value) for bar in chart.bars)
        self._said.setVisible(not has_any)
        self.view.setVisible(has_any)
        hidden = 0 if self._is_upright or self._shows_all else len(chart.bars) - MOST_BARS
        hidden = hidden if hidden > 1 else 0
        self.view.show_chart(chart, len(chart.bars) - hidden)
        self.more.setText(self.tr("Show {count} more").format(count=hidden))
        self.more.setVisible(has_any and hidden > 0)

    def _show_all(self) -> None:
        self._shows_all = True
        self.view.setFocus()
        self.show_chart(self.view.bars.chart)


class Columns(QWidget):
    """Widgets side by side, in as many columns as are at least so wide."""

    def __init__(self, widgets: list[QWidget], narrowest: int, spacing: int, most: int) -> None:
        super().__init__()
        # Empty ones at the end, or the columns of short rows would not stand under those of long ones.
        self._widgets = widgets + [QWidget() for _ in range(most - len(widgets))]
        self._narrowest, self._most = narrowest, most
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)
        self._columns = 0
        self._arrange(most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = (event.size().width() + self._grid.spacing()) // (self._narrowest + self._grid.spacing())
        self._arrange(max(1, min(self._most, fitting)))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(self._columns, columns)):
            self._grid.setColumnStretch(column, int(column < columns))
        self._columns = columns
        for number, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, number // columns, number % columns)
