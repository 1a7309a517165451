"""On which days the sessions of a plan are best: exact over all days, practitioners, weekdays and times. Pure.

A set of days is one integer, bit d for the d-th day. What can follow a set of days is the set shifted by the gap, so a
whole plan is a few dozen shifts; costs split each set into one for every total.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Timeline

from .costs import Chain, Days, Link, cheapest, reach
from .steadiness import NO_COST, steadiest


class Aim(StrEnum):
    """What comes first in a proposal; then the days nearest to the ideal gaps, then the earliest end."""

    IDEAL = "ideal"
    EARLIEST = "earliest"
    FEWEST = "fewest"
    STEADIEST = "steadiest"


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who could give a session: bit `day * columns + column` of `starts` where it could begin.

    `length` is in columns, rounded up.
    """

    id: UUID
    starts: Timeline
    length: int = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """One session: who could give it when, and the days since the one before (of the first: since day 0)."""

    able: tuple[Able, ...]
    link: Link

    def only(self, team: frozenset[UUID]) -> "Stage":
        """The same with nobody but the team."""
        return replace(self, able=tuple(one for one in self.able if one.id in team))


@dataclass(frozen=True, slots=True)
class Question:
    """The sessions in order; `weekday` is that of day 0. Sessions come near the column `usual` of the day.

    With `few_people` as few practitioners as possible come before the aim.
    """

    stages: tuple[Stage, ...]
    days: int
    columns: int
    weekday: int = 0
    aim: Aim = Aim.IDEAL
    few_people: bool = False
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One session of an answer."""

    day: int
    column: int
    practitioner_id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """The best plan. `cost` is how many days it is away from the ideal ones in all; smaller keys are better.

    `steady` counts the sessions on the commonest weekday and time, where that was the aim.
    """

    chosen: tuple[Chosen, ...]
    cost: int
    steady: int
    key: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many practitioners it takes."""
        return len({one.practitioner_id for one in self.chosen})


def best(question: Question) -> Answer | None:
    """The best answer in the order of the aim; None where the gaps cannot be kept.

    IDEAL: cost, last day; EARLIEST: last day, its end, cost; FEWEST: practitioners, cost, last day; STEADIEST: sessions
    off the commonest weekday and time, cost, last day.
    """
    tables = _Tables(question.columns, question.days)
    found: _Days | None = None
    for team in _teams(question, tables):
        stages = tuple(stage.only(team) for stage in question.stages)
        days = _of_team(replace(question, stages=stages), tables, found)
        if days is not None and (found is None or days.key < found.key):
            found = days
    return None if found is None else _timed(found, tables)


def blocked(question: Question) -> int | None:
    """The first session that no day is left for, whatever the ones before it do; None where there is a plan."""
    tables = _Tables(question.columns, question.days)
    sets = reach(_chain(question, tables))
    return next((number for number, days in enumerate(sets) if not days), None)


@dataclass(slots=True)
class _Tables:
    """Days on which something begins, computed once for each set of starts."""

    columns: int
    days: int
    _days: dict[Timeline, Days] = field(default_factory=dict)
    _texts: dict[Timeline, str] = field(default_factory=dict)

    def days_of(self, starts: Timeline) -> Days:
        if starts not in self._days:
            text = self._text(starts)
            width = self.columns
            bits = ("1" if "1" in text[at : at + width] else "0" for at in range(0, len(text), width))
            self._days[starts] = int("".join(bits)[::-1], 2)
        return self._days[starts]

    def by_column(self, starts: Timeline) -> list[Days]:
        """The days on which it could begin at each column."""
        text = self._text(starts)
        return [int(text[column :: self.columns][::-1], 2) for column in range(self.columns)]

    def at(self, starts: Timeline, day: int) -> Timeline:
        """The columns of a day at which it could begin."""
        return starts >> day * self.columns & ((1 << self.columns) - 1)

    def _text(self, starts: Timeline) -> str:
        """The bits, the lowest first."""
        if starts not in self._texts:
            self._texts[starts] = format(starts, f"0{self.columns * self.days}b")[::-1]
        return self._texts[starts]


def _union(stage: Stage) -> Timeline:
    starts = 0
    for one in stage.able:
        starts |= one.starts
    return starts


def _chain(question: Question, tables: _Tables) -> Chain:
    return tuple((stage.link, tables.days_of(_union(stage))) for stage in question.stages)


def _teams(question: Question, tables: _Tables) -> Iterator[frozenset[UUID]]:
    """Everybody, or all the smallest teams that can give the plan."""
    ids = sorted({one.id for stage in question.stages for one in stage.able})
    if not (question.few_people or question.aim is Aim.FEWEST):
        yield frozenset(ids)
        return
    days = [{one.id: tables.days_of(one.starts) for one in stage.able} for stage in question.stages]
    if not _is_possible(question, days, ids):
        return
    # Whoever alone can give a session belongs to every team.
    needed = frozenset(next(iter(of)) for of in days if len(of) == 1)
    others = [one for one in ids if one not in needed]
    for size in range(max(1, len(needed)), len(ids) + 1):
        teams = [needed.union(some) for some in combinations(others, size - len(needed))]
        able = [team for team in teams if _is_possible(question, days, team)]
        if able:
            yield from able
            return


def _is_possible(
    question: Question, days: Sequence[dict[UUID, Days]], team: Sequence[UUID] | frozenset[UUID]
) -> bool:
    chain = []
    for stage, of in zip(question.stages, days, strict=True):
        able = 0
        for one in team:
            able |= of.get(one, 0)
        if not able:
            return False
        chain.append((stage.link, able))
    return bool(reach(tuple(chain))[-1])


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of the best plan with the people in a question; the steady column where that is the aim."""

    question: Question
    days: tuple[int, ...]
    cost: int
    key: tuple[int, ...]
    steady: int = 0
    column: int | None = None


def _of_team(question: Question, tables: _Tables, known: _Days | None) -> _Days | None:
    """The best days with everybody in the question; perhaps none, where it is no better than what is known."""
    chain = _chain(question, tables)
    last = reach(chain)[-1]
    if not last:
        return None
    people = len({one.id for stage in question.stages for one in stage.able})
    first = (people,) if question.few_people or question.aim is Aim.FEWEST else ()
    if question.aim is Aim.STEADIEST:
        columns = [tables.by_column(_union(stage)) for stage in question.stages]
        limit = (known.steady, known.cost) if known else (0, NO_COST)
        found = steadiest(chain, columns, question.weekday, question.usual, limit)
        if found is None:
            return None
        key = (*first, len(found.days) - found.count, found.cost, found.days[-1])
        return _Days(question, found.days, found.cost, key, found.count, found.column)
    if question.aim is Aim.EARLIEST:
        day = (last & -last).bit_length() - 1
        chain = (*chain[:-1], (chain[-1][0], 1 << day))
    cost, days = cheapest(chain)
    if question.aim is Aim.EARLIEST:
        end, *_rest = _soonest(question, tables, days[-1])
        return _Days(question, days, cost, (*first, days[-1], end, cost))
    return _Days(question, days, cost, (*first, cost, days[-1]))


def _timed(found: _Days, tables: _Tables) -> Answer:
    """A time and a practitioner on each day: the steady time, else whoever gave the session before, near its time."""
    question, steady, chosen = found.question, found.column, list[Chosen]()
    usual = question.usual if steady is None else steady
    for stage, day in zip(question.stages, found.days, strict=True):
        options = [
            (
                column != steady and steady is not None,
                bool(chosen) and one.id != chosen[-1].practitioner_id,
                abs(column - usual) if usual is not None else 0,
                column,
                place,
            )
            for place, one in enumerate(stage.able)
            for column in timelines.minutes(tables.at(one.starts, day))
        ]
        *_, column, place = min(options)
        chosen.append(Chosen(day, column, stage.able[place].id))
        usual = column if usual is None else usual
    if question.aim is Aim.EARLIEST:
        _end, column, who = _soonest(question, tables, found.days[-1])
        chosen[-1] = Chosen(found.days[-1], column, who)
    return Answer(tuple(chosen), found.cost, found.steady, found.key)


def _soonest(question: Question, tables: _Tables, day: int) -> tuple[int, int, UUID]:
    """What ends first of the last session on its day: the end, the column, and with whom."""
    able = question.stages[-1].able
    ends = [
        (column + one.length, place, column)
        for place, one in enumerate(able)
        for column in timelines.minutes(tables.at(one.starts, day))
    ]
    end, place, column = min(ends)
    return end, column, able[place].id
