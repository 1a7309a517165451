"""Hours are what zoneinfo says minute by minute, around the nights on which clocks change, in zones east and west."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_scheduler.services import localtime
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.diary_rows import Reason, Rules, Special, Weekly

MONDAY = date(2001, 1, 1)
MINUTE = timedelta(minutes=1)
# A day on which the clocks change forward, and one on which they change back, where there are such.
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/Santiago": (date(2026, 9, 6), date(2026, 4, 5)),
    "Asia/Beirut": (date(2026, 3, 29), date(2026, 10, 25)),
    "Pacific/Apia": (date(2011, 12, 30), date(2012, 4, 1)),
    "Africa/Casablanca": (date(2026, 3, 22), date(2026, 2, 15)),
    "Asia/Kathmandu": (date(2026, 2, 28), date(2026, 12, 31)),
}


@lru_cache
class ByMinutes:
    """A clinic's span of local days, asked for each UTC minute."""

    def __init__(self, first, count, where):
        self.first, self.count = first, count
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
        # Wall clocks differ from UTC by less than a day and a half.
        minutes = [midnight + n * MINUTE for n in range(-2 * 1440, (count + 2) * 1440)]
        walls = [minute.astimezone(where).replace(tzinfo=None) for minute in minutes]
        # What a clock that goes back shows twice has been shown already: hours begin and end the first time.
        self.walls = list(accumulate(walls, max))
        self.offset = bisect_left(self.walls, self.day(0))
        self.length = bisect_left(self.walls, self.day(count)) - self.offset

    def day(self, number):
        return datetime.combine(self.first, datetime.min.time()) + timedelta(days=number)

    def minutes(self, day, start_min, end_min):
        """The minutes of the span in which the clock shows these minutes of that day."""
        midnight = datetime.combine(day, datetime.min.time())
        begins, ends = (bisect_left(self.walls, midnight + at * MINUTE) for at in (start_min, end_min))
        return set(range(begins - self.offset, ends - self.offset))

    def open(self, rules):
        worked, breaks = set(), set()
        for number in range(-1, self.count):
            day = self.first + timedelta(days=number)
            special = [row for row in rules.special if row.day == day.toordinal()]
            for row in special:
                if row.start_min is not None:
                    worked |= self.minutes(day, row.start_min, row.end_min)
            for row in rules.weekly if not special else ():
                weeks = (day - timedelta(days=day.weekday()) - MONDAY).days // 7
                is_on = row.weekdays >> day.weekday() & 1 and weeks % row.every_weeks == row.week
                if is_on and row.first_day <= day.toordinal() <= row.last_day:
                    (breaks if row.is_break else worked).update(self.minutes(day, row.start_min, row.end_min))
        shut = {minute for reason in rules.shut for minute in range(reason.start, reason.end)}
        return (worked - breaks - shut) & set(range(self.length))


@st.composite
def rows(draw, first):
    times = st.tuples(st.integers(0, 2880 // 5 - 1), st.integers(1, 200)).map(
        lambda t: (t[0] * 5, min(2880, (t[0] + t[1]) * 5))
    )
    odd = st.tuples(st.integers(0, 2879), st.integers(1, 900)).map(lambda t: (t[0], min(2880, t[0] + t[1])))
    days = st.integers(first.toordinal() - 2, first.toordinal() + 4)
    turns = draw(st.integers(1, 3))

    @st.composite
    def weekly(draw, *, is_break):
        start, end = draw(st.one_of(times, odd))
        lasting = sorted((draw(days), draw(days))) if draw(st.booleans()) else (0, 4_000_000)
        weekdays = draw(st.integers(1, 127))
        return Weekly(weekdays, start, end, is_break, *lasting, turns, draw(st.integers(0, turns - 1)))

    @st.composite
    def special(draw):
        start, end = draw(st.one_of(times, odd, st.just((None, None))))
        return Special(draw(days), start, end)

    shut = st.tuples(st.integers(0, 4000), st.integers(1, 900)).map(
        lambda t: Reason(t[0], sum(t), "closure", "")
    )
    return Rules(
        draw(st.lists(weekly(is_break=0), max_size=4)) + draw(st.lists(weekly(is_break=1), max_size=2)),
        draw(st.lists(special(), max_size=2)),
        draw(st.lists(shut, max_size=2)),
    )


@pytest.mark.parametrize("turn", [0, 1])
@pytest.mark.parametrize("name", CHANGES)
def test_hours_are_what_the_clock_shows_each_minute(name, turn):
    where, change = localtime.zone(name), CHANGES[name][turn]

    @settings(max_examples=12, derandomize=True, deadline=None)
    @given(st.data())
    def check(data):
        first = change - timedelta(days=data.draw(st.integers(0, 2)))
        count = data.draw(st.integers(1, 3))
        span, truth = Span(first, count, where), ByMinutes(first, count, where)
        rules = data.draw(rows(first))
        wanted = truth.open(rules)
        assert span.length == truth.length
        assert set(timelines.minutes(hours.open_time(rules, span).open)) == wanted
        for tick in (5, 30):
            whole = {n for n in range(span.length // tick) if set(range(n * tick, (n + 1) * tick)) <= wanted}
            assert set(timelines.minutes(hours.open_ticks(rules, span, tick))) == whole

    check()


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize(
    "month", [date(2026, 1, 30), date(2026, 2, 27), date(2024, 2, 28), date(2026, 12, 30)]
)
def test_a_month_ends_like_any_day(name, month):
    where = localtime.zone(name)
    rules = Rules([Weekly(0b1111111, 22 * 60, 30 * 60), Weekly(0b1111111, 24 * 60, 25 * 60, 1)])
    truth = ByMinutes(month, 4, where)
    found = hours.open_time(rules, Span(month, 4, where)).open
    assert set(timelines.minutes(found)) == truth.open(rules)
