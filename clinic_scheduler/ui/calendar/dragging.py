"""Moving, stretching and picking up visits, and drawing a time: the hands of the day view."""

from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from clinic_scheduler.services.changing.targets import Targets
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.calendar import speech
from clinic_scheduler.ui.calendar.boxes import Box
from clinic_scheduler.ui.calendar.drag import MOVABLE, SNAP, STRETCHABLE, Drag, Grip
from clinic_scheduler.ui.calendar.scene import Scene

EDGE = 5  # pixels at the top and bottom of a visit that stretch it
NEAR, SCROLL_MS, SCROLL_BY = 28, 30, 14  # while something is held at the edge of the view, it scrolls
ASK_MS = 120  # the pointer rests for so long before it is asked why
Arrow = Qt.Key


class Board(Protocol):
    """The view that is dragged in."""

    scene: Scene | None

    def to_content(self, place: QPoint) -> QPoint: ...
    def reveal(self, rect: QRect) -> None: ...


class Dragging(QObject):
    """A press becomes a drag once the pointer has moved far enough; Escape gives it up.

    Signals:
        targets_wanted: the Visit and whether all of its booking moves.
        why_wanted: the Drag that stands where it may not go.
        moved: a Moved.
        range_drawn: column, first and last minute of empty time.
        told: a sentence for the desk.
        changed: the rectangle of the content to paint again, empty for everything.
    """

    targets_wanted = Signal(object, bool)
    why_wanted = Signal(object)
    moved = Signal(object)
    range_drawn = Signal(int, int, int)
    told = Signal(str)
    changed = Signal(QRect)

    def __init__(self, view: QAbstractScrollArea, board: Board) -> None:
        super().__init__(view)
        self._view, self._board = view, board
        self._pressed: QPoint | None = None
        self._is_whole = False
        self.drag: Drag | None = None
        self.is_waiting = False  # dropped, but not yet answered
        self._asking = QTimer(self, singleShot=True, interval=ASK_MS)
        self._asking.timeout.connect(self._ask)
        self._scrolling = QTimer(self, interval=SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll)
        self._pointer = QPoint()

    @property
    def is_active(self) -> bool:
        """Whether something is on the move and can still be given up."""
        return self.drag is not None and not self.is_waiting

    def press(self, place: QPoint, *, is_whole: bool) -> None:
        """The left button went down."""
        if not self.is_waiting:
            self._pressed, self._is_whole = place, is_whole

    def move(self, place: QPoint) -> None:
        """The pointer moved with the button down."""
        scene = self._board.scene
        if self.is_waiting or scene is None:
            return
        if self.drag is None:
            far = QApplication.startDragDistance()
            if self._pressed is None or (place - self._pressed).manhattanLength() < far:
                return
            self._begin(scene, self._board.to_content(self._pressed))
        self._pointer = place
        self._follow()
        port = self._view.viewport().rect()
        if self.drag is not None and not port.adjusted(NEAR, NEAR, -NEAR, -NEAR).contains(place):
            self._scrolling.start()
        else:
            self._scrolling.stop()

    def release(self) -> None:
        """The button went up: drop what is on the move."""
        self._pressed = None
        self._scrolling.stop()
        if self.is_active:
            self.drop()

    def pick_up(self, box: Box, *, is_whole: bool) -> bool:
        """Take up a visit by the keyboard; whether it can be moved at all."""
        if self.drag is not None:
            return False
        if box.visit.status not in MOVABLE:
            words = self.tr("This visit is {status} and keeps its time.")
            self.told.emit(words.format(status=texts.status_word(box.visit.status).lower()))
            return False
        visit = box.visit
        self.drag = Drag(Grip.MOVE, visit.column, visit.start, visit.end, 0, visit, is_whole, is_by_key=True)
        self.targets_wanted.emit(visit, is_whole)
        self._tell(self.tr("Picked up. Arrows move it, Space puts it down, Escape gives up."))
        self._changed()
        return True

    def step(self, key: Qt.Key, by: int) -> None:
        """Move what was picked up by an arrow key."""
        drag, scene = self.drag, self._board.scene
        if drag is None or scene is None or self.is_waiting:
            return
        before = drag.rect(scene.geometry)
        columns = {Arrow.Key_Left: -1, Arrow.Key_Right: 1}.get(key, 0)
        minutes = {Arrow.Key_Up: -by, Arrow.Key_Down: by}.get(key, 0)
        column = min(max(drag.column + columns, 0), scene.geometry.columns - 1)
        if drag.to(column, drag.start + minutes, scene.geometry):
            self._moved(before)
            self._board.reveal(drag.rect(scene.geometry))

    def drop(self) -> None:
        """Ask for what is on the move; it stays on the screen until `settle`."""
        drag, scene = self.drag, self._board.scene
        if drag is None or scene is None:
            return
        if drag.grip is Grip.RANGE:
            self._end()
            self.range_drawn.emit(drag.column, drag.start, drag.end)
            return
        moved = drag.dropped(scene.schedule)
        if moved is None:
            self._end()
            return
        self.is_waiting = True
        self._asking.stop()
        self.moved.emit(moved)

    def cancel(self) -> None:
        """Give up; nothing was changed."""
        if self.is_active:
            self._tell(self.tr("Given up; nothing was changed."))
            self._end()
        self._pressed = None

    def settle(self) -> None:
        """What was dropped is answered: the day shows how things are."""
        self.is_waiting = False
        self._end()

    def show_targets(self, targets: Targets) -> None:
        """Light the places where it may go."""
        drag, scene = self.drag, self._board.scene
        if drag is None or scene is None or drag.visit is None or drag.visit.id != targets.appointment_id:
            return
        drag.targets = targets
        drag.dim = drag.dimmed(scene.schedule, scene.geometry)
        self._consider()
        self._changed()

    def show_why(self, words: str) -> None:
        """Say at the pointer why it may not go here."""
        if self.drag is not None:
            self.drag.why = words
            self._tell(words)
            self._changed()

    def lay_out(self) -> None:
        """After the board changed under it: what is dimmed stands elsewhere."""
        drag, scene = self.drag, self._board.scene
        if drag is None:
            return
        if scene is None or drag.column >= scene.geometry.columns:
            self.is_waiting = False
            self._end()
            return
        drag.dim = drag.dimmed(scene.schedule, scene.geometry)

    def shape_at(self, place: QPoint) -> Qt.CursorShape:
        """What the pointer looks like over a place of the viewport."""
        scene = self._board.scene
        found = scene.at(self._board.to_content(place)) if scene else None
        if not isinstance(found, Box):
            return Qt.CursorShape.ArrowCursor
        grip = _grip(found, self._board.to_content(place).y())
        is_edge = grip is not Grip.MOVE and found.visit.status in STRETCHABLE
        return Qt.CursorShape.SizeVerCursor if is_edge else Qt.CursorShape.ArrowCursor

    def _begin(self, scene: Scene, point: QPoint) -> None:
        found = scene.at(point)
        minute = scene.geometry.minute_at(point.y())
        if isinstance(found, Box):
            visit, grip = found.visit, _grip(found, point.y())
            if grip is not Grip.MOVE and visit.status not in STRETCHABLE:
                grip = Grip.MOVE
            if grip is Grip.START and visit.status not in MOVABLE:
                grip = Grip.END
            if grip is Grip.MOVE and visit.status not in MOVABLE:
                self._pressed = None
                return
            self.drag = Drag(
                grip, visit.column, visit.start, visit.end, minute - visit.start, visit, self._is_whole
            )
            self.targets_wanted.emit(visit, self._is_whole and grip is Grip.MOVE)
        elif found is None and (column := scene.geometry.column_at(point.x())) >= 0:
            first = scene.geometry.step_at(point.y())
            self.drag = Drag(Grip.RANGE, column, first, first + SNAP, first)

    def _follow(self) -> None:
        drag, scene = self.drag, self._board.scene
        if drag is None or scene is None:
            return
        before, point = drag.rect(scene.geometry), self._board.to_content(self._pointer)
        column = scene.geometry.column_at(min(max(point.x(), 0), scene.geometry.width - 1))
        if drag.to(column, scene.geometry.minute_at(point.y()), scene.geometry):
            self._moved(before)

    def _moved(self, before: QRect) -> None:
        drag, scene = self.drag, self._board.scene
        if drag is not None and scene is not None:
            drag.why = ""
            self._consider()
            self.changed.emit(QRect())
            where = speech.empty_time(scene.schedule, drag.column, drag.start)
            if drag.is_by_key:
                self._tell(where)

    def _consider(self) -> None:
        """Ask why, if it may not go where it stands."""
        scene = self._board.scene
        if self.drag is not None and scene is not None and self.drag.is_allowed(scene.schedule) is False:
            self._asking.start()
        else:
            self._asking.stop()

    def _ask(self) -> None:
        if self.drag is not None:
            self.why_wanted.emit(self.drag)

    def _scroll(self) -> None:
        port = self._view.viewport().rect()
        for bar, at, last in (
            (self._view.horizontalScrollBar(), self._pointer.x(), port.right()),
            (self._view.verticalScrollBar(), self._pointer.y(), port.bottom()),
        ):
            if at < NEAR:
                bar.setValue(bar.value() - SCROLL_BY)
            elif at > last - NEAR:
                bar.setValue(bar.value() + SCROLL_BY)
        self._follow()

    def _end(self) -> None:
        self.drag = None
        self._asking.stop()
        self._scrolling.stop()
        self._changed()

    def _changed(self) -> None:
        self.changed.emit(QRect())

    def _tell(self, words: str) -> None:
        if words and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, words))


def _grip(box: Box, y: int) -> Grip:
    if box.height < 4 * EDGE:
        return Grip.MOVE
    if y >= box.y + box.height - EDGE:
        return Grip.END
    return Grip.START if y < box.y + EDGE else Grip.MOVE
