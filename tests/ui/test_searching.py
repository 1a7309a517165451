"""One line from anywhere: a booking begins with what was typed, a reference is gone to, a number opens the record."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.taking import claims
from clinic_scheduler.ui.places import PATIENTS
from tests.support import screen
from tests.support.clinics import BEN, EMMA, MASSAGE, PHYSIO, ZONE
from tests.support.desk import book, count

ENTER = Qt.Key.Key_Return
FIND = (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture
def desk(seat, clinic):
    seat.window.day_view.setFocus()
    return seat


def search(desk, text):
    """Type it and wait for the answer."""
    desk.press(FIND)
    desk.until(lambda: desk.window.searching.dialog is not None)
    dialog = desk.window.searching.dialog
    desk.type(text)
    desk.until(lambda: not dialog._pause.isActive() and not dialog._is_looking)
    desk.settle()
    return dialog


def test_who_what_and_when_begin_the_booking_at_its_times(desk, work):
    today = local_day(work.read(claims.now), ZONE)
    tuesday = today + timedelta(days=(1 - today.weekday() - 1) % 7 + 1)
    dialog = search(desk, "emma physio ben tue pm")
    chips = [
        label
        for label in screen.words(dialog)
        if label in {"emma", "Physiotherapy", "with Ben Okafor", "afternoon"}
    ]
    assert len(chips) == 4
    assert dialog.found.currentIndex().data().startswith("Book for Emma Müller, ")
    desk.press(ENTER)
    wizard = desk.wizard
    desk.until(lambda: wizard.page_now.step == "time" and wizard.page_now.may_go_on)
    (wish,) = wizard.draft.choices.wishes
    assert (wish.service_id, wish.practitioner_ids, wizard.draft.patient_id) == (PHYSIO, (BEN,), EMMA)
    first = wizard.page_now._model.openings[0].start.astimezone(ZONE)
    assert (first.date(), first.hour >= 12) == (tuesday, True)


def test_enter_at_once_waits_for_the_answer(desk):
    desk.press(FIND)
    desk.until(lambda: desk.window.searching.dialog is not None)
    desk.type("emma physio")
    desk.press(ENTER)
    assert desk.wizard.draft.patient_id == EMMA


def test_without_a_service_it_begins_with_the_services(desk):
    search(desk, "olga")
    desk.press(ENTER)
    wizard = desk.wizard
    assert (wizard.page_now.step, wizard.draft.patient.name) == ("services", "Olga Petrova")


def test_somebody_new_is_searched_for_on_the_page_of_the_patient(desk):
    dialog = search(desk, "nora <b>falk</b> physio")
    assert dialog.found.currentIndex().data().startswith("Book for somebody new: nora <b>falk</b>, ")
    desk.press(ENTER)
    wizard = desk.wizard
    desk.until(lambda: wizard.page_now.step == "time" and wizard.page_now.may_go_on)
    desk.press(ENTER)
    desk.until(lambda: wizard.page_now.step == "patient")
    assert wizard.page_now.search.line.text() == "nora <b>falk</b>"


def test_a_reference_is_gone_to(desk, work, actor, clinic):
    done = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)])
    dialog = search(desk, done.reference.lower().replace("-", " "))
    assert dialog.found.currentIndex().data().startswith("Go to the visit of Emma Müller, ")
    desk.press(ENTER)
    desk.until(lambda: desk.day == clinic.monday)
    desk.until(lambda: desk.window.page.selected == done.appointment_ids[0])


def test_a_reference_that_is_not_there_is_said(desk, work, actor, clinic):
    done = book(work, actor, [clinic.part("09:00")])
    work.write(lambda s: s.get(t.Booking, done.booking_id).__setattr__("reference", "AAAA-AAAA"))
    dialog = search(desk, done.reference)
    assert dialog.said.text().startswith("No booking has this reference")
    desk.press(ENTER)
    assert desk.window.searching.dialog is not None


def test_a_number_opens_the_record(desk):
    dialog = search(desk, "030 12345679")
    assert dialog.found.currentIndex().data().startswith("Open the record of Olga Petrova")
    desk.press(ENTER)
    desk.until(lambda: desk.window.places.shown == PATIENTS)
    desk.settle()
    assert screen.control(desk.window.places.at(PATIENTS), "Name").text() == "Olga Petrova"


def test_nothing_is_written_by_looking(desk, work):
    search(desk, "emma physio 10:00")
    desk.press(Qt.Key.Key_Escape)
    desk.until(lambda: desk.window.searching.dialog is None)
    assert count(work, t.BookingSession) == 0
