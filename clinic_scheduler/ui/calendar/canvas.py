"""What the day view shows: a model's day laid out, painted, kept up to date."""

from collections.abc import Callable, Iterable
from uuid import UUID

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.calendar import moment as moments
from clinic_scheduler.ui.calendar.boxes import Faces
from clinic_scheduler.ui.calendar.dragging import Dragging
from clinic_scheduler.ui.calendar.frame import StickyFrame
from clinic_scheduler.ui.calendar.geometry import MIN_COLUMN, USUAL, Zoom, geometry
from clinic_scheduler.ui.calendar.live import Live
from clinic_scheduler.ui.calendar.model import ScheduleModel
from clinic_scheduler.ui.calendar.paint import DayPainter, paint_empty
from clinic_scheduler.ui.calendar.scene import MANY, Scene
from clinic_scheduler.ui.calendar.signs import Signs
from clinic_scheduler.ui.calendar.walk import Spot


class DayCanvas(StickyFrame):
    """Shows a ScheduleModel; repaints no more than what changed."""

    def __init__(self, parent: QWidget | None, clock: Callable[[], float]) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.spot: Spot | None = None
        self.zoom = USUAL
        self.live = Live(self, clock)
        self.dragging = Dragging(self, self)
        self._model: ScheduleModel | None = None
        self._faces = Faces()
        self._painter: DayPainter | None = None
        self._signs: Signs | None = None
        self._min_column = MIN_COLUMN
        self._shows_cancelled = False
        self._colour_by = "service"
        self._is_scrolled, self._opens = False, 0
        self.live.minute_passed.connect(self._move_now)
        self.live.second_passed.connect(self._count_down)
        self.dragging.changed.connect(self._repaint)

    def set_model(self, model: ScheduleModel) -> None:
        """Show the model's day, now and whenever it is replaced."""
        if self._model is not None:
            self._model.modelReset.disconnect(self._take)
        self._model = model
        model.modelReset.connect(self._take)
        self._take()

    def set_zoom(self, zoom: Zoom) -> None:
        self.zoom = zoom
        self._lay_out()

    def set_min_column(self, width: int) -> None:
        """The narrowest a column may get before the day scrolls sideways."""
        self._min_column = width
        self._lay_out()

    def set_shows_cancelled(self, shows: bool) -> None:
        self._shows_cancelled = shows
        self._lay_out()

    def set_colour_by(self, what: str) -> None:
        """What the hue of a visit says: "service", "practitioner" or "status"."""
        self._colour_by = what
        self._lay_out()

    def scroll_to_minute(self, minute: int) -> None:
        """Bring the minute to a quarter of the height, so that what led up to it is seen too."""
        if self.scene is not None:
            y = self.scene.geometry.y(minute)
            self.verticalScrollBar().setValue(y - self.viewport().height() // 4)

    def scroll_to_column(self, column: int) -> None:
        """Bring a column to the left edge, as far as there is something to its right."""
        if self.scene is not None and column < self.scene.geometry.columns:
            self.horizontalScrollBar().setValue(self.scene.geometry.x(column))

    def rect_of(self, visit_id: UUID) -> QRect | None:
        """Where in the viewport a visit is painted, even if scrolled out of sight."""
        found = self.scene.find(visit_id) if self.scene else None
        return found.rect.translated(-self.origin()) if found else None

    def rect_of_spot(self) -> QRect | None:
        """Where in the viewport the keyboard stands."""
        rect = self._spot_rect(self.spot)
        return rect.translated(-self.origin()) if rect else None

    def show_spot(self, spot: Spot | None) -> None:
        """Move the keyboard, repaint where it was and is, and bring it into view."""
        self._update_spot()
        self.spot = spot
        self._update_spot()
        rect = self._spot_rect(spot)
        if rect is not None:
            self.reveal(rect)
            self._tell_focus()

    def refresh_selection(self, was: UUID | None) -> None:
        """After other data came; `was` is what had been selected before."""

    def _take(self) -> None:
        before, spot = self.scene, self.spot
        schedule = self._model.schedule if self._model else None
        self.live.follow(schedule)
        self.scene = self._make_scene(schedule)
        if self.scene is None:
            self.spot = None
        elif spot is not None:
            self.spot = self._kept(spot, self.scene)
        keeps_spot = spot == self.spot
        self._show_scene(self.scene.adopt(before) if before and self.scene and keeps_spot else None)
        self.refresh_selection(spot.visit if spot else None)

    def _kept(self, spot: Spot, scene: Scene) -> Spot | None:
        if spot.visit is not None:
            found = scene.find(spot.visit)
            return Spot(found.visit.column, found.visit.start, spot.visit) if found else None
        bounds = scene.geometry
        is_inside = spot.column < bounds.columns and bounds.opens <= spot.minute < bounds.closes
        return spot if is_inside else None

    def _make_scene(self, schedule: DaySchedule | None) -> Scene | None:
        if schedule is None or not schedule.columns:
            return None
        count, width = len(schedule.columns), self.viewport().width()
        bounds = geometry(count, schedule.opens, schedule.closes, self.zoom, width, self._min_column)
        return Scene(
            schedule,
            bounds,
            theme.current(),
            self._faces,
            shows_cancelled=self._shows_cancelled,
            colour_by=self._colour_by,
        )

    def _lay_out(self) -> None:
        self.scene = self._make_scene(self._model.schedule if self._model else None)
        self._show_scene(None)

    def _show_scene(self, dirty: list[QRect] | None) -> None:
        """Paint the scene anew, only in the `dirty` parts of the content if they are known."""
        if dirty is None:
            self._painter = DayPainter(self.scene, self._drawn_signs()) if self.scene else None
            self._fit_bars()
            self.viewport().update()
        elif self.scene is not None and self._painter is not None:
            self._painter.take(self.scene)
            for rect in dirty:
                self.viewport().update(rect.translated(-self.origin()))
        self.dragging.lay_out()
        self.show_edges(self.scene)
        self.hours.show_now(self._now_plate())
        self._scroll_first()

    def _drawn_signs(self) -> Signs:
        key = (theme.current(), self._faces, self.devicePixelRatioF())
        if self._signs is None or self._signs.key != key:
            self._signs = Signs(*key)
        return self._signs

    def _fit_bars(self) -> None:
        bounds = self.scene.geometry if self.scene else None
        whole = QSize(bounds.width, bounds.height) if bounds else QSize(0, 0)
        self.set_ranges(whole, self._min_column // 2, self.zoom.hour_height // 2)
        if bounds is not None:
            bar, opened = self.verticalScrollBar(), self._opens
            if self._is_scrolled and opened != bounds.opens:  # rooms are open at night too
                bar.setValue(bar.value() + bounds.y(opened) - bounds.y(bounds.opens))
            self._opens = bounds.opens

    def _scroll_first(self) -> None:
        """Once, when a day is first seen: to the present, else to the first visit."""
        if self._is_scrolled or self.scene is None or not self.isVisible():
            return
        self._is_scrolled = True
        bounds, minute = self.scene.geometry, self.live.minute()
        if minute is None or not bounds.opens <= minute < bounds.closes:
            starts = [v.busy_start for content in self.scene.contents for v in content.visits]
            minute = min(starts, default=bounds.opens)
        self.scroll_to_minute(minute)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self.viewport())
        if self.scene is None or self._painter is None:
            is_read = self._model is not None and self._model.schedule is not None
            paint_empty(p, self.viewport().rect(), theme.current(), self._empty_words() if is_read else None)
        else:
            origin, clocks = self.origin(), moments.clocks(self.scene, self.live)
            moment = moments.moment(self.scene, self.live, self.spot, self.dragging.drag)
            p.translate(-origin)
            region = event.region()
            rects: Iterable[QRect] = region if region.rectCount() <= MANY else [event.rect()]  # type: ignore[assignment]
            for rect in rects:
                part = rect.translated(origin)
                p.setClipRect(part)  # texts reach over: painted once in each part they would get bold
                self._painter.paint(p, part, moment, clocks)
        p.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrowest = self.scene.geometry.columns * self._min_column if self.scene else 0
        if self.scene is not None and self.scene.geometry.width == max(self.viewport().width(), narrowest):
            self._fit_bars()
        else:
            self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kind = event.type()
        if kind in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self._faces = Faces()
        elif kind not in (
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.DevicePixelRatioChange,
            QEvent.Type.LanguageChange,
        ):
            return
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.live.run(True)
        self._scroll_first()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.live.run(False)

    def _empty_words(self) -> tuple[str, str]:
        return (
            self.tr("No practitioner works on this day"),
            self.tr("Choose another day, or give somebody hours on this one in Set\u2011up."),
        )

    def _repaint(self) -> None:
        self.viewport().update()

    def _spot_rect(self, spot: Spot | None) -> QRect | None:
        return moments.spot_rect(self.scene, spot)

    def _update_spot(self) -> None:
        """Repaint where the keyboard is, with all visits of the same booking."""
        rects = [self._spot_rect(self.spot)]
        if self.scene is not None and self.spot is not None and self.spot.visit is not None:
            found = self.scene.find(self.spot.visit)
            rects += [b.rect for b in self.scene.of_booking(found.visit.booking_id)] if found else []
        for rect in rects:
            if rect is not None:
                self.viewport().update(rect.translated(-self.origin()))

    def _tell_focus(self) -> None:
        """Let a screen reader say where the keyboard stands."""
        if not QAccessible.isActive():
            return
        interface = QAccessible.queryAccessibleInterface(self)
        child = interface.focusChild()
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        if child is not None:
            event.setChild(interface.indexOfChild(child))
        QAccessible.updateAccessibility(event)

    def _now_plate(self) -> tuple[int, str] | None:
        minute = self.live.minute()
        if self.scene is None or minute is None:
            return None
        if not self.scene.geometry.opens <= minute <= self.scene.geometry.closes:
            return None
        return self.scene.geometry.y(minute), self.scene.schedule.wall_time(minute)

    def _move_now(self) -> None:
        was, plate = self.hours.now, self._now_plate()
        self.hours.show_now(plate)
        for shown in (was, plate):
            if shown is not None:
                y = shown[0] - self.verticalScrollBar().value()
                self.viewport().update(0, y - 1, self.viewport().width(), 2)

    def _count_down(self) -> None:
        for box in self.scene.all_holds() if self.scene else ():
            left = self.live.left(box.held)
            if left > -2:  # once more after it lapsed, to take it away
                self.viewport().update((box.clock if left > 1 else box.rect).translated(-self.origin()))
