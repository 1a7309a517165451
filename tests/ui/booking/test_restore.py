"""Whatever happens at whichever page, nothing typed is lost."""

import pytest
from PySide6.QtCore import Qt
from shiboken6 import isValid

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish
from tests.support.clinics import EMMA, GAIT, OLGA, PHYSIO
from tests.ui.booking.conftest import ENTER


def test_half_a_service_is_still_typed_there(desk):
    wizard = desk.open()
    desk.type("phy")
    desk.close(wizard)
    wizard = desk.resume(wizard)
    assert wizard.page_now.search.text() == "phy"
    desk.press(ENTER, ENTER)
    desk.until_answers(wizard)


def test_the_time_page_comes_back_with_its_filters(desk):
    wizard = desk.open()
    desk.to_time(wizard)
    wizard.page_now.filters._halves["afternoon"].click()
    wizard.page_now.filters._day_acts[1].trigger()
    desk.close(wizard)
    wizard = desk.resume(wizard)
    desk.until_answers(wizard)
    assert wizard.page_now.filters.half == "afternoon"
    assert wizard.page_now.filters.weekdays == {1}
    assert wizard.page_now.filters.first == desk.clinic.monday


def test_the_hold_and_the_search_come_back(desk):
    wizard = desk.open()
    desk.to_patient(wizard)
    held = wizard.draft.held_until
    desk.type("em")
    desk.close(wizard)
    assert desk.live_holds() == 1
    wizard = desk.resume(wizard)
    assert (wizard.currentId(), wizard.page_now.search.text) == (2, "em")
    assert wizard.draft.held_until == held
    assert "Time held for you" in wizard.header.countdown.text()


@pytest.mark.parametrize(("mode", "field"), [("new", "phone"), ("guest", "name"), ("new", "birth_date")])
def test_a_form_comes_back_with_what_cannot_be_used_yet(desk, mode, field):
    wizard = desk.open()
    desk.to_patient(wizard)
    wizard.page_now._switch(mode)
    form = wizard.page_now.new.form if mode == "new" else wizard.page_now.guest
    form.fields[field].line.setFocus()
    desk.type("12 nonsense")
    desk.close(wizard)
    wizard = desk.resume(wizard)
    assert wizard.page_now.mode == mode
    form = wizard.page_now.new.form if mode == "new" else wizard.page_now.guest
    assert form.fields[field].text == "12 nonsense"


def test_the_review_comes_back_whole(desk):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("first line\nsecond line")
    wizard.page_now.source.setCurrentIndex(1)
    wizard.page_now.source.activated.emit(1)
    desk.close(wizard)
    wizard = desk.resume(wizard)
    assert wizard.currentId() == 3
    assert wizard.page_now.notes.toPlainText() == "first line\nsecond line"
    assert wizard.page_now.source.currentData() == "walk_in"
    assert wizard.draft.patient.id == EMMA
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)


def test_a_killed_program_loses_nothing_after_a_pause(desk):
    """No close, no park: only what was saved while typing."""
    wizard = desk.open()
    desk.to_patient(wizard)
    wizard.page_now._switch("guest")
    wizard.page_now.guest.fields["name"].line.setFocus()
    desk.type("Half a na")
    stored = desk.saved(wizard)
    assert stored.choices.typed["guest_name"] == "Half a na"
    assert stored.step == "patient"
    assert stored.title == "Half a na"


def test_quick_typing_is_few_saves_and_the_last_wins(desk):
    wizard = desk.open()
    before = desk.saved(wizard).version
    desk.type("physiotherapy for the knee")
    stored = desk.saved(wizard)
    assert stored.choices.typed["service_search"] == "physiotherapy for the knee"
    assert stored.version <= before + 3


def test_escape_parks_and_asks_nothing(desk):
    wizard = desk.open()
    identifier = wizard.draft.id
    with desk.qtbot.waitSignal(wizard.parked):
        desk.press(Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: not isValid(wizard) and not desk.tasks.running)
    assert desk.stored(identifier).outcome == "parked"


def test_discarding_frees_the_time_at_once(desk):
    wizard = desk.open()
    desk.to_patient(wizard)
    assert desk.live_holds() == 1
    identifier = wizard.draft.id
    with desk.qtbot.waitSignal(wizard.discarded):
        wizard.footer.discard.click()
    desk.qtbot.waitUntil(lambda: not isValid(wizard) and not desk.tasks.running)
    assert desk.live_holds() == 0
    assert (
        desk.count(
            t.BookingSession, t.BookingSession.id == identifier, t.BookingSession.outcome == "discarded"
        )
        == 1
    )


def test_a_service_that_is_gone_is_said_and_taken_out(desk, work):
    begun = desk.begin(chosen=Choices(wishes=(Wish(PHYSIO), Wish(GAIT)), typed={"patient_search": "x"}))
    with work.engine.begin() as connection:
        connection.execute(t.Service.__table__.update().where(t.Service.id == GAIT).values(is_active=False))
    wizard = desk.open(begun)
    assert [wish.service_id for wish in wizard.draft.choices.wishes] == [PHYSIO]
    assert "no longer offered" in wizard.bar.text
    assert len(desk.saved(wizard).choices.wishes) == 1


def test_damaged_choices_are_said_and_the_rest_is_kept(desk, work):
    begun = desk.begin(patient_id=OLGA)
    with work.engine.begin() as connection:
        connection.execute(
            t.BookingSession.__table__.update().values(choices={"version": 1, "wishes": 7, "notes": "kept"})
        )
    wizard = desk.open(desk.stored(begun.id))
    assert "could not be read back" in wizard.bar.text
    assert wizard.draft.choices.notes == "kept"
    assert desk.saved(wizard).damaged == ()


def test_a_colleague_takes_over_and_this_desk_says_so(desk, work, colleague):
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.type("phys")
    desk.saved(wizard)
    work.write(lambda s: booking_session.resume(s, actor=colleague, session_id=wizard.draft.id))
    with desk.qtbot.waitSignal(wizard.taken_over):
        wizard.hear(None)
    assert "Rosa Lind at Desk 2" in wizard.bar.text
    assert wizard.footer.go_on.text() == "Close"
    identifier = wizard.draft.id
    desk.close(wizard)
    assert desk.stored(identifier).workstation == "Desk 2"


def test_a_takeover_between_two_letters_is_noticed_by_the_next_save(desk, work, colleague):
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.saved(wizard)
    work.write(lambda s: booking_session.resume(s, actor=colleague, session_id=wizard.draft.id))
    with desk.qtbot.waitSignal(wizard.taken_over):
        desk.type("x")
    assert "Rosa Lind at Desk 2" in wizard.bar.text


def test_its_own_notices_end_nothing(desk):
    wizard = desk.open()
    desk.tasks.changed.connect(wizard.hear)
    desk.to_review(wizard)
    wizard.hear(None)
    desk.settle()
    assert not wizard.draft.has_ended


def test_a_newer_booking_of_the_same_patient_takes_the_older_over_and_says_so(desk, work, colleague):
    work.write(lambda s: booking_session.start(s, actor=colleague, patient_id=EMMA))
    wizard = desk.open()
    desk.to_review(wizard)
    assert "Rosa Lind, Desk 2 has ended" in wizard.bar.text
