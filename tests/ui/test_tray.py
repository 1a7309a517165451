"""Unfinished bookings in the tray: whose, how far, until when; gone on with, thrown away, taken over."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui.tray import MOST
from tests.support import clinics, desk, screen
from tests.support.clinics import EMMA, OLGA, PHYSIO

ENTER = Qt.Key.Key_Return
EVIL = "<b>Mia</b><img src='/etc/passwd'>"


@pytest.fixture
def held(work, colleague, clinic):
    """A booking for Emma, held and left by a colleague at the other desk."""
    begun = desk.start(work, colleague, chosen=Choices(wishes=(Wish(PHYSIO),)))
    seen = desk.hold(work, colleague, begun, clinic.part("09:00")).session

    def leave(session):
        booking_session.save(
            session,
            actor=colleague,
            session_id=begun.id,
            version=seen.version,
            chosen=seen.choices,
            step="payment",
            patient_id=EMMA,
        )
        booking_session.park(session, actor=colleague, session_id=begun.id)

    work.write(leave)
    return begun


def outcome(work, identifier):
    return work.read(
        lambda s: s.scalar(select(t.BookingSession.outcome).where(t.BookingSession.id == identifier))
    )


def until_said(seat, *words):
    """Wait until the tray says all of these; the title comes first."""
    seat.until(lambda: all(any(word in line for line in seat.tray) for word in words))


def to_patient_page(seat):
    seat.window.new_booking()
    wizard = seat.wizard
    seat.type("physio")
    seat.press(ENTER, ENTER)
    seat.until(lambda: wizard.currentId() == 1 and wizard.page_now.answers.currentIndex().isValid())
    seat.press(ENTER)
    seat.until(lambda: wizard.currentId() == 2 and not seat.tasks.running)
    return wizard


def test_a_booking_that_is_left_waits_there_and_goes_on_where_it_was(seat):
    wizard = to_patient_page(seat)
    identifier = wizard.draft.id
    seat.type("em")
    wizard.close()
    until_said(seat, "Nobody named yet", "Time held until", "here", "Kofi Mensah", "just now")
    screen.press(seat.window.panel.tray, "Go on with the booking of Nobody named yet")
    wizard = seat.wizard
    assert (wizard.draft.id, wizard.currentId(), wizard.page_now.search.text) == (identifier, 2, "em")
    until_said(seat, "None. A booking that is left waits here.")


def test_a_booking_that_is_thrown_away_frees_its_time_at_once(seat, work, held):
    until_said(seat, "Emma Müller", "Desk 2", "Rosa Lind")
    screen.press(seat.window.panel.tray, "Discard the booking of Emma Müller")
    until_said(seat, "None. A booking")
    assert outcome(work, held.id) == "discarded"
    assert work.read(lambda s: claims.live_holds(s, held.id)) == []


def test_a_lapsed_hold_is_called_so_and_the_booking_can_still_be_had(seat, work, held):
    left = timedelta(minutes=15)
    until_said(seat, "Time held until")
    clinics.shift_clock(work, left)
    seat.window.refresh()
    until_said(seat, "Hold expired", "15 min ago")
    screen.press(seat.window.panel.tray, "Go on with the booking of Emma Müller")
    wizard = seat.wizard
    seat.until(lambda: "lapsed" in wizard.bar.text)
    wizard.bar.acted.emit("lapsed")
    seat.until(lambda: wizard.draft.seconds_left > 0)


def test_a_booking_is_taken_over_by_another_desk(sit, work):
    seat, other = sit(), sit("Desk 2", "Rosa Lind")
    seat.until(lambda: "live" in seat.status)
    wizard = to_patient_page(seat)
    seat.type("emma")
    seat.press(ENTER)
    seat.until(lambda: wizard.currentId() == 3 and not seat.tasks.running)
    until_said(other, "Emma Müller", "Desk 1")
    screen.press(other.window.panel.tray, "Go on with the booking of Emma Müller")
    assert other.wizard.draft.patient_id == EMMA
    seat.until(lambda: wizard.draft.has_ended, seat.live_ms)
    assert "Rosa Lind at Desk 2" in wizard.bar.text
    wizard.close()
    until_said(seat, "Emma Müller", "Desk 2")
    assert outcome(work, other.wizard.draft.id) == "open"


def test_a_booking_that_is_over_by_now_says_so(seat, work, colleague, held):
    until_said(seat, "Emma Müller")
    seat.connected._live.stop()
    work.write(lambda s: booking_session.discard(s, actor=colleague, session_id=held.id))
    screen.press(seat.window.panel.tray, "Go on with the booking of Emma Müller")
    seat.until(lambda: "start a new one" in seat.window.notice.text)
    until_said(seat, "None. A booking")
    seat.window.new_booking()  # nothing is stuck
    assert seat.wizard


def test_only_one_booking_is_open_at_a_desk(seat, held):
    wizard = to_patient_page(seat)
    until_said(seat, "Emma Müller")
    screen.press(seat.window.panel.tray, "Go on with the booking of Emma Müller")
    assert "Finish or park" in seat.window.notice.text
    assert seat.window.bookings.wizard is wizard


def test_names_are_shown_as_they_are_and_cut(seat, work, actor):
    for name in (EVIL, "x" * 4_000):
        chosen = Choices(guest=Guest(name))
        work.write(lambda s, chosen=chosen: booking_session.start(s, actor=seat.actor, chosen=chosen))
    width = seat.window.panel.widget().width()
    until_said(seat, EVIL, "x" * 60)
    labels = seat.window.panel.tray.findChildren(QLabel)
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}
    assert max(len(label.text()) for label in labels) < 200
    assert seat.window.panel.widget().width() == width
    assert seat.window.panel.tray.minimumSizeHint().width() <= width


def test_many_bookings_are_counted_and_the_newest_shown(seat, work):
    for number in range(MOST + 3):
        chosen = Choices(guest=Guest(f"Guest {number}"))
        work.write(lambda s, chosen=chosen: booking_session.start(s, actor=seat.actor, chosen=chosen))
    until_said(seat, "and 3 more", str(MOST + 3), f"Guest {MOST + 2}")
    assert "Guest 0" not in seat.tray


def test_a_patient_of_another_clinic_is_nobodys_here(seat, work, colleague):
    begun = desk.start(work, colleague, OLGA)
    until_said(seat, "Olga Petrova")
    with work.engine.begin() as connection:
        connection.execute(
            t.BookingSession.__table__.update()
            .where(t.BookingSession.id == begun.id)
            .values(workstation="Desk 9", patient_id=None)
        )
    seat.window.refresh()
    until_said(seat, "None. A booking")  # a guest's booking stays with its desk and person
