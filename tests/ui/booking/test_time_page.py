"""The time page: a time of one's own and why it is not free, more by scrolling, what else is on that day."""

from datetime import timedelta

import pytest

from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.obstacles.wished import Why
from tests.support.clinics import ANA, BEN, EMMA, MASSAGE, OLGA, ZONE
from tests.support.desk import book
from tests.ui.booking.conftest import ENTER


@pytest.fixture
def wizard(desk):
    made = desk.open(desk.begin(patient_id=EMMA))
    desk.to_time(made)
    return made


def wish(desk, wizard, text):
    page = wizard.page_now
    page.wished.line.setText(text)
    page.wished.line.setFocus()
    desk.press(ENTER)
    desk.settle()
    desk.qtbot.waitUntil(lambda: page.wished.said.text() != "Looking…")
    desk.settle()
    return page


def day_words(clinic, days=0):
    return f"{clinic.monday + timedelta(days=days):%d.%m.%Y}"


def test_a_wished_time_that_is_free_is_marked_and_enter_takes_it(desk, wizard, clinic):
    page = wish(desk, wizard, f"{day_words(clinic, 1)} 14:05")
    marked = page.answers.currentIndex().data(0x0100)
    assert (wizard.currentId(), marked.start, page.wished.said.text()) == (1, clinic.at("14:05", days=1), "")
    page.answers.setFocus()
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert wizard.draft.choices.parts[0].start == clinic.at("14:05", days=1)


def test_why_a_wished_time_is_not_free_is_said(desk, wizard, work, colleague, clinic):
    for who, patient in ((ANA, OLGA), (BEN, None)):
        part = clinic.part("14:00", who)
        if patient:
            book(work, colleague, [part], patient)
    page = wish(desk, wizard, f"at 12:30 {day_words(clinic)}")
    assert "Ana Silva has a break until 13:00." in page.wished.said.text()
    page = wish(desk, wizard, f"{day_words(clinic)} 20:00")
    assert "20:00 is not free." in page.wished.said.text()
    assert wizard.currentId() == 1


@pytest.mark.parametrize(
    ("wished", "marked", "said"),
    [
        ("15:03", "15:05", "Visits begin every 5 min: 15:05 is marked instead, 15:00 is free too."),
        ("14:01", "14:00", "Visits begin every 5 min: 14:00 is marked instead, 14:05 is free too."),
    ],
)
def test_a_wished_time_off_the_grid_leads_to_the_nearest_on_it(desk, wizard, clinic, wished, marked, said):
    page = wish(desk, wizard, f"{day_words(clinic, 1)} {wished}")
    desk.qtbot.waitUntil(lambda: page.wished.said.text() == said)
    assert page.answers.currentIndex().data(0x0100).start == clinic.at(marked, days=1)
    page.filters._halves["morning"].click()
    desk.qtbot.waitUntil(lambda: page.wished.said.text() == "")


def test_what_is_in_the_way_of_a_time_off_the_grid_is_said(desk, work, colleague, clinic):
    book(work, colleague, [clinic.part("10:00", BEN, MASSAGE, minutes=30)], EMMA)
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.to_time(wizard)
    page = wish(desk, wizard, f"{day_words(clinic)} 10:03")
    assert "10:03 is not free. This patient has another visit until 10:30." in page.wished.said.text()


@pytest.mark.parametrize(
    ("free", "said"),
    [
        ((), "Visits begin every 5 min, and neither 15:00 nor 15:05 is free."),
        (("15:00",), "Visits begin every 5 min: 15:00 is marked instead."),
    ],
)
def test_what_is_not_free_beside_it_is_not_offered(desk, wizard, clinic, free, said):
    page = wizard.page_now
    beside = clinic.at("15:00"), clinic.at("15:05")
    page.wished._tell(clinic.at("15:03"), Why((), 5, beside, tuple(clinic.at(one) for one in free)))
    desk.qtbot.waitUntil(lambda: page.wished.said.text() == said)


def test_of_one_service_it_is_never_said_that_several_do_not_fit(wizard, clinic):
    wished = wizard.page_now.wished
    wished._tell(clinic.at("15:00"), Why((), 5))
    assert wished.said.text().endswith("15:00 was not free a moment ago; press Enter to look again.")


def test_a_day_with_nothing_free_is_told_before_the_days_after_it(desk, wizard, clinic):
    page, sunday = wizard.page_now, clinic.monday + timedelta(days=6)
    assert "Nothing is free" not in page.foot.said.text()
    page.filters._start_from(sunday)
    desk.qtbot.waitUntil(lambda: "Nothing is free" in page.foot.said.text())
    assert f"{sunday.day} {sunday:%b}" in page.foot.said.text()
    assert page._model.openings[0].start.astimezone(ZONE).date() > sunday


@pytest.mark.parametrize(
    ("text", "said"),
    [("whenever", "Write a day and a time"), ("tue", "Write a day"), ("yesterday 10:00", "gone by")],
)
def test_what_is_no_time_is_said(desk, wizard, text, said):
    assert said in wish(desk, wizard, text).wished.said.text()


def test_the_patients_own_visit_is_in_the_way(desk, work, colleague, clinic):
    book(work, colleague, [clinic.part("10:00", BEN, MASSAGE, minutes=30)], EMMA)
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.to_time(wizard)
    page = wish(desk, wizard, f"{day_words(clinic)} 10:00")
    assert "This patient has another visit until 10:30." in page.wished.said.text()


def test_the_end_of_the_list_reads_on_without_moving_the_mark(desk, wizard):
    page = wizard.page_now
    marked, before = page.answers.currentIndex(), page._model.rowCount()
    bar = page.answers.verticalScrollBar()
    bar.setValue(bar.maximum())
    desk.qtbot.waitUntil(lambda: page._model.rowCount() > before)
    assert page.answers.currentIndex() == marked
    starts = [opening.start for opening in page._model.openings]
    assert starts == sorted(set(starts))


def test_what_else_is_on_that_day_and_booked_already_is_in_sight(desk, work, colleague, clinic):
    book(work, colleague, [clinic.part("09:00", BEN, MASSAGE, minutes=30)], EMMA)
    wizard = desk.open(desk.begin(patient_id=EMMA))
    desk.qtbot.waitUntil(lambda: "Comes already on" in wizard.page_now.others.text())
    desk.type("massage")
    desk.press(ENTER)
    assert wizard.page_now.others.text().startswith("Booked already: ")
    desk.press(ENTER)
    desk.until_answers(wizard)
    page = wizard.page_now
    first = next(
        n for n, opening in enumerate(page._model.openings) if local_day(opening.start, ZONE) == clinic.monday
    )
    page.answers.setCurrentIndex(page._model.index(first))
    assert page._visit_card.beside.text() == "On that day also 09:00 Back massage, Ben Okafor."
