"""Somebody walks in, and the desk books with a few keys; a visit is booked again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.taking import walk_in
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking.walk_in_dialog import WalkInDialog
from tests.support import screen
from tests.support.clinics import ANA, EMMA, MASSAGE, ZONE
from tests.support.desk import book, count

Key = Qt.Key


@pytest.fixture
def desk(seat, clinic):
    seat.window.day_view.setFocus()
    return seat


def opened(desk):
    desk.window.actions_by_name["walk_in"].trigger()
    desk.until(lambda: desk.window.findChild(WalkInDialog))
    desk.settle()
    return desk.window.findChild(WalkInDialog)


def bookings(work):
    return work.read(lambda s: s.scalars(select(t.Booking)).all())


def said(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_a_guest_is_booked_by_keys_alone_and_taken_back(desk, work):
    opened(desk)
    desk.type("Nora Falk")
    desk.press(Key.Key_Return)
    desk.type("mass")
    desk.settle()
    desk.press(Key.Key_Return)
    desk.until(lambda: bookings(work))
    desk.settle()
    (made,) = bookings(work)
    assert (made.source, made.guest_name) == ("walk_in", "Nora Falk")
    (visit,) = work.read(lambda s: s.scalars(select(t.Appointment)).all())
    start = visit.start_at.astimezone(ZONE)
    assert f"on {texts.short_date(start.date())} at {start:%H:%M}" in desk.window.notice.text
    assert made.reference in desk.window.notice.text
    desk.until(lambda: desk.window.day_view.selected == visit.id)
    desk.window.actions_by_name["undo"].trigger()
    desk.settle()
    assert work.read(lambda s: s.get(t.Appointment, visit.id).status) == "cancelled"


def test_somebody_on_record_is_picked_while_typing(desk, work):
    dialog = opened(desk)
    desk.type("emma")
    desk.until(dialog._people.rowCount)
    desk.press(Key.Key_Down, Key.Key_Return)
    desk.until(lambda: "On record" in said(dialog))
    desk.settle()
    desk.press(Key.Key_Return)
    desk.until(lambda: bookings(work))
    assert bookings(work)[0].patient_id == EMMA


def test_another_name_is_another_person(desk, work):
    dialog = opened(desk)
    desk.type("emma")
    desk.until(dialog._people.rowCount)
    desk.press(Key.Key_Down, Key.Key_Return)
    dialog._who.setFocus()
    desk.type(" Neu")
    desk.settle()
    desk.press(Key.Key_Return)
    desk.settle()
    desk.press(Key.Key_Return)
    desk.until(lambda: bookings(work))
    assert bookings(work)[0].patient_id is None
    assert bookings(work)[0].guest_name.endswith("Neu")


@pytest.mark.parametrize(
    ("name", "phone", "sentence"),
    [
        ("", "", "name"),
        ("   ", "", "name"),
        ("Nora", "12", "phone"),
        ("Nora", "x" * 40, "phone"),
        ("\u202e\u2066", "", "name"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(desk, work, name, phone, sentence):
    dialog = opened(desk)
    dialog._who.setText(name)
    dialog._phone.fill(phone)
    desk.settle()
    screen.press(dialog, "Book")
    desk.settle()
    assert sentence in said(dialog).lower()
    assert dialog._who.text() == name
    assert dialog._phone.text == phone
    assert count(work, t.BookingSession) == 0


def test_whoever_is_second_is_told_and_offered_the_next(desk, work, colleague):
    dialog = opened(desk)
    desk.type("Nora")
    dialog._what.setText("mass")
    desk.until(lambda: dialog._opening is not None)
    desk.settle()
    opening = dialog._opening
    dialog._tasks.changed.disconnect(desk.window.hear)
    work.write(
        lambda s: walk_in.book(
            s, actor=colleague, request_id=MASSAGE, opening=opening, guest=Guest("Quicker", "")
        )
    )
    screen.press(dialog, "Book")
    desk.until(lambda: dialog._opening not in (None, opening))
    desk.settle()
    assert "taken" in said(dialog)
    screen.press(dialog, "Book")
    desk.until(lambda: len(bookings(work)) == 2)


def test_no_such_service_cannot_be_booked(desk):
    dialog = opened(desk)
    dialog._what.setText("zzz")
    assert "No service is called so" in said(dialog)
    assert not screen.button(dialog, "Book").isEnabled()


def test_a_visit_is_booked_again_at_another_time(desk, work, actor, clinic):
    (visit,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    desk.show_day(clinic.monday)
    desk.select(visit)
    desk.window.actions_by_name["book_again"].trigger()
    wishes = desk.wizard.draft.choices.wishes
    assert [(wish.service_id, wish.practitioner_ids) for wish in wishes] == [
        (clinic.part("09:00").service_id, (ANA,))
    ]
    assert desk.wizard.draft.patient.name == "Emma Müller"
