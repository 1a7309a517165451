"""What is asked of the search: services, who and what each needs, their order, waits and people.

All times are ticks of one span: minutes, or steps of the clinic's grid where every length is a multiple of it
(five times shorter integers).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import combinations, pairwise
from typing import NamedTuple
from uuid import UUID

from clinic_scheduler.services.times.timelines import Interval, Timeline

Pair = tuple[int, int]


class Rank(Enum):
    """What comes first; then in this order: end, waiting, and the times (see `visits.visits`)."""

    EARLIEST = "earliest"
    LEAST_WAITING = "least_waiting"
    FEWEST_PEOPLE = "fewest_people"
    PREFERRED = "preferred"


class Distinct(Enum):
    """What makes two answers different: the first start, any time, or also who performs."""

    START = "start"
    TIMES = "times"
    PEOPLE = "people"


class Performer(NamedTuple):
    """Who could perform a part. `gap` within the duration is the practitioner's own, not the patient's.

    `cost` is 0 for the preferred person and higher for others. Somebody who takes several people at once has further
    `lanes`: one of all lanes has to be free for the whole part. The same visit takes nobody twice at once.
    """

    id: UUID
    free: Timeline
    duration: int
    gap: Interval | None = None
    cost: int = 0
    lanes: tuple[Timeline, ...] = ()


Alike = tuple[UUID, Timeline, int, Interval | None, int, tuple[Timeline, ...]]


def performers(rows: Iterable[Alike]) -> tuple[Performer, ...]:
    """Performers of whole rows: their own constructor takes as long as finding their starts."""
    return tuple(map(_MADE, rows))


_MADE: Callable[[Alike], Performer] = partial(tuple.__new__, Performer)


@dataclass(frozen=True, slots=True)
class Place:
    """A room, or a piece of equipment; one for several at once is as many places."""

    id: UUID
    free: Timeline


@dataclass(frozen=True, slots=True)
class Part:
    """One service of the visit of person number `visitor`; it takes one of its rooms and one of its equipment.

    `None` means that it needs none, an empty tuple that there is none.
    """

    performers: tuple[Performer, ...]
    before: int = 0
    after: int = 0
    rooms: tuple[Place, ...] | None = None
    equipment: tuple[Place, ...] | None = None
    visitor: int = 0


class Wait(NamedTuple):
    """How long the patient may wait between two services, both ends included."""

    least: int = 0
    most: int = 30


@dataclass(frozen=True, slots=True)
class Question:
    """A visit of one person, or of several side by side.

    `order` holds pairs (earlier, later) of parts; none means free. `waits` holds the waits of pairs that follow
    each other, where they differ from `wait`: a wait counts from whatever of that person ends last. Parts of a
    pair in `together` may overlap, in one room if both need one. `same` and `different` are groups of parts with
    one practitioner, and with all different ones. `days` are the spans that a visit may not leave. Several
    people start within `apart` of each other; `None` means that their visits just overlap.

    A visit begins at a tick of `begin`. `dawns` are the first ticks of the local days: a visit belongs to the day on
    which it starts, and each gives at most `per_day` answers. Of performers alike the one comes first who on that day
    has the least `taken` (in all lanes), then whoever the part names first.
    """

    parts: tuple[Part, ...]
    days: tuple[Interval, ...]
    grid: Timeline
    order: frozenset[Pair] = frozenset()
    wait: Wait = field(default=Wait())
    waits: Mapping[Pair, Wait] = field(default_factory=dict)
    together: frozenset[Pair] = frozenset()
    same: tuple[frozenset[int], ...] = ()
    different: tuple[frozenset[int], ...] = ()
    visitors: tuple[Timeline, ...] = ()
    apart: int | None = 0
    rank: Rank = Rank.EARLIEST
    distinct: Distinct = Distinct.TIMES
    begin: Timeline = -1
    dawns: tuple[int, ...] = (0,)
    per_day: int | None = None
    taken: Mapping[UUID, tuple[Timeline, ...]] = field(default_factory=dict)

    def day(self, tick: int) -> int:
        """The number of the local day that a tick lies in."""
        return bisect_right(self.dawns, tick) - 1


def in_sequence(parts: Sequence[int]) -> frozenset[Pair]:
    """The order of parts that follow each other as listed."""
    return frozenset(pairwise(parts))


def nobody_twice(parts: Sequence[int]) -> tuple[frozenset[int], ...]:
    """The group that asks for all different practitioners."""
    return (frozenset(parts),)


def each_with_each(parts: Sequence[int]) -> frozenset[Pair]:
    """All pairs of parts, for `together`."""
    return frozenset(combinations(parts, 2))
