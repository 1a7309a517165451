"""Visits parked at one desk and put elsewhere at another, in the real windows."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.changing import pinboard
from tests.support import screen
from tests.support.clinics import ANA, BEN, OLGA
from tests.support.desk import book

Key = Qt.Key


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ana at nine."""
    return book(work, actor, [clinic.part("09:00")]).appointment_ids[0]


@pytest.fixture
def parked(seat, visit, clinic):
    seat.show_day(clinic.monday)
    seat.select(visit)
    seat.window.day_view.setFocus()
    seat.press(Key.Key_K)
    seat.until(seat.window.panel.pins.isVisible)
    return seat


def row(work, visit):
    return work.read(lambda s: s.get(t.Appointment, visit))


def test_it_is_parked_by_a_key_and_seen_at_the_other_desk(parked, sit):
    assert "keeps its time" in parked.window.notice.text
    other = sit("Desk 2", "Rosa Lind")
    other.until(other.window.panel.pins.isVisible)
    said = screen.words(other.window.panel.pins)
    assert {"Emma Müller", "Physiotherapy, Ana Silva"} <= set(said)


def test_a_card_keeps_the_keyboard_while_others_come(parked, work, actor, clinic):
    board = parked.window.panel.pins
    here = screen.button(board, "Here")
    here.setFocus()
    other = book(work, actor, [clinic.part("10:00", BEN)], OLGA).appointment_ids
    work.write(lambda s: pinboard.pin(s, actor=actor, appointment_ids=other))
    parked.until(lambda: "Olga Petrova" in screen.words(board))
    assert here.hasFocus()


def test_it_is_put_where_the_keyboard_stands_and_back_again(parked, work, clinic, visit):
    parked.qtbot.mouseClick(
        parked.window.day_view.viewport(), Qt.MouseButton.LeftButton, pos=parked.place(1, 14 * 60)
    )
    screen.press(parked.window.panel.pins, "Here")
    parked.settle()
    assert (row(work, visit).start_at, row(work, visit).practitioner_id) == (clinic.at("14:00"), BEN)
    parked.until(lambda: not parked.window.panel.pins.isVisible())
    parked.window.actions_by_name["undo"].trigger()
    parked.settle()
    assert (row(work, visit).start_at, row(work, visit).practitioner_id) == (clinic.at("09:00"), ANA)


def test_free_places_are_offered_and_taken(parked, work, clinic, visit):
    before = row(work, visit).start_at
    screen.press(parked.window.panel.pins, "Free…")
    parked.until(lambda: [m for m in parked.window.findChildren(QMenu) if m.isVisible()])
    (menu,) = [m for m in parked.window.findChildren(QMenu) if m.isVisible()]
    assert all("Ana Silva" in action.text() for action in menu.actions())
    menu.actions()[0].trigger()
    menu.close()
    parked.settle()
    assert row(work, visit).start_at != before


def test_it_is_shown_where_it_is_or_taken_off(parked, clinic, visit):
    parked.window.page.show_today()
    parked.settle()
    screen.press(parked.window.panel.pins, "Show")
    parked.until(lambda: parked.day == clinic.monday)
    parked.until(lambda: parked.window.day_view.selected == visit)
    screen.press(parked.window.panel.pins, "Take it off the pinboard; it stays where it is")
    parked.until(lambda: not parked.window.panel.pins.isVisible())


def test_a_whole_day_is_parked_at_once(parked, work, actor, clinic):
    book(work, actor, [clinic.part("10:00", BEN)], OLGA)
    parked.until(lambda: len(parked.patients) == 2)
    parked.window.actions_by_name["park_day"].trigger()
    parked.until(lambda: "Olga Petrova" in screen.words(parked.window.panel.pins))
    parked.window.actions_by_name["park_day"].trigger()
    parked.settle()
    assert "nothing more to park" in parked.window.notice.text
