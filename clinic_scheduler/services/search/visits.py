"""Whole visits, the best first: lazily one after the other, or some of them after a known one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import islice
from uuid import UUID

from .cases import Case, levels
from .crew import Crew, Placed, Team
from .lane import lanes
from .masks import Masks
from .question import Distinct, Question, Rank
from .sides import Found, Sides

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


def best(question: Question, limit: int = 20, after: Visit | None = None) -> tuple[Visit, ...]:
    """The next `limit` distinct answers, from the start or after one of them."""
    found: list[Visit] = []
    for visit in visits(question):
        if after is None or visit.key > after.key:
            found.append(visit)
            if len(found) >= limit:
                break
    return tuple(found)


def visits(question: Question) -> Iterator[Visit]:
    """Every distinct answer in the order of the question's rank.

    EARLIEST: end, waiting; LEAST_WAITING: waiting, end; FEWEST_PEOPLE: practitioners, end, waiting; PREFERRED:
    cost, end, waiting. Then always: each person's first start, end and waiting; each person's parts in order of
    time as (start, part, length); practitioners; cost; the performers' places in the question. Of answers that
    are not distinct the first in this order stands for all.
    """
    few = _few(question) if question.rank is Rank.FEWEST_PEOPLE else None
    answers = iter(few) if few is not None else _by_levels(question)
    seen: set[object] = set()
    for visit in answers:
        mark = _mark(question, visit)
        if mark not in seen:
            seen.add(mark)
            yield visit


def _few(question: Question) -> list[Visit] | None:
    """All answers by number of practitioners where there are so few that sorting them is the quickest."""
    every = Distinct.PEOPLE if question.distinct is Distinct.PEOPLE else Distinct.TIMES
    found = list(islice(visits(replace(question, rank=Rank.EARLIEST, distinct=every)), FEW + 1))
    if len(found) > FEW:
        return None
    return sorted((replace(v, key=(v.people, v.end, v.waiting, *v.key[3:])) for v in found), key=_key)


def _by_levels(question: Question) -> Iterator[Visit]:
    """The answers of one case after the other; some may not be distinct."""
    masks, known = Masks(question), set[int]()
    starts: set[int] | None = None
    for level, cases in levels(question, masks):
        if known and question.distinct is Distinct.START:
            if starts is None:
                starts = {visit.start for visit in visits(replace(question, rank=Rank.EARLIEST))}
            if known >= starts:
                return
        for visit in _merged([_Search(question, level, case, masks, known) for case in cases]):
            known.add(visit.start)
            yield visit


def _key(visit: Visit) -> RankKey:
    return visit.key


class _Search:
    """The answers of one case, in order."""

    def __init__(self, question: Question, level: int, case: Case, masks: Masks, known: set[int]) -> None:
        self.question = question
        self.level = level
        self.case = case
        self.masks = masks
        self.known = known

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
        crew = Crew(self.question, starts)
        sides = Sides(self.question, lanes(self.question, starts), crew, self.known)
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
            [performer.id for performer in self.question.parts[part.part].performers].index(
                part.practitioner_id
            )
            for part in parts
        )
        first = (self.level, end, waiting)
        if self.question.rank is Rank.EARLIEST:
            first = (end, waiting, 0)
        elif self.question.rank is Rank.LEAST_WAITING:
            first = (waiting, end, 0)
        when = (*profiles, *((one.start, one.part, one.length) for one in times))
        return Visit(
            parts, end, waiting, team.people, team.cost, (*first, when, team.people, team.cost, order)
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
