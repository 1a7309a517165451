"""Quick periods, the one before, and who may see figures at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.errors import InvalidInput, NotPermitted
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.figures import lists, plans, sessions, use, visits, waiting
from clinic_scheduler.services.figures import period as periods
from clinic_scheduler.services.figures.behind import Appointments
from clinic_scheduler.services.figures.period import Period, Quick
from tests.support.changing import advance
from tests.support.clinics import ZONE, stop_clock
from tests.support.desk import book

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(days, st.sampled_from(Quick), st.integers(0, 6))
def test_a_quick_period_is_the_whole_one_around_today(today, which, first_weekday):
    found = periods.quick(which, today, first_weekday)
    assert found.first <= today < found.until
    again = periods.quick(which, found.last, first_weekday), periods.quick(which, found.first, first_weekday)
    assert again == (found, found), "each of its days gives the same"
    assert periods.quick(which, found.until, first_weekday).first == found.until, (
        "and the next follows at once"
    )
    before = found.before()
    assert (before.until, before.count) == (found.first, found.count)


def test_a_week_has_seven_days_from_its_first():
    assert periods.quick("week", date(2026, 11, 26)) == Period(date(2026, 11, 23), date(2026, 11, 30))
    assert periods.quick("week", date(2026, 11, 26), 6).first == date(2026, 11, 22)
    assert periods.quick("quarter", date(2026, 11, 26)) == Period(date(2026, 10, 1), date(2027, 1, 1))


def test_days_the_wrong_way_round_are_refused():
    assert periods.chosen(date(2026, 1, 1), date(2026, 1, 1)).count == 1
    with pytest.raises(InvalidInput, match="before the first"):
        periods.chosen(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(InvalidInput, match="between 1900 and 2199"):
        periods.chosen(date(1, 1, 1), date(2026, 1, 1))


def test_nobody_sees_figures_without_the_right(sqlite_work, actor, sqlite_clinic):
    reception = replace(actor, permissions=frozenset({BOOK}))
    period = Period(sqlite_clinic.monday, sqlite_clinic.monday)
    asked = [
        partial(function, period=period)
        for function in (
            visits.days,
            visits.people,
            visits.origins,
            use.practitioners,
            use.rooms,
            plans.plans,
            sessions.sessions,
            waiting.waiting,
        )
    ]
    asked += [visits.now, partial(lists.rows, wanted=Appointments(period.first, period.first))]
    for one in asked:
        with pytest.raises(NotPermitted):
            sqlite_work.read(partial(one, actor=reception))


def test_today_is_the_clinics_and_what_is_to_come_begins_now(work, actor, clinic):
    first = book(work, actor, [clinic.part("09:00")])
    book(work, actor, [clinic.part("11:00")])
    book(work, actor, [clinic.part("09:00", days=1)])
    stop_clock(work, clinic.at("10:00"))
    advance(work, actor, "completed", first.appointment_ids[0])
    found = work.read(partial(visits.now, actor=actor))
    assert (found.today, found.of_today.total, found.of_today.completed) == (clinic.monday, 2, 1)
    assert found.upcoming == 2
    upcoming = Appointments(clinic.monday, clinic.monday, is_upcoming=True)
    assert work.read(partial(lists.rows, actor=actor, wanted=upcoming)).total == 2
    night = datetime.combine(clinic.monday + timedelta(days=1), datetime.min.time(), ZONE)
    stop_clock(work, night.astimezone(UTC) - timedelta(seconds=1))
    assert work.read(partial(visits.now, actor=actor)).today == clinic.monday
    stop_clock(work, night.astimezone(UTC))
    assert work.read(partial(visits.now, actor=actor)).today == clinic.monday + timedelta(days=1)
