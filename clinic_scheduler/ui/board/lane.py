"""One practitioner's visits of the day, below each other."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.board.today import BoardVisit, Lane
from clinic_scheduler.ui import controls, fonts, icons, texts
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.hues import block
from clinic_scheduler.ui.theme import style_as
from clinic_scheduler.ui.tokens import Theme, current

from . import words

Index = QModelIndex | QPersistentModelIndex
VISIT: Final = Qt.ItemDataRole.UserRole
HIGH: Final = 76
LOW: Final = 32  # what is over takes one line
WIDTH: Final = 264
NARROW: Final = 204  # six beside each other in a window as it opens
BAR: Final = 4
NOWHERE: Final = QModelIndex()


class LaneModel(QAbstractListModel):
    """The visits; `now` moves on without being read anew."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.visits: tuple[BoardVisit, ...] = ()
        self.hue = 0
        self.now: datetime | None = None

    def show_lane(self, lane: Lane, now: datetime) -> None:
        """Show these instead; where they are the same people in the same order, the view keeps its place."""
        is_same = [one.id for one in self.visits] == [one.id for one in lane.visits]
        if not is_same:
            self.beginResetModel()
        self.visits, self.hue, self.now = lane.visits, lane.hue, now
        if not is_same:
            self.endResetModel()
        elif self.visits:
            self.dataChanged.emit(self.index(0), self.index(len(self.visits) - 1))

    def tick(self, now: datetime) -> None:
        """Time has passed."""
        self.now = now
        if self.visits:
            self.dataChanged.emit(self.index(0), self.index(len(self.visits) - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.visits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt has it
        visit = self.visits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visit.patient
        if role == VISIT:
            return visit
        if role == Qt.ItemDataRole.AccessibleTextRole and self.now is not None:
            return words.spoken(visit, self.now)
        return None


class VisitDelegate(QStyledItemDelegate):
    """A card: time and name, service and room, status with its timer, and when it will really begin."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        visit, model, theme = index.data(VISIT), index.model(), current()
        if not isinstance(visit, BoardVisit) or not isinstance(model, LaneModel):
            return
        is_done = visit.status in words.DONE
        colours = block(theme, model.hue, is_finished=is_done)
        place = option.rect.adjusted(8, 2, -8, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.ground)
        painter.drawRoundedRect(QRectF(place), 4, 4)
        painter.setBrush(colours.bar)
        painter.drawRoundedRect(QRectF(place.left(), place.top(), BAR, place.height()), 2, 2)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 2))
            painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 4, 4)
        inner = place.adjusted(BAR + 8, 4, -4, -4)
        self._first(painter, inner, visit, colours.ink, colours.muted, is_done=is_done)
        if not is_done and model.now is not None:
            self._rest(painter, inner, visit, model.now, theme)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        visit = index.data(VISIT)
        return QSize(WIDTH, LOW if isinstance(visit, BoardVisit) and visit.status in words.DONE else HIGH)

    def _first(
        self, painter: QPainter, inner: QRect, visit: BoardVisit, ink: QColor, muted: QColor, *, is_done: bool
    ) -> None:
        line = QRect(inner.left(), inner.top(), inner.width(), inner.height() if is_done else 20)
        sign = texts.status_sign(visit.status)
        taken = painting.put(painter, line, sign, fonts.body(strong=True), muted, painting.RIGHT)
        if visit.alert and not is_done:
            ratio = painter.device().devicePixelRatioF()
            sign_place = line.right() - taken - 20
            painter.drawPixmap(
                sign_place, line.top() + 2, icons.pixmap("triangle-alert", 16, "warning", ratio)
            )
            taken += 24
        line.adjust(0, 0, -taken - 4, 0)
        time = f"{visit.start:%H:%M}"
        wide = painting.put(painter, line, time, fonts.tabular(fonts.body()), muted)
        font = fonts.body(strong=True)
        font.setStrikeOut(visit.status == "no_show")
        painting.put(painter, line.adjusted(wide + 8, 0, 0, 0), visit.patient, font, ink)

    def _rest(self, painter: QPainter, inner: QRect, visit: BoardVisit, now: datetime, theme: Theme) -> None:
        second = QRect(inner.left(), inner.top() + 22, inner.width(), 18)
        what = " · ".join(part for part in (visit.service, visit.room) if part)
        ground = block(theme, 0).muted
        painting.put(painter, second, what, fonts.small(), ground)
        third = QRect(inner.left(), inner.top() + 44, inner.width(), 20)
        timer, forecast = words.timer(visit, now), words.forecast(visit)
        said = timer if visit.status != "confirmed" or timer else ""
        late = bool(forecast) or visit.overrun.total_seconds() >= 60
        if late:
            words_shown = forecast if forecast and visit.status != "in_progress" else timer
            if visit.status == "arrived" and timer:
                words_shown = f"{timer} · {forecast}"
            self._pill(painter, third, words_shown, theme.warning_ground, theme.warning)
        elif visit.status in ("arrived", "in_progress"):
            self._pill(
                painter, third, f"{words.status(visit)} · {said}", theme.accent_ground, theme.accent_text
            )
        elif said:
            self._pill(painter, third, said, theme.warning_ground, theme.warning)

    def _pill(self, painter: QPainter, place: QRect, text: str, ground: QColor, ink: QColor) -> None:
        font = fonts.small(strong=True)
        width = min(place.width(), painting.width(text, font) + 18)
        box = QRect(place.left(), place.top(), width, place.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(box), 4, 4)
        painting.put(painter, box.adjusted(8, 0, -8, 0), text, font, ink)


class LaneView(QListView):
    """The cards of one lane.

    Signals:
        entered: the keyboard came here.
        key_pressed: a QKeyEvent that is not for the list itself.
        opened: the BoardVisit that was double-clicked or entered.
    """

    entered = Signal()
    key_pressed = Signal(object)
    opened = Signal(object)

    def __init__(self, model: LaneModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(VisitDelegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("plain", True)
        self.doubleClicked.connect(self._open)

    @property
    def current(self) -> BoardVisit | None:
        """The visit that the keyboard is on."""
        found = self.currentIndex().data(VISIT) if self.currentIndex().isValid() else None
        return found if isinstance(found, BoardVisit) else None

    def mark(self, appointment_id: UUID, *, is_framed: bool) -> None:
        """Go to a visit, if it is here; only the lane in which the keyboard is has a frame around it."""
        visits = [self.model().index(row, 0).data(VISIT).id for row in range(self.model().rowCount())]
        if appointment_id in visits:
            index, how = (
                self.model().index(visits.index(appointment_id), 0),
                QItemSelectionModel.SelectionFlag,
            )
            self.selectionModel().setCurrentIndex(index, how.ClearAndSelect if is_framed else how.NoUpdate)

    def first_open(self) -> int:
        """The row of the first visit that is not over yet; the first of all where every one is."""
        visits = [self.model().index(row, 0).data(VISIT) for row in range(self.model().rowCount())]
        return next((row for row, one in enumerate(visits) if one.status not in words.DONE), 0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Else Qt would begin with the first of all.
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(self.first_open(), 0))
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()
            self.key_pressed.emit(event)

    def _open(self, index: Index) -> None:
        self.opened.emit(index.data(VISIT))


class LaneColumn(QFrame):
    """Name, how it is going, and the cards."""

    def __init__(self, practitioner_id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.practitioner_id = practitioner_id
        self.setProperty("card", True)
        self.setMinimumWidth(NARROW)
        self.setMaximumWidth(WIDTH)
        self.model = LaneModel(self)
        self.view = LaneView(self.model)
        self._whole_name, self._name = "", controls.label()
        self._name.setMinimumWidth(1)
        self._name.setFont(fonts.body(strong=True))
        self._state = controls.label("", "muted")
        head = QVBoxLayout()
        head.setContentsMargins(12, 10, 12, 6)
        head.setSpacing(2)
        head.addWidget(self._name)
        head.addWidget(self._state)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 8)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)

    def show_lane(self, lane: Lane, now: datetime) -> None:
        """Show a practitioner's day."""
        name = self._whole_name = one_line(lane.name)
        self._cut_name()
        state = words.state_of(lane)
        self._state.setText(state)
        is_late = any(words.is_late(one) for one in lane.visits) or any(
            one.overrun.total_seconds() >= 60 for one in lane.visits
        )
        style_as(self._state, tone="warning" if is_late else "muted")
        self.view.setAccessibleName(f"{name}, {state}")
        marked, is_framed = self.view.current, self.view.selectionModel().hasSelection()
        self.model.show_lane(lane, now)
        if marked is not None and self.view.current is None:
            self.view.mark(marked.id, is_framed=is_framed)
        self.view.doItemsLayout()  # heights change with the status

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut_name()

    def _cut_name(self) -> None:
        room = self.width() - 28
        shown = self._name.fontMetrics().elidedText(self._whole_name, Qt.TextElideMode.ElideRight, room)
        self._name.setText(shown)
        self._name.setToolTip("" if shown == self._whole_name else self._whole_name)
