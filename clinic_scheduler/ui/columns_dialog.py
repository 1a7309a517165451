"""Choosing which practitioners or rooms stand in the calendar, and in which order."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.days.schedule import Column

from . import controls
from .calendar.typeset import one_line

ID = Qt.ItemDataRole.UserRole
SIZE = (360, 480)


class ColumnsDialog(QDialog):
    """A list to tick and to drag; Ctrl with an arrow moves the current line too.

    Signals:
        chosen: the ids in their order; an empty tuple for all in the clinic's order.
    """

    chosen = Signal(object)

    def __init__(
        self, everybody: Sequence[Column], shown: Sequence[UUID], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Columns"))
        self.resize(*SIZE)
        self._everybody = [column.resource_id for column in everybody]
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Columns of the calendar"))
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        order = {identifier: place for place, identifier in enumerate(shown)}
        for column in sorted(everybody, key=lambda one: order.get(one.resource_id, len(order))):
            item = QListWidgetItem(one_line(column.name))
            item.setData(ID, column.resource_id)
            is_shown = not shown or column.resource_id in order
            item.setCheckState(Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.itemChanged.connect(self._check)
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(self.tr("Show these"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._go.setProperty("primary", True)
        everyone = buttons.addButton(self.tr("Show all"), QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        everyone.clicked.connect(self._choose_all)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(24, 24, 24, 24)
        column_layout.setSpacing(12)
        column_layout.addWidget(controls.heading(self.tr("Who stands in the calendar?")))
        column_layout.addWidget(self._list, 1)
        column_layout.addLayout(self._movers())
        column_layout.addWidget(buttons)
        self._check()

    def _movers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for text, by in ((self.tr("Move &up"), -1), (self.tr("Move &down"), 1)):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(self._up if by < 0 else self._down)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self._list.currentRow()
        if 0 <= row + by < self._list.count():
            self._list.insertItem(row + by, self._list.takeItem(row))
            self._list.setCurrentRow(row + by)

    def _ticked(self) -> tuple[UUID, ...]:
        items = [self._list.item(row) for row in range(self._list.count())]
        return tuple(item.data(ID) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _check(self) -> None:
        self._go.setEnabled(bool(self._ticked()))

    def _choose(self) -> None:
        ticked = self._ticked()
        self.chosen.emit(() if list(ticked) == self._everybody else ticked)
        self.accept()

    def _choose_all(self) -> None:
        self.chosen.emit(())
        self.accept()
