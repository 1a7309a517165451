"""Cancelling a visit: one part, all of it, with a reason; and what another desk changed meanwhile."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit
from shiboken6 import isValid
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.changing import appointments
from tests.support import screen
from tests.support.clinics import BEN, MASSAGE
from tests.support.desk import book


@pytest.fixture
def visit(work, actor, clinic):
    return book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)])


@pytest.fixture
def dialog(seat, clinic, visit):
    seat.show_day(clinic.monday)
    seat.select(visit.appointment_ids[0])
    seat.window.actions_by_name["cancel_visit"].trigger()
    return seat.dialog


def boxes(dialog):
    return dialog.findChildren(QCheckBox)


def statuses(work):
    rows = select(t.Appointment.status, t.Appointment.status_reason).order_by(t.Appointment.position)
    return [tuple(row) for row in work.read(lambda s: s.execute(rows).all())]


def live_claims(work):
    return work.read(lambda s: len(s.scalars(select(t.Claim).where(t.Claim.live_to.is_(None))).all()))


def test_it_says_what_would_be_cancelled(dialog, visit):
    assert f"Emma Müller, {visit.reference}" in screen.words(dialog)
    assert [box.text().partition("  ")[2] for box in boxes(dialog)] == [
        "Physiotherapy, Ana Silva",
        "Back massage, Ben Okafor",
    ]
    assert all(box.isChecked() for box in boxes(dialog))
    assert dialog.focusWidget().accessibleName() == "Reason"


def test_the_whole_visit_goes_and_its_time_is_free(seat, dialog, work, clinic):
    dialog.findChild(QLineEdit).setText("  called  in sick ")
    screen.press(dialog, "Cancel visit")
    seat.until(lambda: seat.patients == [])
    assert statuses(work) == [("cancelled", "called in sick")] * 2
    assert live_claims(work) == 0
    assert seat.window.notice.text == "Done: 2 appointments cancelled. Ctrl+Z takes it back."
    seat.until(lambda: seat.window.panel.visit.shown is None)


def test_one_part_goes_and_the_other_stays(seat, dialog, work):
    boxes(dialog)[1].setChecked(False)
    screen.press(dialog, "Cancel visit")
    seat.until(lambda: seat.patients == ["Emma Müller"])
    assert statuses(work) == [("cancelled", ""), ("confirmed", "")]
    assert seat.window.notice.text == "Done: one appointment cancelled. Ctrl+Z takes it back."


def test_nothing_chosen_cannot_be_cancelled(dialog):
    for box in boxes(dialog):
        box.setChecked(False)
    assert not screen.button(dialog, "Cancel visit").isEnabled()
    boxes(dialog)[0].setChecked(True)
    assert screen.button(dialog, "Cancel visit").isEnabled()


def test_keeping_it_changes_nothing_and_the_dialog_is_gone(seat, dialog, work):
    screen.press(dialog, "Keep it")
    seat.until(lambda: not isValid(dialog))
    assert statuses(work) == [("confirmed", "")] * 2


@pytest.mark.parametrize("is_live", [True, False])
def test_what_was_changed_meanwhile_is_refused_and_shown_as_it_is_now(
    seat, dialog, work, colleague, visit, is_live
):
    if not is_live:
        seat.connected._live.stop()
    work.write(
        lambda s: appointments.cancel(
            s, actor=colleague, appointment_ids=visit.appointment_ids[:1], versions=[1], reason="by Rosa"
        )
    )
    screen.press(dialog, "Cancel visit")
    seat.until(lambda: "changed this visit meanwhile" in seat.window.notice.text)
    seat.until(lambda: len(seat.window.model.schedule.visits) == 1)
    assert statuses(work) == [("cancelled", "by Rosa"), ("confirmed", "")]


def test_without_a_visit_it_says_what_to_do(seat):
    seat.window.cancel_visit()
    assert seat.window.notice.text == "Select a visit that still stands, then cancel it."


def test_escape_keeps_the_visit(seat, dialog, work):
    seat.qtbot.keyClick(dialog.findChild(QLineEdit), Qt.Key.Key_Escape)
    seat.until(lambda: not isValid(dialog))
    assert statuses(work) == [("confirmed", "")] * 2


def test_names_are_shown_as_they_are(seat, work, clinic, visit):
    evil = "<b>Ana</b> & <img src='/etc/passwd'>" + "x" * 10_000
    with work.engine.begin() as connection:
        connection.execute(t.Patient.__table__.update().values(name=evil))
        connection.execute(t.Service.__table__.update().values(name="<i>Knee</i> & hip" + "x" * 1_000))
    seat.show_day(clinic.monday)
    seat.window.refresh()
    seat.settle()
    seat.select(visit.appointment_ids[0])
    seat.window.cancel_visit()
    assert any("<b>Ana</b> &" in words for words in screen.words(seat.dialog))
    assert "<i>Knee</i> && hip" in boxes(seat.dialog)[0].text()
    assert seat.dialog.width() <= seat.window.width()
