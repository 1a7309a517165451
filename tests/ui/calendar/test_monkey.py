"""A monkey at the calendar: random hands on every view leave no error, no warning and nothing behind.

CLINIC_MONKEY_EVENTS=20000 python -m pytest -n 0 tests/ui/calendar/test_monkey.py
"""

import gc
import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_scheduler.services.changing.targets import Targets
from clinic_scheduler.services.days.side_by_side import side_by_side
from clinic_scheduler.services.localtime import Span, zone
from clinic_scheduler.services.times import timelines
from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.geometry import ZOOMS
from clinic_scheduler.ui.calendar.model import ScheduleModel
from tests.ui.schedules import schedule, uid

EVENTS = int(os.environ.get("CLINIC_MONKEY_EVENTS", "1500"))
KEYS = [
    Qt.Key(key)
    for name in (
        "Up",
        "Down",
        "Left",
        "Right",
        "Return",
        "Escape",
        "Space",
        "N",
        "PageUp",
        "PageDown",
        "Home",
        "Tab",
    )
    for key in [getattr(Qt.Key, f"Key_{name}")]
]
MODIFIERS = [
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
]
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> int:
    """Bytes of memory that the process has, after what can go has gone."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * PAGE


def days(count: int, columns: int):
    """Some days, each like the other but for its date."""
    one = schedule(columns)
    return [
        replace(one, day=one.day + timedelta(days=n), midnight=one.midnight + timedelta(days=n))
        for n in range(count)
    ]


VIEWS: dict[str, Callable[[], object]] = {
    "day": lambda: schedule(6),
    "days": lambda: side_by_side(days(3, 4)),
    "week of one": lambda: side_by_side(days(7, 4), (uid(901),)),
    "week of all": lambda: side_by_side(days(7, 12)),
}


class Monkey:
    """Two hands without a plan."""

    def __init__(self, view: DayView, model: ScheduleModel, make: Callable[[], object], seed: int) -> None:
        self.view, self.model, self.make = view, model, make
        self.luck = random.Random(seed)  # noqa: S311 - no secret
        self.acts = [self.key] * 6 + [self.mouse] * 8 + [self.wheel] * 2
        self.acts += [self.drag, self.resize, self.renew, self.zoom, self.answer, self.settle]

    def place(self) -> QPoint:
        port = self.view.viewport()
        return QPoint(self.luck.randint(-5, port.width() + 5), self.luck.randint(-5, port.height() + 5))

    def key(self) -> None:
        QTest.keyClick(self.view, self.luck.choice(KEYS), self.luck.choice(MODIFIERS))

    def mouse(self) -> None:
        port, button = (
            self.view.viewport(),
            self.luck.choice([Qt.MouseButton.LeftButton] * 4 + [Qt.MouseButton.RightButton]),
        )
        act = self.luck.choice([QTest.mousePress, QTest.mouseRelease, QTest.mouseClick, QTest.mouseDClick])
        act(port, button, self.luck.choice(MODIFIERS), self.place())
        QTest.mouseMove(port, self.place())

    def drag(self) -> None:
        port = self.view.viewport()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, self.luck.choice(MODIFIERS), self.place())
        for _ in range(self.luck.randint(1, 4)):
            QTest.mouseMove(port, self.place())

    def wheel(self) -> None:
        at = QPointF(self.place())
        turn = QPoint(0, self.luck.choice([-240, -120, -40, 40, 120, 240]))
        event = QWheelEvent(
            at, at, QPoint(), turn, Qt.MouseButton.NoButton, self.luck.choice(MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.view.viewport(), event)

    def resize(self) -> None:
        self.view.resize(self.luck.randint(120, 1400), self.luck.randint(90, 900))

    def renew(self) -> None:
        self.model.show(self.luck.choice([self.make(), self.make(), None, schedule(0, visits=(), holds=())]))

    def zoom(self) -> None:
        self.view.set_zoom(self.luck.choice(ZOOMS))
        self.view.set_colour_by(self.luck.choice(["service", "practitioner", "status"]))

    def answer(self) -> None:
        """What the program would say while something is on the move."""
        drag, shown = self.view.dragging.drag, self.model.schedule
        if drag is None or drag.visit is None or shown is None:
            return
        span = Span(shown.day, 7, zone(shown.zone))
        starts = {c.resource_id: timelines.grid(600, 300, 5) for c in shown.columns[::2]}
        self.view.dragging.show_targets(
            Targets(drag.visit.id, span, starts, shown.midnight, shown.midnight + timedelta(hours=20), 45)
        )
        self.view.dragging.show_why(
            "Ana Silva has a break until 13:00. <b>This patient</b> has another visit."
        )

    def settle(self) -> None:
        if self.view.dragging.is_waiting:
            self.view.dragging.settle()


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_breaks_and_nothing_stays(qtbot, qtlog, name):
    make, model, view = VIEWS[name], ScheduleModel(), DayView()
    qtbot.addWidget(view)
    model.show(make())
    view.set_model(model)
    view.resize(1000, 700)
    with qtbot.waitExposed(view):
        view.show()
    monkey, sizes = Monkey(view, model, make, seed=len(name)), []
    for number in range(EVENTS):
        monkey.luck.choice(monkey.acts)()
        if number % 25 == 0:
            QApplication.processEvents()
        if number % (EVENTS // 4) == EVENTS // 4 - 1:
            sizes.append((len(view.findChildren(QWidget)), resident()))
    assert not [record.message for record in qtlog.records if "This plugin does not" not in record.message]
    (widgets, before), (later, after) = sizes[1], sizes[-1]
    assert later == widgets
    assert after - before < 12_000_000
