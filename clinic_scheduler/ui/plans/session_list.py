"""The sessions of a plan as rows: number, what, when, with whom; what is wrong with one stands in its row."""

from datetime import date
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from clinic_scheduler.services.plans.views import PlanView, SessionView
from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.pick_list import BEHIND
from clinic_scheduler.ui.tokens import current

from . import timeline, words

ROW: Final = 48
SPARE: Final = 4  # what the widths of letters leave out at the end of a line
_Index = QModelIndex | QPersistentModelIndex


class SessionModel(QAbstractListModel):
    """The sessions in their order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sessions: tuple[SessionView, ...] = ()
        self._about: dict[int, date] = {}
        self._next: int | None = None
        self.today = date.min

    def show_plan(self, plan: PlanView | None, today: date) -> None:
        """Show the sessions of a plan instead, those that stay in their places."""
        self.today = today
        sessions = plan.sessions if plan else ()
        marks = timeline.of_plan(plan, today)[0] if plan else []
        self._about = {mark.number: date.fromordinal(mark.at) for mark in marks}
        self._next = plan.progress.next_number if plan else None
        if [one.id for one in sessions] == [one.id for one in self._sessions] and sessions:
            self._sessions = sessions
            self.dataChanged.emit(self.index(0), self.index(len(sessions) - 1))
            return
        self.beginResetModel()
        self._sessions = sessions
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._sessions)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The number and name, all of the row to speak, and the SessionView behind."""
        one = self._sessions[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words.title(one, one.service)
        if role == BEHIND:
            return one
        if role == Qt.ItemDataRole.AccessibleTextRole:
            facts = (
                words.title(one, one.service),
                words.session_state(one.state),
                self.when(one),
                self.details(one),
            )
            return ", ".join(part for part in facts if part)
        return None

    def when(self, one: SessionView) -> str:
        """When it is, was or should be."""
        if one.start is not None and not one.is_open:
            return words.when(one.start, with_year=one.start.year != self.today.year)
        if one.number == self._next and one.window is not None:
            return words.window(one.window, self.today)
        if one.is_open and one.number != self._next and one.number in self._about:
            return self.tr("about {day}").format(day=words.day(self._about[one.number]))
        return ""

    def details(self, one: SessionView) -> str:
        """The second line: what is wrong with it, else with whom and where."""
        if one.gap_note:
            return one.gap_note
        service = one.service if one.name else ""
        parts = [service, one.practitioner, one.room, self.tr("fixed") if one.is_locked else ""]
        return " · ".join(part for part in parts if part)


class SessionDelegate(QStyledItemDelegate):
    """Two lines at the left, the state in words at the right; never by colour alone."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one, model = index.data(BEHIND), index.model()
        if not isinstance(one, SessionView) or not isinstance(model, SessionModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(16, 5, -16, -5)
        upper = QRect(inner.x(), inner.y(), inner.width(), inner.height() // 2)
        lower = upper.translated(0, inner.height() // 2)
        theme = current()
        is_gone = one.state in ("skipped", "cancelled")
        tones = {"due": theme.warning, "missed": theme.now, "completed": theme.good}
        state = words.session_state(one.state)
        taken = painting.put(
            painter,
            upper,
            state,
            fonts.small(strong=one.state in tones),
            tones.get(one.state, theme.muted),
            painting.RIGHT,
        )
        upper.adjust(0, 0, -taken - 12, 0)
        when = model.when(one)
        font = fonts.tabular(fonts.body())
        if when:
            room = min(painting.width(when, font) + SPARE, upper.width() * 2 // 3)
            place = QRect(upper.right() - room + 1, upper.y(), room, upper.height())
            painting.put(painter, place, when, font, theme.muted if one.is_open else theme.text)
            upper.adjust(0, 0, -room - 12, 0)
        title = fonts.body(strong=True)
        title.setStrikeOut(is_gone)
        painting.put(
            painter, upper, words.title(one, one.service), title, theme.muted if is_gone else theme.text
        )
        ink = theme.warning if one.gap_note else theme.muted
        painting.put(painter, lower, model.details(one), fonts.small(), ink)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(240, ROW)
