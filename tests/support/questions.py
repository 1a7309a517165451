"""Small random questions to the search, with one feature or several."""

from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from clinic_scheduler.services.search.question import (
    Distinct,
    Part,
    Performer,
    Place,
    Question,
    Rank,
    Wait,
    in_sequence,
)

SPAN = 14
WHOLE = (1 << SPAN) - 1
PEOPLE = [UUID(int=n) for n in range(1, 4)]
ROOMS = [UUID(int=n) for n in range(11, 14)]
MACHINES = [UUID(int=n) for n in range(21, 23)]
ORDERS = ("fixed", "free", "partly")
TIMELINES = st.integers(0, WHOLE).map(lambda taken: WHOLE & ~(taken & taken >> 3 & taken << 2))
WAITS = st.builds(lambda least, more: Wait(least, least + more), st.integers(0, 1), st.integers(0, 4))


@st.composite
def questions(
    draw: DrawFn,
    *,
    order: str = "fixed",
    most: int = 3,
    rooms: bool = False,
    equipment: bool = False,
    gaps: bool = False,
    together: bool = False,
    visitors: int = 1,
    costs: bool = False,
    groups: str = "",
    waits: bool = False,
    lanes: bool = False,
    turns: bool = False,
    per_day: bool = False,
    rank: SearchStrategy[Rank] = st.sampled_from([Rank.EARLIEST, Rank.LEAST_WAITING]),  # noqa: B008
) -> Question:
    free = {who: draw(TIMELINES) for who in (*PEOPLE, *ROOMS, *MACHINES)}
    count = draw(st.integers(max(1, visitors), most))
    parts = [
        draw(_parts(free, number % visitors, rooms=rooms, equipment=equipment, gaps=gaps, costs=costs))
        for number in range(count)
    ]
    if lanes:
        more = {who: draw(st.lists(TIMELINES, max_size=2).map(tuple)) for who in PEOPLE}
        parts = [
            replace(part, performers=tuple(one._replace(lanes=more[one.id]) for one in part.performers))
            for part in parts
        ]
    numbers = [[n for n in range(count) if parts[n].visitor == visitor] for visitor in range(visitors)]
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
    sequence = frozenset(pair for mine in numbers for pair in in_sequence(mine))
    half = draw(st.integers(1, SPAN - 1)) if draw(st.booleans()) else SPAN
    members = st.frozensets(st.integers(0, count - 1), min_size=min(2, count))
    group = (draw(members),) if groups else ()
    return Question(
        tuple(parts),
        days=tuple(day for day in ((0, half), (half, SPAN)) if day[0] < day[1]),
        grid=draw(st.sampled_from([WHOLE, 0x5555 & WHOLE])),
        order={
            "fixed": sequence,
            "free": frozenset[tuple[int, int]](),
            "partly": frozenset(list(sequence)[:1]),
        }[order],
        wait=draw(WAITS),
        waits=draw(st.dictionaries(st.sampled_from(pairs), WAITS, max_size=2)) if waits and pairs else {},
        together=frozenset(draw(st.lists(st.sampled_from(pairs), max_size=2)))
        if together and pairs
        else frozenset(),
        same=group if groups == "same" else (),
        different=group if groups == "different" else (),
        visitors=tuple(draw(TIMELINES) for _ in range(visitors)),
        apart=draw(st.sampled_from([0, 1, 3, None])) if visitors > 1 else 0,
        rank=draw(rank),
        distinct=draw(st.sampled_from(Distinct)),
        begin=draw(st.just(-1) | TIMELINES) if per_day else -1,
        dawns=(0, draw(st.integers(1, SPAN - 1))) if turns or per_day else (0,),
        taken={who: (draw(TIMELINES), draw(TIMELINES)) for who in PEOPLE} if turns else {},
        per_day=draw(st.none() | st.integers(1, 3)) if per_day else None,
    )


@st.composite
def _parts(
    draw: DrawFn,
    free: dict[UUID, int],
    visitor: int,
    *,
    rooms: bool,
    equipment: bool,
    gaps: bool,
    costs: bool,
) -> Part:
    performers = []
    for who in draw(st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1)):
        duration = draw(st.integers(1, 4)) + (2 if gaps else 0)
        gap = None
        if gaps and draw(st.booleans()):
            leaves = draw(st.integers(1, duration - 2))
            gap = (leaves, draw(st.integers(leaves + 1, duration - 1)))
        performers.append(Performer(who, free[who], duration, gap, draw(st.integers(0, 2)) if costs else 0))
    return Part(
        tuple(performers),
        draw(st.integers(0, 1)),
        draw(st.integers(0, 2)),
        draw(_places(ROOMS, free)) if rooms else None,
        draw(_places(MACHINES, free)) if equipment else None,
        visitor,
    )


def _places(some: list[UUID], free: dict[UUID, int]) -> SearchStrategy[tuple[Place, ...] | None]:
    chosen = st.lists(st.sampled_from(some), unique=True, min_size=1)
    return st.none() | chosen.map(lambda ids: tuple(Place(one, free[one]) for one in ids))
