"""Seeded diaries of fifty practitioners and wishes of several services, the same on every machine.

Only `Random.random` and `triangular` are drawn from, which no Python version changes.
"""

import random
from collections import defaultdict
from dataclasses import dataclass

from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Interval, Timeline

PRACTITIONERS, DAYS, DAY_MIN = 50, 28, 1440
OPENS, CLOSES, STEP = 540, 1020, 5
BUSY, QUIET = (0.55, 1.00, 0.99), (0.30, 0.90, 0.60)
LENGTHS, BUFFERS = (15, 20, 30, 30, 45, 60), (0, 0, 5, 10)


@dataclass(frozen=True, slots=True)
class Diaries:
    """Breaks by practitioner; busy minutes of the day, buffers included, by practitioner and day."""

    breaks: list[Interval]
    busy: dict[tuple[int, int], list[Interval]]

    def free(self, practitioner: int, day: int) -> list[Interval]:
        """What is free within the hours of a day."""
        taken = [*self.busy.get((practitioner, day), []), self.breaks[practitioner], (CLOSES, CLOSES)]
        free, at = [], OPENS
        for start, end in sorted(taken):
            if start > at:
                free.append((at, start))
            at = max(at, end)
        return free

    def timeline(self, practitioner: int, days: int, tick: int) -> Timeline:
        """The free time of all days, one bit for `tick` minutes."""
        length = DAY_MIN // tick
        return timelines.of(
            (day * length + -(-start // tick), day * length + end // tick)
            for day in range(days)
            for start, end in self.free(practitioner, day)
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """One service of a wish, in minutes; `able` are numbers of practitioners."""

    duration: int
    after: int
    able: tuple[int, ...]


def diaries(fill: tuple[float, float, float] = BUSY, seed: int = 20310106) -> Diaries:
    """Four weeks of appointments on the five-minute grid, the working time filled as given (low, high, mode)."""
    chance = random.Random(seed)  # noqa: S311 - a workload, no secret
    breaks = []
    for _ in range(PRACTITIONERS):
        length = (30, 60)[int(chance.random() * 2)]
        start = (720, 750, 780)[int(chance.random() * 3)]
        breaks.append((start, start + length))
    busy: dict[tuple[int, int], list[Interval]] = defaultdict(list)
    for day in range(DAYS):
        for practitioner, (leaves, returns) in enumerate(breaks):
            share = chance.triangular(*fill)
            taken = busy[practitioner, day]
            for start, end in ((OPENS, leaves), (returns, CLOSES)):
                taken.extend(_half_day(chance, start, end, share))
            # Kept in the order in which they were booked: a database gives no better one.
            for last in range(len(taken) - 1, 0, -1):
                other = int(chance.random() * (last + 1))
                taken[last], taken[other] = taken[other], taken[last]
    return Diaries(breaks, busy)


def _half_day(chance: random.Random, start: int, end: int, share: float) -> list[Interval]:
    lengths = _lengths(chance, int((end - start) * share) // STEP * STEP)
    pauses = [0] * (len(lengths) + 1)
    slack = (end - start - sum(lengths)) // STEP
    cuts = sorted(int(chance.random() * (slack + 1)) for _ in range(int(chance.random() * 3)))
    for low, high in zip([0, *cuts], [*cuts, slack], strict=True):
        pauses[int(chance.random() * len(pauses))] += high - low
    found, at = [], start + pauses[0] * STEP
    for length, pause in zip(lengths, pauses[1:], strict=True):
        found.append((at, at + length))
        at += length + pause * STEP
    return found


def _lengths(chance: random.Random, target: int) -> list[int]:
    """Appointments with their buffers until the target is met; the last fills up what is left."""
    lengths: list[int] = []
    used = 0
    while True:
        length = LENGTHS[int(chance.random() * len(LENGTHS))]
        length += BUFFERS[int(chance.random() * len(BUFFERS))]
        if used + length > target:
            return [*lengths, target - used] if target - used >= LENGTHS[0] else lengths
        lengths.append(length)
        used += length


def wishes(count: int = 20, seed: int = 20310207) -> list[tuple[Wanted, ...]]:
    """Visits of three, four and five services, `count` of each."""
    chance = random.Random(seed)  # noqa: S311 - a workload, no secret
    return [tuple(_wanted(chance) for _ in range(size)) for size in (3, 4, 5) for _ in range(count)]


def _wanted(chance: random.Random) -> Wanted:
    many, everyone = 2 + int(chance.random() * 9), list(range(PRACTITIONERS))
    able = [everyone.pop(int(chance.random() * len(everyone))) for _ in range(many)]
    duration = (30, 45, 60)[int(chance.random() * 3)]
    return Wanted(duration, (0, 5, 10)[int(chance.random() * 3)], tuple(sorted(able)))
