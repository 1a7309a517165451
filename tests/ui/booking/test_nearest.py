"""A time that somebody else was quicker to take: what is free near it is offered, with all the rest one key away."""

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.offers import availability
from clinic_scheduler.ui.booking.lost import found_text, nothing_text
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, ZONE
from tests.ui.booking.conftest import ENTER
from tests.ui.booking.test_hold import take

TAKEN = f"Somebody just took that time. {found_text()}"
THURSDAY = 3


@pytest.fixture
def wizard(desk):
    """Emma's physiotherapy, looked for from Monday on."""
    made = desk.open(desk.begin(patient_id=EMMA))
    desk.to_time(made)
    return made


def days(page):
    return {local_day(opening.start, ZONE) for opening in page._model.openings}


def mark(page, day):
    """Mark the last time of a day; what it is."""
    row = max(n for n, one in enumerate(page._model.openings) if local_day(one.start, ZONE) == day)
    page.answers.setCurrentIndex(page._model.index(row))
    return page._model.openings[row].parts


def lose(desk, wizard, colleague, day):
    """Pick a time that a colleague just took; the parts that were lost."""
    page = wizard.page_now
    parts = mark(page, day)
    take(desk.work, colleague, parts)
    desk.press(ENTER)
    desk.qtbot.waitUntil(lambda: wizard.bar.text == TAKEN and not desk.tasks.running)
    return parts


def nearest(desk, wizard, parts):
    work = partial(
        availability.nearest, clinic_id=CLINIC, parts=parts, session_id=wizard.draft.id, patient_id=EMMA
    )
    return desk.work.read(work)


def test_what_is_free_near_a_lost_thursday_is_offered_though_the_search_began_on_monday(
    desk, wizard, colleague, clinic
):
    page, thursday = wizard.page_now, clinic.monday + timedelta(days=THURSDAY)
    parts = lose(desk, wizard, colleague, thursday)
    assert page.filters.first == clinic.monday
    assert page._model.openings == nearest(desk, wizard, parts)
    assert days(page) == {thursday}
    assert page._model.openings[0].parts[0].practitioner_id == parts[0].practitioner_id
    assert page.answers.currentIndex().row() == 0
    assert QApplication.focusWidget() is page.answers
    assert page.foot.said.text().startswith("Nearest to Thu")
    assert "F5" in page.hint


def test_enter_takes_the_nearest_and_the_notice_goes(desk, wizard, colleague, clinic):
    lose(desk, wizard, colleague, clinic.monday + timedelta(days=THURSDAY))
    wanted = wizard.page_now._model.openings[0].parts
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert wizard.draft.choices.parts == wanted
    assert wizard.draft.held_until is not None
    assert (wizard.bar.text, wizard.draft.lost) == ("", None)


def test_who_comes_back_to_the_times_goes_on_with_what_is_held(desk, wizard, colleague, clinic):
    lose(desk, wizard, colleague, clinic.monday + timedelta(days=THURSDAY))
    wanted = wizard.page_now._model.openings[0].parts
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    wizard.back()
    page = wizard.page_now
    desk.qtbot.waitUntil(lambda: clinic.monday in days(page))
    assert page._model.openings[page.answers.currentIndex().row()].parts == wanted
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert wizard.draft.choices.parts == wanted


def test_a_changed_filter_searches_as_ever(desk, wizard, colleague, clinic):
    lose(desk, wizard, colleague, clinic.monday + timedelta(days=THURSDAY))
    page = wizard.page_now
    page.filters._halves["morning"].click()
    desk.qtbot.waitUntil(lambda: clinic.monday in days(page))
    assert all(one.start.astimezone(ZONE).hour < 12 for one in page._model.openings)
    assert wizard.bar.text == ""  # what it says of the answers is true no more
    assert page.foot.everything.isHidden()
    assert page.foot.later.isVisible()


def test_one_key_shows_all_free_times_again(desk, wizard, colleague, clinic):
    page = wizard.page_now
    before = page._model.openings
    lose(desk, wizard, colleague, clinic.monday + timedelta(days=THURSDAY))
    desk.press(Qt.Key.Key_F5)
    desk.qtbot.waitUntil(lambda: clinic.monday in days(page))
    assert len(page._model.openings) >= len(before) - 1
    assert QApplication.focusWidget() is page.answers
    assert wizard.bar.text == ""


def test_lost_while_it_was_confirmed_the_nearest_are_offered_and_all_that_was_typed_stays(
    desk, work, colleague, clinic
):
    wizard = desk.open()
    desk.to_review(wizard)
    wizard.page_now.notes.setPlainText("by the window")
    parts = desk.saved(wizard).choices.parts
    with work.engine.begin() as connection:
        _send_away(connection, clinic, ANA, 1)
        _send_away(connection, clinic, BEN, 1)
    wizard.page_now.go_on()
    desk.until_answers(wizard)
    desk.qtbot.waitUntil(lambda: wizard.bar.text.endswith(found_text()))
    page = wizard.page_now
    assert page._model.openings == nearest(desk, wizard, parts)
    assert clinic.monday not in days(page)
    assert (wizard.draft.choices.notes, wizard.draft.patient_id) == ("by the window", EMMA)
    assert wizard.header.countdown.isHidden()  # of a time that cannot be had


def test_where_nothing_is_free_for_four_weeks_it_is_said(desk, work, clinic):
    wizard = desk.open()
    desk.to_review(wizard)
    with work.engine.begin() as connection:
        _send_away(connection, clinic, ANA, 35)
        _send_away(connection, clinic, BEN, 35)
    wizard.page_now.go_on()
    desk.until_step(wizard, 1)
    desk.qtbot.waitUntil(lambda: wizard.bar.text.endswith(nothing_text()))
    page = wizard.page_now
    assert page._model.openings == ()
    assert (page.foot.said.text(), page.foot.everything.isVisible()) == ("", True)
    page.foot.everything.click()
    desk.until_answers(wizard)
    assert min(days(page)) >= clinic.monday + timedelta(days=35)


def test_somebody_else_than_was_wished_is_held_with_one_pick(desk, work, colleague, clinic):
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.type("physio")
    desk.press(ENTER)
    (wish,) = wizard.draft.choices.wishes
    wizard.draft.edit(wishes=(type(wish)(wish.service_id, (ANA,)),))
    desk.press(ENTER)
    desk.until_answers(wizard)
    page = wizard.page_now
    with work.engine.begin() as connection:
        _send_away(connection, clinic, ANA, 35)
    wizard.draft.lose(page._model.openings[0].parts, "It was lost.")
    page.enter()
    desk.qtbot.waitUntil(lambda: wizard.bar.text == f"It was lost. {found_text()}")
    assert page._model.openings[0].parts[0].practitioner_id == BEN
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert wizard.draft.is_time_chosen
    assert wizard.draft.choices.wishes[0].practitioner_ids == (ANA, BEN)


def test_a_price_that_was_agreed_goes_over_to_the_nearest_time(desk, colleague, clinic):
    wizard = desk.open()
    desk.to_patient(wizard)
    done = []
    wizard.draft.change_price(0, 4200, "Staff", lambda: done.append(True), done.append)
    desk.qtbot.waitUntil(lambda: done == [True])
    wizard.draft.forget_time("It was lost.")
    wizard.back()
    desk.qtbot.waitUntil(lambda: wizard.bar.text == f"It was lost. {found_text()}")
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    (part,) = wizard.draft.choices.parts
    assert (part.price_cents, part.price_reason) == (4200, "Staff")


def _send_away(connection, clinic, who, count):
    away = {"start_at": clinic.at("00:00"), "end_at": clinic.at("00:00", days=count)}
    connection.execute(insert(t.TimeOff).values(id=new_id(), resource_id=who, reason="", **away))
