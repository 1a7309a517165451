"""What changes over a laid-out day while its data stay: the minute, the keyboard, holds that run out, a drag."""

from PySide6.QtCore import QCoreApplication, QRect

from clinic_scheduler.ui import hues, texts
from clinic_scheduler.ui.calendar.boxes import HoldBox
from clinic_scheduler.ui.calendar.drag import Drag
from clinic_scheduler.ui.calendar.lanes import WHOLE
from clinic_scheduler.ui.calendar.live import Live
from clinic_scheduler.ui.calendar.overlay import Lifted
from clinic_scheduler.ui.calendar.paint import Moment
from clinic_scheduler.ui.calendar.scene import Scene
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.calendar.walk import Spot


def moment(scene: Scene, live: Live, spot: Spot | None, drag: Drag | None) -> Moment:
    """All of it, to be painted."""
    lifted = _lifted(scene, drag) if drag else None
    minute, today = live.minute(), live.columns()
    if spot is None:
        return Moment(minute, today=today, lifted=lifted)
    if spot.visit is None:
        words = scene.schedule.wall_time(spot.minute)
        return Moment(minute, None, None, spot_rect(scene, spot), words, today, lifted)
    found = scene.find(spot.visit)
    booking = found.visit.booking_id if found else None
    return Moment(minute, spot.visit, booking, today=today, lifted=lifted)


def _lifted(scene: Scene, drag: Drag) -> Lifted:
    schedule, visit = scene.schedule, drag.visit
    span = QCoreApplication.translate("calendar", "{start} to {end}")
    times = span.format(start=schedule.wall_time(drag.start), end=schedule.wall_time(drag.end))
    lines = (times, one_line(visit.patient), one_line(visit.service)) if visit else (times,)
    colours = hues.block(scene.theme, scene.hue_of(visit)) if visit else None
    rect = drag.rect(scene.geometry)
    return Lifted(rect, lines, drag.dim, colours, drag.is_allowed(schedule), drag.why)


def spot_rect(scene: Scene | None, spot: Spot | None) -> QRect | None:
    """The rectangle of a spot in the content: the visit's, or the empty step's."""
    if spot is None or scene is None:
        return None
    if spot.visit is not None:
        found = scene.find(spot.visit)
        return found.rect if found else None
    bounds = scene.geometry
    end = min(spot.minute - spot.minute % bounds.zoom.step + bounds.zoom.step, bounds.closes)
    later = [v.start for v in scene.contents[spot.column].visits if v.start > spot.minute]
    return QRect(*bounds.box(spot.column, WHOLE, spot.minute, min([end, *later])))


def clocks(scene: Scene, live: Live) -> list[tuple[HoldBox, str]]:
    """The holds that still live with their countdowns; a lapsed one is free time again."""
    left = [(box, live.left(box.held)) for box in scene.all_holds()]
    return [(box, texts.countdown(seconds)) for box, seconds in left if seconds > 0]
