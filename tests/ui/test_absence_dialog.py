"""Somebody is ill: planned, done and taken back in the real window, on both databases."""

import pytest
from PySide6.QtCore import QDateTime, QTime
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox

from clinic_scheduler.db import tables as t
from tests.support import screen
from tests.support.clinics import ANA, BEN, EMMA, JOSE, OLGA, SPEECH
from tests.support.desk import book, count


@pytest.fixture
def ill(work, actor, clinic):
    """Ana's Monday: Emma at nine, Olga at ten, José's speech session at two."""
    parts = {
        EMMA: clinic.part("09:00"),
        OLGA: clinic.part("10:00"),
        JOSE: clinic.part("14:00", ANA, SPEECH, minutes=60),
    }
    return [book(work, actor, [part], patient).appointment_ids[0] for patient, part in parts.items()]


@pytest.fixture
def dialog(seat, ill, clinic):
    seat.show_day(clinic.monday)
    seat.select(ill[0])
    seat.window.actions_by_name["close_time"].trigger()
    seat.settle()
    seat.until(lambda: seat.dialog)
    return seat.dialog


def rows(work, ids):
    def of(session):
        found = (session.get(t.Appointment, one) for one in ids)
        return [(row.status, row.start_at, row.practitioner_id) for row in found]

    return work.read(of)


def look(seat, dialog):
    screen.press(dialog, "Show what would happen")
    seat.settle()


def test_it_is_about_whoever_the_keyboard_stands_on(dialog, clinic):
    assert dialog._who.currentData() == ANA
    assert dialog._from.date().toPython() == clinic.monday
    assert not screen.button(dialog, "Do all of it").isEnabled()


def test_all_of_it_is_done_and_taken_back(seat, dialog, work, clinic, ill):
    before = rows(work, ill)
    look(seat, dialog)
    said = dialog._said.text()
    assert said.startswith("3 visits, 2 h 30 min, 150,00")
    assert "2 with a colleague at the same time, 1 at another time" in said
    dialog._reason.setText("ill")
    screen.press(dialog, "Do all of it")
    seat.settle()
    now = rows(work, ill)
    assert now[0] == ("confirmed", clinic.at("09:00"), BEN)
    assert now[2][1] > clinic.at("18:00")
    assert count(work, t.TimeOff) == 1
    seat.until(lambda: any(c.reason == "ill" for c in seat.window.model.schedule.closed))
    seat.window.actions_by_name["undo"].trigger()
    seat.settle()
    assert rows(work, ill) == before
    assert count(work, t.TimeOff) == 0
    seat.window.actions_by_name["redo"].trigger()
    seat.settle()
    assert (rows(work, ill), count(work, t.TimeOff)) == (now, 1)
    seat.window.actions_by_name["undo"].trigger()
    seat.settle()
    assert (rows(work, ill), count(work, t.TimeOff)) == (before, 0)


def test_each_visit_can_be_decided_and_the_calls_are_copied_saved_and_made_tasks(
    seat, dialog, work, clinic, ill, tmp_path
):
    look(seat, dialog)
    table = dialog._table
    for row, words in enumerate(("Cancel it", "Leave it, I will call")):
        box = table.cellWidget(row, table.columnCount() - 1)
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(box.findText(words))
    screen.press(dialog, "Do all of it")
    seat.settle()
    assert [one[0] for one in rows(work, ill)] == ["cancelled", "confirmed", "confirmed"]
    assert rows(work, ill)[1][1] == clinic.at("10:00")
    listed = dialog._calls.text.toPlainText()
    assert "Olga Petrova" in listed
    assert "find another time" in listed
    screen.press(dialog, "Copy the call list")
    assert QGuiApplication.clipboard().text() == listed
    for _twice in range(2):
        screen.press(dialog, "Put on the tasks of today")
        seat.settle()
    assert dialog._said.text() == f"On the list of tasks now: {len(listed.splitlines())} of these calls."
    assert count(work, t.DeskTask) == len(listed.splitlines())
    dialog._calls.save(str(tmp_path / "calls.csv"))
    assert (tmp_path / "calls.csv").read_text("utf-8-sig").count("\n") == 1 + len(listed.splitlines())
    dialog._calls.save(str(tmp_path / "nowhere" / "calls.csv"))
    assert "cannot be written there" in dialog._said.text()


def test_a_place_taken_meanwhile_is_told_and_nothing_is_done(seat, dialog, work, colleague, clinic, ill):
    look(seat, dialog)
    book(work, colleague, [clinic.part("11:00", BEN)], EMMA)
    before = rows(work, ill)
    with work.engine.begin() as connection:
        connection.execute(t.Appointment.__table__.update().values(version=2))
    screen.press(dialog, "Do all of it")
    seat.settle()
    assert "changed this visit meanwhile" in dialog._said.text()
    assert rows(work, ill) == before
    assert not screen.button(dialog, "Do all of it").isEnabled()


def test_a_time_that_is_none_is_said(seat, dialog):
    dialog._until.setDateTime(QDateTime(dialog._from.date(), QTime(0, 0)))
    look(seat, dialog)
    assert "ends after it begins" in dialog._said.text()
