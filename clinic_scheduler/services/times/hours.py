"""When resources are open: weekly hours, breaks, exceptions, time off, closures, over a span of local days.

Pure but for `open_times` and `ask_open_times`: what is open follows from plain rows (`diary_rows`) and the zone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.trip import Later
from clinic_scheduler.services import localtime
from clinic_scheduler.services.localtime import DAY_MIN, Span
from clinic_scheduler.services.times import diary_rows, timelines
from clinic_scheduler.services.times.diary_rows import Reason, Rules, Special
from clinic_scheduler.services.times.timelines import Interval, Timeline

__all__ = ["OpenTime", "Reason", "Rules", "Span", "open_ticks", "open_time", "open_times"]

FIRST_WEEK = date(2001, 1, 1).toordinal()  # a Monday; weeks that take turns are counted from it


@dataclass(frozen=True, slots=True)
class OpenTime:
    """The open minutes of one resource, and the reasons of what is closed within its hours."""

    open: Timeline
    reasons: tuple[Reason, ...]


def open_times(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span
) -> dict[UUID, OpenTime]:
    """The open time of each resource; a room without hours of its own is open whenever the clinic is."""
    return ask_open_times(session, clinic_id, resource_ids, span)()


def ask_open_times(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span
) -> Later[dict[UUID, OpenTime]]:
    """As `open_times`, for `one_trip`."""
    asked = diary_rows.ask_rules(session, clinic_id, resource_ids, span)
    return lambda: {one: open_time(rules, span) for one, rules in zip(resource_ids, asked(), strict=True)}


def open_time(rules: Rules, span: Span) -> OpenTime:
    """The open minutes of a span, and why the rest of the hours is closed."""
    worked, breaks = _hours(rules, span)
    opened = timelines.of(worked)
    shut = (*breaks, *rules.shut)
    closed = timelines.of((reason.start, reason.end) for reason in shut)
    reasons = (*_days_off(rules, span, opened), *shut)
    return OpenTime(opened & ~closed & timelines.between(0, span.length), reasons)


def open_ticks(rules: Rules, span: Span, tick: int) -> Timeline:
    """What is open, in ticks of so many minutes; a tick counts where all its minutes do."""
    worked, breaks = _hours(rules, span)
    opened = timelines.of((-(-start // tick), end // tick) for start, end in timelines.merged(worked))
    shut = (*breaks, *rules.shut)
    closed = timelines.of((reason.start // tick, -(-reason.end // tick)) for reason in shut)
    return opened & ~closed & timelines.between(0, span.length // tick)


class _Day(NamedTuple):
    """A local day: its ordinal, the number of its week, and the minute of its midnight in the span.

    It is even where wall minutes are elapsed ones until the end of the day after.
    """

    ordinal: int
    week: int
    midnight: int
    is_even: bool
    span: Span

    def minutes(self, start_min: int, end_min: int) -> Interval:
        """The minutes of the span in which these wall minutes lie."""
        if self.is_even:
            return self.midnight + start_min, self.midnight + end_min
        day, span = date.fromordinal(self.ordinal), self.span
        start, end = (localtime.at_minute(day, minute, span.where) for minute in (start_min, end_min))
        return span.minute(start), span.minute(end)


@lru_cache(maxsize=64)
def _days(span: Span) -> tuple[tuple[_Day, ...], ...]:
    """By weekday, the days of a span and the one before it, whose hours may run past midnight."""
    found: list[list[_Day]] = [[] for _ in range(7)]
    first = span.first.toordinal() - 1
    midnights = [
        span.minute(localtime.midnight(date.fromordinal(first + n), span.where))
        for n in range(span.count + 3)
    ]
    for n, midnight in enumerate(midnights[:-2]):
        week, weekday = divmod(first + n - FIRST_WEEK, 7)
        is_even = midnights[n + 2] - midnights[n + 1] == midnights[n + 1] - midnight == DAY_MIN
        found[weekday].append(_Day(first + n, week, midnight, is_even, span))
    return tuple(tuple(days) for days in found)


def _hours(rules: Rules, span: Span) -> tuple[list[Interval], list[Reason]]:
    """What is worked and the breaks in it, in no order and not cut to the span."""
    days = _days(span)
    other = {special.day for special in rules.special}
    worked, breaks = list[Interval](), list[Reason]()
    for row in rules.weekly:
        weekdays, start, end, is_break, first_day, last_day, every_weeks, week, label = row
        for weekday in range(7):
            for day in days[weekday] if weekdays >> weekday & 1 else ():
                if (
                    not first_day <= day.ordinal <= last_day
                    or day.week % every_weeks != week
                    or day.ordinal in other
                ):
                    continue
                times = day.minutes(start, end)
                if not is_break:
                    worked.append(times)
                elif times[1] > 0:
                    breaks.append(Reason(*times, "break", label))
    for special, day in _specials(rules, span):
        if special.start_min is not None and special.end_min is not None:
            worked.append(day.minutes(special.start_min, special.end_min))
    return worked, sorted(breaks)


def _days_off(rules: Rules, span: Span, opened: Timeline) -> Iterator[Reason]:
    for special, day in _specials(rules, span):
        if special.start_min is None and day.ordinal >= span.first.toordinal():
            # The night before may end in it.
            off = timelines.between(*day.minutes(0, DAY_MIN)) & ~opened
            for start, end in timelines.intervals(off):
                yield Reason(start, end, "time_off", special.reason)


def _specials(rules: Rules, span: Span) -> list[tuple[Special, _Day]]:
    if not rules.special:
        return []
    days = {day.ordinal: day for of_weekday in _days(span) for day in of_weekday}
    return [(special, days[special.day]) for special in rules.special if special.day in days]
