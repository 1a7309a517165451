"""Which of the many free starts are worth a line."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from clinic_scheduler.services.localtime import zone
from clinic_scheduler.services.wishes import Opening, Part, Wish
from clinic_scheduler.ui.booking import answer_list, answers, kept
from clinic_scheduler.ui.booking.answers import Question, thinned
from clinic_scheduler.ui.booking.kept import fits
from tests.support.clinics import GAIT, ZONE

SOMETHING, SOMEBODY = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 11, 23)


def opening(hour, minute=0, *, day=23, waiting=0):
    start = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    return Opening((Part(SOMETHING, SOMEBODY, None, start, start + timedelta(minutes=30), 0),), waiting)


def every_five_minutes(first, last, *, waiting=0):
    return [opening(h, m, waiting=waiting) for h in range(first, last) for m in range(0, 60, 5)]


def starts(openings):
    return [o.start.strftime("%H:%M") for o in openings]


def question(**given):
    return Question((Wish(SOMETHING),), MONDAY, **given)


def test_a_day_shows_four_times_from_its_first_to_its_last():
    shown = thinned(every_five_minutes(9, 17), question(), UTC)
    assert starts(shown) == ["09:00", "11:30", "14:00", "16:30"]


def test_half_a_day_shows_the_earliest_of_each_half_hour():
    shown = thinned(every_five_minutes(9, 11), question(half="morning"), UTC)
    assert starts(shown) == ["09:00", "09:30", "10:00", "10:30"]


def test_the_first_without_waiting_is_shown_beside_an_earlier_one_with():
    found = [opening(9, 0, waiting=10), opening(9, 5, waiting=5), opening(9, 10), opening(9, 15)]
    assert starts(thinned(found, question(), UTC)) == ["09:00", "09:10"]


def test_the_start_asked_for_is_always_shown():
    at = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
    assert "10:05" in starts(thinned(every_five_minutes(9, 17), question(at=at), UTC))


def test_each_day_is_thinned_by_itself():
    found = [*every_five_minutes(9, 17), opening(9, 0, day=24)]
    assert starts(thinned(found, question(), UTC))[-1] == "09:00"


@pytest.mark.parametrize(
    ("half", "first", "last"), [("morning", "09:00", "11:00"), ("afternoon", "13:00", "16:00")]
)
def test_a_half_of_the_day_is_that_of_the_clinic(work, clinic, half, first, last):
    asked = Question((Wish(GAIT),), clinic.monday, half, frozenset({1}))
    found = work.read(lambda s: answers.find(s, clinic_id=clinic.id, where=ZONE, question=asked))
    tuesdays = {one.start.astimezone(ZONE).date() for one in found.openings}
    assert {day.weekday() for day in tuesdays} == {1}
    assert min(tuesdays) == clinic.monday + timedelta(days=1)
    walls = [one.start.astimezone(ZONE).strftime("%H:%M") for one in found.openings]
    assert (min(walls), max(walls)) == (first, last)


def test_times_fit_only_the_services_they_were_picked_for():
    part = opening(9).parts[0]
    wish = Wish(SOMETHING)
    assert fits((part,), (wish,))
    assert fits((part,), (Wish(SOMETHING, (SOMEBODY,)),))
    assert not fits((part,), (Wish(SOMETHING, (UUID(int=9),)),))
    assert not fits((part,), (wish, wish))
    assert not fits((), ())


@pytest.mark.parametrize(
    ("text", "stored"), [("a\0b", "ab"), ("\ud800x", "x"), ("é😀", "é😀"), ("n" * 9000, "n" * 4000)]
)
def test_only_what_a_database_keeps_is_stored(text, stored):
    assert kept.storable(text) == stored


def test_items_break_only_between_each_other(qapp):
    font = qapp.font()
    items = ["14:10 Physiotherapy", "14:55 Massage", "15:25 Speech"]
    assert answer_list.broken(items, font, 10_000, 2) == [" · ".join(items)]
    assert answer_list.broken(items, font, 10, 2) == [items[0], " · ".join(items[1:])]


def test_a_search_that_finds_nothing_ends_after_eight_weeks(work, clinic):
    nobody = Question((Wish(UUID("01900000-0000-7000-8000-000000000301"), (UUID(int=9),)),), clinic.monday)
    found = work.read(
        lambda s: answers.find(s, clinic_id=clinic.id, where=zone("Europe/Berlin"), question=nobody)
    )
    assert found.openings == ()
    assert found.next_day == clinic.monday + timedelta(weeks=8)


def test_narrowed_to_nothing_the_page_says_what_to_do(desk):
    wizard = desk.open()
    desk.to_time(wizard)
    wizard.page_now.filters._day_acts[6].trigger()  # Sundays
    desk.qtbot.waitUntil(
        lambda: (
            "Nothing is free until" in wizard.page_now.answers.accessibleDescription()
            and not wizard.page_now._model.rowCount()
        )
    )
    assert wizard.page_now.foot.widen.isVisible()
    wizard.page_now.foot.widen.click()
    desk.until_answers(wizard)


def test_later_days_come_below(desk):
    wizard = desk.open()
    desk.to_time(wizard)
    page = wizard.page_now
    first = page._model.openings
    page.foot.later.click()
    desk.qtbot.waitUntil(lambda: len(page._model.openings) > len(first))
    assert page._model.openings[: len(first)] == first
