"""How many keys five everyday stories take; letters of names and services are typed besides."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.ui.booking.walk_in_dialog import WalkInDialog
from tests.support.clinics import EMMA
from tests.support.desk import book, count

Key, Modifier = Qt.Key, Qt.KeyboardModifier
ENTER = Key.Key_Return
NEW, FIND = (Key.Key_N, Modifier.ControlModifier), (Key.Key_F, Modifier.ControlModifier)
WALK_IN, AGAIN = (Key.Key_W, Modifier.ShiftModifier), (Key.Key_B, Modifier.ShiftModifier)

# From the first key to the reference.
KEYS = {
    "known patient, next free, by the search line": 5,
    "known patient, next free, by the wizard": 6,
    "three services, by the wizard": 8,
    "guest by phone": 7,
    "walk-in": 4,
    "rebook": 5,
}


class Hands:
    """Counts the keys; what is typed is told apart."""

    def __init__(self, seat):
        self.seat, self.keys, self.since_name = seat, 0, 0
        seat.window.day_view.setFocus()

    def press(self, key):
        self.seat.press(key)
        self.keys += 1
        self.since_name += 1

    def name(self, text):
        self.seat.type(text)
        self.since_name = 0

    def step(self, name):
        wizard = self.seat.wizard
        self.seat.until(lambda: wizard.page_now.step == name)
        if name == "time":
            self.seat.until(lambda: wizard.page_now.answers.currentIndex().isValid())
        self.seat.settle()

    def service(self, *names):
        for name in names:
            self.seat.type(name)
            self.press(ENTER)
        self.press(ENTER)
        self.step("time")
        self.press(ENTER)
        self.step("patient")

    def confirm(self):
        self.step("payment")
        self.press(ENTER)
        self.step("")


@pytest.fixture
def hands(seat, clinic):
    return Hands(seat)


def by_search_line(hands):
    hands.press(FIND)
    hands.seat.until(lambda: hands.seat.window.searching.dialog is not None)
    hands.name("emma physio")
    hands.press(ENTER)
    hands.step("time")
    hands.press(ENTER)
    hands.step("patient")
    hands.press(ENTER)
    hands.confirm()
    assert hands.since_name <= 6


def by_wizard(hands):
    hands.press(NEW)
    hands.step("services")
    hands.service("physio")
    hands.name("emma")
    hands.press(ENTER)
    hands.confirm()


def three_services(hands):
    hands.press(NEW)
    hands.step("services")
    hands.service("physio", "massage", "speech")
    hands.name("emma")
    hands.press(ENTER)
    hands.confirm()


def guest(hands):
    hands.press(NEW)
    hands.step("services")
    hands.service("physio")
    hands.name("Nora Falk")
    search = hands.seat.wizard.page_now.search
    hands.seat.until(lambda: not search._pause.isActive() and not search._is_looking)
    hands.press(ENTER)
    hands.seat.type("030 1234567")
    hands.press(ENTER)
    hands.confirm()


def walk_in(hands):
    hands.press(WALK_IN)
    hands.seat.until(lambda: hands.seat.window.findChild(WalkInDialog))
    hands.name("emma")
    found = hands.seat.window.findChild(WalkInDialog)._found
    hands.seat.until(found.isVisible)
    hands.press(Key.Key_Down)
    hands.press(ENTER)
    hands.seat.settle()
    hands.seat.type("mass")
    hands.seat.settle()
    hands.press(ENTER)


def rebook(hands):
    hands.press(AGAIN)
    hands.step("services")
    hands.press(ENTER)
    hands.step("time")
    hands.press(ENTER)
    hands.step("patient")
    hands.press(ENTER)
    hands.confirm()


STORIES = dict(zip(KEYS, (by_search_line, by_wizard, three_services, guest, walk_in, rebook), strict=True))


@pytest.mark.parametrize("name", KEYS)
def test_a_story_takes_so_many_keys(hands, work, actor, clinic, name):
    before = 0
    if name == "rebook":
        done = book(work, actor, [clinic.part("09:00")])
        hands.seat.show_day(clinic.monday)
        hands.seat.select(done.appointment_ids[0])
        before = 1
    STORIES[name](hands)
    hands.seat.until(lambda: count(work, t.Booking) == before + 1)
    assert hands.keys == KEYS[name]
    made = work.read(lambda s: s.scalars(select(t.Booking).order_by(t.Booking.created_at.desc())).first())
    assert (made.patient_id or made.guest_name) == ("Nora Falk" if name == "guest by phone" else EMMA)
