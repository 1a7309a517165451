"""Choices that cannot be booked, or not any more: said where they stand, and nothing that was typed is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import localtime
from clinic_scheduler.services.people import merging
from clinic_scheduler.services.people.merging import Seen
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui.booking.kept import Prefill
from tests.support.clinics import ANA, EMMA, JOSE, MASSAGE, PHYSIO, ZONE
from tests.ui.booking.conftest import ENTER


@pytest.fixture
def database_url(sqlite_url):
    """The screen is the same on both."""
    return sqlite_url


def switch_off(work, table, *ids):
    work.write(lambda s: s.execute(update(table).where(table.id.in_(ids)).values(is_active=False)))


def texts(wizard):
    return " ".join(
        [wizard.bar.text, *(label.text() for label in wizard.page_now.findChildren(type(wizard.bar._text)))]
    )


def test_no_service_goes_nowhere_and_says_what_to_do(desk):
    wizard = desk.open()
    desk.press(ENTER, ENTER)
    assert wizard.currentId() == 0
    assert not wizard.page_now.may_go_on
    assert wizard.page_now._empty.text() == "Nothing yet. Type a service at the left and press Enter."


def test_forty_services_become_twenty_with_a_word(desk):
    wizard = desk.open()
    for _ in range(40):
        wizard.page_now.search.setText("physio")
        desk.press(ENTER)
    assert len(desk.saved(wizard).choices.wishes) == 20
    assert "at most 20 services; please make a second booking." in wizard.page_now._said.text()


@pytest.mark.parametrize(
    ("table", "gone"), [(t.Service, PHYSIO), (t.Resource, ANA)], ids=["service", "practitioner"]
)
def test_what_the_clinic_gives_up_in_the_middle_is_said_at_the_time(desk, work, table, gone):
    """Between the services and the pick of a time."""
    begun = desk.begin(chosen=Choices(wishes=(Wish(PHYSIO, (ANA,)),)))
    wizard = desk.open(begun)
    desk.press(ENTER)
    desk.until_answers(wizard)
    switch_off(work, table, gone)
    desk.press(ENTER)
    desk.settle()
    assert wizard.currentId() == 1
    assert any(word in texts(wizard) for word in ("no longer", "not available", "not offered"))
    assert desk.saved(wizard).choices.wishes == (Wish(PHYSIO, (ANA,)),)


@pytest.mark.parametrize(
    ("table", "gone"), [(t.Service, PHYSIO), (t.Resource, ANA)], ids=["service", "practitioner"]
)
def test_what_was_held_before_the_clinic_gave_it_up_is_booked_or_refused_in_words(desk, work, table, gone):
    begun = desk.begin(chosen=Choices(wishes=(Wish(PHYSIO, (ANA,)),)))
    wizard = desk.open(begun)
    desk.press(ENTER)
    desk.until_answers(wizard)
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    desk.type("emma")
    desk.press(ENTER)
    desk.until_step(wizard, 3)
    switch_off(work, table, gone)
    wizard.page_now.go_on()
    desk.settle()
    if desk.count(t.Booking) == 0:
        assert wizard.bar.text.endswith(".")
        assert desk.saved(wizard).choices.wishes == (Wish(PHYSIO, (ANA,)),)


@pytest.mark.parametrize(
    "kept", ["2020-01-01", "1900-01-01", "9999-99-99", "yesterday", "<b>", "", "2026-02-30"]
)
def test_a_day_that_is_over_or_none_counts_as_today(desk, kept):
    begun = desk.begin(chosen=Choices(wishes=(Wish(PHYSIO),), typed={"from": kept}))
    wizard = desk.open(begun)
    desk.press(ENTER)
    desk.until_answers(wizard)
    opening = wizard.page_now.answers.currentIndex().data(0x100)
    assert opening.start > datetime.now(UTC)
    assert wizard.page_now.filters.first >= date.today()  # noqa: DTZ011


def next_change(month, hour):
    """The next night in which Berlin's clocks change in that month, and a wall time in it."""
    year = date.today().year + (date.today().month >= month)  # noqa: DTZ011
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return sunday, datetime(sunday.year, sunday.month, sunday.day, hour, 30)  # noqa: DTZ001


@pytest.mark.parametrize("month", [3, 10], ids=["spring", "autumn"])
def test_the_night_in_which_the_clocks_change_is_searched_like_any(desk, month):
    """The wall time that is skipped, or comes twice, was clicked on; the clinic is shut then."""
    day, wall = next_change(month, 2)
    start = localtime.instant(wall, ZONE)
    wizard = desk.open(prefill=Prefill(day, start, ANA))
    desk.type("physio")
    desk.press(ENTER, ENTER)
    desk.until_step(wizard, 1)
    desk.settle()
    assert wizard.isVisible()
    assert "Traceback" not in texts(wizard)
    assert desk.saved(wizard).choices.typed["at"] == start.isoformat()


def test_a_record_that_is_merged_away_while_it_is_booked_for_goes_on_as_the_other(desk, work, actor):
    wizard = desk.open()
    desk.to_review(wizard, "jos")
    seen = (Seen(EMMA, 1), Seen(JOSE, 1))
    work.write(lambda s: merging.merge(s, actor=actor, kept=seen[0], gone=seen[1], sides={}))
    wizard.page_now.notes.setPlainText("typed after the merge")
    desk.saved(wizard)
    with desk.qtbot.waitSignal(wizard.booked):
        wizard.page_now.go_on()
    made = work.read(lambda s: s.query(t.Booking).one())
    assert (made.patient_id, made.notes) == (EMMA, "typed after the merge")


def test_a_room_that_is_given_up_leaves_the_next(desk, work):
    wizard = desk.open()
    desk.to_time(wizard, "back mass")
    rooms = {part.room_id for part in wizard.page_now.answers.currentIndex().data(0x100).parts}
    switch_off(work, t.Resource, *rooms)
    desk.press(ENTER)
    desk.settle()
    stored = desk.saved(wizard).choices
    assert [wish.service_id for wish in stored.wishes] == [MASSAGE]
    assert wizard.currentId() == 2 or texts(wizard).strip()
