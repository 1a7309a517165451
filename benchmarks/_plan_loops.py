"""Whole plans found as one would write it down: loops over days, practitioners, weekdays and times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from clinic_scheduler.services.plans.costs import Link
from clinic_scheduler.services.plans.search import Aim

Key = tuple[int, ...]
Free = Sequence[Sequence[Sequence[int]]]  # by practitioner and day the columns at which something can begin


@dataclass(frozen=True, slots=True)
class Loops:
    """The same question for all sessions alike; `length` is in columns."""

    free: Free
    links: tuple[Link, ...]
    length: int

    def best(self, aim: Aim) -> Key:
        """What the search for plans puts first, then second."""
        everyone = range(len(self.free))
        if aim is Aim.FEWEST:
            for size in range(1, len(self.free) + 1):
                found = [cost for team in combinations(everyone, size) for cost in self._costs(team)]
                if found:
                    return (size, min(found))
        if aim is Aim.STEADIEST:
            return self._steadiest()
        reached = self._days(everyone)
        if aim is Aim.IDEAL:
            return min((cost, day) for day, cost in reached.items())
        last = min(reached)
        return (last, min(column for one in everyone for column in self.free[one][last]) + self.length)

    def _costs(self, team: Sequence[int]) -> Iterator[int]:
        reached = self._days(team)
        if reached:
            yield min(reached.values())

    def _days(self, team: Sequence[int]) -> dict[int, int]:
        """The days of the last session, each with the least cost."""
        days = range(len(self.free[0]))
        return _followed(self.links, {day for day in days if any(self.free[one][day] for one in team)})

    def _steadiest(self) -> Key:
        days = len(self.free[0])
        open_days = [day for day in range(days) if any(of[day] for of in self.free)]
        columns = sorted({column for of in self.free for day in of for column in day})
        best: Key = (len(self.links) + 1, 0)
        for column in columns:
            at = {day for day in open_days if any(column in of[day] for of in self.free)}
            for weekday in range(7):
                steady = {day for day in at if day % 7 == weekday}
                best = min(best, self._steady(steady, open_days))
        return best

    def _steady(self, steady: set[int], open_days: Sequence[int]) -> Key:
        """The fewest sessions off those days, and the least cost with so many."""
        known = set(open_days)
        reached: dict[int, Key] = {0: (0, 0)}
        for link in self.links:
            fresh: dict[int, Key] = {}
            for before, (off, cost) in reached.items():
                for day in range(before + link.least, before + link.most + 1):
                    if day in known:
                        key = (off + (day not in steady), cost + abs(day - before - link.ideal))
                        if day not in fresh or key < fresh[day]:
                            fresh[day] = key
            reached = fresh
        return min(reached.values())


def _followed(links: Sequence[Link], open_days: set[int]) -> dict[int, int]:
    reached = {0: 0}
    for link in links:
        fresh: dict[int, int] = {}
        for before, cost in reached.items():
            for day in range(before + link.least, before + link.most + 1):
                more = cost + abs(day - before - link.ideal)
                if day in open_days and (day not in fresh or more < fresh[day]):
                    fresh[day] = more
        reached = fresh
    return reached
