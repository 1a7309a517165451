"""People as rows: name over phone, birth date and e-mail; an alert shows its sign."""

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
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.persons import shown_phone
from clinic_scheduler.ui import fonts, icons
from clinic_scheduler.ui.booking import dates, painting
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.pick_list import BEHIND, PickList
from clinic_scheduler.ui.tokens import current

ROW: Final = 52
_Index = QModelIndex | QPersistentModelIndex


def detail(line: PatientLine, country: str) -> str:
    """Phone, birth date and e-mail, as far as they are known."""
    phone = shown_phone(line.phone, country) if line.phone else ""
    birth = dates.shown(line.birth_date) if line.birth_date else ""
    return " · ".join(part for part in (phone, birth, one_line(line.email)) if part)


class PersonModel(QAbstractListModel):
    """People in the order they were found, with why each was where that was told."""

    def __init__(self, country: str, parent: QObject) -> None:
        super().__init__(parent)
        self._country = country
        self._people: tuple[PatientLine, ...] = ()
        self._reasons: tuple[str, ...] = ()

    def show_all(self, people: Sequence[PatientLine], reasons: Sequence[str] = ()) -> None:
        """Show these instead; `reasons` are one for each, or none at all."""
        self.beginResetModel()
        self._people, self._reasons = tuple(people), tuple(reasons)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name to show, all that is known to speak, and the PatientLine behind."""
        line = self._people[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(line.name)
        if role == BEHIND:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (line.name, self.detail(line), line.alert) if part)
        return None

    def detail(self, line: PatientLine) -> str:
        """The second line of a person."""
        known = detail(line, self._country)
        reason = self._reasons[self._people.index(line)] if self._reasons else ""
        return " · ".join(part for part in (reason, known) if part)


class PersonDelegate(QStyledItemDelegate):
    """Two lines; the alert's sign at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model, line = index.model(), index.data(BEHIND)
        if not isinstance(model, PersonModel) or not isinstance(line, PatientLine):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(16, 6, -16, -6)
        if line.alert:
            ratio = painter.device().devicePixelRatioF()
            sign = icons.pixmap("triangle-alert", 16, "warning", ratio)
            painter.drawPixmap(inner.right() - 16, inner.center().y() - 7, sign)
            inner.adjust(0, 0, -24, 0)
        upper, lower = QRect(inner), QRect(inner)
        upper.setHeight(inner.height() // 2)
        lower.setTop(upper.bottom() + 1)
        second = model.detail(line)
        painting.put(painter, upper if second else inner, line.name, fonts.body(strong=True), current().text)
        painting.put(painter, lower, second, fonts.tabular(fonts.small()), current().muted)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, ROW)


class PersonView(PickList):
    """The list; Enter or a click picks."""

    def __init__(self, model: PersonModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, PersonDelegate(), name, parent, by_click=True)
