"""The list of bookings at a desk: found, filtered, unfolded, changed with one undo, brought back, handed out."""

import csv
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.listing.asked import Filter
from clinic_scheduler.ui.bookings.rows import DayRow, LineRow, PartRow
from tests.support.clinics import BEN, EMMA, JOSE, MASSAGE, OLGA
from tests.support.desk import book

Key = Qt.Key


@pytest.fixture
def booked(work, actor, clinic):
    return {
        "emma": book(
            work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)], EMMA
        ),
        "jose": book(work, actor, [clinic.part("11:00")], JOSE),
        "olga": book(work, actor, [clinic.part("10:00", days=1)], OLGA),
    }


@pytest.fixture
def desk(seat, booked):
    seat.window.actions_by_name["show_bookings"].trigger()
    place = seat.window.places.at("bookings")
    seat.until(lambda: place.model.lines and not seat.tasks.running)
    seat.place_shown = place
    return seat


def shown(desk):
    """What the rows say, day by day."""
    model = desk.place_shown.model
    said = []
    for number in range(model.rowCount()):
        row = model.row(number)
        said.append(
            "day"
            if isinstance(row, DayRow)
            else row.line.visit.patient
            if isinstance(row, LineRow)
            else f"  {row.part.service}"
        )
    return said


def asks(desk, **wanted):
    desk.place_shown.bar.show_filter(Filter(**wanted))
    desk.place_shown.bar.changed.emit()
    settled(desk)


def settled(desk):
    desk.until(lambda: not desk.tasks.running and not desk.place_shown.bar._timer.isActive())
    desk.settle()


def choose(desk, *numbers):
    table = desk.place_shown.table
    table.clearSelection()
    flags = table.selectionModel().SelectionFlag
    for number in numbers:
        table.selectionModel().select(table.model().index(number, 0), flags.Select | flags.Rows)
    desk.settle()


def statuses(work):
    return sorted(work.read(lambda s: s.scalars(select(t.Appointment.status)).all()))


def put(desk, status):
    place = desk.place_shown
    place._fill_menu()
    action = next(one for one in place._menu.actions() if one.data() == status)
    place._menu.triggered.emit(action)
    settled(desk)


def test_bookings_stand_below_their_days_and_unfold_by_keys(desk):
    assert shown(desk) == ["day", "Emma Müller", "José García-López", "day", "Olga Petrova"]
    desk.until(desk.place_shown.bar.search.hasFocus)
    desk.press(Key.Key_Return)
    desk.press(Key.Key_Right)
    assert shown(desk)[1:4] == ["Emma Müller", "  Physiotherapy", "  Back massage"]
    desk.press(Key.Key_Down, Key.Key_Left, Key.Key_Left)
    assert shown(desk)[1:3] == ["Emma Müller", "José García-López"]


def test_arrows_lead_from_the_search_to_visits_and_past_the_days(desk, booked):
    table = desk.place_shown.table
    desk.until(desk.place_shown.bar.search.hasFocus)
    desk.press(Key.Key_Down)
    assert table.hasFocus()
    assert [row.line.visit.patient for row in table.chosen()] == ["Emma Müller"]
    desk.press(Key.Key_Down, Key.Key_Down)
    assert [row.line.visit.patient for row in table.chosen()] == ["Olga Petrova"]
    desk.press((Key.Key_Up, Qt.KeyboardModifier.ShiftModifier))
    assert len(list(table.chosen())) == 2
    assert "2 bookings are selected" in desk.place_shown.panel.visit.findChildren(QLabel)[-1].text()
    desk.press(Key.Key_Up, Key.Key_Up, Key.Key_Up)
    assert [row.line.visit.patient for row in table.chosen()] == ["Emma Müller"]


def test_whoever_is_typed_is_found(desk, booked):
    desk.until(desk.place_shown.bar.search.hasFocus)
    desk.type("garcia")
    desk.until(lambda: shown(desk) == ["day", "José García-López"])
    desk.place_shown.bar.search.setText(booked["olga"].reference)
    desk.until(lambda: shown(desk) == ["day", "Olga Petrova"])
    desk.place_shown.bar.search.setText("nobody at all")
    desk.until(lambda: desk.place_shown._stack.currentIndex() == 1)
    empty = desk.place_shown._empty.findChild(QPushButton)
    empty.click()
    desk.until(lambda: len(shown(desk)) == 5)


def test_chips_narrow_the_list_and_are_kept_under_a_name(desk):
    bar = desk.place_shown.bar
    bar._chips["practitioner_ids"].tick([BEN])
    bar._chips["practitioner_ids"].changed.emit()
    settled(desk)
    assert shown(desk) == ["day", "Emma Müller"]
    assert desk.place_shown.model.lines[0].lead.service == "Back massage"
    desk.place_shown.kept._ask()
    dialog = desk.dialog
    dialog.findChild(QLineEdit).setText("Of Ben")
    dialog.accept()
    desk.until(lambda: desk.place_shown.kept._kept)
    bar.clear()
    settled(desk)
    assert len(shown(desk)) == 5
    menu = desk.place_shown.kept._menu
    menu.triggered.emit(menu.actions()[0])
    settled(desk)
    assert shown(desk) == ["day", "Emma Müller"]


def test_sorted_by_patient_there_are_no_days(desk):
    desk.place_shown.table.sort_wanted.emit("patient")
    settled(desk)
    assert shown(desk) == ["Emma Müller", "José García-López", "Olga Petrova"]
    desk.place_shown.table.sort_wanted.emit("patient")
    settled(desk)
    assert shown(desk) == ["Olga Petrova", "José García-López", "Emma Müller"]


def test_many_are_put_at_once_and_taken_back_at_once(desk, work):
    choose(desk, 1, 2, 4)
    assert statuses(work) == ["confirmed"] * 4
    put(desk, "arrived")
    assert statuses(work) == ["arrived"] * 4
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: statuses(work) == ["confirmed"] * 4)
    settled(desk)
    desk.window.actions_by_name["redo"].trigger()
    desk.until(lambda: statuses(work) == ["arrived"] * 4)


def test_all_or_none_of_them_is_changed(desk, work, colleague, booked):
    choose(desk, 1, 2)
    desk.place_shown._reread.stop()
    appointment = booked["jose"].appointment_ids[0]
    work.write(lambda s: appointments.cancel(s, actor=colleague, appointment_ids=[appointment], versions=[1]))
    desk.place_shown.acts.put(
        [LineRow(one, is_open=False) for one in desk.place_shown.model.lines[:2]], "arrived"
    )
    settled(desk)
    assert statuses(work) == ["cancelled", "confirmed", "confirmed", "confirmed"]


def test_a_change_at_another_desk_is_shown_and_the_selection_stays(desk, work, colleague, clinic, booked):
    choose(desk, 2)
    book(work, colleague, [clinic.part("09:00", BEN)], OLGA)
    desk.until(lambda: "Olga Petrova" in shown(desk)[1:3], desk.live_ms)
    settled(desk)
    (row,) = desk.place_shown.table.chosen()
    assert row.line.visit.patient == "José García-López"
    assert desk.place_shown.panel.shown.booking_id == booked["jose"].booking_id


def words(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_details_tell_the_history_and_lead_back(desk, work, clinic, booked):
    choose(desk, 2)
    panel = desk.place_shown.panel
    desk.until(lambda: panel.shown is not None)
    put(desk, "cancelled")
    desk.until(lambda: "Cancelled" in words(panel.history))
    assert "Kofi Mensah · Desk 1" in words(panel.history)
    (back,) = panel.history.findChildren(QPushButton)
    back.click()
    desk.until(lambda: statuses(work) == ["confirmed"] * 4)
    settled(desk)
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: "cancelled" in statuses(work))


def test_a_cancelled_visit_is_opened_again_with_its_reason(desk, work, booked):
    choose(desk, 2)
    put(desk, "cancelled")
    panel = desk.place_shown.panel
    desk.until(panel._reopen.isVisible)
    panel._reopen.click()
    dialog = next(one for one in desk.window.findChildren(QDialog) if one.isVisible())
    dialog.accept()
    assert statuses(work).count("cancelled") == 1
    dialog.findChild(QLineEdit).setText("called back")
    dialog.accept()
    desk.until(lambda: statuses(work) == ["confirmed"] * 4)
    appointment = work.read(lambda s: s.get(t.Appointment, booked["jose"].appointment_ids[0]))
    assert appointment.status_reason == "called back"
    settled(desk)
    desk.window.actions_by_name["undo"].trigger()
    desk.until(lambda: "cancelled" in statuses(work))


def test_what_is_filtered_is_exported_and_nothing_else(desk, work, clinic, tmp_path):
    asks(desk, first=clinic.monday, last=clinic.monday)
    path = tmp_path / "list.csv"
    exporting = desk.place_shown.exporting
    exporting.write(desk.place_shown.asked, path)
    desk.until(lambda: not exporting.is_busy)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["Patient"], row["Service"], row["Start"]) for row in rows] == [
        ("Emma Müller", "Physiotherapy", "09:00"),
        ("Emma Müller", "Back massage", "09:45"),
        ("José García-López", "Physiotherapy", "11:00"),
    ]
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".csv")] == ["list.csv"]
    desk.settle()
    e = t.AuditEntry
    noted = select(e.actor_name, e.after).where(e.action == "bookings.exported")
    assert work.read(lambda s: s.execute(noted).all()) == [("Kofi Mensah", {"count": 3})]


def test_a_booking_is_shown_in_the_calendar(desk, clinic, booked):
    choose(desk, 4)
    desk.until(lambda: desk.place_shown.panel.shown is not None)
    desk.place_shown.panel._calendar.click()
    desk.until(lambda: desk.window.day_view.selected == booked["olga"].appointment_ids[0])
    assert desk.day == clinic.monday + timedelta(days=1)


def test_a_click_unfolds_a_visit_and_its_part_can_be_put_alone(desk, work):
    desk.place_shown.model.toggle(1)
    choose(desk, 3)
    (row,) = desk.place_shown.table.chosen()
    assert isinstance(row, PartRow)
    put(desk, "arrived")
    assert statuses(work) == ["arrived", "confirmed", "confirmed", "confirmed"]
