"""Birth dates as people type them."""

import re
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from clinic_scheduler.errors import InvalidInput

translate = QCoreApplication.translate


def shown(day: date) -> str:
    """A birth date as the locale writes it, with all digits of the year."""
    return QLocale().toString(QDate(day.year, day.month, day.day), _pattern())


def read(text: str) -> date | None:
    """The day meant by "1.5.1980", "01/05/1980" or "1980-05-01"; nothing for nothing.

    Day and month stand in the order of the locale. A year of two digits lies in the past hundred years.

    Raises:
        InvalidInput: no such day.
    """
    if not text.strip():
        return None
    numbers = re.fullmatch(r"\s*(\d{1,4})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,4})\s*", text, re.ASCII)
    if numbers is None:
        raise _refusal()
    first, second, third = (int(number) for number in numbers.groups())
    if len(numbers[1]) == 4:
        year, month, day = first, second, third
    else:
        is_month_first = _pattern().lstrip().startswith("M")
        day, month = (second, first) if is_month_first else (first, second)
        year = _whole_year(third) if len(numbers[3]) <= 2 else third
    try:
        return date(year, month, day)
    except ValueError:
        raise _refusal() from None


def _whole_year(short: int) -> int:
    this_year = QDate.currentDate().year()
    return max(year for year in (1900 + short, 2000 + short) if year <= this_year)


def _pattern() -> str:
    pattern = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    return pattern if "yyyy" in pattern else pattern.replace("yy", "yyyy")


def _refusal() -> InvalidInput:
    return InvalidInput(
        translate("booking", "That is no date; type it like {example}.").format(
            example=shown(date(1980, 5, 31))
        ),
        "birth_date",
    )
