from datetime import date, time

import pytest

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.importer.patterns import pattern


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("%m/%d/%Y", "3/14/2018", date(2018, 3, 14)),
        ("%d.%m.%y", "14.03.18", date(2018, 3, 14)),
        ("%Y-%m-%d %H:%M", "2020-02-29 10:00", date(2020, 2, 29)),
    ],
)
def test_dates_are_read_as_written(shape, text, expected):
    assert pattern(shape).day(text) == expected


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("%I:%M:%S %p", "3:50:00 PM", time(15, 50)),
        ("%I:%M %p", "12:00 am", time(0, 0)),
        ("%I:%M %p", "12:00 P.M.", time(12, 0)),
        ("%H:%M", "9:05", time(9, 5)),
        ("%H.%M Uhr", "14.30 Uhr", time(14, 30)),
        ("%Y-%m-%d %H:%M", "2020-02-29 10:00", time(10, 0)),
    ],
)
def test_times_are_read_as_written(shape, text, expected):
    assert pattern(shape).time(text) == expected


@pytest.mark.parametrize(
    "text", ["25:00", "10:60", "10", "", "10:00 ", "\uff11\uff10:00", "-1:00", "10:00\n"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidInput):
        pattern("%H:%M").time(text)


@pytest.mark.parametrize("text", ["13:00 PM", "0:30 AM", "3:00"])
def test_half_days_have_twelve_hours(text):
    with pytest.raises(InvalidInput):
        pattern("%I:%M %p").time(text)


@pytest.mark.parametrize("text", ["02/30/2018", "13/01/2018", "2018-01-01", "1/1/18", ""])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(InvalidInput):
        pattern("%m/%d/%Y").day(text)


def test_the_refusal_shows_what_it_should_look_like():
    with pytest.raises(InvalidInput, match='"tomorrow" is no date; it should look like 11/24/2026'):
        pattern("%m/%d/%Y").day("tomorrow")


@pytest.mark.parametrize("shape", ["%q", "%d/%d", "%"])
def test_a_pattern_that_means_nothing_is_refused(shape):
    with pytest.raises(InvalidInput):
        pattern(shape)
