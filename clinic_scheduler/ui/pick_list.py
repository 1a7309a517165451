"""The list in which rows of one height are marked and picked: people, plans, sessions, who waits."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QWidget

BEHIND = Qt.ItemDataRole.UserRole


class PickList(QListView):
    """Enter or a double click picks; with `by_click` a single click does.

    The model tells by the role BEHIND what a row stands for.

    Signals:
        marked: what the row stands for on which the keyboard is, None where it is on none.
        picked: what the row stands for.
    """

    marked = Signal(object)
    picked = Signal(object)

    def __init__(
        self,
        model: QAbstractListModel,
        delegate: QStyledItemDelegate,
        name: str,
        parent: QWidget | None = None,
        *,
        by_click: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        delegate.setParent(self)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._mark)
        (self.clicked if by_click else self.doubleClicked).connect(self._pick)

    @property
    def chosen(self) -> Any:  # noqa: ANN401 - whatever the rows stand for
        """What the marked row stands for, None where none is."""
        return self.currentIndex().data(BEHIND) if self.currentIndex().isValid() else None

    def mark(self, row: int) -> None:
        """Mark a row, none where there is no such row."""
        model = self.model()
        index = model.index(row, 0) if 0 <= row < model.rowCount() else QModelIndex()
        if (
            index != self.currentIndex() or not index.isValid()
        ):  # else Qt marks the first when the keyboard comes
            self.setCurrentIndex(index)

    def mark_number(self, number: int) -> None:
        """Mark what has that number, the first row where nothing has."""
        model = self.model()
        numbers = [model.index(row, 0).data(BEHIND).number for row in range(model.rowCount())]
        self.mark(numbers.index(number) if number in numbers else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._pick(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _mark(self, index: QModelIndex) -> None:
        self.marked.emit(index.data(BEHIND) if index.isValid() else None)

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(index.data(BEHIND))
