"""The bars of a chart as items: what a screen reader says of each, and what the pointer is told."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinic_scheduler.ui.calendar.typeset import one_line

from . import definitions
from .shown import SHARE, Bar, Chart

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT = QModelIndex()


class BarModel(QAbstractListModel):
    """An item a bar."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.chart = Chart(name, ())
        self.most: int | None = None

    def show(self, chart: Chart, most: int | None) -> None:
        """Replace the bars; of more than `most` only so many are shown."""
        self.beginResetModel()
        self.chart, self.most = chart, most
        self.endResetModel()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Those that are shown."""
        return self.chart.bars[: self.most]

    @property
    def longest(self) -> float:
        """What the whole length stands for, the days before included."""
        amounts = [amount for bar in self.bars for amount in (bar.amount, bar.before) if amount]
        whole = [1.0 for amount in amounts if amount.unit == SHARE]  # all that is open
        return max([amount.value or 0 for amount in amounts] + whole, default=0) or 1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.bars)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        bar = self.bars[index.row()]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return one_line(bar.label) + bar.spoken()[len(bar.label) :]
        if role == Role.ToolTipRole:
            # Not as markup, whatever somebody is called.
            said = f"{bar.spoken()}\n\n{definitions.meaning(self.chart.name)}"
            return said.replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}")
        return None
