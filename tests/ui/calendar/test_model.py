from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from clinic_scheduler.services.days.schedule import Column
from clinic_scheduler.ui.calendar import speech
from clinic_scheduler.ui.calendar.model import ScheduleModel
from clinic_scheduler.ui.calendar.typeset import one_line
from tests.ui.schedules import hold, schedule, uid, visit


@pytest.fixture
def model(qapp):
    return ScheduleModel()


def test_rows_are_in_reading_order(model):
    day = schedule(2, visits=(visit(1, 1, 600), visit(2, 0, 540), visit(3, 0, 600)), holds=())
    model.show(day)
    assert [model.index(row).data(model.ID) for row in range(model.rowCount())] == [uid(2), uid(3), uid(1)]
    assert model.schedule is day


def test_a_visit_is_spoken_in_one_sentence(model):
    spoken = visit(
        3, 0, 850, patient="Ana Silva", service="Physiotherapy", counter="3/6", is_new=False, is_paid=False
    )
    day = schedule(1, visits=(spoken,))
    day = replace(day, columns=(Column(uid(1), "Chloé Martin", "Massage", 0),))
    model.show(day)
    said = "Friday 14:10, Ana Silva, Physiotherapy, session 3 of 6, confirmed, with Chloé Martin"
    assert model.index(0).data() == model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == said


def test_a_hold_is_spoken_with_its_owner_and_workstation(qapp):
    assert (
        speech.hold(schedule(1), hold(0, 600, 630))
        == "Friday 10:00, Filling, held by Kofi Mensah at Desk 2, with Ana Silva"
    )


def test_empty_time_says_whether_it_is_free(qapp):
    day = schedule(1)
    assert speech.empty_time(day, 0, 500) == "Friday 08:20, Free time, Ana Silva"
    assert speech.empty_time(day, 0, 730) == "Friday 12:10, Lunch, Ana Silva"


def test_replacing_the_day_resets_the_rows(model, qtbot):
    model.show(schedule(2))
    with qtbot.waitSignal(model.modelReset):
        model.show(None)
    assert model.rowCount() == 0
    assert model.schedule is None


def test_a_visit_is_found_by_its_id(model):
    model.show(schedule(1, visits=(visit(1, 0, 600), visit(2, 0, 540))))
    assert model.visit(uid(1)).start == 600
    assert model.index_of(uid(1)).row() == 1
    assert model.visit(uid(9)) is None
    assert not model.index_of(uid(9)).isValid()


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("O'Brien\nSecond line", "O'Brien Second line"),
        ("\u202eturned", "turned"),
        ("nul\x00and\x07bell", "nulandbell"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("Z" + "\u0336" * 200 + "algo", "Z" + "\u0336\u0336" + "algo"),
        ("E\u0301va", "E\u0301va"),
        ("👩\u200d⚕️ Ada", "👩\u200d⚕️ Ada"),
        ("  <b>Bold</b> & co ", "<b>Bold</b> & co"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
        ("x" * 118 + " yz", "x" * 118 + "…"),
        ("x" * 1_000_000, "x" * 119 + "…"),
        ("Ana" + "\u202e" * 1_000 + "Silva", "Ana…"),
    ],
)
def test_texts_are_made_fit_for_one_line(given, shown):
    assert one_line(given) == shown
