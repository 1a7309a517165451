"""Words and formats that several screens share, in the language and locale of the clinic."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

translate = QCoreApplication.translate

# ISO 4217: currencies whose smallest unit is not a hundredth, and symbols nobody mistakes.
_DIGITS: Final = {
    "BHD": 3,
    "CLP": 0,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "VND": 0,
}
_SYMBOLS: Final = {
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "ILS": "₪",
    "KRW": "₩",
    "PLN": "zł",
    "TRY": "₺",
    "UAH": "₴",
}
_SIGNS: Final = {
    "pending": "?",
    "arrived": "●",
    "in_progress": "▶",
    "completed": "✓",
    "no_show": "✕",
    "cancelled": "\N{MINUS SIGN}",
}
# A year in a date pattern with the separators and quoted words that only it needs: "de", "gada".
_WEEKDAY: Final = re.compile(r"[\s,،]*dddd[\s,،]*")
_YEAR: Final = re.compile(r"(?:\s*'[^']*')?[\s,،]*y+[年년.]?[\s,]*(?:'[^']*'\.?\s*)?")


def use_country(country: str) -> None:
    """Write dates, numbers and money from now on as in `country` (ISO 3166), with English words."""
    territory = QLocale.codeToTerritory(country)
    if territory != QLocale.Country.AnyTerritory:
        QLocale.setDefault(QLocale(QLocale.Language.English, territory))


def status_word(status: str) -> str:
    """The word for a status, as in "Confirmed"."""
    words = {
        "pending": translate("status", "Pending"),
        "confirmed": translate("status", "Confirmed"),
        "arrived": translate("status", "Arrived"),
        "in_progress": translate("status", "In progress"),
        "completed": translate("status", "Completed"),
        "no_show": translate("status", "No-show"),
        "cancelled": translate("status", "Cancelled"),
    }
    return words[status]


def status_sign(status: str) -> str:
    """One character that tells the status without colour; empty for confirmed, the usual case."""
    return _SIGNS.get(status, "")


def digits(currency: str) -> int:
    """How many digits of the currency's smallest unit stand behind the point."""
    return _DIGITS.get(currency, 2)


def money(cents: int, currency: str, locale: QLocale | None = None) -> str:
    """An amount of the currency's smallest unit as text, such as "48,00 €"."""
    locale = locale or QLocale()
    places = digits(currency)
    is_own = locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) == currency
    symbol = locale.currencySymbol() if is_own else _SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    # Some locales put what is owed in brackets, as accountants do; the desk reads a minus.
    sign = locale.negativeSign() if cents < 0 else ""
    return sign + locale.toCurrencyString(abs(cents) / 10**places, symbol, places).strip()


def whole_units(cents: float, currency: str) -> float:
    """An amount of the currency's smallest unit in its whole unit, as a spreadsheet takes it."""
    return float(cents / 10 ** _DIGITS.get(currency, 2))


def duration(minutes: int) -> str:
    """A length of time, such as "1 h 45 min"."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return translate("duration", "{hours} h {minutes} min").format(hours=hours, minutes=rest)
    if hours:
        return translate("duration", "{hours} h").format(hours=hours)
    return translate("duration", "{minutes} min").format(minutes=rest)


def countdown(seconds: float) -> str:
    """Time left, such as "14:32" or "1:04:32"; "0:00" when it has run out."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def long_date(day: date, *, with_year: bool = False, locale: QLocale | None = None) -> str:
    """A day in full, such as "Tuesday 24 November"."""
    locale = locale or QLocale()
    return _date_text(day, _pattern(locale, with_year=with_year), locale)


def short_date(day: date, *, with_year: bool = False, locale: QLocale | None = None) -> str:
    """A day for a list, such as "Tue 24 Nov"."""
    locale = locale or QLocale()
    pattern = _pattern(locale, with_year=with_year).replace("dddd", "ddd").replace("MMMM", "MMM")
    return _date_text(day, pattern, locale)


def day_and_month(day: date, *, with_year: bool = False, locale: QLocale | None = None) -> str:
    """A day beside another, where its weekday says nothing, such as "24 Nov"."""
    locale = locale or QLocale()
    pattern = _WEEKDAY.sub(" ", _pattern(locale, with_year=with_year)).strip().replace("MMMM", "MMM")
    return _date_text(day, pattern, locale)


def weekdays(days: Iterable[int], *, locale: QLocale | None = None) -> str:
    """Weekdays from 0, Monday, such as "Mon, Wed", and "Mon\u2013Fri" where three and more follow each other."""
    short, in_use = QLocale.FormatType.ShortFormat, locale or QLocale()
    words = []
    for _distance, run in groupby(enumerate(sorted(days)), lambda one: one[1] - one[0]):
        names = [in_use.standaloneDayName(day + 1, short) for _n, day in run]
        words += [f"{names[0]}\N{EN DASH}{names[-1]}"] if len(names) > 2 else names
    return ", ".join(words)


def month_and_year(day: date, *, locale: QLocale | None = None) -> str:
    """The month a day lies in, such as "November 2026"."""
    locale = locale or QLocale()
    month = locale.standaloneMonthName(day.month)
    year = locale.toString(QDate(day.year, 1, 1), "yyyy")
    return translate("dates", "{month} {year}").format(month=month, year=year)


def _pattern(locale: QLocale, *, with_year: bool) -> str:
    pattern = locale.dateFormat(QLocale.FormatType.LongFormat)
    if locale.language() == QLocale.Language.English and "d MMMM" in pattern:
        pattern = pattern.replace("dddd, ", "dddd ")
    return pattern if with_year else _YEAR.sub(" ", pattern).strip()


def _date_text(day: date, pattern: str, locale: QLocale) -> str:
    return locale.toString(QDate(day.year, day.month, day.day), pattern)


def source_word(source: str) -> str:
    """Where a booking came from, as in "Phone"."""
    words = {
        "phone": translate("source", "Phone"),
        "walk_in": translate("source", "Walk-in"),
        "direct": translate("source", "At the desk"),
        "waitlist": translate("source", "Waitlist"),
        "online": translate("source", "Online"),
        "plan": translate("source", "Treatment plan"),
        "imported": translate("source", "Imported"),
    }
    return words[source]


def payment_word(state: str) -> str:
    """How much of a total has arrived, as in "Not paid yet"."""
    words = {
        "pending": translate("payment", "Not paid yet"),
        "paid": translate("payment", "Paid"),
        "part_paid": translate("payment", "Partly paid"),
        "refunded": translate("payment", "Refunded"),
    }
    return words[state]


def method_word(method: str) -> str:
    """How money changes hands, as in "Card"; empty is not known yet."""
    words = {
        "": translate("payment", "Not known yet"),
        "cash": translate("payment", "Cash"),
        "card": translate("payment", "Card"),
        "transfer": translate("payment", "Bank transfer"),
        "insurance": translate("payment", "Insurance"),
        "voucher": translate("payment", "Voucher"),
    }
    return words[method]
