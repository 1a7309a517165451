"""One day of practitioners or rooms as painted columns, walked by mouse and keyboard."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from clinic_scheduler.ui.calendar import hover, walk
from clinic_scheduler.ui.calendar.boxes import Box
from clinic_scheduler.ui.calendar.canvas import DayCanvas
from clinic_scheduler.ui.calendar.geometry import next_zoom
from clinic_scheduler.ui.calendar.walk import Ground, Spot

Key = Qt.Key
CARRY: Final = 15  # minutes that an arrow moves a visit by, at most
ARROWS: Final = (Key.Key_Down, Key.Key_Up, Key.Key_Left, Key.Key_Right)


class DayView(DayCanvas):
    """The day view: what is painted is in DayCanvas, here is what people do with it.

    Arrows walk visits and empty time, Enter opens or books, N books, Space picks a visit up and puts it down. Other
    keys are left to the window.

    Signals:
        visit_selected: the visit's UUID, or None.
        visit_opened: the UUID of a visit that was double-clicked or entered.
        time_chosen: resource id and instant of empty time that was double-clicked, entered or drawn.
        visit_moved: a Moved that was dropped; `dragging.settle` ends it.
        day_stepped: -1 or +1, by walking past the first or last column, or Ctrl with an arrow.
        menu_requested: the UUID of the visit or None for empty time, and the place on the screen.
        why_wanted: resource id, instant and place on the screen, where the pointer rests with Alt held.
    """

    visit_selected = Signal(object)
    visit_opened = Signal(object)
    time_chosen = Signal(object, object)
    visit_moved = Signal(object)
    day_stepped = Signal(int)
    menu_requested = Signal(object, QPoint)
    why_wanted = Signal(object, object, QPoint)

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent, clock)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Day calendar"))
        self._wheel = 0
        self.viewport().setMouseTracking(True)
        self.dragging.moved.connect(self.visit_moved)
        self.dragging.range_drawn.connect(self._choose)

    @property
    def selected(self) -> UUID | None:
        return self.spot.visit if self.spot else None

    def select(self, appointment_id: UUID | None) -> None:
        """Select a visit and bring it into view; None, or one that is not shown, selects nothing."""
        found = self.scene.find(appointment_id) if self.scene and appointment_id else None
        if found is None:
            self._go(None)
        else:
            self._go(Spot(found.visit.column, found.visit.start, found.visit.id))

    def cursor_time(self) -> tuple[UUID, datetime] | None:
        """Resource id and instant of the empty time that the keyboard stands on."""
        if self.scene is None or self.spot is None or self.spot.visit is not None:
            return None
        schedule, spot = self.scene.schedule, self.spot
        return schedule.columns[spot.column].resource_id, schedule.instant(spot.column, spot.minute)

    def zoom_by(self, steps: int, anchor: int | None = None) -> None:
        """Closer (positive) or wider; the minute at y `anchor` of the viewport stays where it is."""
        if self.scene is None:
            return
        y = self.viewport().height() // 2 if anchor is None else anchor
        minute = self.scene.geometry.minute_at(y + self.verticalScrollBar().value())
        self.set_zoom(next_zoom(self.zoom, steps))
        self.verticalScrollBar().setValue(self.scene.geometry.y(minute) - y)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        has_ctrl = modifiers == Qt.KeyboardModifier.ControlModifier
        has_shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        if self.dragging.drag is not None:
            self._carry(key)
        elif key == Key.Key_Space and (has_shift or not modifiers):
            self._pick_up(is_whole=has_shift)
        elif self.scene is None or (modifiers and not has_ctrl):
            event.ignore()
        elif has_ctrl and key in (Key.Key_Left, Key.Key_Right):
            self.day_stepped.emit(-1 if key == Key.Key_Left else 1)
        elif not has_ctrl and key in ARROWS:
            self._walk(key, is_repeat=event.isAutoRepeat())
        elif not has_ctrl and key in (Key.Key_Return, Key.Key_Enter) and self.spot:
            self._enter()
        elif not has_ctrl and key == Key.Key_N and self.spot:
            self._book_here()
        elif not has_ctrl and key == Key.Key_Escape and self.spot:
            self._go(None)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self.dragging.cancel()
            self._go(self._spot_at(place))
        if event.button() == Qt.MouseButton.LeftButton:
            is_whole = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.dragging.press(place, is_whole=is_whole)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragging.move(place)
        elif self.dragging.drag is None:
            self.viewport().setCursor(self.dragging.shape_at(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press did the rest; what is left over is not the window's."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.dragging.release()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.dragging.cancel()
            self._go(self._spot_at(event.position().toPoint()))
            if self.spot:
                self._enter()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            if self.spot is None:
                return
            rect = self.rect_of_spot()
            place = self.viewport().mapToGlobal(rect.center() if rect else QPoint(0, 0))
        self.menu_requested.emit(self.selected, place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / 120)
        self._wheel -= steps * 120
        if steps:
            self.zoom_by(steps, round(event.position().y()))
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.spot is None and self.scene is not None:
            self._go(self._start())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._hover(event)
            return True
        return super().viewportEvent(event)

    def _hover(self, event: QHelpEvent) -> None:
        """Show the card of what is there; with Alt held, let others say why nothing can be there."""
        if self.scene is None:
            return
        point = self.to_content(event.pos())
        card, geometry = hover.card(self.scene, point), self.scene.geometry
        column = geometry.column_at(point.x())
        is_asking = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier)
        if is_asking and column >= 0 and not isinstance(self.scene.at(point), Box):
            schedule, minute = self.scene.schedule, geometry.step_at(point.y())
            resource_id, start = schedule.columns[column].resource_id, schedule.instant(column, minute)
            self.why_wanted.emit(resource_id, start, event.globalPos())
        elif card is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), card.html, self, card.rect.translated(-self.origin()))

    def refresh_selection(self, was: UUID | None) -> None:
        """After other data came: the selected visit may have moved or gone."""
        if was is not None and self.spot is None:
            self.visit_selected.emit(None)

    def _walk(self, key: Qt.Key, *, is_repeat: bool) -> None:
        if self.spot is None:
            self._go(self._start())
            return
        ground = self._ground()
        if key in (Key.Key_Down, Key.Key_Up):
            self._go((walk.down if key == Key.Key_Down else walk.up)(ground, self.spot))
            return
        by = -1 if key == Key.Key_Left else 1
        beside = walk.sideways(ground, self.spot, by)
        if beside is not None:
            self._go(beside)
        elif not is_repeat:  # a key held down stops at the edge instead of rushing through the days
            self.day_stepped.emit(by)

    def _enter(self) -> None:
        if self.selected is not None:
            self.visit_opened.emit(self.selected)
        else:
            self._book_here()

    def _book_here(self) -> None:
        """Choose the empty time, or the end of the visit that the keyboard stands on."""
        if self.scene is None or self.spot is None:
            return
        found = self.scene.find(self.spot.visit) if self.spot.visit else None
        self._choose(self.spot.column, found.visit.end if found else self.spot.minute)

    def _choose(self, column: int, minute: int, _until: int = 0) -> None:
        if self.scene is not None:
            schedule = self.scene.schedule
            resource_id = schedule.columns[column].resource_id
            self.time_chosen.emit(resource_id, schedule.instant(column, minute))

    def _pick_up(self, *, is_whole: bool) -> None:
        found = self.scene.find(self.selected) if self.scene and self.selected else None
        if found is not None:
            self.dragging.pick_up(found, is_whole=is_whole)

    def _carry(self, key: Qt.Key) -> None:
        """What keys do while a visit is on the move."""
        if key in ARROWS and self.scene is not None:
            self.dragging.step(key, min(self.scene.geometry.zoom.step, CARRY))
        elif key in (Key.Key_Space, Key.Key_Return, Key.Key_Enter) and self.dragging.is_active:
            self.dragging.drop()
        elif key == Key.Key_Escape:
            self.dragging.cancel()

    def _go(self, spot: Spot | None) -> None:
        was = self.selected
        if spot != self.spot:
            self.show_spot(spot)
        if self.selected != was:
            self.visit_selected.emit(self.selected)

    def _start(self) -> Spot | None:
        """Now if that is shown, else the first visit, else the first column's opening."""
        if self.scene is None:
            return None
        geometry = self.scene.geometry
        now = self.live.minute()
        if now is not None and geometry.opens <= now < geometry.closes:
            return walk.first(self._ground(), 0, now)
        shown = [visit for content in self.scene.contents for visit in content.visits[:1]]
        if shown:
            earliest = min(shown, key=lambda v: (v.start, v.column))
            return Spot(earliest.column, earliest.start, earliest.id)
        return Spot(0, geometry.opens)

    def _spot_at(self, place: QPoint) -> Spot | None:
        if self.scene is None:
            return None
        point = self.to_content(place)
        found = self.scene.at(point)
        if isinstance(found, Box):
            return Spot(found.visit.column, found.visit.start, found.visit.id)
        geometry = self.scene.geometry
        column = geometry.column_at(point.x())
        if column < 0:
            return None
        step = walk.first(self._ground(), column, geometry.step_at(point.y()))
        # The step may begin inside a visit although the click was below it.
        return Spot(column, self._free_from(step)) if step.visit else step

    def _free_from(self, spot: Spot) -> int:
        """The end of what is stacked at a spot, where the empty time that was clicked begins."""
        visits = self._ground().columns[spot.column]
        return max(v.end for v in visits if v.start <= spot.minute < v.end)

    def _ground(self) -> Ground:
        assert self.scene is not None  # noqa: S101 - asked for only while a day is shown
        geometry = self.scene.geometry
        columns = [content.visits for content in self.scene.contents]
        return Ground(columns, geometry.opens, geometry.closes, geometry.zoom.step)
