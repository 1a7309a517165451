"""The board at a desk: today by practitioner, one key for each status, and who will be late."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_scheduler.db import tables as t
from clinic_scheduler.ui.board.lane import LaneView
from tests.support.clinics import BEN, JOSE, MASSAGE, OLGA, stop_clock
from tests.support.desk import book

Key = Qt.Key


@pytest.fixture
def visits(work, actor, clinic):
    made = [
        book(work, actor, [clinic.part("09:00")]).appointment_ids[0],
        book(work, actor, [clinic.part("09:45")], OLGA).appointment_ids[0],
        book(work, actor, [clinic.part("10:00", BEN, MASSAGE, minutes=30)], JOSE).appointment_ids[0],
    ]
    stop_clock(work, clinic.at("09:10"))
    return made


@pytest.fixture
def desk(seat, visits):
    seat.window.actions_by_name["show_board"].trigger()
    place = seat.window.places.at("board")
    seat.until(lambda: place.current is not None and not seat.tasks.running)
    seat.board = place
    return seat


def status(work, identifier):
    return work.read(lambda s: s.get(t.Appointment, identifier)).status


def current(desk):
    desk.settle()
    return desk.board.current.id


def test_the_keyboard_walks_from_visit_to_visit_and_lane_to_lane(desk, visits):
    assert current(desk) == visits[0]
    desk.press(Key.Key_Down)
    assert current(desk) == visits[1]
    desk.press(Key.Key_Right)
    assert current(desk) == visits[2]
    desk.press(Key.Key_Right, Key.Key_Left)
    assert current(desk) == visits[1]


def test_a_new_visit_leaves_the_mark_where_it_was(desk, work, actor, clinic, visits):
    desk.press(Key.Key_Down)
    assert current(desk) == visits[1]
    book(work, actor, [clinic.part("11:00")], JOSE)
    desk.board.read()
    desk.until(lambda: max(len(lane.visits) for lane in desk.board.board.lanes) > 2)
    assert current(desk) == visits[1]


def test_only_the_visit_under_the_keyboard_is_framed_after_a_look(desk, visits):
    desk.press(Key.Key_Down, Key.Key_Right)
    seen = desk.board.board
    desk.board.read()
    desk.until(lambda: desk.board.board is not seen)
    framed = [
        view.current.id for view in desk.board.findChildren(LaneView) if view.selectionModel().hasSelection()
    ]
    assert framed == [current(desk)] == [visits[2]]


def test_one_key_moves_a_status_and_undo_takes_it_back(desk, work, visits):
    for key, to in ((Key.Key_A, "arrived"), (Key.Key_I, "in_progress"), (Key.Key_C, "completed")):
        desk.press(key)
        desk.until(lambda to=to: status(work, visits[0]) == to)
        desk.until(lambda to=to: desk.board.current.status == to)
        desk.settle()
    desk.press((Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    desk.until(lambda: status(work, visits[0]) == "in_progress")


def test_what_does_not_lead_there_is_said_and_left(desk, work, visits):
    desk.press(Key.Key_C)
    desk.until(lambda: status(work, visits[0]) == "completed")
    desk.until(lambda: desk.board.current.status == "completed")
    said = []
    desk.board.told.connect(said.append)
    desk.press(Key.Key_A)
    assert len(said) == 1
    assert "does not lead to" in said[0]
    assert status(work, visits[0]) == "completed"
    assert not desk.board._buttons["arrived"].isEnabled()


def test_a_late_start_is_told_to_whoever_waits_after_it(desk, work, clinic, visits):
    desk.press(Key.Key_I)
    desk.until(lambda: desk.board.current.status == "in_progress")
    desk.settle()
    ana = desk.board._columns[desk.board.board.lanes[0].practitioner_id]
    second = ana.model.visits[1]
    assert second.delay == timedelta(minutes=10)
    spoken = ana.model.data(ana.model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert "09:55" in spoken
    assert ana._state.text() == "10 min late"


def test_enter_shows_the_visit_in_the_calendar(desk, clinic, visits):
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.window.day_view.selected == visits[0])
    assert desk.day == clinic.monday


def test_a_day_without_visits_says_so(sit, work, clinic):
    seat = sit()
    seat.window.actions_by_name["show_board"].trigger()
    place = seat.window.places.at("board")
    seat.until(lambda: place.board is not None and place._empty.isVisible())
    assert "Nobody is booked today" in place._empty.text()
