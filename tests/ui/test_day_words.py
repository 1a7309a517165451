"""Days as people say them at a desk."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from clinic_scheduler.ui import texts
from clinic_scheduler.ui.day_words import FIRST, LAST, later, understood

TODAY = date(2027, 3, 10)  # a Wednesday
GB, US, DE, PT, FR = (QLocale(name) for name in ("en_GB", "en_US", "de_DE", "pt_PT", "fr_FR"))

SAID = [
    ("today", (3, 10)), ("Tomorrow", (3, 11)), ("yesterday", (3, 9)), ("now", (3, 10)),
    ("tue", (3, 16)), ("Tuesday", (3, 16)), ("wed", (3, 17)), ("thu", (3, 11)), ("sun", (3, 14)),
    ("next tue", (3, 16)), ("next thu", (3, 18)), ("last fri", (3, 5)), ("last wed", (3, 3)), ("this fri", (3, 12)),
    ("+2w", (3, 24)), ("-3d", (3, 7)), ("+1m", (4, 10)), ("+1y", (2028, 3, 10)), ("in 3 weeks", (3, 31)),
    ("2 weeks", (3, 24)), ("5d", (3, 15)), ("2 weeks ago", (2, 24)), ("-1 month", (2, 10)), ("+ 10 days", (3, 20)),
    ("14.3.", (3, 14)), ("14.3", (3, 14)), ("9.3.", (2028, 3, 9)), ("10.3.", (3, 10)), ("14.3.28", (2028, 3, 14)),
    ("14.3.2031", (2031, 3, 14)), ("14. 3.", (3, 14)), ("29.2.", (2028, 2, 29)), ("2027-12-24", (12, 24)),
    ("14/3", (3, 14)), ("14/3/29", (2029, 3, 14)), ("14", (3, 14)), ("9", (4, 9)), ("31", (3, 31)), ("14.", (3, 14)),
    ("14 mar", (3, 14)), ("14 march", (3, 14)), ("march 14", (3, 14)), ("Mar 14, 2030", (2030, 3, 14)),
    ("1 jan", (2028, 1, 1)), ("3 sept", (9, 3)), ("week 12", (3, 22)), ("KW 12", (3, 22)), ("week 10", (3, 8)),
    ("week 9", (2028, 2, 28)), ("wk 53 2026", (2026, 12, 28)), ("end of month", (3, 31)), ("EOM", (3, 31)),
    ("Tue 16 March", (3, 16)), ("Friday, 5 December 2031", (2031, 12, 5)), ("sun 14.3.", (3, 14)),
    ("14\xa0mar", (3, 14)),
]  # fmt: skip
NOTHING = [
    "", "  ", "x", "t", "ma", "31.2.", "0.0.", "32", "0", "99999-01-01", "2027-13-01", "14.3.1", "ju 4", "+1q",
    "week 54", "week 0", "next", "next next tue", "tue tue", "🙂", "١٤.٣.", "+9999999w", "+9999y", "31.12.1899",
    "1.1.2200", "<b>tue</b>", "tue\0", "'; DROP TABLE", "14..3", "14.3/27",
    "mon 14.3.", "Tuesday 5 December 2031", "tue 14", "tue 31.2.", "blurs 14.3.",
]  # fmt: skip


@pytest.mark.parametrize(("words", "day"), SAID)
def test_it_is_understood(words, day):
    assert understood(words, TODAY, GB) == (date(*day) if len(day) == 3 else date(2027, *day))


@pytest.mark.parametrize("words", NOTHING)
def test_what_is_no_day_is_none(words):
    assert understood(words, TODAY, GB) is None


@pytest.mark.parametrize(
    ("words", "locale", "day"),
    [
        ("3/14", US, date(2027, 3, 14)),
        ("5/4", US, date(2027, 5, 4)),
        ("5/4", GB, date(2027, 4, 5)),
        ("5.4.", US, date(2027, 4, 5)),
        ("di", DE, date(2027, 3, 16)),
        ("14. märz", DE, date(2027, 3, 14)),
        ("14 dez", DE, date(2027, 12, 14)),
        ("terça", PT, date(2027, 3, 16)),
        ("14 de março", PT, date(2027, 3, 14)),
        ("tue", DE, date(2027, 3, 16)),
        ("mar.", FR, date(2027, 3, 16)),
        ("14 févr.", FR, date(2028, 2, 14)),
        ("14 août", FR, date(2027, 8, 14)),
    ],
)
def test_the_clinics_language_is_understood_too(words, locale, day):
    assert understood(words, TODAY, locale) == day


LOCALES = [GB, US, DE, PT, FR]


@given(st.text(max_size=80) | st.from_regex(r"[+-]?\d{0,5}[a-z. /-]{0,8}\d{0,5}[.a-z]{0,5}"))
def test_nothing_that_is_typed_breaks_it(words):
    found = understood(words, TODAY, DE)
    assert found is None or FIRST <= found <= LAST


@given(st.dates(date(2000, 1, 1), date(2150, 12, 31)), st.sampled_from(LOCALES))
def test_every_day_that_is_written_out_is_that_day(day, locale):
    for words in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
    ):
        assert understood(words, TODAY, locale) == day
    for words in (texts.long_date, texts.short_date):
        assert understood(words(day, with_year=True, locale=locale), TODAY, locale) == day
    in_order = f"{day.day}/{day.month}" if locale is not US else f"{day.month}/{day.day}"
    assert understood(f"{in_order}/{day.year}", TODAY, locale) == day


@given(st.dates(TODAY, date(2028, 3, 9)), st.sampled_from(LOCALES))
def test_a_day_without_its_year_is_the_next_such_day(day, locale):
    name = locale.monthName(day.month)
    in_order = f"{day.month}/{day.day}" if locale is US else f"{day.day}/{day.month}"
    for words in (in_order, f"{day.day}.{day.month}.", f"{day.day} {name}", f"{name} {day.day}"):
        assert understood(words, TODAY, locale) == day


@given(st.integers(1, 7), st.sampled_from(LOCALES), st.dates(date(2000, 1, 1), date(2150, 12, 31)))
def test_a_weekday_is_the_next_one_after_today(number, locale, today):
    for form in (QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat):
        found = understood(locale.dayName(number, form), today, locale)
        assert found is not None
        assert found.isoweekday() == number
        assert timedelta(0) < found - today <= timedelta(days=7)


@given(st.integers(0, 9_000), st.dates(date(2030, 1, 1), date(2150, 12, 31)))
def test_a_span_is_counted_from_today(days, today):
    there, back = today + timedelta(days=days), today - timedelta(days=days)
    assert understood(f"+{days}d", today, GB) == understood(f"in {days} days", today, GB) == there
    assert understood(f"-{days}d", today, GB) == understood(f"{days} days ago", today, GB) == back


@given(st.dates(date(2030, 1, 1), date(2150, 12, 31)), st.sampled_from(["week", "kw", "KW"]))
def test_a_week_is_its_monday(day, word):
    year, number, weekday = day.isocalendar()
    assert understood(f"{word} {number} {year}", TODAY, GB) == day - timedelta(days=weekday - 1)


@given(st.dates(date(2000, 1, 1), date(2150, 12, 31)), st.integers(-600, 600))
def test_months_end_where_they_end(day, months):
    there = later(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there.day < day.day and (there + timedelta(days=1)).day == 1)


def test_ten_thousand_letters_are_no_day():
    assert understood("tue " * 2_500, TODAY) is None
