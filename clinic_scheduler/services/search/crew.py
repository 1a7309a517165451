"""Who and which rooms can take given times: exact, smallest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from clinic_scheduler.services.times.timelines import Interval

from .masks import PartStarts
from .question import Performer, Place, Question
from .turns import Turns

Able = Sequence[Performer] | Sequence[Place]


class Placed(NamedTuple):
    """A part of the question at its time."""

    part: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who performs each part, in the order given; `people` counts the different ones."""

    people: int
    cost: int
    performers: tuple[Performer, ...]


class Limits(NamedTuple):
    """Exactly so many different people at exactly this cost; what the parts from each on may still cost."""

    people: int
    cost: int
    least: tuple[int, ...]
    most: tuple[int, ...]

    @staticmethod
    def of(able: Sequence[Sequence[tuple[Performer, int]]], people: int, cost: int) -> "Limits":
        """The limits for choosing one of each."""
        least, most = [0], [0]
        for who in reversed(able):
            costs = [performer.cost for performer, _bit in who]
            least.append(least[-1] + min(costs))
            most.append(most[-1] + max(costs))
        return Limits(people, cost, tuple(reversed(least)), tuple(reversed(most)))

    def allow(self, at: int, used: int, cost: int) -> bool:
        """Whether they can still be met with these people for the parts up to `at`."""
        count, parts = used.bit_count(), len(self.least) - 1
        return (
            count <= self.people <= count + parts - at - 1
            and self.least[at + 1] <= self.cost - cost <= self.most[at + 1]
        )


class Crew:
    """Hands out practitioners, rooms and equipment to times of the parts."""

    def __init__(self, question: Question, starts: Mapping[int, PartStarts], turns: Turns) -> None:
        self.question = question
        self.starts = starts
        self.turns = turns
        self._together = {frozenset(pair) for pair in question.together}
        self._able: dict[Placed, list[tuple[Performer, int]]] = {}
        self._bits: dict[int, int] = {}
        self._plain = not question.same and not question.different
        self._buffers = {number: (one.part.before, one.part.after) for number, one in starts.items()}

    def can_take(self, placed: Sequence[Placed]) -> bool:
        """Whether the last of these times can be taken beside the others."""
        *others, new = placed
        near = [one for one in others if self._are_near(one, new)]
        if self._plain and (not near or self._is_free_of(new, near)):
            return True
        return next(self._who(placed), None) is not None and self.places(placed) is not None

    def _is_free_of(self, new: Placed, near: Sequence[Placed]) -> bool:
        """Somebody can take it who cannot take what is near, and it takes no place."""
        part = self.starts[new.part].part
        taken = 0
        for one in near:
            for _performer, bit in self._performers(one):
                taken |= bit
        is_anywhere = part.rooms is None and part.equipment is None
        return is_anywhere and any(not taken & bit for _performer, bit in self._performers(new))

    def teams(self, placed: Sequence[Placed], people: int | None = None) -> Iterator[Team]:
        """Every team, the smallest first, then the cheapest, then in turn.

        `people` asks for exactly so many.
        """
        able = [self._performers(one) for one in placed]
        costs = {0}
        for who in able:
            own = {performer.cost for performer, _bit in who}
            costs = {cost + more for cost in costs for more in own}
        for count in [people] if people else range(_least(able), len(placed) + 1):
            for cost in sorted(costs):
                for team in self._who(placed, Limits.of(able, count, cost)):
                    yield Team(count, cost, team)

    def places(
        self, placed: Sequence[Placed]
    ) -> tuple[tuple[UUID | None, ...], tuple[UUID | None, ...]] | None:
        """The first rooms and pieces of equipment for these times, or None if there are not enough."""
        rooms = self._rooms(placed)
        equipment = self._equipment(placed) if rooms is not None else None
        return None if rooms is None or equipment is None else (rooms, equipment)

    def _performers(self, one: Placed) -> list[tuple[Performer, int]]:
        """Who can, in turn, each with the bit that stands for that person."""
        able = self._able.get(one)
        if able is None:
            bits = self._bits
            able = [
                (performer, bits.setdefault(performer.id.int, 1 << len(bits)))
                for performer, mask in self.starts[one.part].performers
                if performer.duration == one.length and mask >> one.start & 1
            ]
            if len(able) > 1 and self.question.taken:
                places = self.turns.of(one.part, one.start)
                able.sort(key=lambda who: places[who[0].id.int])
            self._able[one] = able
        return able

    def _are_near(self, one: Placed, other: Placed) -> bool:
        """Whether they overlap, buffers included."""
        before, after = self._buffers[one.part]
        other_before, other_after = self._buffers[other.part]
        return (
            one.start - before < other.start + other.length + other_after
            and other.start - other_before < one.start + one.length + after
        )

    def _who(self, placed: Sequence[Placed], limits: Limits | None = None) -> Iterator[tuple[Performer, ...]]:
        """Performers without a clash, within limits."""
        able = [self._performers(one) for one in placed]

        def choose(
            chosen: tuple[tuple[Performer, int], ...], used: int, cost: int
        ) -> Iterator[tuple[Performer, ...]]:
            at = len(chosen)
            if at == len(able):
                yield tuple([performer for performer, _bit in chosen])
                return
            for one in able[at]:
                performer, bit = one
                grown, more = used | bit, cost + performer.cost
                if (limits is None or limits.allow(at, grown, more)) and self._fits(placed, chosen, one):
                    yield from choose((*chosen, one), grown, more)

        return choose((), 0, 0)

    def _fits(
        self, placed: Sequence[Placed], chosen: Sequence[tuple[Performer, int]], one: tuple[Performer, int]
    ) -> bool:
        performer, bit = one
        new = placed[len(chosen)]
        for before, (other, other_bit) in zip(placed, chosen, strict=False):
            is_same = bit == other_bit
            if is_same and self._are_near(before, new) and self._is_busy_twice(before, other, new, performer):
                return False
            if not self._plain and not self._is_as_wished(before.part, new.part, is_same=is_same):
                return False
        return True

    def _is_as_wished(self, one: int, other: int, *, is_same: bool) -> bool:
        unwished = self.question.different if is_same else self.question.same
        return not any(one in group and other in group for group in unwished)

    def _is_busy_twice(self, one: Placed, first: Performer, other: Placed, second: Performer) -> bool:
        return any(
            start < other_end and other_start < end
            for start, end in self._busy(one, first)
            for other_start, other_end in self._busy(other, second)
        )

    def _busy(self, one: Placed, performer: Performer) -> tuple[Interval, ...]:
        before, after = self._buffers[one.part]
        start, end = one.start - before, one.start + one.length + after
        if performer.gap is None:
            return ((start, end),)
        leaves, returns = performer.gap
        return ((start, one.start + leaves), (one.start + returns, end))

    def _rooms(self, placed: Sequence[Placed]) -> tuple[UUID | None, ...] | None:
        able = []
        for one in placed:
            starts = self.starts[one.part]
            able.append(
                None
                if starts.part.rooms is None
                else [room.id for room, mask in starts.rooms[one.length] if mask >> one.start & 1]
            )
        return self._first(placed, able, is_shared=True)

    def _equipment(self, placed: Sequence[Placed]) -> tuple[UUID | None, ...] | None:
        able = []
        for one in placed:
            starts = self.starts[one.part]
            able.append(
                None
                if starts.part.equipment is None
                else [piece.id for piece, mask in starts.equipment[one.length] if mask >> one.start & 1]
            )
        return self._first(placed, able, is_shared=False)

    def _first(
        self, placed: Sequence[Placed], able: Sequence[Sequence[UUID] | None], *, is_shared: bool
    ) -> tuple[UUID | None, ...] | None:
        """The first choice without a clash; what overlaps at one patient shares its room."""

        def choose(chosen: tuple[UUID | None, ...]) -> tuple[UUID | None, ...] | None:
            if len(chosen) == len(placed):
                return chosen
            new, options = placed[len(chosen)], able[len(chosen)]
            for place in [None] if options is None else options:
                if place is None or all(
                    other is None or self._share(one, new, is_same=other == place, is_shared=is_shared)
                    for one, other in zip(placed, chosen, strict=False)
                ):
                    found = choose((*chosen, place))
                    if found is not None:
                        return found
            return None

        return choose(())

    def _share(self, one: Placed, other: Placed, *, is_same: bool, is_shared: bool) -> bool:
        if not self._are_near(one, other):
            return True
        if is_shared and frozenset((one.part, other.part)) in self._together:
            is_beside = one.start < other.start + other.length and other.start < one.start + one.length
            return is_same if is_beside else not is_same
        return not is_same


def _least(able: Sequence[Sequence[tuple[Performer, int]]]) -> int:
    """So many parts have nobody in common: no team is smaller."""
    count, taken = 0, 0
    for who in able:
        bits = 0
        for _performer, bit in who:
            bits |= bit
        if not bits & taken:
            count += 1
            taken |= bits
    return count
