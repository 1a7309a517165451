"""Add-ons are ticked at their line, and what they add is seen from there to the reference."""

import pytest
from PySide6.QtCore import Qt

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import add_ons
from clinic_scheduler.services.unfinished import booking_session
from tests.support.clinics import HEAT, PHYSIO, TAPING
from tests.ui.booking.conftest import ENTER


@pytest.fixture
def wizard(german, desk, work):
    work.write(lambda s: add_ons.offer(s, {PHYSIO: (TAPING, HEAT)}))
    made = desk.open()
    desk.type("physio")
    desk.press(ENTER)
    return made


def test_ticking_by_the_space_bar_changes_time_and_money(desk, wizard):
    page = wizard.page_now
    (line,) = page.lines
    assert page._total.text() == "45 min · 50,00\N{NO-BREAK SPACE}€"
    line.extras[0].setFocus()
    desk.press(Qt.Key.Key_Space)
    assert page._total.text() == "55 min · 62,00\N{NO-BREAK SPACE}€"
    assert "Taping, 10 min, 12,00 €" in line.accessibleName()
    assert desk.saved(wizard).choices.wishes[0].add_on_ids == (TAPING.id,)
    line.who.setCurrentIndex(1)
    line.who.activated.emit(1)
    assert wizard.draft.choices.wishes[0].add_on_ids == (TAPING.id,)


def test_they_are_held_reviewed_and_booked(desk, wizard, work):
    wizard.page_now.lines[0].extras[1].click()
    wizard.page_now.search.setFocus()
    desk.press(ENTER)
    desk.until_answers(wizard)
    assert "Heat pack" in wizard.page_now._summary.text()
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    desk.type("emma")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    assert "Physiotherapy + Heat pack" in wizard.page_now.table.accessibleName()
    assert wizard.page_now.table.total == "59,00\N{NO-BREAK SPACE}€"
    with desk.qtbot.waitSignal(wizard.booked):
        desk.press(ENTER)
    assert "Physiotherapy + Heat pack" in wizard.confirmed.message.toPlainText()
    assert desk.count(t.AppointmentAddOn, t.AppointmentAddOn.price_cents == 900) == 1


def test_ticking_after_the_time_was_picked_asks_for_a_time_for_the_whole(desk, wizard):
    wizard.page_now.search.setFocus()
    desk.press(ENTER)
    desk.until_answers(wizard)
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    wizard.back()
    wizard.back()
    wizard.page_now.lines[0].extras[0].click()
    assert not wizard.draft.is_time_chosen


def test_one_that_is_no_longer_offered_is_said_and_left_out(desk, wizard, work):
    wizard.page_now.lines[0].extras[0].click()
    desk.saved(wizard)
    desk.close(wizard)
    work.write(lambda s: s.get(t.AddOn, TAPING.id).__setattr__("is_active", False))
    again = desk.open(desk.work.write(lambda s: _resumed(s, desk)).value)
    assert "no longer offered" in again.bar.text
    assert again.draft.choices.wishes[0].add_on_ids == ()


def _resumed(session, desk):
    (one,) = booking_session.unfinished(session, actor=desk.actor)
    return booking_session.resume(session, actor=desk.actor, session_id=one.id)
