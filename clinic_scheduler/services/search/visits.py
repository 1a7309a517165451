"""Whole visits, the best first: lazily one after the other, or some of them after a known one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import islice
from uuid import UUID

from clinic_scheduler.services.times.timelines import between

from .cases import Case, levels
from .crew import Crew, Placed, Team
from .lane import lanes
from .masks import Masks
from .question import Distinct, Part, Performer, Question, Rank
from .sides import Found, Given, Sides
from .turns import Turns

Times = tuple[tuple[int, int, int], ...]
Places = tuple[tuple[UUID | None, ...], tuple[UUID | None, ...]]
RankKey = tuple[int, int, int, Times, int, int, tuple[int, ...]]

FEW = 50  # answers that are found sooner than the teams that could give them


@dataclass(frozen=True, slots=True)
class Chosen:
    """One part at its time."""

    part: int
    start: int
    end: int
    practitioner_id: UUID
    room_id: UUID | None
    equipment_id: UUID | None


@dataclass(frozen=True, slots=True)
class Visit:
    """An answer; parts in the order of the question. `waiting` is everybody's together.

    `key` compares answers of one question: a smaller one comes first.
    """

    parts: tuple[Chosen, ...]
    end: int
    waiting: int
    people: int
    cost: int
    key: RankKey

    @property
    def start(self) -> int:
        """When the first part begins."""
        return min(part.start for part in self.parts)


def best(question: Question, limit: int = 20, after: RankKey | None = None) -> tuple[Visit, ...]:
    """The next `limit` distinct answers, from the start or after the one with a key."""
    found: list[Visit] = []
    for visit in visits(question):
        if after is None or visit.key > after:
            found.append(visit)
            if len(found) >= limit:
                break
    return tuple(found)


def visits(question: Question) -> Iterator[Visit]:
    """Every distinct answer in the order of the question's rank.

    EARLIEST: end, waiting; LEAST_WAITING: waiting, end; FEWEST_PEOPLE: practitioners, end, waiting; PREFERRED:
    cost, end, waiting. Then always: each person's first start, end and waiting; each person's parts in order of
    time as (start, part, length); practitioners; cost; the performers' places in turn. Of answers that are not
    distinct the first in this order stands for all.
    """
    given = Given(set(), set())
    few = _few(question) if question.rank is Rank.FEWEST_PEOPLE else None
    answers = iter(few) if few is not None else _by_levels(question, given)
    seen, per_day = set[object](), Counter[int]()
    for visit in answers:
        mark, day = _mark(question, visit), question.day(visit.start)
        if mark not in seen and day not in given.days:
            seen.add(mark)
            per_day[day] += 1
            if per_day[day] == question.per_day:
                given.days.add(day)
            yield visit


def _few(question: Question) -> list[Visit] | None:
    """All answers by number of practitioners where there are so few that sorting them is the quickest."""
    every = Distinct.PEOPLE if question.distinct is Distinct.PEOPLE else Distinct.TIMES
    earliest = replace(question, rank=Rank.EARLIEST, distinct=every, per_day=None)
    found = list(islice(visits(earliest), FEW + 1))
    if len(found) > FEW:
        return None
    return sorted((replace(v, key=(v.people, v.end, v.waiting, *v.key[3:])) for v in found), key=_key)


def _by_levels(question: Question, given: Given) -> Iterator[Visit]:
    """The answers of one case after the other; some may not be distinct."""
    masks, turns = Masks(question), Turns(question)
    starts: set[int] | None = None
    for level, cases in levels(question, masks):
        if given.starts and question.distinct is Distinct.START:
            if starts is None:
                every = replace(question, rank=Rank.EARLIEST, per_day=None)
                starts = {visit.start for visit in visits(every)}
            if given.starts >= starts:
                return
        for visit in _merged([_Search(question, level, case, masks, turns, given) for case in cases]):
            given.starts.add(visit.start)
            yield visit


def _key(visit: Visit) -> RankKey:
    return visit.key


class _Search:
    """The answers of one case, in order."""

    def __init__(
        self, question: Question, level: int, case: Case, masks: Masks, turns: Turns, given: Given
    ) -> None:
        self.question = question
        self.level = level
        self.case = case
        self.masks = masks
        self.turns = turns
        self.given = given

    def least(self) -> tuple[int, ...]:
        """No answer comes before this."""
        if self.question.rank is Rank.LEAST_WAITING:
            return (0, self.case.first_end)
        return (
            (self.case.first_end,)
            if self.question.rank is Rank.EARLIEST
            else (self.level, self.case.first_end)
        )

    def visits(self) -> Iterator[Visit]:
        """The answers; for each time the smallest team, or all of them."""
        starts = {number: self.masks.of(part) for number, part in enumerate(self.case.parts)}
        crew = Crew(self.question, starts, self.turns)
        sides = Sides(self.question, lanes(self.question, starts), crew, self.given)
        for found in sides.found():
            placed = sorted(found[3])
            for team in crew.teams(placed, self.case.people or None):
                places = crew.places(placed)
                if places is not None:
                    yield self._visit(found, placed, team, places)
                if self.question.distinct is not Distinct.PEOPLE:
                    break

    def _visit(self, found: Found, placed: Sequence[Placed], team: Team, places: Places) -> Visit:
        end, waiting, profiles, times = found
        parts = tuple(
            Chosen(one.part, one.start, one.start + one.length, who.id, room, piece)
            for one, who, room, piece in zip(placed, team.performers, *places, strict=True)
        )
        order = tuple(
            self.turns.of(one.part, one.start)[who.id.int]
            for one, who in zip(placed, team.performers, strict=True)
        )
        when = (*profiles, *((one.start, one.part, one.length) for one in times))
        first = _first(self.question, end, waiting, self.level)
        return Visit(
            parts, end, waiting, team.people, team.cost, (*first, when, team.people, team.cost, order)
        )


def _first(question: Question, end: int, waiting: int, level: int) -> tuple[int, int, int]:
    if question.rank is Rank.EARLIEST:
        return end, waiting, 0
    if question.rank is Rank.LEAST_WAITING:
        return waiting, end, 0
    return level, end, waiting


def key_of(question: Question, parts: Sequence[Chosen]) -> RankKey | None:
    """The key of an answer given before, to go on after it; None if the question does not allow it any more.

    Whether it is still free does not matter. Whoever performs no more counts as the last.
    """
    found = next(visits(_only(question, parts)), None)
    if found is None:
        return None
    turns, order, cost = Turns(question), list[int](), 0
    for one in parts:
        places, who = turns.of(one.part, one.start), one.practitioner_id
        order.append(places.get(who.int, len(places)))
        cost += next((p.cost for p in question.parts[one.part].performers if p.id == who), 0)
    people = len({one.practitioner_id for one in parts})
    level = people if question.rank is Rank.FEWEST_PEOPLE else cost
    first = _first(question, found.end, found.waiting, level)
    return (*first, found.key[3], people, cost, tuple(order))


def _only(question: Question, parts: Sequence[Chosen]) -> Question:
    """The question that these times alone answer: each part has somebody of its own who is free just then."""
    narrowed = tuple(
        Part(
            (Performer(UUID(int=one.part), between(one.start, one.end), one.end - one.start),),
            visitor=question.parts[one.part].visitor,
        )
        for one in parts
    )
    return replace(
        question,
        parts=narrowed,
        grid=sum({1 << one.start for one in parts}),
        same=(),
        different=(),
        visitors=(),
        begin=-1,
        rank=Rank.EARLIEST,
        per_day=None,
        taken={},
    )


def _merged(searches: Sequence[_Search]) -> Iterator[Visit]:
    """The answers of all cases in one order; a case is not begun before its first answer could be next."""
    waiting: list[tuple[tuple[object, ...], int, Visit | None]] = []
    running = [search.visits() for search in searches]
    for number, search in enumerate(searches):
        heappush(waiting, (search.least(), number, None))
    while waiting:
        _key, number, visit = heappop(waiting)
        if visit is not None:
            yield visit
        following = next(running[number], None)
        if following is not None:
            heappush(waiting, (following.key, number, following))


def _mark(question: Question, visit: Visit) -> object:
    if question.distinct is Distinct.START:
        return visit.start
    times = tuple((part.start, part.end) for part in visit.parts)
    if question.distinct is Distinct.TIMES:
        return times
    return times, tuple(part.practitioner_id for part in visit.parts)
