"""A day's schedule for every view of it: rows are its visits in reading order."""

from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from clinic_scheduler.services.days.schedule import DaySchedule, Visit
from clinic_scheduler.ui.calendar import speech

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class ScheduleModel(QAbstractListModel):
    """Read-only. The text is the visit as one would say it; `VISIT` gives the dataclass."""

    VISIT = Role.UserRole + 1
    ID = Role.UserRole + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._schedule: DaySchedule | None = None
        self._sorted: list[Visit] | None = None

    @property
    def schedule(self) -> DaySchedule | None:
        return self._schedule

    def show(self, schedule: DaySchedule | None) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._schedule = schedule
        self._sorted = None
        self.endResetModel()

    def visit(self, visit_id: UUID) -> Visit | None:
        """The visit with that id, if it is on this day."""
        return next((v for v in self._rows() if v.id == visit_id), None)

    def index_of(self, visit_id: UUID) -> QModelIndex:
        """Where the visit stands; invalid if it is not on this day."""
        for row, visit in enumerate(self._rows()):
            if visit.id == visit_id:
                return self.index(row)
        return QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows())

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid() or self._schedule is None:
            return None
        visit = self._rows()[index.row()]
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return speech.visit(self._schedule, visit)
        if role == Role.ToolTipRole:
            return None  # the views show plain text themselves; Qt would guess rich text
        if role == self.ID:
            return visit.id
        return visit if role == self.VISIT else None

    def _rows(self) -> list[Visit]:
        # Sorted on first use: painting never needs the order, and a moved visit shows sooner.
        if self._sorted is None:
            visits = self._schedule.visits if self._schedule else ()
            self._sorted = sorted(visits, key=lambda v: (v.start, v.column, v.end))
        return self._sorted
