"""Money, dates and durations in the words of the clinic's locale."""

from datetime import date

import pytest
from PySide6.QtCore import QLocale

from clinic_scheduler.ui import texts

TUESDAY = date(2026, 11, 24)


def plain(text):
    """Without the several kinds of unbreakable space."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("cents", "currency", "locale", "expected"),
    [
        (4800, "EUR", "de_DE", "48,00 €"),
        (4800, "EUR", "en_IE", "€48.00"),
        (4805, "EUR", "en_GB", "€48.05"),
        (123456, "USD", "en_US", "$1,234.56"),
        (4800, "USD", "en_GB", "USD 48.00"),
        (4800, "USD", "de_DE", "48,00 USD"),
        (4800, "JPY", "ja_JP", "¥4,800"),
        (-500, "GBP", "en_GB", "-£5.00"),
    ],
)
def test_money_follows_currency_and_locale(cents, currency, locale, expected):
    made = plain(texts.money(cents, currency, QLocale(locale)))
    assert made.replace("\N{FULLWIDTH YEN SIGN}", "¥").replace("\N{MINUS SIGN}", "-") == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (105, "1 h 45 min"), (1500, "25 h")]
)
def test_durations_name_their_units(minutes, expected):
    assert texts.duration(minutes) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(872, "14:32"), (59.9, "0:59"), (0, "0:00"), (-3, "0:00"), (3872, "1:04:32")]
)
def test_a_countdown_never_goes_below_nothing(seconds, expected):
    assert texts.countdown(seconds) == expected


@pytest.mark.parametrize(
    ("locale", "long", "short"),
    [
        ("en_GB", "Tuesday 24 November", "Tue 24 Nov"),
        ("en_US", "Tuesday, November 24", "Tue, Nov 24"),
        ("de_DE", "Dienstag, 24. November", "Di., 24. Nov."),
        ("es_ES", "martes, 24 de noviembre", "mar, 24 de nov"),
        (
            "tr_TR",
            "24 Kas\N{LATIN SMALL LETTER DOTLESS I}m Sal\N{LATIN SMALL LETTER DOTLESS I}",
            "24 Kas Sal",
        ),
        ("ja_JP", "11月24日火曜日", "11月24日火"),
    ],
)
def test_dates_without_the_year_keep_the_order_of_the_locale(locale, long, short):
    assert texts.long_date(TUESDAY, locale=QLocale(locale)) == long
    assert texts.short_date(TUESDAY, locale=QLocale(locale)) == short


def test_dates_with_the_year_and_months_on_their_own():
    assert texts.long_date(TUESDAY, with_year=True, locale=QLocale("en_GB")) == "Tuesday 24 November 2026"
    assert texts.month_and_year(TUESDAY, locale=QLocale("pl_PL")) == "listopad 2026"


def test_every_status_has_a_word_and_all_but_confirmed_a_sign_of_its_own():
    statuses = ["pending", "arrived", "in_progress", "completed", "no_show", "cancelled"]
    assert all(texts.status_word(status) for status in [*statuses, "confirmed"])
    assert len({texts.status_sign(status) for status in statuses}) == len(statuses)
    assert texts.status_sign("confirmed") == ""


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en_GB", "24 Nov"), ("en_US", "Nov 24"), ("de_DE", "24. Nov"), ("fr_FR", "24 nov.")],
)
def test_a_day_beside_another_goes_without_its_weekday(locale, expected):
    said = plain(texts.day_and_month(TUESDAY, locale=QLocale(locale)))
    assert said.rstrip(".") == expected.rstrip(".")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), ""),
        ((4,), "Fri"),
        ((1, 3), "Tue, Thu"),
        ((0, 1), "Mon, Tue"),
        ((4, 3, 2, 1, 0), "Mon\N{EN DASH}Fri"),
        ((0, 2, 3, 4, 6), "Mon, Wed\N{EN DASH}Fri, Sun"),
    ],
)
def test_weekdays_in_a_row_are_told_as_such(days, expected):
    assert texts.weekdays(days, locale=QLocale("en_GB")) == expected
