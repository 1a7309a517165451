"""Chains of days: which can be reached, and which reach the end with the least cost. Pure."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from clinic_scheduler.services.times import timelines

Days = int  # bit d is the d-th day


class Link(NamedTuple):
    """How many days after the session before, at least, ideally and at most; day 0 counts as the one before the first.

    One that `is_free` may follow on any day: both are where they are. Only multiples of `every` are gaps.
    """

    least: int
    ideal: int
    most: int
    is_free: bool = False
    every: int = 1

    def after(self, days: Days) -> Days:
        """The days that can follow any of these."""
        if self.is_free:
            return -1 if days else 0
        return timelines.spread(_shifted(days, self.least), self.most - self.least)

    def gaps(self, limit: int) -> Iterator[tuple[int, int]]:
        """The gaps with what each costs, the cheapest first, of two alike the shorter; none above the limit."""
        return ((gap, cost) for gap, cost in _by_cost(self) if gap <= limit)


@lru_cache(maxsize=256)
def _by_cost(link: Link) -> tuple[tuple[int, int], ...]:
    gaps = range(link.least, link.most + 1)
    return tuple(
        sorted(
            ((gap, abs(gap - link.ideal)) for gap in gaps if gap % link.every == 0),
            key=lambda one: (one[1], one[0]),
        )
    )


Chain = tuple[tuple[Link, Days], ...]
Costs = dict[int, Days]
BOUNDS = (8, 32, 128, 512)  # tried one after the other: most plans cost little, and little is found soon


def reach(chain: Chain) -> list[Days]:
    """The days on which each session can be after those before it."""
    found, days = [], 1
    for link, able in chain:
        days = link.after(days) & able
        found.append(days)
    return found


def cheapest(chain: Chain, most: int | None = None) -> tuple[int, tuple[int, ...]]:
    """The least cost of a chain and its days, of those with that cost the ones that end first.

    Cost -1 and no days where there is none that costs at most `most`.
    """
    for bound in bounds(most):
        levels = _levels(chain, bound)
        if levels[-1]:
            cost = min(levels[-1])
            days = levels[-1][cost]
            return cost, _traced(chain, levels, cost, (days & -days).bit_length() - 1)
    return -1, ()


def bounds(most: int | None) -> tuple[int | None, ...]:
    """Costs up to which to look, each after the one before was not enough."""
    return (*(bound for bound in BOUNDS if most is None or bound < most), most)


def _levels(chain: Chain, bound: int | None) -> list[Costs]:
    """For each session the days that cost each total, none of them reached for less."""
    levels, before = list[Costs](), {0: 1}
    for link, able in chain:
        fresh: Costs = {}
        for cost, days in before.items():
            if link.is_free:
                fresh[cost] = fresh.get(cost, 0) | able
                continue
            for gap, more in link.gaps(able.bit_length()):
                if bound is not None and cost + more > bound:
                    break
                reached = _shifted(days, gap) & able
                if reached:
                    fresh[cost + more] = fresh.get(cost + more, 0) | reached
        before, seen = {}, 0
        for cost in sorted(fresh):
            if new := fresh[cost] & ~seen:
                before[cost] = new
                seen |= new
        levels.append(before)
    return levels


def _traced(chain: Chain, levels: Sequence[Costs], cost: int, day: int) -> tuple[int, ...]:
    """The days of a chain that ends on that day with that cost."""
    days = [day]
    for number in range(len(chain) - 1, 0, -1):
        link, before = chain[number][0], levels[number - 1]
        if link.is_free:
            day = (before[cost] & -before[cost]).bit_length() - 1
        else:
            gap, more = next(
                (gap, more) for gap, more in link.gaps(day) if before.get(cost - more, 0) >> (day - gap) & 1
            )
            day, cost = day - gap, cost - more
        days.append(day)
    return tuple(reversed(days))


def _shifted(days: Days, by: int) -> Days:
    return days << by if by >= 0 else days >> -by
