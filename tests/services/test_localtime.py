"""Wall time and instants, where clocks change by an hour, half an hour, a day, or at midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Beirut",
    "America/St_Johns",
    "UTC",
]
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - its edges are naive
WALLS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1))  # noqa: DTZ001 - wall time
DAYS = st.dates(date(1990, 1, 1), date(2037, 1, 1))


def wall(text):
    return datetime.fromisoformat(text)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "skipped", "first", "is_instant"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("America/New_York", "2026-03-08T02:59", "2026-03-08T03:00", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30", "2026-10-03T15:30"),
        ("America/Santiago", "2026-09-06T00:00", "2026-09-06T01:00", "2026-09-06T04:00"),
        ("Asia/Beirut", "2026-03-29T00:30", "2026-03-29T01:00", "2026-03-28T22:00"),
        ("America/St_Johns", "2026-03-08T02:10", "2026-03-08T03:00", "2026-03-08T05:30"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-31T00:00", "2011-12-30T10:00"),
        ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T03:00", "2026-03-22T02:00"),
    ],
)
def test_a_skipped_time_becomes_the_first_that_exists(zone, skipped, first, is_instant):
    where = localtime.zone(zone)
    assert not localtime.exists(wall(skipped), where)
    assert localtime.instant(wall(skipped), where) == utc(is_instant)
    assert localtime.wall_text(utc(is_instant), where) == first


@pytest.mark.parametrize(
    ("zone", "twice", "early", "late"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("America/New_York", "2026-11-01T01:00", "2026-11-01T05:00", "2026-11-01T06:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),
        ("America/Santiago", "2026-04-04T23:30", "2026-04-05T02:30", "2026-04-05T03:30"),
        ("America/St_Johns", "2026-11-01T01:59", "2026-11-01T04:29", "2026-11-01T05:29"),
    ],
)
def test_a_time_that_comes_twice_is_told_and_chosen(zone, twice, early, late):
    where = localtime.zone(zone)
    assert localtime.is_ambiguous(wall(twice), where)
    assert localtime.instant(wall(twice), where) == utc(early)
    assert localtime.instant(wall(twice), where, later=True) == utc(late)


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23 * 60),
        ("Europe/Berlin", date(2026, 10, 25), 25 * 60),
        ("Europe/Berlin", date(2026, 6, 1), 24 * 60),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23 * 60 + 30),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24 * 60 + 30),
        ("America/Santiago", date(2026, 9, 6), 23 * 60),
        ("America/Santiago", date(2026, 4, 4), 25 * 60),
        ("Asia/Beirut", date(2026, 3, 29), 23 * 60),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 29), 24 * 60),
        ("Asia/Kathmandu", date(2026, 3, 29), 24 * 60),
    ],
)
def test_a_day_is_as_long_as_it_is(zone, day, minutes):
    assert localtime.day_length(day, localtime.zone(zone)) == minutes


def test_a_day_without_midnight_begins_with_its_first_minute():
    santiago = localtime.zone("America/Santiago")
    assert localtime.wall_text(localtime.midnight(date(2026, 9, 6), santiago), santiago) == "2026-09-06T01:00"


def test_a_minute_beyond_midnight_is_the_next_days():
    berlin = localtime.zone("Europe/Berlin")
    night = localtime.at_minute(date(2026, 3, 28), 1440 + 6 * 60, berlin)
    assert localtime.wall_text(night, berlin) == "2026-03-29T06:00"


@pytest.mark.parametrize("zone", ZONES)
@given(moment=MOMENTS)
def test_an_instant_survives_the_way_to_wall_time_and_back(zone, moment):
    where = localtime.zone(zone)
    there = moment.astimezone(where)
    again = localtime.instant(there.replace(tzinfo=None, fold=0), where, later=bool(there.fold))
    assert again == moment


@pytest.mark.parametrize("zone", ZONES)
@given(time=WALLS)
def test_a_wall_time_survives_the_way_to_an_instant_and_back_unless_it_is_skipped(zone, time):
    where = localtime.zone(zone)
    there = localtime.instant(time, where).astimezone(where).replace(tzinfo=None)
    if localtime.exists(time, where):
        assert there == time
    else:
        assert time < there <= time + timedelta(days=1)
        assert localtime.exists(there, where)
        just_before = localtime.instant(time, where) - timedelta(seconds=1)
        assert just_before.astimezone(where).replace(tzinfo=None) < time


@pytest.mark.parametrize("zone", ZONES)
@given(day=DAYS)
def test_days_follow_each_other_without_a_gap(zone, day):
    where = localtime.zone(zone)
    start, next_day = localtime.midnight(day, where), day + timedelta(days=1)
    assert start + localtime.day_length(day, where) * localtime.MINUTE == localtime.midnight(next_day, where)
    if localtime.day_length(day, where):
        assert localtime.local_day(start, where) == day
        assert localtime.local_day(localtime.midnight(next_day, where) - localtime.MINUTE, where) == day


@pytest.mark.parametrize(
    "name", ["", " ", "Mars/Base", "../etc/passwd", "Europe/", "\0", "x" * 5_000, "Müller"]
)
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(InvalidInput) as refused:
        localtime.zone(name)
    assert refused.value.field == "zone"
