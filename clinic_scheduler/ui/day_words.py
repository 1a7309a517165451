"""Days as people say them: "tue", "+2w", "14.3.", "next friday", "end of month". Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QLocale

from clinic_scheduler.services.people import persons

LONGEST: Final = 60
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
SHORTEST_NAME: Final = 2
UNITS: Final = {"d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7}
MONTHLY: Final = {"m": 1, "month": 1, "months": 1, "y": 12, "year": 12, "years": 12}
FIXED: Final = {"today": 0, "tomorrow": 1, "yesterday": -1, "now": 0}
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def understood(text: str, today: date, locale: QLocale | None = None) -> date | None:
    """The day that is meant; None if that cannot be told.

    Days without a year are the next such day, today included; a weekday is the next one after today.
    """
    typed = " ".join(text[:LONGEST].split())
    plain = persons.folded(typed) if typed.isprintable() else ""
    if not plain:
        return None
    for reader in (_fixed, _by_units, _numbers, _week, _weekday, _named, _end_of_month, _with_weekday):
        try:
            found = reader(plain, today, locale or QLocale())
        except (ValueError, OverflowError):
            continue
        if found is not None:
            return found if FIRST <= found <= LAST else None
    return None


def _with_weekday(text: str, today: date, locale: QLocale) -> date | None:
    """As "Tue 16 March": the date, if it is that weekday; else somebody has mistaken one of the two."""
    first, _, rest = text.partition(" ")
    number = _number(first.rstrip(","), _weekdays(locale))
    found = next((day for reader in (_numbers, _named) if (day := reader(rest, today, locale))), None)
    is_bare = rest.rstrip(".").isdecimal()
    return found if found is not None and not is_bare and found.weekday() == number else None


def _fixed(text: str, today: date, _locale: QLocale) -> date | None:
    return today + timedelta(days=FIXED[text]) if text in FIXED else None


def _by_units(text: str, today: date, _locale: QLocale) -> date | None:
    """As "+2w", "-3d", "in 3 weeks", "2 months"."""
    found = re.fullmatch(r"(?:in\s+)?([+-]?)\s*(\d{1,4})\s*([a-z]+)(\s+ago)?", text, re.ASCII)
    if found is None:
        return None
    sign, number, unit, ago = found.groups()
    count = int(number) * (-1 if sign == "-" or ago else 1)
    if unit in UNITS:
        return today + timedelta(days=count * UNITS[unit])
    return later(today, count * MONTHLY[unit]) if unit in MONTHLY else None


def later(day: date, months: int) -> date:
    """The same day of another month, or its last."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), _end(first))


def _end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _numbers(text: str, today: date, locale: QLocale) -> date | None:
    """As "14.3.", "14.3.27", "14/3" or "3/14" by the locale, "2027-03-14", "14"."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    if found:
        return date(*map(int, found.groups()))
    found = re.fullmatch(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*(?:\2\s*(\d{2}|\d{4})?)?", text, re.ASCII)
    if found:
        one, mark, other, year = found.groups()
        day, month = (
            (int(one), int(other)) if mark == "." or _is_day_first(locale) else (int(other), int(one))
        )
        return _of_year(today, month, day, year)
    if re.fullmatch(r"\d{1,2}\.?", text, re.ASCII):
        number = int(text.rstrip("."))
        months = (later(today.replace(day=1), n) for n in range(13))
        return next((one for first in months if (one := _in_month(first, number)) and one >= today), None)
    return None


def _in_month(first: date, day: int) -> date | None:
    try:
        return first.replace(day=day)
    except ValueError:
        return None


def _is_day_first(locale: QLocale) -> bool:
    pattern = locale.dateFormat(QLocale.FormatType.ShortFormat)
    return pattern.find("d") < pattern.find("M")


def _of_year(today: date, month: int, day: int, year: str | None) -> date | None:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    # A leap day may be eight years off.
    years = (_in_month(date(today.year + n, month, 1), day) for n in range(9))
    return next((one for one in years if one is not None and one >= today), None)


def _week(text: str, today: date, _locale: QLocale) -> date | None:
    """As "week 12" or "kw 12": its Monday, by ISO 8601."""
    found = re.fullmatch(r"(?:week|wk|kw|cw)\s*(\d{1,2})(?:\s*[/ ]\s*(\d{4}))?", text, re.ASCII)
    if found is None:
        return None
    number, year = int(found[1]), found[2]
    if year:
        return date.fromisocalendar(int(year), number, 1)
    years = (date.fromisocalendar(today.isocalendar().year + n, number, 1) for n in range(2))
    monday = today - timedelta(days=today.weekday())
    return next((one for one in years if one >= monday), None)


def _weekday(text: str, today: date, locale: QLocale) -> date | None:
    """As "tue", "next tue" (in the week after this one), "last fri"."""
    words = text.split()
    before = words[0] if len(words) == 2 and words[0] in ("next", "last", "this") else ""
    number = _number(words[-1], _weekdays(locale)) if len(words) == (2 if before else 1) else None
    if number is None:
        return None
    monday = today - timedelta(days=today.weekday())
    if before == "next":
        return monday + timedelta(days=7 + number)
    if before == "last":
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _named(text: str, today: date, locale: QLocale) -> date | None:
    """As "14 march", "march 14", "14. märz 2027"."""
    found = re.fullmatch(r"(\d{1,2})\.?\s*(?:de\s+)?([^\W\d]+)\.?(?:\s+(?:de\s+)?(\d{4}))?", text)
    day, name, year = found.groups() if found else (None, "", None)
    if found is None:
        found = re.fullmatch(r"([^\W\d]+)\.?\s*(\d{1,2})(?:\s*,?\s+(\d{4}))?", text)
        if found is None:
            return None
        name, day, year = found.groups()
    number = _number(name, _months(locale))
    return None if number is None else _of_year(today, number + 1, int(day or 0), year)


def _end_of_month(text: str, today: date, _locale: QLocale) -> date | None:
    return _end(today) if text in ("end of month", "month end", "eom") else None


def _number(word: str, names: Iterator[tuple[str, ...]]) -> int | None:
    """Which of the names a word begins; None where it could be several."""
    word = word.rstrip(".")
    found = {
        place
        for own in names
        for place, name in enumerate(own)
        if len(word) >= SHORTEST_NAME and name.startswith(word)
    }
    return found.pop() if len(found) == 1 else None


def _weekdays(locale: QLocale) -> Iterator[tuple[str, ...]]:
    yield DAYS
    yield _told(locale.dayName, 7)


def _months(locale: QLocale) -> Iterator[tuple[str, ...]]:
    yield MONTHS
    yield _told(locale.monthName, 12)
    yield _told(locale.standaloneMonthName, 12)


def _told(name: Callable[[int], str], count: int) -> tuple[str, ...]:
    return tuple(persons.folded(name(number)).strip() for number in range(1, count + 1))
