"""What a wish splits into: each case narrows the performers, so that its sets say more.

`FEWEST_PEOPLE` asks for one practitioner, then every two, and so on; `PREFERRED` for each total cost; a group
with the same practitioner for each who could be it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

from clinic_scheduler.services.times.timelines import Timeline

from .lane import lanes
from .masks import Masks
from .question import Part, Question, Rank
from .teams import Teams


@dataclass(frozen=True, slots=True)
class Case:
    """The parts with fewer performers; `people`, if not 0, is how many of them have to take part.

    Nothing of it ends before `first_end`.
    """

    parts: tuple[Part, ...]
    people: int = 0
    first_end: int = 0


def levels(question: Question, masks: Masks) -> Iterator[tuple[int, tuple[Case, ...]]]:
    """The cases of each value of the rank's first figure (0 where that is a time), smallest first."""
    same = _of_same(question)
    if question.rank is Rank.FEWEST_PEOPLE:
        for people in range(1, len(question.parts) + 1):
            found = [case for parts in same for case in _of_people(question, parts, people, masks)]
            yield people, tuple(found)
    elif question.rank is Rank.PREFERRED:
        by_cost: dict[int, list[Case]] = defaultdict(list)
        for parts in same:
            for cost, case in _of_cost(parts):
                by_cost[cost].append(case)
        yield from ((cost, tuple(by_cost[cost])) for cost in sorted(by_cost))
    else:
        yield 0, tuple(Case(parts) for parts in same)


def _of_same(question: Question) -> list[tuple[Part, ...]]:
    found = [question.parts]
    for group in question.same:
        found = [
            narrowed
            for parts in found
            for who in sorted(set.intersection(*({p.id for p in parts[n].performers} for n in group)))
            if (narrowed := _only(parts, {who}, group)) is not None
        ]
    return found


def _only(parts: tuple[Part, ...], who: set[UUID], numbers: frozenset[int]) -> tuple[Part, ...] | None:
    narrowed = tuple(
        replace(part, performers=tuple(p for p in part.performers if p.id in who))
        if number in numbers
        else part
        for number, part in enumerate(parts)
    )
    return narrowed if all(part.performers for part in narrowed) else None


def _of_people(question: Question, parts: tuple[Part, ...], people: int, masks: Masks) -> Iterator[Case]:
    """Every set of so many practitioners that can share the parts."""
    starts = {number: masks.of(part) for number, part in enumerate(parts)}
    teams, everyone = Teams(starts), frozenset(range(len(parts)))
    chosen: dict[int, Timeline] = {0: 0}
    for one in lanes(question, starts):
        grown: dict[int, Timeline] = {}
        for (team, ends), (other, others) in product(chosen.items(), teams.of(one, people).items()):
            if (team | other).bit_count() <= people:
                grown[team | other] = grown.get(team | other, 0) | ends | others
        chosen = grown
    for team, ends in chosen.items():
        if team.bit_count() == people:
            narrowed = _only(parts, teams.ids(team), everyone)
            if narrowed is not None:
                yield Case(narrowed, people, (ends & -ends).bit_length() - 1)


def _of_cost(parts: tuple[Part, ...]) -> Iterator[tuple[int, Case]]:
    costs = [sorted({p.cost for p in part.performers}) for part in parts]
    for chosen in product(*costs):
        narrowed = tuple(
            replace(part, performers=tuple(p for p in part.performers if p.cost == cost))
            for part, cost in zip(parts, chosen, strict=True)
        )
        yield sum(chosen), Case(narrowed)
