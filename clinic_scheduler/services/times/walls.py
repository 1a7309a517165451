"""A clinic's wall time in ticks of a span: when its days begin, the grid of starts, windows of the day. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import gcd

from clinic_scheduler.services import localtime
from clinic_scheduler.services.localtime import DAY_MIN, MINUTE, Span
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Interval, Timeline


def tick(span: Span, lengths: Iterable[int]) -> int:
    """The longest tick in minutes with which all these lengths and the days of the span can be said exactly."""
    return gcd(*lengths, *_lengths(span))


@lru_cache(maxsize=64)
def _lengths(span: Span) -> frozenset[int]:
    return frozenset(localtime.day_length(day, span.where) for day in span.days())


@lru_cache(maxsize=64)
def dawns(span: Span, tick: int) -> tuple[int, ...]:
    """The first tick of each local day."""
    return tuple(span.minute(localtime.midnight(day, span.where)) // tick for day in span.days())


@lru_cache(maxsize=64)
def grid(span: Span, step_min: int, tick: int) -> Timeline:
    """The ticks at which the wall clock shows a multiple of the step since midnight; what repeats counts twice."""
    mask = 0
    for day, dawn in zip(span.days(), dawns(span, tick), strict=True):
        length = localtime.day_length(day, span.where)
        if length == DAY_MIN:
            mask |= timelines.grid(dawn, DAY_MIN // tick, step_min // tick)
        else:
            mask |= _uneven(span, day, step_min, tick)
    return mask


def _uneven(span: Span, day: date, step_min: int, tick: int) -> Timeline:
    """The grid of a day on which the clocks change."""
    mask, midnight = 0, datetime.combine(day, time())
    for minute in range(0, DAY_MIN, step_min):
        wall = midnight + minute * MINUTE
        if localtime.exists(wall, span.where):
            for is_later in (False, True):
                mask |= 1 << span.minute(localtime.instant(wall, span.where, later=is_later)) // tick
    return mask


@lru_cache(maxsize=256)
def windows(
    span: Span, weekdays: frozenset[int], from_min: int, until_min: int, tick: int
) -> tuple[Interval, ...]:
    """The ticks of these weekdays (0 is Monday, none means all) between two wall minutes; whole days are joined."""
    found: list[Interval] = []
    for day in span.days():
        if weekdays and day.weekday() not in weekdays:
            continue
        start, end = (
            localtime.midnight(day + timedelta(days=minute // DAY_MIN), span.where)
            if minute % DAY_MIN == 0
            else localtime.at_minute(day, minute, span.where)
            for minute in (from_min, until_min)
        )
        first, last = -(-span.minute_up(start) // tick), span.minute(end) // tick
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        elif first < last:
            found.append((first, last))
    return tuple(found)
