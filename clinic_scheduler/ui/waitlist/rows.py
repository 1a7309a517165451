"""Rows of two lines: what it is at the left, how it stands at the right. People who wait, free times, tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.booking.frames import as_card
from clinic_scheduler.ui.pick_list import BEHIND, PickList
from clinic_scheduler.ui.tokens import Theme, current

ROW: Final = BEHIND + 1
HEIGHT: Final = 56
LEAST_RIGHT: Final = 96
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is what the row stands for; `tone` (as of a label) is that of `state`, `pill` a word beside the title."""

    key: Any
    title: str
    detail: str = ""
    state: str = ""
    below: str = ""
    tone: str = ""
    pill: str = ""
    is_struck: bool = False

    @property
    def spoken(self) -> str:
        """Everything that can be read in the row."""
        return ", ".join(
            text for text in (self.title, self.pill, self.detail, self.state, self.below) if text
        )


class RowModel(QAbstractListModel):
    """Rows in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show_all(self, rows: Sequence[Row]) -> None:
        """Show these; where they stand for the same as before, only what changed is drawn anew."""
        fresh = tuple(rows)
        if [row.key for row in fresh] == [row.key for row in self.rows]:
            self._update_all(fresh)
            return
        self.beginResetModel()
        self.rows = fresh
        self.endResetModel()

    def _update_all(self, fresh: tuple[Row, ...]) -> None:
        changed = [n for n, pair in enumerate(zip(self.rows, fresh, strict=True)) if pair[0] != pair[1]]
        self.rows = fresh
        for number in changed:
            self.dataChanged.emit(self.index(number), self.index(number))

    def update(self, fresh: Row) -> None:
        """Show this instead of the row of the same key, if there is one."""
        for number, row in enumerate(self.rows):
            if row.key == fresh.key and row != fresh:
                self.rows = (*self.rows[:number], fresh, *self.rows[number + 1 :])
                self.dataChanged.emit(self.index(number), self.index(number))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title to show, all of it to speak, and the Row."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == BEHIND:
            return row.key
        return row if role == ROW else None


class RowDelegate(QStyledItemDelegate):
    """Title over detail at the left, state over what is below it at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, theme = index.data(ROW), current()
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(16, 8, -16, -8)
        upper, lower = QRect(inner), QRect(inner)
        upper.setHeight(inner.height() // 2)
        lower.setTop(upper.bottom() + 1)
        strong, small = fonts.tabular(fonts.body(strong=True)), fonts.tabular(fonts.small())
        wanted = max(painting.width(row.state, strong), painting.width(row.below, small))
        room = min(max(wanted + 4, LEAST_RIGHT) if wanted else 0, inner.width() // 2)
        beside = min(room, painting.width(row.below, small) + 4) if row.below else 0
        for place, text, font, ink, taken in (
            (upper, row.state, strong, _ink(theme, row.tone), room),
            (lower, row.below, small, theme.muted, beside),
        ):
            right = place.adjusted(place.width() - taken, 0, 0, 0)
            painting.put(painter, right, text, font, ink, painting.RIGHT)
            place.adjust(0, 0, -(taken + 16 if taken else 0), 0)
        if row.pill:
            space = painting.width(row.pill, fonts.tiny(strong=True)) + 24
            title = upper.adjusted(0, 0, -space, 0)
        else:
            title = upper
        heavy = fonts.body(strong=True)
        heavy.setStrikeOut(row.is_struck)
        ink = theme.muted if row.is_struck else theme.text
        took = painting.put(painter, title, row.title, heavy, ink)
        if row.pill:
            right_edge = title.left() + took + 8 + space - 8
            painting.pill(
                painter, right_edge, upper.center().y(), row.pill, theme.warning_ground, theme.warning
            )
        painting.put(painter, lower if row.detail else upper, row.detail, small, theme.muted)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, HEIGHT)


def _ink(theme: Theme, tone: str) -> QColor:
    inks = {
        "muted": theme.muted,
        "warning": theme.warning,
        "good": theme.good,
        "accent": theme.accent_text,
        "error": theme.now,
    }
    return inks.get(tone, theme.text)


class RowView(PickList):
    """The list. What is marked stays marked while rows come and go; rows stand for their keys."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self.rows = RowModel()
        super().__init__(self.rows, RowDelegate(), name, parent)
        self.rows.setParent(self)
        as_card(self)

    def show_all(self, rows: Sequence[Row]) -> None:
        """Show these, with the row of the same key marked, else the one at its place."""
        key, place = self.chosen, max(0, self.currentIndex().row())
        self.rows.show_all(rows)
        keys = [row.key for row in self.rows.rows]
        self.mark(keys.index(key) if key in keys else min(place, len(keys) - 1))
