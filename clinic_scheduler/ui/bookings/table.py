"""The list on the screen: keys to walk and unfold, and what is selected."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from . import cells
from .delegate import FOLD, HIGH, BookingDelegate
from .model import BookingsModel
from .rows import DayRow, LineRow, PartRow, SessionRow

CursorAction = QAbstractItemView.CursorAction
Identity = tuple[UUID, UUID | int | None]
# The keys that fold what is open, and unfold what is not.
_TOGGLING: Final = {
    True: (Qt.Key.Key_Left, Qt.Key.Key_Space),
    False: (Qt.Key.Key_Right, Qt.Key.Key_Space),
}


def _identity(row: LineRow | PartRow | SessionRow) -> Identity:
    """What a row stands for, wherever it is."""
    if isinstance(row, LineRow):
        return row.line.visit.id, None
    return row.line.visit.id, row.part.id if isinstance(row, PartRow) else row.session.number


class BookingTable(QTableView):
    """Rows of one height, so that a million of them cost no more than a hundred.

    Signals:
        looked_at: the first and the last row on the screen.
        opened: a visit is to be looked at closely: Enter or a double click.
        menu_wanted: a place on the screen.
        sort_wanted: the name of an order.
    """

    looked_at = Signal(int, int)
    opened = Signal()
    menu_wanted = Signal(QPoint)
    sort_wanted = Signal(str)

    def __init__(self, model: BookingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Bookings"))
        self.setItemDelegate(BookingDelegate(self))
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(HIGH)
        vertical.setDefaultSectionSize(HIGH)
        self.setModel(model)
        self._bookings = model
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setProperty("plain", True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.sectionClicked.connect(self._sort)
        for number, column in enumerate(cells.COLUMNS):
            self.setColumnWidth(number, column.width)
        self._remembered: frozenset[Identity] = frozenset()
        self._current: Identity | None = None
        self.verticalScrollBar().valueChanged.connect(self.look)
        model.rowsInserted.connect(self.look)
        model.rowsRemoved.connect(self.look)

    def look(self) -> None:
        """Say which rows are on the screen."""
        first = self.verticalScrollBar().value()
        self.looked_at.emit(first, first + self.viewport().height() // HIGH)

    def mark_sorted(self, order: str, *, is_descending: bool) -> None:
        """Show by which column the lines are sorted; below their days the times need less room."""
        self.setColumnWidth(0, cells.TIME_WIDTH if self._bookings.by_day else cells.COLUMNS[0].width)
        number = next(n for n, column in enumerate(cells.COLUMNS) if column.order == order)
        direction = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(number, direction)

    def chosen(self) -> Iterator[LineRow | PartRow | SessionRow]:
        """The rows that are selected, in their order."""
        ranges = sorted((one.top(), one.bottom()) for one in self.selectionModel().selection().toList())
        for first, last in ranges:
            for number in range(max(first, self._bookings.before), min(last + 1, self._bookings.end)):
                row = self._bookings.row(number)
                if row is not None and not isinstance(row, DayRow):
                    yield row

    def choose(self, number: int) -> None:
        """Select one row and take the keyboard there."""
        index = self._bookings.index(number, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def remember(self) -> None:
        """Note what is selected: the rows are about to be others."""
        self._remembered = frozenset(_identity(row) for row in self.chosen())
        row = self._bookings.row(self.currentIndex().row())
        self._current = None if row is None or isinstance(row, DayRow) else _identity(row)

    def recall(self) -> None:
        """Select again what was selected, wherever it stands now."""
        chosen, at = QItemSelection(), QModelIndex()
        last = len(cells.COLUMNS) - 1
        for number in range(self._bookings.before, self._bookings.end):
            row = self._bookings.row(number)
            if row is None or isinstance(row, DayRow):
                continue
            identity = _identity(row)
            if identity in self._remembered:
                chosen.select(self._bookings.index(number, 0), self._bookings.index(number, last))
            if identity == self._current:
                at = self._bookings.index(number, 0)
        model, flags = self.selectionModel(), QItemSelectionModel.SelectionFlag
        model.setCurrentIndex(at, flags.NoUpdate)
        model.select(chosen, flags.ClearAndSelect)

    def stay(self, by: int) -> None:
        """Keep what is looked at in its place, after rows came before it."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = self.currentIndex().row()
        row = self._bookings.row(number)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif isinstance(row, LineRow) and row.can_open and key in _TOGGLING[row.is_open]:
            self._bookings.toggle(number)
        elif key == Qt.Key.Key_Left and isinstance(row, PartRow | SessionRow):
            place = self._bookings.place(row.line.visit.id)
            if place is not None:
                self.choose(place)
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where the keyboard goes; past the days, in which there is nothing to select."""
        at = super().moveCursor(action, modifiers)
        step = -1 if action == CursorAction.MoveUp else 1
        while isinstance(self._bookings.row(at.row()), DayRow):
            at = self._bookings.index(at.row() + step, at.column())
        return at if at.isValid() else self.currentIndex()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._bookings.row(index.row()) if index.isValid() else None
        is_arrow = index.column() == 0 and event.position().x() - self.visualRect(index).left() < FOLD + 8
        if isinstance(row, LineRow) and row.can_open and is_arrow:
            self._bookings.toggle(index.row())
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.look()

    def _sort(self, section: int) -> None:
        order = cells.COLUMNS[section].order
        if order:
            self.sort_wanted.emit(order)
