"""Free time as one integer: bit i is minute i of a span. Pure arithmetic, no database, no clock."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

Timeline = int
Interval = tuple[int, int]  # half-open minutes
NEAR = 1024


def between(start: int, end: int) -> Timeline:
    """The minutes of [start, end); what lies before minute 0 is cut off."""
    start = max(start, 0)
    return ((1 << (end - start)) - 1) << start if end > start else 0


def of(intervals: Iterable[Interval]) -> Timeline:
    """The minutes of all the intervals together, in any order."""
    # Each step copies the whole integer, so what lies near each other is gathered in short ones first.
    near: dict[int, Timeline] = {}
    for start, end in intervals:
        if start < 0:
            near[0] = near.get(0, 0) | between(start, end)
        elif end > start:
            place = start // NEAR
            near[place] = near.get(place, 0) | ((1 << (end - start)) - 1) << start % NEAR
    timeline = 0
    for place, gathered in near.items():
        timeline |= gathered << place * NEAR
    return timeline


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time in intervals that neither overlap nor touch, in order."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def starts(free: Timeline, length: int) -> Timeline:
    """The minutes from which `length` free minutes follow in a row; length 0 or less changes nothing."""
    for step in _doublings(length):
        free &= free >> step
    return free


def starts_of_each(free: Iterable[Timeline], length: int) -> list[Timeline]:
    """The `starts` of many timelines, without a call for each."""
    found = list(free)
    for step in _doublings(length):
        found = [begins & begins >> step for begins in found]
    return found


@lru_cache(maxsize=1024)
def _doublings(length: int) -> tuple[int, ...]:
    """The steps in which one minute in a row grows to `length`."""
    steps, have = [], 1
    while have < length:
        step = min(have, length - have)
        steps.append(step)
        have += step
    return tuple(steps)


def spread(timeline: Timeline, reach: int) -> Timeline:
    """Every minute of the timeline and the `reach` minutes after it."""
    have = 0
    while have < reach:
        step = min(have + 1, reach - have)
        timeline |= timeline << step
        have += step
    return timeline


def spread_back(timeline: Timeline, reach: int) -> Timeline:
    """Every minute of the timeline and the `reach` minutes before it."""
    have = 0
    while have < reach:
        step = min(have + 1, reach - have)
        timeline |= timeline >> step
        have += step
    return timeline


def grid(first: int, length: int, step: int) -> Timeline:
    """Every `step`-th minute of [first, first + length)."""
    count = -(-length // step)
    mask, have = 1, 1
    while have < count:
        add = min(have, count - have)
        mask |= mask << (add * step)
        have += add
    return mask << first if count > 0 else 0


def minutes(timeline: Timeline) -> Iterator[int]:
    """The minutes of a timeline, in order."""
    while timeline:
        low = timeline & -timeline
        yield low.bit_length() - 1
        timeline ^= low


def first_from(timeline: Timeline, minute: int) -> int | None:
    """The first minute of the timeline at or after `minute`."""
    later = timeline >> minute
    return minute + (later & -later).bit_length() - 1 if later else None


def intervals(timeline: Timeline) -> Iterator[Interval]:
    """The timeline as half-open intervals, in order."""
    at = 0
    while timeline:
        skip = (timeline & -timeline).bit_length() - 1
        timeline >>= skip
        run = (~timeline & (timeline + 1)).bit_length() - 1
        yield at + skip, at + skip + run
        timeline >>= run
        at += skip + run
