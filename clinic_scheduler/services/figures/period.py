"""The local days that figures are counted over. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class Quick(StrEnum):
    """Periods that one click chooses, each around today."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """The clinic's local days from `first` up to, not including, `until`."""

    first: date
    until: date

    @property
    def count(self) -> int:
        """How many days."""
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - DAY

    def before(self) -> "Period":
        """As many days, right before these."""
        return Period(self.first - (self.until - self.first), self.first)

    def instants(self, where: ZoneInfo) -> tuple[datetime, datetime]:
        """When the first day begins, and the first day after the last."""
        return localtime.midnight(self.first, where), localtime.midnight(self.until, where)


def chosen(first: date, last: date) -> Period:
    """The days from `first` to `last`, both included.

    Raises:
        InvalidInput: they are the wrong way round, or too far away.
    """
    if last < first:
        raise InvalidInput("The last day lies before the first; please turn them round.", "last")
    if first < EARLIEST or last > LATEST:
        raise InvalidInput(
            f"Please choose days between {EARLIEST.year} and {LATEST.year}.",
            "first" if first < EARLIEST else "last",
        )
    return Period(first, last + DAY)


def quick(which: str, today: date, first_weekday: int = 0) -> Period:
    """The whole day, week, month, quarter or year that today lies in; weeks begin on `first_weekday`, 0 is Monday."""
    if which == Quick.TODAY:
        return Period(today, today + DAY)
    if which == Quick.WEEK:
        first = today - (today.weekday() - first_weekday) % 7 * DAY
        return Period(first, first + 7 * DAY)
    months = {Quick.MONTH: 1, Quick.QUARTER: 3, Quick.YEAR: 12}[Quick(which)]
    begins = (today.month - 1) // months * months + 1
    ends = begins + months
    return Period(
        date(today.year, begins, 1), date(today.year + (ends > 12), ends - 12 if ends > 12 else ends, 1)
    )
