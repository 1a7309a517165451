"""Visits of one patient, found by trying each part after the one before: for more services than all starts allow."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple
from uuid import UUID

from clinic_scheduler.services.search.question import Performer, Question, Rank
from clinic_scheduler.services.search.visits import RankKey
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Timeline


class Tried(NamedTuple):
    """One part at a time, with somebody, somewhere, whom it keeps for the ticks `busy`."""

    number: int
    start: int
    end: int
    who: Performer
    room: UUID | None
    busy: Timeline

    def clashes(self, other: "Tried") -> bool:
        """Whether they want the same person or room at once."""
        is_same = self.who.id == other.who.id or (self.room is not None and self.room == other.room)
        return is_same and self.busy & other.busy != 0


Ways = list[dict[int, list[Tried]]]  # of each part, by its start


def answers(question: Question) -> list[RankKey]:
    """The keys of all visits that differ in times, in order; there are no gaps, lanes or parallel services."""
    best: dict[tuple[tuple[int, int], ...], RankKey] = {}
    ways = [_ways(question, number) for number in range(len(question.parts))]
    for visit in _visits(question, ways, ()):
        listed = sorted(visit, key=lambda one: one.number)
        times, key = tuple((one.start, one.end) for one in listed), _key(question, listed)
        best[times] = min(key, best.get(times, key))
    return sorted(best.values())


def _visits(question: Question, ways: Ways, before: tuple[Tried, ...]) -> Iterator[tuple[Tried, ...]]:
    """All that begin with what comes before."""
    if len(before) == len(ways):
        if any(opens <= before[0].start and before[-1].end <= closes for opens, closes in question.days):
            yield before
        return
    first, last = 0, question.grid.bit_length()
    if before:
        first, last = before[-1].end + question.wait.least, before[-1].end + question.wait.most
    left = set(range(len(ways))) - {one.number for one in before}
    for number in left - {later for one, later in question.order if one in left}:
        for start in range(first, last + 1):
            for one in ways[number].get(start, ()):
                if not any(one.clashes(other) for other in before):
                    yield from _visits(question, ways, (*before, one))


def _ways(question: Question, number: int) -> dict[int, list[Tried]]:
    part, found = question.parts[number], defaultdict[int, list[Tried]](list)
    for start, who in product(range(part.before, question.grid.bit_length()), part.performers):
        end = start + who.duration
        busy = timelines.between(start - part.before, end + part.after)
        if (
            question.grid >> start & 1
            and not busy & ~who.free
            and not timelines.between(start, end) & ~question.visitors[0]
        ):
            rooms = [None] if part.rooms is None else [one.id for one in part.rooms if not busy & ~one.free]
            found[start] += [Tried(number, start, end, who, room, busy) for room in rooms]
    return dict(found)


def _key(question: Question, listed: Sequence[Tried]) -> RankKey:
    begin, end = min(one.start for one in listed), max(one.end for one in listed)
    waiting = end - begin - sum(one.who.duration for one in listed)
    when = ((begin, end, waiting), *sorted((one.start, one.number, one.who.duration) for one in listed))
    people, cost = len({one.who.id for one in listed}), sum(one.who.cost for one in listed)
    first = {
        Rank.EARLIEST: (end, waiting, 0),
        Rank.LEAST_WAITING: (waiting, end, 0),
        Rank.FEWEST_PEOPLE: (people, end, waiting),
        Rank.PREFERRED: (cost, end, waiting),
    }[question.rank]
    turns = tuple(question.parts[one.number].performers.index(one.who) for one in listed)
    return (*first, when, people, cost, turns)
