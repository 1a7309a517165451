"""The people on record: found, changed by one desk at a time, handed out, and from there to the calendar."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.people import records
from clinic_scheduler.services.people.records import Written
from tests.support import screen
from tests.support.clinics import EMMA, OLGA
from tests.support.desk import book

Key = Qt.Key


@pytest.fixture
def visit(work, actor, clinic):
    return book(work, actor, [clinic.part("09:00")]).appointment_ids[0]


@pytest.fixture
def desk(seat, visit, clinic):
    seat.show_day(clinic.monday)
    return seat


def opened(desk):
    desk.window.actions_by_name["show_patients"].trigger()
    desk.settle()
    return desk.window.places.at("patients")


def shown(desk, letters="emma"):
    place = opened(desk)
    place.people.line.setText(letters)
    desk.until(lambda: place.people.found.chosen is not None and not desk.tasks.running)
    place.people.enter()
    desk.until(lambda: place.page.record is not None)
    desk.settle()
    return place


def said(place):
    return " ".join(label.text() for label in place.findChildren(QLabel) if label.isVisible())


def patient(work):
    return work.read(lambda s: s.get(t.Patient, EMMA))


def test_somebody_is_found_by_keys_and_the_visit_shown_in_the_calendar(desk, visit, clinic):
    place = opened(desk)
    desk.until(place.people.line.hasFocus)
    desk.type("emma")
    desk.until(lambda: place.people.found.chosen is not None and not desk.tasks.running)
    desk.press(Key.Key_Return)
    desk.until(lambda: place.page.record is not None)
    assert "1 ahead, 0 completed, 0 no-show, 0 cancelled" in said(place)
    assert place.page.tables.visits.item(0, 1).text() == "Physiotherapy"
    desk.window.page.show_today()
    desk.settle()
    place.page.tables.visits.setFocus()
    place.page.tables.visits.selectRow(0)
    desk.press(Key.Key_Return)
    desk.until(lambda: desk.window.day_view.selected == visit)
    assert desk.day == clinic.monday


def test_news_of_other_desks_do_not_bring_back_the_person_who_was_left(desk):
    place = shown(desk)
    place.show_record(OLGA)
    place.hear(None)
    desk.until(lambda: place.page.record.line.id == OLGA)
    place.hear(None)
    desk.settle()
    assert place.page.record.line.id == OLGA


def test_whoever_is_selected_in_the_calendar_is_shown_at_once(desk, visit):
    desk.select(visit)
    place = opened(desk)
    desk.until(lambda: place.page.record is not None)
    assert place.page.record.line.id == EMMA
    assert opened(desk) is place


def test_a_change_is_kept_and_seen_everywhere(desk, work):
    place = shown(desk)
    assert not screen.button(place, "Save").isEnabled()
    place.page.form._fields["name"].line.setText("Emma Möller")
    place.page.form._notes.setPlainText("Prefers mornings")
    screen.press(place, "Save")
    desk.settle()
    assert (patient(work).name, patient(work).notes) == ("Emma Möller", "Prefers mornings")
    assert "Saved" in said(place)
    desk.window.going.show_calendar()
    desk.until(lambda: desk.patients == ["Emma Möller"])


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "name"),
        ("phone", "12", "number"),
        ("email", "nobody", "e-mail"),
        ("birth_date", "31.2.1980", "date"),
        ("birth_date", "yesterday", "date"),
        ("birth_date", "1.1.2999", "year"),
    ],
)
def test_bad_input_is_said_at_the_field_and_stays(desk, work, field, text, sentence):
    place = shown(desk)
    line = place.page.form._fields[field].line
    line.setText(text)
    screen.press(place, "Save")
    desk.settle()
    assert sentence in place.page.form._fields[field].error.lower()
    assert line.text() == text
    assert patient(work).version == 1
    screen.press(place, "Undo changes")
    assert not place.page.form.is_changed


def test_nothing_typed_is_lost_by_leaving_or_by_picking_another(desk):
    place = shown(desk)
    place.page.form._fields["alert"].line.setText("Latex")
    desk.window.going.show_calendar()
    assert opened(desk).page.form._fields["alert"].text == "Latex"
    place.people.line.setText("olga")
    desk.until(lambda: place.people.found.chosen is not None and place.people.found.chosen.id == OLGA)
    place.people.enter()
    desk.settle()
    assert place.page.record.line.id == EMMA
    assert "Save the changes first" in said(place)
    screen.press(place, "Undo changes")
    place.people.enter()
    desk.until(lambda: place.page.record.line.id == OLGA)


def test_another_desk_is_not_written_over(desk, work, colleague):
    place = shown(desk)
    place.page.form._fields["alert"].line.setText("Latex")
    theirs = Written("Emma Müller", "", "", None, "Dogs", "")
    work.write(lambda s: records.change(s, actor=colleague, patient_id=EMMA, version=1, written=theirs))
    desk.settle()
    screen.press(place, "Save")
    desk.until(lambda: "Somebody else changed this record" in said(place))
    assert place.page.form._fields["alert"].text == "Latex"
    assert patient(work).alert == "Dogs"


def test_a_change_elsewhere_is_shown_where_nothing_is_typed(desk, work, colleague):
    place = shown(desk)
    theirs = Written("Emma Müller", "", "", None, "Dogs", "")
    work.write(lambda s: records.change(s, actor=colleague, patient_id=EMMA, version=1, written=theirs))
    desk.until(lambda: place.page.form._fields["alert"].text == "Dogs")


def test_everything_on_record_is_handed_out(desk, tmp_path):
    place = shown(desk)
    place.export_to(str(tmp_path / "emma.json"))
    desk.until(lambda: "was written" in said(place))
    found = json.loads((tmp_path / "emma.json").read_text("utf-8"))
    assert found["person"]["name"] == "Emma Müller"
    place.export_to(str(tmp_path / "no" / "emma.json"))
    desk.until(lambda: "could not be written" in said(place))


def test_what_is_typed_is_never_read_as_markup(desk):
    place = shown(desk)
    place.people.line.setText("<img src=x><b>nobody</b>")
    desk.settle()
    desk.until(lambda: "Nobody on record" in said(place))
    assert "<b>" not in said(place)


def test_enter_in_a_line_saves_what_was_typed(desk, work):
    place = shown(desk)
    phone = place.page.form._fields["phone"].line
    phone.setFocus()
    phone.selectAll()
    desk.type("030 5556677")
    desk.press(Key.Key_Return)
    desk.until(lambda: "Saved." in said(place))
    assert patient(work).phone == "+49305556677"
