"""The answers as cards: day and times at the left, who and what in the middle, waiting at the right."""

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
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.wishes import Opening, Part
from clinic_scheduler.ui import fonts, texts
from clinic_scheduler.ui.booking import painting, words
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tokens import current

OPENING: Final = Qt.ItemDataRole.UserRole
IS_HELD: Final = Qt.ItemDataRole.UserRole + 1
GAP: Final = 8
LINE: Final = 18
_Index = QModelIndex | QPersistentModelIndex


class AnswerModel(QAbstractListModel):
    """Openings in the order they are offered; the one that is held says so."""

    def __init__(self, catalogue: Catalogue, parent: QObject) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self._openings: list[Opening] = []
        self._held: tuple[Part, ...] = ()

    def show_all(self, openings: Sequence[Opening]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._openings = list(openings)
        self.endResetModel()

    def add(self, openings: Sequence[Opening]) -> None:
        """Show these as well, below."""
        if openings:
            first = len(self._openings)
            self.beginInsertRows(QModelIndex(), first, first + len(openings) - 1)
            self._openings += openings
            self.endInsertRows()

    def hold(self, parts: Sequence[Part]) -> None:
        """Mark the opening of exactly these parts."""
        self._held = tuple(parts)
        if self._openings:
            self.dataChanged.emit(self.index(0), self.index(len(self._openings) - 1))

    def row_of(self, parts: Sequence[Part]) -> int:
        """The row of exactly these parts, -1 where they are not shown."""
        wanted = tuple(parts)
        return next((n for n, opening in enumerate(self._openings) if opening.parts == wanted), -1)

    @property
    def openings(self) -> tuple[Opening, ...]:
        """What is shown."""
        return tuple(self._openings)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._openings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The day to show, the whole visit to speak, and the Opening behind."""
        opening = self._openings[index.row()]
        if role == OPENING:
            return opening
        if role == IS_HELD:
            return opening.parts == self._held
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            when = words.when_text(opening.parts, self.catalogue)
            waiting = words.waiting_text(opening.waiting_min)
            return f"{when}, {words.people_text(opening.parts, self.catalogue)}, {waiting}"
        return None


class AnswerDelegate(QStyledItemDelegate):
    """Every text on lines of its own, cut where the card is too narrow."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        opening, model = index.data(OPENING), index.model()
        if not isinstance(opening, Opening) or not isinstance(model, AnswerModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect.adjusted(0, 0, 0, -GAP)
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painting.card(painter, place, is_current=is_current, is_hovered=is_hovered)
        inner = place.adjusted(16, 0, -14, 0)
        taken = self._pill(painter, inner, opening, is_held=bool(index.data(IS_HELD)))
        left = QRect(inner.left(), inner.top(), 112, inner.height())
        self._when(painter, left, opening, model.catalogue)
        middle = inner.adjusted(left.width() + 12, 0, -taken - 12, 0)
        self._visit(painter, middle, opening, model.catalogue)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        opening = index.data(OPENING)
        lines = 3 if isinstance(opening, Opening) and len(opening.parts) > 2 else 2
        return QSize(320, lines * LINE + 24 + GAP)

    def _pill(self, painter: QPainter, inner: QRect, opening: Opening, *, is_held: bool) -> int:
        theme, middle = current(), inner.center().y() + 1
        if is_held:
            text = self.tr("held for you")
            return painting.pill(painter, inner.right(), middle, text, theme.warning_ground, theme.warning)
        text = words.waiting_text(opening.waiting_min)
        if not opening.waiting_min:
            return painting.pill(painter, inner.right(), middle, text, theme.good_ground, theme.good)
        return painting.put(painter, inner, text, fonts.small(), theme.muted, painting.RIGHT)

    def _when(self, painter: QPainter, place: QRect, opening: Opening, catalogue: Catalogue) -> None:
        where = catalogue.clinic.where
        day = texts.short_date(local_day(opening.start, where))
        times = self.tr("{start} to {end}").format(
            start=words.time_text(opening.start, catalogue), end=words.time_text(opening.end, catalogue)
        )
        upper, lower = _lines(place, 2)
        painting.put(painter, upper, day, fonts.body(strong=True), current().text)
        painting.put(painter, lower, times, fonts.tabular(fonts.small()), current().muted)

    def _visit(self, painter: QPainter, place: QRect, opening: Opening, catalogue: Catalogue) -> None:
        font = fonts.tabular(fonts.small())
        more = 2 if len(opening.parts) > 2 else 1
        rows = _lines(place, 1 + more)
        people = words.people_text(opening.parts, catalogue)
        painting.put(painter, rows[0], people, fonts.body(), current().text)
        for row, text in zip(
            rows[1:], broken(services_of(opening, catalogue), font, place.width(), more), strict=False
        ):
            painting.put(painter, row, text, font, current().muted)


def services_of(opening: Opening, catalogue: Catalogue) -> list[str]:
    """Each service with its time: "14:10 Physiotherapy"."""
    return [
        f"{words.time_text(part.start, catalogue)} {one_line(words.service_name(catalogue, part.service_id))}"
        for part in opening.parts
    ]


def broken(items: Sequence[str], font: QFont, space: int, lines: int) -> list[str]:
    """Items joined by dots into so many lines, broken only between items; the last line takes the rest."""
    made = [items[0]]
    for item in items[1:]:
        joined = f"{made[-1]} · {item}"
        if painting.width(joined, font) <= space or len(made) == lines:
            made[-1] = joined
        else:
            made.append(item)
    return made


def _lines(place: QRect, count: int) -> list[QRect]:
    top = place.center().y() - count * LINE // 2 + 1
    return [QRect(place.left(), top + n * LINE, place.width(), LINE) for n in range(count)]


class AnswerView(QListView):
    """The list of cards.

    Signals:
        taken: Enter was pressed on a card, go on with it.
        ran_out: the end of the list is near, later answers are wanted.
    """

    taken = Signal(QModelIndex)
    ran_out = Signal()

    def __init__(self, model: AnswerModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = ""
        self.setModel(model)
        self.setItemDelegate(AnswerDelegate(self))
        self.setAccessibleName(self.tr("Free times"))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().valueChanged.connect(self._watch)

    def _watch(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if value > 0 and value >= bar.maximum() - self.viewport().height() // 2:
            self.ran_out.emit()

    def say(self, sentence: str) -> None:
        """What to read while there is nothing to choose from."""
        self._sentence = sentence
        self.setAccessibleDescription(sentence)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        painter.setFont(fonts.body())
        painter.setPen(current().muted)
        place = self.viewport().rect().adjusted(0, 16, -16, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap), self._sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.currentIndex().isValid():
            self.taken.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
