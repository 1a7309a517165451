"""Who comes: somebody on record, somebody new who may be on record, a guest."""

from datetime import date

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.ui.booking import dates
from tests.support.clinics import EMMA
from tests.ui.booking.conftest import ENTER


def fill(form, **texts):
    for name, text in texts.items():
        form.fields[name].line.setText(text)
        form.fields[name].line.textEdited.emit(text)


def people(desk):
    return desk.count(t.Patient)


@pytest.fixture
def wizard(desk):
    made = desk.open()
    desk.to_patient(made)
    return made


def test_a_guest_is_booked_with_the_number_in_one_form(desk, wizard):
    wizard.page_now._switch("guest")
    fill(wizard.page_now.guest, name="  Ida   Nowak ", phone="030 12345670")
    wizard.page_now.go_on()
    desk.until_step(wizard, 3)
    assert "confirmation to +493012345670 is queued" in wizard.page_now.sent.text()
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)
    row = desk.work.read(lambda s: s.execute(select(t.Booking.guest_name, t.Booking.guest_phone)).one())
    assert row == ("Ida Nowak", "+493012345670")
    assert people(desk) == 3


def test_a_guest_without_an_address_is_sent_nothing(desk, wizard):
    wizard.page_now._switch("guest")
    fill(wizard.page_now.guest, name="Ida Nowak")
    wizard.page_now.go_on()
    desk.until_step(wizard, 3)
    assert wizard.page_now.sent.text() == "There is no address: no confirmation is queued."


def test_a_guest_turns_out_to_be_on_record(desk, wizard):
    wizard.page_now._switch("guest")
    fill(wizard.page_now.guest, name="Emma")
    wizard.page_now.go_on()
    desk.until_step(wizard, 3)
    wizard.back()
    wizard.page_now._switch("search")
    wizard.page_now.search.line.setFocus()
    desk.type("emma")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    assert wizard.draft.patient_id == EMMA
    assert desk.live_holds() == 2  # the patient's own time as well


def test_somebody_new_is_put_on_record_and_booked(desk, wizard):
    wizard.page_now._switch("new")
    fill(wizard.page_now.new.form, name="Ida Nowak", phone="030 12345670", birth_date="31.12.1999")
    wizard.page_now.go_on()
    desk.until_step(wizard, 3)
    assert wizard.draft.patient.birth_date == date(1999, 12, 31)
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)
    assert people(desk) == 4


def test_what_was_searched_for_becomes_the_new_name(desk, wizard):
    desk.type("Ida Nowak")
    desk.settle()
    wizard.page_now._switch("new")
    assert wizard.page_now.new.form.fields["name"].text == "Ida Nowak"


def test_likely_duplicates_are_shown_and_one_is_taken(desk, wizard):
    wizard.page_now._switch("new")
    page = wizard.page_now
    fill(page.new.form, name="emma muller")
    page.go_on()
    desk.qtbot.waitUntil(page.new.asking.isVisible)
    assert page.new.alike.chosen.id == EMMA
    assert page.new.alike.model().detail(page.new.alike.chosen).startswith("Same name · 030 ")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    assert wizard.draft.patient_id == EMMA
    assert people(desk) == 3


def test_duplicates_that_are_somebody_else_are_declined(desk, wizard):
    wizard.page_now._switch("new")
    page = wizard.page_now
    fill(page.new.form, name="Emma Müller")
    page.go_on()
    desk.qtbot.waitUntil(page.new.asking.isVisible)
    page.go_on()
    desk.until_step(wizard, 3)
    assert wizard.draft.patient_id != EMMA
    assert people(desk) == 4


def test_the_alert_of_a_patient_is_shown(desk, wizard):
    desk.type("jos")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    wizard.back()
    assert wizard.page_now.chosen.alert.text() == "Allergic to latex"


def test_nobody_found_says_what_to_do(desk, wizard):
    desk.type("nobody of that name")
    desk.qtbot.waitUntil(lambda: "Nobody on record matches" in wizard.page_now.search._said.text())


def test_nobody_named_is_said(desk, wizard):
    desk.press(ENTER)
    assert "Type a name and pick somebody" in wizard.bar.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("  ", None),
        ("1980-05-31", date(1980, 5, 31)),
        ("31.5.1980", date(1980, 5, 31)),
        ("31/5/80", date(1980, 5, 31)),
        ("29.2.2024", date(2024, 2, 29)),
    ],
)
def test_birth_dates_are_read_as_people_type_them(monkeypatch, text, meant):
    monkeypatch.setattr(dates, "_pattern", lambda: "dd.MM.yyyy")
    assert dates.read(text) == meant


@pytest.mark.parametrize(
    "text", ["29.2.2023", "1.13.1980", "x", "1.1", "\u0663.\u0665.1980", "0.0.0", "1" * 300, "\0"]
)
def test_no_date_is_refused_at_its_field(text):
    with pytest.raises(InvalidInput) as refused:
        dates.read(text)
    assert refused.value.field == "birth_date"
