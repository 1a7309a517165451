"""Plans as rows: who, what, how far with a bar, and what is due next."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from clinic_scheduler.services.plans.views import PlanView, Progress
from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.pick_list import BEHIND
from clinic_scheduler.ui.tokens import current

from . import words

ROW: Final = 76
BAR: Final = 120
COUNT: Final = 52
_Index = QModelIndex | QPersistentModelIndex


class PlanModel(QAbstractListModel):
    """Plans in the order they were found, fetched as the list is scrolled.

    Signals:
        more_wanted: how many are there already.
    """

    more_wanted = Signal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plans: list[PlanView] = []
        self._total = 0
        self._is_fetching = False
        self.today = date.min

    @property
    def total(self) -> int:
        """How many plans there are in all."""
        return self._total

    def show_all(self, plans: Sequence[PlanView], total: int, today: date) -> None:
        """Show these instead; rows that stay keep their places, so that a marked one stays marked."""
        self.today, self._total, self._is_fetching = today, total, False
        if [one.id for one in plans] == [one.id for one in self._plans]:
            self._plans = list(plans)
            if plans:
                self.dataChanged.emit(self.index(0), self.index(len(plans) - 1))
            return
        self.beginResetModel()
        self._plans = list(plans)
        self.endResetModel()

    def add(self, plans: Sequence[PlanView]) -> None:
        """Put the following ones below."""
        self._is_fetching = False
        known = {one.id for one in self._plans}
        new = [one for one in plans if one.id not in known]
        if not new:
            self._total = len(self._plans)
            return
        self.beginInsertRows(QModelIndex(), len(self._plans), len(self._plans) + len(new) - 1)
        self._plans += new
        self.endInsertRows()

    def row_of(self, plan_id: UUID | None) -> int:
        """The row of a plan, -1 if it is not among those read."""
        return next((row for row, one in enumerate(self._plans) if one.id == plan_id), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._plans)

    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and not self._is_fetching and len(self._plans) < self._total

    def fetchMore(self, parent: _Index) -> None:
        self._is_fetching = True
        self.more_wanted.emit(len(self._plans))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The patient to show, everything of the row to speak, and the PlanView behind."""
        plan = self._plans[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(plan.patient)
        if role == BEHIND:
            return plan
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said, _tone = words.due(plan, self.today)
            return ", ".join(part for part in (plan.patient, plan.service, plan.sentence, said) if part)
        return None


class PlanDelegate(QStyledItemDelegate):
    """Three lines: patient and what is due; service and bar; the sentence."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        plan, model = index.data(BEHIND), index.model()
        if not isinstance(plan, PlanView) or not isinstance(model, PlanModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(16, 8, -16, -8)
        line = inner.height() // 3
        first, second, third = (QRect(inner.x(), inner.y() + n * line, inner.width(), line) for n in range(3))
        taken = self._draw_due(painter, first, *words.due(plan, model.today))
        name = first.adjusted(0, 0, -taken - 12, 0)
        painting.put(painter, name, plan.patient, fonts.body(strong=True), current().text)
        count = QRect(second.right() - COUNT + 1, second.y(), COUNT, line)
        figures = fonts.tabular(fonts.small())
        painting.put(painter, count, words.progress(plan), figures, current().muted, painting.RIGHT)
        bar = QRect(count.x() - BAR - 8, second.center().y() - 3, BAR, 6)
        draw_bar(painter, bar, plan.progress)
        service = second.adjusted(0, 0, -(second.right() - bar.x()) - 12, 0)
        painting.put(painter, service, plan.service, fonts.body(), current().text)
        self._draw_sentence(painter, third, plan)
        painter.fillRect(option.rect.x() + 16, option.rect.bottom(), inner.width(), 1, current().faint_line)
        painter.restore()

    def _draw_due(self, painter: QPainter, place: QRect, text: str, tone: str) -> int:
        theme = current()
        grounds = {
            "error": (theme.now_ground, theme.now),
            "warning": (theme.warning_ground, theme.warning),
        }
        if tone:
            return painting.pill(painter, place.right() + 1, place.center().y(), text, *grounds[tone])
        font = fonts.tabular(fonts.small())
        return painting.put(painter, place, text, font, theme.muted, painting.RIGHT)

    def _draw_sentence(self, painter: QPainter, place: QRect, plan: PlanView) -> None:
        text, ink = plan.sentence, current().muted
        if plan.review:
            text, ink = self.tr("To review: {what}").format(what=plan.review), current().warning
        painting.put(painter, place, text, fonts.small(), ink)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(240, ROW)


def draw_bar(painter: QPainter, place: QRect, counted: Progress) -> None:
    """The completed part full, the booked one behind it paler, the rest open."""
    theme = current()
    painter.setPen(Qt.PenStyle.NoPen)
    parts: list[tuple[float, QColor]] = [(1.0, theme.line)]
    if counted.total:
        done = counted.completed / counted.total
        parts += [(done + counted.booked / counted.total, theme.accent), (done, theme.good)]
    for share, colour in parts:
        if share > 0:
            painter.setBrush(colour)
            width = max(place.height(), place.width() * min(1.0, share))
            painter.drawRoundedRect(QRectF(place.x(), place.y(), width, place.height()), 3, 3)
