"""The weekday and the time that most sessions of a plan can have. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clinic_scheduler.services.times import timelines

from .costs import Chain, Costs, Days, Link, bounds, cheapest, reach

WEEK = 7
NO_COST = 1 << 30  # that no plan reaches


@dataclass(frozen=True, slots=True)
class Steady:
    """The days of a plan, their cost, and how many of its sessions are on one weekday and at `column`."""

    cost: int
    days: tuple[int, ...]
    count: int
    column: int


def steadiest(
    chain: Chain,
    columns: Sequence[Sequence[Days]],
    weekday: int,
    usual: int | None,
    known: tuple[int, int] = (0, NO_COST),
) -> Steady | None:
    """The plan with most sessions on one weekday and column; None if it has fewer, or costs more, than what is `known`.

    `columns` are the days on which each session can begin at each column. Of weekdays and columns alike the one with
    the least cost comes first, then the earlier last day, then the column nearest to `usual`, then the earlier one.
    """
    most, tied = _most_steady(chain, columns, weekday, known[0])
    bound = known[1] if most == known[0] else NO_COST
    found: tuple[tuple[int, ...], Steady] | None = None
    for column, able in tied:
        cost, days = _cheapest(chain, able, most, bound)
        if days:
            key = (cost, days[-1], abs(column - usual) if usual is not None else 0, column)
            if found is None or key < found[0]:
                found, bound = (key, Steady(cost, days, most, column)), cost
    return found[1] if found else None


def _most_steady(
    chain: Chain, columns: Sequence[Sequence[Days]], weekday: int, most: int
) -> tuple[int, list[tuple[int, tuple[Days, ...]]]]:
    """How many sessions can be steady, at least `most`, and the columns and days for which that is so."""
    tied, whole = list[tuple[int, tuple[Days, ...]]](), len(chain)
    for column, able in _candidates(columns, weekday, max(days for _link, days in chain).bit_length()):
        bound = sum(1 for days in able if days)
        if bound < most:
            continue
        if bound == whole and reach(_narrowed(chain, able))[-1]:
            count = whole
        elif most == whole:
            continue
        else:
            count = _count(chain, able)
        if count > most:
            most, tied = count, []
        if count == most:
            tied.append((column, able))
    return most, tied


def _candidates(
    columns: Sequence[Sequence[Days]], weekday: int, days: int
) -> Iterator[tuple[int, tuple[Days, ...]]]:
    """Each weekday and column at which anything can begin, with the days of each session."""
    every = [timelines.grid((day - weekday) % WEEK, max(days, 1), WEEK) for day in range(WEEK)]
    for column, of_stages in enumerate(zip(*columns, strict=True)):
        if any(of_stages):
            for mask in every:
                able = tuple(days & mask for days in of_stages)
                if any(able):
                    yield column, able


def _narrowed(chain: Chain, able: Sequence[Days]) -> Chain:
    """The chain on one weekday, so that after the first session all gaps are whole weeks."""
    return tuple(
        (link._replace(every=WEEK) if number else link, days)
        for number, ((link, _all), days) in enumerate(zip(chain, able, strict=True))
    )


def _count(chain: Chain, able: Sequence[Days]) -> int:
    """How many sessions of one plan can be on those days at most."""
    reached: dict[int, Days] = {0: 1}
    for (link, days), steady in zip(chain, able, strict=True):
        fresh: dict[int, Days] = {}
        for count, before in reached.items():
            after = link.after(before)
            for number, there in ((count, after & days), (count + 1, after & steady)):
                if there:
                    fresh[number] = fresh.get(number, 0) | there
        reached = fresh
    return max(reached)


def _cheapest(chain: Chain, able: tuple[Days, ...], count: int, most: int) -> tuple[int, tuple[int, ...]]:
    """The least cost of a plan with so many steady sessions, and its days; as `costs.cheapest` where it costs more."""
    if count == len(chain):
        return cheapest(_narrowed(chain, able), most)
    for bound in bounds(most):
        levels = _levels(chain, able, most if bound is None else bound)
        if count in levels[-1]:
            cost = min(levels[-1][count])
            return cost, _traced(chain, able, levels, count, cost)
    return -1, ()


def _levels(chain: Chain, able: Sequence[Days], bound: int) -> list[dict[int, Costs]]:
    """For each session, by how many were steady up to it, the days that cost each total."""
    levels, before = list[dict[int, Costs]](), {0: {0: 1}}
    for (link, days), steady in zip(chain, able, strict=True):
        fresh: dict[int, Costs] = {}
        for steadied, costs in before.items():
            for cost, reached in costs.items():
                for there, more in _following(link, reached, days, bound - cost):
                    _add(fresh, steadied, cost + more, there)
                    if there & steady:
                        _add(fresh, steadied + 1, cost + more, there & steady)
        before = {steadied: _cleared(costs) for steadied, costs in fresh.items()}
        levels.append(before)
    return levels


def _following(link: Link, reached: Days, able: Days, most: int) -> Iterator[tuple[Days, int]]:
    if link.is_free:
        yield able, 0
        return
    for gap, more in link.gaps(able.bit_length()):
        if more > most:
            break
        there = (reached << gap if gap >= 0 else reached >> -gap) & able
        if there:
            yield there, more


def _add(fresh: dict[int, Costs], steadied: int, cost: int, days: Days) -> None:
    costs = fresh.setdefault(steadied, {})
    costs[cost] = costs.get(cost, 0) | days


def _cleared(costs: Costs) -> Costs:
    """The same without days that are reached for less."""
    found, seen = Costs(), 0
    for cost in sorted(costs):
        if new := costs[cost] & ~seen:
            found[cost] = new
            seen |= new
    return found


def _traced(
    chain: Chain, able: Sequence[Days], levels: Sequence[dict[int, Costs]], count: int, cost: int
) -> tuple[int, ...]:
    last = levels[-1][count][cost]
    day = (last & -last).bit_length() - 1
    days = [day]
    for number in range(len(chain) - 1, 0, -1):
        day, count, cost = _before(chain[number][0], able[number], levels[number - 1], day, count, cost)
        days.append(day)
    return tuple(reversed(days))


def _before(
    link: Link, steady: Days, before: dict[int, Costs], day: int, count: int, cost: int
) -> tuple[int, int, int]:
    """A day, a count and a cost of the session before, from which this one is reached."""
    is_steady = steady >> day & 1
    for earlier in (count - 1, count) if is_steady else (count,):
        costs = before.get(earlier, {})
        if link.is_free and cost in costs:
            return (costs[cost] & -costs[cost]).bit_length() - 1, earlier, cost
        if link.is_free:
            continue
        for gap, more in link.gaps(day):
            if costs.get(cost - more, 0) >> (day - gap) & 1:
                return day - gap, earlier, cost - more
    raise ValueError("no day leads here")
