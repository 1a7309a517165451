"""Somebody known: whom the desk booked lately, how visits were kept, what is ahead."""

import pytest

from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.people import glance
from clinic_scheduler.services.taking import claims
from tests.support import clinics
from tests.support.clinics import ANA, EMMA, JOSE, OLGA
from tests.support.desk import book
from tests.ui.booking.conftest import ENTER


@pytest.fixture
def missed(work, actor, clinic):
    """Emma did not come twice and came once; Olga is booked."""
    walls = ("09:00", "10:00", "11:00", "14:00")
    done = [book(work, actor, [clinic.part(wall, ANA)], EMMA).appointment_ids[0] for wall in walls]
    clinics.shift_clock(work, clinic.at("13:00") - work.read(claims.now))
    for identifier, word in zip(done, ("no_show", "no_show", "completed"), strict=False):
        work.write(
            lambda s, one=identifier, to=word: appointments.advance(
                s, actor=actor, appointment_ids=[one], versions=[1], to=to
            )
        )
    book(work, actor, [clinic.part("15:00", ANA)], OLGA)


def test_history_and_what_is_ahead_are_counted_by_the_database(work, actor, missed, clinic):
    found = work.read(lambda s: glance.of(s, actor=actor, patient_id=EMMA))
    assert (found.came, found.missed, found.missed_last) == (1, 2, clinic.at("10:00"))
    assert [(one.service, one.start) for one in found.ahead] == [("Physiotherapy", clinic.at("14:00"))]


def test_whom_this_person_booked_lately_comes_newest_first_and_once(work, actor, colleague, missed, clinic):
    book(work, colleague, [clinic.part("16:00", ANA)], JOSE)
    assert [line.id for line in work.read(lambda s: glance.recent(s, actor=actor))] == [OLGA, EMMA]
    assert [line.id for line in work.read(lambda s: glance.recent(s, actor=colleague))] == [JOSE]


def test_the_page_offers_them_before_a_letter_and_shows_the_history(desk, missed):
    wizard = desk.open()
    desk.to_patient(wizard)
    search = wizard.page_now.search
    desk.qtbot.waitUntil(lambda: search._model.rowCount() == 2)
    assert search._said.text() == "Booked lately"
    assert search.found.chosen is None  # Enter takes nobody unasked
    search.found.picked.emit(search._model.index(1).data(0x0100))
    desk.until_step(wizard, 3)
    wizard.back()
    desk.settle()
    card = wizard.page_now.chosen
    assert card.history.text().startswith("Missed 2 of 3 visits, last on ")
    assert "14:00 (Physiotherapy)" in card.ahead.text()


def test_enter_where_nobody_was_found_books_a_guest_of_that_name(desk, clinic):
    wizard = desk.open()
    desk.to_patient(wizard)
    desk.type("Nora Falk")
    search = wizard.page_now.search
    desk.qtbot.waitUntil(lambda: "Nobody on record" in search._said.text())
    desk.press(ENTER)
    assert (wizard.page_now.mode, wizard.page_now.guest.fields["name"].text) == ("guest", "Nora Falk")
