"""One line to find people and visits, or to begin a booking with: "silva physio tue pm", Enter."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError, NotFound
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.days import found
from clinic_scheduler.services.days.found import FoundVisit
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import claims

from . import controls, fonts, icons, search_rows, search_words
from .booking import kept, painting
from .booking.frames import as_card, wide
from .booking.search_line import SearchLine
from .search_rows import Row
from .search_words import Understood
from .tasks import Tasks
from .tokens import current

SIZE: Final = (640, 460)
PAUSE_MS: Final = 120
ROW_H: Final = 48
ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def show_all(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return row.spoken if role in spoken else None


class _Rows(QStyledItemDelegate):
    """What Enter does over its details."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painting.row(painter, option.rect, option)
        inner = option.rect.adjusted(12, 4, -12, -4)
        icons.icon(row.icon, "muted").paint(painter, QRect(inner.left(), inner.center().y() - 9, 20, 20))
        text = inner.adjusted(32, 0, 0, 0)
        upper, lower = QRect(text), QRect(text)
        upper.setHeight(text.height() // 2)
        lower.setTop(upper.bottom() + 1)
        place = upper if row.detail else text
        painting.put(painter, place, row.title, fonts.body(strong=True), current().text)
        painting.put(painter, lower, row.detail, fonts.tabular(fonts.small()), current().muted)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_H)


class SearchDialog(QDialog):
    """Keeps the keyboard in its line; closes when something was chosen.

    Signals:
        chosen: the Row.
    """

    chosen = Signal(object)

    def __init__(self, tasks: Tasks, actor: Actor, offered: Catalogue, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Search or book"))
        self.resize(*SIZE)
        self._tasks, self._actor, self._offered = tasks, actor, offered
        self._is_waiting_for_pick = self._is_looking = False
        example = self.tr("silva physio tue pm, a phone number, a reference")
        self.line = SearchLine(self.tr("Search or book"), example, search_words.LONGEST)
        self._model = _Model(self)
        self.found = QListView()
        self.found.setModel(self._model)
        self.found.setItemDelegate(_Rows(self.found))
        self.found.setAccessibleName(self.tr("Found"))
        self.found.setUniformItemSizes(True)
        self.found.setMouseTracking(True)
        self.found.clicked.connect(self._choose)
        self.line.drive(as_card(self.found))
        self._chips = QHBoxLayout()
        self._chips.setSpacing(4)
        self.said = wide(controls.label(tone="muted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.line)
        column.addLayout(self._chips)
        column.addWidget(self.said)
        column.addWidget(self.found, 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.line.textChanged.connect(self._wait)
        self.line.entered.connect(self._enter)
        self._show(Understood(), ((), None, None))
        self.line.setFocus()

    def _wait(self, _text: str) -> None:
        self._is_waiting_for_pick = False
        self._pause.start()

    def _enter(self) -> None:
        """Enter in the middle of a search waits for its answer, and takes the first of it."""
        if self._pause.isActive() or self._is_looking:
            self._is_waiting_for_pick = True
            if self._pause.isActive():
                self._pause.stop()
                self._look()
        else:
            self._choose(self.found.currentIndex())

    def _look(self) -> None:
        text, self._is_looking = kept.storable(self.line.text()), True
        work = partial(_find, actor=self._actor, offered=self._offered, text=text)
        self._tasks.read(self, work, self._shown, refused=self._fail, latest="search")

    def _shown(self, answer: tuple[Understood, Any]) -> None:
        self._is_looking = False
        self._show(*answer)
        if self._is_waiting_for_pick:
            self._is_waiting_for_pick = False
            self._choose(self.found.currentIndex())

    def _show(
        self, meant: Understood, seen: tuple[Sequence[PatientLine], FoundVisit | None, datetime | None]
    ) -> None:
        people, visit, now = seen
        may_book = BOOK in self._actor.permissions
        rows = (
            search_rows.rows(meant, people, visit, self._offered, now, may_book=may_book)
            if now is not None
            else []
        )
        self._show_chips(search_rows.chips(meant, self._offered))
        self._model.show_all(rows)
        self.found.setVisible(bool(rows))
        self.found.setCurrentIndex(self._model.index(0) if rows else QModelIndex())
        self.said.setText(self._sentence(meant, has_any=bool(rows)))
        self.line.setAccessibleDescription(rows[0].spoken if rows else self.said.text())

    def _sentence(self, meant: Understood, *, has_any: bool) -> str:
        if meant.is_empty:
            return self.tr("Write who, what and when, in any order; Enter begins the booking.")
        if has_any:
            return self.tr("Enter takes the marked line.")
        if meant.reference:
            return self.tr("No booking has this reference; check it with whoever reads it out.")
        return self.tr("Nobody on record matches; try fewer letters or digits.")

    def _show_chips(self, chips: Sequence[str]) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for chip in chips[:8]:
            pill = controls.label(chip[:40])
            pill.setProperty("pill", "accent")
            self._chips.addWidget(pill)
            pill.show()
        self._chips.addStretch(1)

    def _fail(self, error: ClinicError) -> None:
        self._is_looking = self._is_waiting_for_pick = False
        self.said.setText(str(error))

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, Row):
            self.accept()
            self.chosen.emit(row)


def _find(session: Any, *, actor: Actor, offered: Catalogue, text: str) -> tuple[Understood, Any]:  # noqa: ANN401
    """What is meant, by the database's day, and who or what that is."""
    now = claims.now(session)
    meant = search_words.understood(text, offered, local_day(now, offered.clinic.where))
    if meant.reference:
        return meant, ((), _visit(partial(found.by_reference, session, actor=actor), meant.reference), now)
    wanted = meant.phone or meant.person
    people = patients.search(session, clinic_id=actor.clinic_id, text=wanted, limit=8) if wanted else ()
    return meant, (people, None, now)


def _visit(ask: Callable[..., FoundVisit], reference: str) -> FoundVisit | None:
    try:
        return ask(reference=reference)
    except NotFound:
        return None
