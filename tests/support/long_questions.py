"""Random questions to the search with many services in a short span; each has at least one answer."""

from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from clinic_scheduler.services.search.question import (
    Part,
    Performer,
    Place,
    Question,
    Rank,
    Wait,
    in_sequence,
)
from clinic_scheduler.services.times import timelines
from tests.support.questions import PEOPLE, ROOMS

PATIENT = UUID(int=99)


@dataclass
class _Plan:
    """A visit that is possible, and the ticks that it needs of everybody."""

    needed: dict[UUID, int] = field(default_factory=dict)

    def need(self, who: UUID, start: int, end: int) -> None:
        self.needed[who] = self.needed.get(who, 0) | timelines.between(start, end)


@st.composite
def long_questions(draw: DrawFn, count: int, *, order: str = "fixed", rooms: bool = False) -> Question:
    """One visit is put together first; beside it some time is free.

    Chains are two: each half of that visit in its order, however they mix.
    """
    span, sequence = 3 * count + 4, list(range(count))
    walk = sequence if order == "fixed" else draw(st.permutations(sequence))
    plan, parts = _Plan(), dict[int, Part]()
    at = draw(st.integers(0, 2))
    for number in walk:
        part = parts[number] = draw(_parts(rooms=rooms))
        end = at + part.performers[0].duration
        plan.need(part.performers[0].id, at, end + part.after)
        plan.need(PATIENT, at, end)
        for room in (part.rooms or ())[:1]:
            plan.need(room.id, at, end + part.after)
        at = end + draw(st.integers(part.after, 1))
    half = count // 2
    pairs = {
        "fixed": in_sequence(sequence),
        "chains": in_sequence(walk[:half]) | in_sequence(walk[half:]),
        "free": in_sequence(()),
    }
    wait, rank = Wait(0, draw(st.integers(1, 2))), draw(st.sampled_from(Rank))
    more = {who: draw(_some(span)) for who in (*PEOPLE, *ROOMS, PATIENT)}
    free = {who: plan.needed.get(who, 0) | ticks for who, ticks in more.items()}
    return Question(
        tuple(_with(parts[number], free) for number in sequence),
        days=((0, span),),
        grid=timelines.between(0, span),
        order=pairs[order],
        wait=wait,
        visitors=(free[PATIENT],),
        rank=rank,
    )


@st.composite
def _some(draw: DrawFn, span: int) -> int:
    """Some ticks, never nearly all of them."""
    taken = draw(st.sets(st.integers(0, span - 1), min_size=span // 4, max_size=span // 2))
    return timelines.between(0, span) & ~sum(1 << tick for tick in taken)


@st.composite
def _parts(draw: DrawFn, *, rooms: bool) -> Part:
    who = draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1, max_size=2))
    performers = [Performer(one, 0, draw(st.integers(1, 2)), cost=draw(st.integers(0, 1))) for one in who]
    places = st.lists(st.sampled_from(ROOMS), unique=True, min_size=1, max_size=2)
    chosen = draw(st.none() | places) if rooms else None
    return Part(
        tuple(performers),
        after=draw(st.integers(0, 1)),
        rooms=None if chosen is None else tuple(Place(one, 0) for one in chosen),
    )


def _with(part: Part, free: dict[UUID, int]) -> Part:
    return Part(
        tuple(one._replace(free=free[one.id]) for one in part.performers),
        after=part.after,
        rooms=None if part.rooms is None else tuple(Place(one.id, free[one.id]) for one in part.rooms),
    )
