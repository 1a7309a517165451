"""Proposed sessions as rows, and the other times that one of them could have."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import fonts, icons
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.pick_list import BEHIND, PickList
from clinic_scheduler.ui.tokens import current

from . import words
from .rows import Row

WHO_DATA: Final = BEHIND + 2
ROW, TIME_ROW = 48, 44
SPARE: Final = 4  # what the widths of letters leave out at the end of a line
_Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractListModel):
    """What each session would be."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these instead, the same sessions in their places."""
        is_same = [one.number for one in rows] == [one.number for one in self._rows]
        if is_same and rows:
            self._rows = tuple(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is on show."""
        return self._rows

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, the whole row to speak, and the Row behind."""
        one = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one.title
        if role == BEHIND:
            return one
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (one.title, one.when, one.note or one.details, one.tag) if part)
        return None


class RowDelegate(QStyledItemDelegate):
    """Title and time; below it the details, or with its sign what is wrong."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one = index.data(BEHIND)
        if not isinstance(one, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        theme = current()
        inner = option.rect.adjusted(16, 5, -16, -5)
        upper = QRect(inner.x(), inner.y(), inner.width(), inner.height() // 2)
        lower = upper.translated(0, inner.height() // 2)
        font = fonts.tabular(fonts.body(strong=one.is_new))
        ink = theme.muted if one.is_still else theme.text
        room = min(painting.width(one.when, font) + SPARE, upper.width() * 2 // 3)
        place = QRect(upper.right() - room + 1, upper.y(), room, upper.height())
        painting.put(painter, place, one.when, font, ink, painting.RIGHT)
        painting.put(
            painter, upper.adjusted(0, 0, -room - 12, 0), one.title, fonts.body(strong=True), theme.text
        )
        taken = painting.put(painter, lower, one.tag, fonts.small(), theme.muted, painting.RIGHT)
        lower.adjust(0, 0, -taken - 12 if taken else 0, 0)
        if one.note:
            ratio = painter.device().devicePixelRatioF()
            sign = icons.pixmap("triangle-alert", 12, "warning", ratio)
            painter.drawPixmap(lower.x(), lower.center().y() - 5, sign)
            lower.adjust(18, 0, 0, 0)
        painting.put(
            painter, lower, one.note or one.details, fonts.small(), theme.warning if one.note else theme.muted
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(240, ROW)


class TimeModel(QAbstractListModel):
    """Times that a session could have."""

    def __init__(self, offered: Catalogue, parent: QObject) -> None:
        super().__init__(parent)
        self._offered, self._parts = offered, tuple[Part, ...]()

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._parts = tuple(parts)
        self.endResetModel()

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is on show."""
        return self._parts

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._parts)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """When, when and with whom to speak, with whom as the second line, and the Part behind."""
        part = self._parts[index.row()]
        when, who = words.part_when(part, self._offered), words.part_who(part, self._offered)
        if role == Qt.ItemDataRole.DisplayRole:
            return when
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{when}, {who}"
        if role == BEHIND:
            return part
        return who if role == WHO_DATA else None


class TimeDelegate(QStyledItemDelegate):
    """When over with whom."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(12, 4, -12, -4)
        upper = QRect(inner.x(), inner.y(), inner.width(), inner.height() // 2)
        when, who = index.data(Qt.ItemDataRole.DisplayRole), index.data(WHO_DATA)
        painting.put(painter, upper, when, fonts.tabular(fonts.body()), current().text)
        lower = upper.translated(0, inner.height() // 2)
        painting.put(painter, lower, who, fonts.small(), current().muted)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(160, TIME_ROW)


class RowList(PickList):
    """The sessions; Right goes to the other times of one, Enter goes on.

    Signals:
        times_wanted: the keyboard wants to choose among the other times.
    """

    times_wanted = Signal()

    def __init__(self, model: RowModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, RowDelegate(), name, parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self.times_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the page or the dialog goes on
        else:
            super().keyPressEvent(event)


class TimeList(PickList):
    """Other times; Enter or a click picks one, Left goes back.

    Signals:
        left: the keyboard goes back to the sessions.
    """

    left = Signal()

    def __init__(self, model: TimeModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, TimeDelegate(), name, parent, by_click=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left:
            self.left.emit()
        else:
            super().keyPressEvent(event)
