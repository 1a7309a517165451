"""A day view on the screen, with three visits, a hold and a clock that only tests move."""

import pytest

from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.model import ScheduleModel
from tests.ui.schedules import hold, schedule, uid, visit

VISITS = (
    visit(1, 0, 600, 60, booking_id=uid(77)),
    visit(2, 0, 660, 30),
    visit(3, 1, 620, 45, booking_id=uid(77)),
)


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def model(qapp):
    return ScheduleModel()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def view(qtbot, model, clock):
    view = DayView(clock=clock)
    qtbot.addWidget(view)
    view.resize(700, 600)
    model.show(schedule(3, visits=VISITS, holds=(hold(2, 640, 700),), closed=()))
    view.set_model(model)
    with qtbot.waitExposed(view):
        view.show()
    return view
