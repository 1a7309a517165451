"""The agenda: the visits of several days as a list, under a head for each day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from clinic_scheduler.services.days.schedule import DaySchedule, Visit
from clinic_scheduler.ui import fonts, hues, texts, theme
from clinic_scheduler.ui.calendar import speech
from clinic_scheduler.ui.calendar.boxes import STRUCK, badge_texts
from clinic_scheduler.ui.calendar.paint import paint_empty
from clinic_scheduler.ui.calendar.typeset import one_line

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
WIDTHS = (144, 204, 180, 140, 112, 112)
BAR = (4, 16)


@dataclass(slots=True)
class _Day:
    """A day with its visits in order; `place` is its row."""

    place: int
    schedule: DaySchedule
    visits: list[Visit] = field(default_factory=list)


class AgendaModel(QAbstractItemModel):
    """Days at the top, their visits below."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.days: list[_Day] = []

    def show(self, days: Sequence[DaySchedule], of: UUID | None) -> None:
        """Replace everything by the visits of these days, of everybody or of one; empty days are left out."""
        self.beginResetModel()
        self.days = []
        for schedule in days:
            visits = [v for v in schedule.visits if of in (None, schedule.columns[v.column].resource_id)]
            if visits:
                visits.sort(key=lambda v: (v.start, v.column, v.end))
                self.days.append(_Day(len(self.days), schedule, visits))
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, 0 if not parent.isValid() else parent.row() + 1)

    def parent(self, child: Index | None = None) -> QModelIndex:  # type: ignore[override]
        if child is None or not child.isValid() or not child.internalId():
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return len(self.days)
        is_day = not parent.internalId() and parent.column() == 0
        return len(self.days[parent.row()].visits) if is_day else 0

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(WIDTHS) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if role != Role.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        heads = (
            self.tr("Time"),
            self.tr("Patient"),
            self.tr("Service"),
            self.tr("With"),
            self.tr("Room"),
            self.tr("Status"),
            "",
        )
        return heads[section]

    def visit(self, index: Index) -> Visit | None:
        """The visit of a row; None of a day's head."""
        if not index.isValid() or not index.internalId():
            return None
        return self.days[index.internalId() - 1].visits[index.row()]

    def index_of(self, visit_id: UUID) -> QModelIndex:
        """Where a visit stands; invalid if it is not shown."""
        for day in self.days:
            for row, visit in enumerate(day.visits):
                if visit.id == visit_id:
                    return self.createIndex(row, 0, day.place + 1)
        return QModelIndex()

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        visit = self.visit(index)
        if visit is None:
            return self._of_day(self.days[index.row()], index.column(), role)
        schedule = self.days[index.internalId() - 1].schedule
        return self._of_visit(schedule, visit, index.column(), role)

    def _of_day(self, day: _Day, column: int, role: int) -> object:
        if role == Role.FontRole:
            return fonts.body(strong=True)
        if column or role not in (Role.DisplayRole, Role.AccessibleTextRole):
            return None
        count = len(day.visits)
        visits = self.tr("1 visit") if count == 1 else self.tr("%n visits", "", count)
        return f"{texts.long_date(day.schedule.day)} · {visits}"

    def _of_visit(self, schedule: DaySchedule, visit: Visit, column: int, role: int) -> object:
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            is_spoken = role == Role.AccessibleTextRole and not column
            return speech.visit(schedule, visit) if is_spoken else _texts(schedule, visit)[column]
        if role == Role.DecorationRole and not column:
            return _bar(visit.hue)
        if role == Role.ForegroundRole and (column > 1 or visit.status in STRUCK):
            return theme.current().muted
        if role == Role.FontRole:
            font = fonts.tabular(fonts.body(strong=column == 1))
            font.setStrikeOut(column == 1 and visit.status in STRUCK)
            return font
        return None


def _texts(schedule: DaySchedule, visit: Visit) -> tuple[str, ...]:
    sign = texts.status_sign(visit.status)
    return (
        f"{visit.time} to {schedule.wall_time(visit.end)}",
        one_line(visit.patient),
        one_line(visit.service),
        one_line(schedule.columns[visit.column].name),
        one_line(visit.room),
        f"{texts.status_word(visit.status)} {sign}".strip(),
        " · ".join(badge_texts(visit)),
    )


def _bar(hue: int) -> QPixmap:
    pixmap = QPixmap(*BAR)
    colour: QColor = hues.block(theme.current(), hue).bar
    pixmap.fill(colour)
    return pixmap


class AgendaView(QTreeView):
    """Letters are left to the window; Enter opens.

    Signals:
        visit_selected: the visit's UUID, or None.
        visit_opened: the UUID of a visit that was double-clicked or entered.
        menu_requested: the UUID of the visit or None, and the place on the screen.
    """

    visit_selected = Signal(object)
    visit_opened = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("plain", True)
        self.setAccessibleName(self.tr("Agenda"))
        self.visits = AgendaModel(self)
        self.setModel(self.visits)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(16)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.header().setSectionsMovable(False)
        self.activated.connect(self._open)

    @property
    def selected(self) -> UUID | None:
        """The visit that the keyboard stands on."""
        visit = self.visits.visit(self.currentIndex())
        return visit.id if visit else None

    def show_days(self, days: Sequence[DaySchedule], of: UUID | None, day: date) -> None:
        """Show these days; what was selected stays so, else the first visit from a day on is."""
        was = self.selected
        self.visits.show(days, of)
        for place, each in enumerate(self.visits.days):
            self.setFirstColumnSpanned(place, ROOT, True)
            assert each.place == place  # noqa: S101 - rows are numbered in order
        self.expandAll()
        index = self.visits.index_of(was) if was else QModelIndex()
        if not index.isValid() and was is None:
            following = (each for each in self.visits.days if each.schedule.day >= day)
            first = next(following, None)
            index = self.visits.index_of(first.visits[0].id) if first else QModelIndex()
        self.setCurrentIndex(index)
        self.scrollTo(index.parent() if index.row() == 0 else index)
        self.viewport().update()

    def select(self, visit_id: UUID | None) -> None:
        """Select a visit and bring it into view."""
        index = self.visits.index_of(visit_id) if visit_id else QModelIndex()
        self.setCurrentIndex(index)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.visit_selected.emit(self.selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isalpha():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        visit = self.visits.visit(index)
        place = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
        self.menu_requested.emit(visit.id if visit else None, place)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.visits.days:
            painter = QPainter(self.viewport())
            words = (
                self.tr("No visits in these days"),
                self.tr("Turn on with Ctrl+Right, or begin a booking with Ctrl+N."),
            )
            paint_empty(painter, self.viewport().rect(), theme.current(), words)
            painter.end()

    def _open(self, index: Index) -> None:
        visit = self.visits.visit(index)
        if visit is not None:
            self.visit_opened.emit(visit.id)
