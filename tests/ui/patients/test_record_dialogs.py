"""Merging, erasing, importing and registering from the place of the patients, as the desk does it."""

from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.people import records
from clinic_scheduler.services.people.merging import Side
from clinic_scheduler.services.people.records import Written
from clinic_scheduler.ui.patients import paper
from tests.support import screen
from tests.support.clinics import BEN, EMMA, OLGA
from tests.support.desk import book


@pytest.fixture
def place(seat, clinic):
    seat.window.actions_by_name["show_patients"].trigger()
    seat.settle()
    return seat.window.places.at("patients")


def shown(seat, place, patient=EMMA):
    place.show_record(patient)
    seat.until(lambda: place.page.record is not None and place.page.record.line.id == patient)
    seat.settle()


def dialog(seat, place, text):
    screen.press(place, text)
    seat.settle()
    return place.findChildren(QDialog)[-1]


def said(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def row(work, patient=EMMA):
    return work.read(lambda s: s.get(t.Patient, patient))


def test_two_records_are_merged_with_the_fields_that_were_chosen(seat, place, work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], OLGA)
    shown(seat, place)
    merging = dialog(seat, place, "Merge…")
    merging.people.line.setText("olga")
    seat.until(lambda: merging.people.found.chosen is not None)
    merging.people.enter()
    seat.until(lambda: merging._found is not None)
    assert "1 visit (1 ahead)" in said(merging)
    assert merging.fields.sides["name"] == Side.KEPT
    merging.fields._groups["phone"].button(1).click()
    screen.press(merging, "Merge for good")
    seat.until(lambda: row(work, OLGA).merged_into == EMMA)
    seat.until(lambda: place.page.record.ahead == 1)
    assert (row(work).name, row(work).phone) == ("Emma Müller", "+493012345679")
    assert "one record goes on for both" in seat.window.notice.text


def test_tab_leads_from_the_search_over_the_fields_to_the_buttons(seat, place):
    shown(seat, place)
    merging = dialog(seat, place, "Merge…")
    merging.people.line.setText("olga")
    seat.until(lambda: merging.people.found.chosen is not None)
    merging.people.enter()
    seat.until(lambda: merging._found is not None)
    merging.people.line.setFocus()
    seat.press(Qt.Key.Key_Tab)
    assert merging.fields._groups["name"].checkedButton().hasFocus()
    for _field in merging.fields.sides:
        seat.press(Qt.Key.Key_Tab)
    assert merging._swap.hasFocus()


def test_visits_at_one_time_need_a_reason(seat, place, work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], EMMA)
    book(work, actor, [clinic.part("09:30", BEN)], OLGA)
    shown(seat, place)
    merging = dialog(seat, place, "Merge…")
    merging._read(EMMA, OLGA)
    seat.until(lambda: merging._found is not None)
    assert "09:30 to 10:15, Physiotherapy with Ben Okafor" in merging._clashes.item(0).text()
    assert not merging._go.isEnabled()
    merging._reason.setText("came with her twin")
    screen.press(merging, "Merge for good")
    seat.until(lambda: row(work, OLGA).merged_into == EMMA)


def test_the_other_record_may_be_the_one_that_stays(seat, place, work):
    shown(seat, place)
    merging = dialog(seat, place, "Merge…")
    merging._read(EMMA, OLGA)
    seat.until(lambda: merging._found is not None)
    screen.press(merging, "Let the other one stay")
    seat.until(lambda: merging._found.kept.line.id == OLGA)
    screen.press(merging, "Merge for good")
    seat.until(lambda: row(work).merged_into == OLGA)
    seat.until(lambda: place.page.record.line.id == OLGA)


def test_whoever_changed_a_record_meanwhile_is_told_of_and_nothing_merged(seat, place, work, colleague):
    shown(seat, place)
    merging = dialog(seat, place, "Merge…")
    merging._read(EMMA, OLGA)
    seat.until(lambda: merging._found is not None)
    theirs = Written("Olga P", "", "", None, "", "")
    work.write(lambda s: records.change(s, actor=colleague, patient_id=OLGA, version=1, written=theirs))
    merging._merge()
    seat.until(lambda: "Somebody else changed" in said(merging))
    assert row(work, OLGA).merged_into is None


def test_nobody_is_erased_before_the_name_is_typed(seat, place, work):
    shown(seat, place)
    erasing = dialog(seat, place, "Erase…")
    seat.until(lambda: erasing._found is not None)
    assert "This cannot be undone" in said(erasing)
    assert not erasing._go.isEnabled()
    erasing._typed.line.setText("emma muller")
    screen.press(erasing, "Erase for good")
    seat.until(lambda: row(work).erased_at is not None)
    seat.until(lambda: place.page.record is None)
    assert row(work).name == "(erased)"


def test_visits_ahead_are_shown_instead_of_erasing(seat, place, work, actor, clinic):
    visit = book(work, actor, [clinic.part("09:00")]).appointment_ids[0]
    shown(seat, place)
    erasing = dialog(seat, place, "Erase…")
    seat.until(lambda: erasing._found is not None)
    assert "There are visits ahead" in said(erasing)
    screen.press(erasing, "Show in the calendar")
    seat.until(lambda: seat.window.day_view.selected == visit)
    assert seat.window.places.shown == "calendar"


def test_without_the_right_nothing_of_it_is_offered(seat, place):
    place.page._actor = replace(place.page._actor, permissions=frozenset({"book"}))
    shown(seat, place)
    assert not [b for b in ("Merge…", "Erase…") if screen.button(place, b).isVisibleTo(place)]


def test_a_file_is_tried_then_taken(seat, place, work, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("Name;Phone\r\nJürgen Groß;030 2345678\r\nEmma Müller;\r\n".encode("cp1252"))
    taking = dialog(seat, place, "Import…")
    taking.open_file(str(path))
    seat.until(lambda: taking._trial is not None)
    assert "1 would be put on record, 0 are there already, 1 may be" in said(taking)
    assert "May be on record as Emma Müller" in taking.lines.item(0, 2).text()
    screen.press(taking, "Import 1")
    seat.until(lambda: "1 put on record" in seat.window.notice.text)
    assert work.read(lambda s: s.scalars(select(t.Patient.name).where(t.Patient.name == "Jürgen Groß")).all())


def test_one_line_that_cannot_be_taken_is_one(seat, place, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Name;Phone\nNora Falk;xx\n")
    taking = dialog(seat, place, "Import…")
    taking.open_file(str(path))
    seat.until(lambda: taking._trial is not None)
    assert "One line cannot be taken, so nobody is." in said(taking)


def test_columns_can_be_told(seat, place, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Who,Nr of telephone\nNoah Klein,030 2345678\n")
    taking = dialog(seat, place, "Import…")
    taking.open_file(str(path))
    seat.until(lambda: "Choose the column that holds the name" in said(taking))
    taking._boxes["name"].setCurrentIndex(1)
    seat.until(lambda: taking._trial is not None)
    assert screen.button(taking, "Import 1").isEnabled()


def test_a_file_that_is_none_is_refused_in_words(seat, place, tmp_path):
    taking = dialog(seat, place, "Import…")
    taking.open_file(str(tmp_path / "gone.csv"))
    seat.until(lambda: "gone.csv cannot be read" in said(taking))
    (tmp_path / "zero.csv").write_bytes(b"a\x00b\n")
    taking.open_file(str(tmp_path / "zero.csv"))
    seat.until(lambda: "zero bytes" in said(taking))


def test_somebody_new_is_put_on_record_after_a_word_about_who_is_alike(seat, place, work):
    screen.press(place, "New patient")
    fields = place.page.form._fields
    fields["name"].line.setText("Muller Emma")
    fields["birth_date"].line.setText("1980-05-01")
    place.page.form._notes.setPlainText("Prefers mornings")
    screen.press(place, "Save")
    seat.until(lambda: "May be on record already: Emma Müller" in said(place))
    screen.press(place, "Save")
    seat.until(lambda: place.page.record is not None)
    found = work.read(lambda s: s.scalars(select(t.Patient).where(t.Patient.name == "Muller Emma")).one())
    assert found.notes == "Prefers mornings"


def test_everything_on_record_is_on_paper_with_page_numbers(seat, place, work, actor, clinic, tmp_path):
    long = "\n".join(f"Line {n} of the notes <b>as typed</b>" for n in range(90))
    book(work, actor, [clinic.part("09:00")])
    work.write(lambda s: s.execute(update(t.Patient).where(t.Patient.id == EMMA).values(notes=long)))
    shown(seat, place)
    place.export_to(str(tmp_path / "emma.pdf"))
    seat.until(lambda: "was written" in said(place))
    document = pypdfium2.PdfDocument(tmp_path / "emma.pdf")
    pages = [page.get_textpage().get_text_range() for page in document]
    text = "\n".join(pages)
    assert len(pages) > 1
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1))
    for word in (
        "Emma Müller",
        "Physiotherapy",
        "Ana Silva",
        "Line 0 of",
        "Line 89 of the notes <b>as typed</b>",
    ):
        assert word in text


def test_a_word_without_an_end_stays_on_the_paper(qtbot, seat, place):
    assert paper.printable("a\x07b\u202e  c") == "a b c"
