"""The list as a model: as many rows as there are visits, of which a stretch around what is looked at is known."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinic_scheduler.services.listing.lines import Line

from . import cells
from .rows import DayRow, LineRow, PartRow, Row, SessionRow, below, flattened

Index = QModelIndex | QPersistentModelIndex
ROW: Final = Qt.ItemDataRole.UserRole
MOST_KNOWN: Final = 3_000  # lines; beyond that what is far away is forgotten
NOWHERE: Final = QModelIndex()


class BookingsModel(QAbstractTableModel):
    """Knows the rows from `before` on; how many there are before and after them is an estimate that ends exact.

    What is read is put in by whoever reads (reader.py); the model itself asks nobody.
    """

    def __init__(self, currency: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self.lines: list[Line] = []
        self._rows: list[Row] = []
        self.opened: set[UUID] = set()
        self.before = self.after = 0
        self.by_day = True

    @property
    def end(self) -> int:
        """The first row after those that are known."""
        return self.before + len(self._rows)

    def row(self, number: int) -> Row | None:
        """What stands on a row; None where that is not known yet."""
        place = number - self.before
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place(self, booking_id: UUID) -> int | None:
        """The row of a visit, if it is known."""
        return next(
            (
                self.before + place
                for place, row in enumerate(self._rows)
                if isinstance(row, LineRow) and row.line.visit.id == booking_id
            ),
            None,
        )

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self.before + len(self._rows) + self.after

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(cells.COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt has it
        """Texts to show and to speak; the Row behind."""
        row = self.row(index.row())
        name = cells.COLUMNS[index.column()].name
        if role == ROW:
            return row
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and name == "when" else None
        if role == Qt.ItemDataRole.DisplayRole:
            return cells.text(row, name, self._currency, by_day=self.by_day)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            is_first = index.column() == 0
            return (
                cells.spoken(row, self._currency)
                if is_first
                else cells.text(row, name, self._currency, by_day=False)
            )
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(cells.END if name in cells.NUMBERS else cells.START)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - as Qt has it
        if orientation == Qt.Orientation.Horizontal:
            name = cells.COLUMNS[section].name
            if role == Qt.ItemDataRole.DisplayRole:
                return cells.head(name)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(cells.END if name in cells.NUMBERS else cells.START)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.row(index.row()), LineRow | PartRow | SessionRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled

    def show_lines(self, lines: Sequence[Line], before: int, after: int) -> None:
        """Know these lines instead, with about so many rows before and after."""
        rows = flattened(lines, self.opened, by_day=self.by_day)
        self._exchange(list(lines), rows, max(before, 0), max(after, 0))

    def _exchange(self, lines: list[Line], rows: list[Row], before: int, after: int) -> None:
        """Tell the views of rows that come or go at the end, and that all the others changed."""
        old, new = self.rowCount(), before + len(rows) + after
        if new > old:
            self.beginInsertRows(NOWHERE, old, new - 1)
        elif new < old:
            self.beginRemoveRows(NOWHERE, new, old - 1)
        self.lines, self._rows, self.before, self.after = lines, rows, before, after
        if new > old:
            self.endInsertRows()
        elif new < old:
            self.endRemoveRows()
        if new:
            self.dataChanged.emit(self.index(0, 0), self.index(new - 1, len(cells.COLUMNS) - 1))

    def append(self, lines: Sequence[Line], *, has_more: bool) -> None:
        """The lines that follow the last one known."""
        day = self.lines[-1].lead.day if self.lines else None
        rows = flattened(lines, self.opened, by_day=self.by_day, after=day)
        after = max(self.after - len(rows), len(lines)) if has_more else 0
        kept, keeping, before = self.lines, self._rows, self.before
        if len(kept) > MOST_KNOWN:
            kept = kept[len(kept) // 2 :]
            first = next(
                place
                for place, row in enumerate(keeping)
                if isinstance(row, LineRow) and row.line.key == kept[0].key
            )
            before, keeping = before + first, keeping[first:]
        self._exchange([*kept, *lines], [*keeping, *rows], before, after)

    def prepend(self, lines: Sequence[Line], *, has_more: bool) -> int:
        """The lines before the first one known; by how many rows what was known moved down."""
        known = self._rows
        rows = flattened(lines, self.opened, by_day=self.by_day)
        if lines and known and isinstance(known[0], DayRow) and known[0].day == lines[-1].lead.day:
            known = known[1:]
        kept = self.lines[:MOST_KNOWN]
        added = len(rows) + len(known) - len(self._rows)
        before = max(self.before - added, len(lines)) if has_more else 0
        moved = added + before - self.before
        after = self.after
        if len(kept) < len(self.lines):
            last = next(
                place
                for place, row in enumerate(known)
                if isinstance(row, LineRow) and row.line.key == self.lines[MOST_KNOWN].key
            )
            after, known = after + len(known) - last, known[:last]
        self._exchange([*lines, *kept], [*rows, *known], before, after)
        return moved

    def toggle(self, number: int) -> None:
        """Unfold what a visit consists of, or fold it."""
        row = self.row(number)
        if not isinstance(row, LineRow) or not row.can_open:
            return
        place, inner = number - self.before, below(row.line)
        if row.is_open:
            self.opened.discard(row.line.visit.id)
            self.beginRemoveRows(NOWHERE, number + 1, number + len(inner))
            del self._rows[place + 1 : place + 1 + len(inner)]
            self._rows[place] = LineRow(row.line, is_open=False)
            self.endRemoveRows()
        else:
            self.opened.add(row.line.visit.id)
            self.beginInsertRows(NOWHERE, number + 1, number + len(inner))
            self._rows[place : place + 1] = [LineRow(row.line, is_open=True), *inner]
            self.endInsertRows()
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(cells.COLUMNS) - 1))
