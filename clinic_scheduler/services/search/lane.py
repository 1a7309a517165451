"""One person's parts as sets: which part may follow which others, after what wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple
from uuid import UUID

from .masks import Lengths, PartStarts
from .question import Part, Performer, Place, Question, Wait

Done = int  # parts that are over or begun: bit i is the lane's i-th part


class Move(NamedTuple):
    """Beginning `part` when `done` are: `least` to `most` after the last end, by the loosest pair.

    `reach` is how long before that end it may begin while others still run; 0 where it may not.
    """

    part: int
    done: Done
    to: Done
    least: int
    most: int
    reach: int


Moves = tuple[tuple[Done, tuple[Move, ...]], ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One person's parts. `moves` lists each set of parts after all its subsets, the empty one first."""

    parts: tuple[int, ...]
    lengths: tuple[Lengths, ...]
    moves: Moves
    full: Done
    waits: tuple[tuple[Wait, ...], ...]
    partners: tuple[Done, ...]
    most_waiting: int
    longest: int


def lanes(question: Question, starts: Mapping[int, PartStarts]) -> list[Lane]:
    """One lane for each person."""
    persons = sorted({part.visitor for part in question.parts})
    numbers = [[n for n, part in enumerate(question.parts) if part.visitor == one] for one in persons]
    return [lane(question, own, starts) for own in numbers]


def lane(question: Question, numbers: Sequence[int], starts: Mapping[int, PartStarts]) -> Lane:
    """The lane of the parts with these numbers."""
    index = {number: at for at, number in enumerate(numbers)}
    earlier, partners = [0] * len(numbers), [0] * len(numbers)
    for one, other in question.order:
        if one in index and other in index:
            earlier[index[other]] |= 1 << index[one]
    for one, other in question.together:
        if one in index and other in index:
            partners[index[other]] |= 1 << index[one]
            partners[index[one]] |= 1 << index[other]
    waits = _waits(question, numbers, [starts[number].part for number in numbers])
    lengths = tuple(starts[number].lengths for number in numbers)
    lasting = tuple([max((length for length, _mask in one), default=0) for one in lengths])
    waiting = max([wait.most for row in waits for wait in row]) * (len(numbers) - 1)
    return Lane(
        tuple(numbers),
        lengths,
        _moves(tuple(earlier), tuple(partners), waits, lasting),
        (1 << len(numbers)) - 1,
        waits,
        tuple(partners),
        waiting,
        sum(lasting) + waiting,
    )


def _waits(question: Question, numbers: Sequence[int], parts: Sequence[Part]) -> tuple[tuple[Wait, ...], ...]:
    """The wait of each pair; where one practitioner or room has to serve both, at least their buffers."""
    rows = [[question.wait] * len(parts) for _ in parts]
    if question.waits:
        rows = [[question.waits.get((one, other), question.wait) for other in numbers] for one in numbers]
    only = [(_only(part.performers), _only(part.rooms or ())) for part in parts]
    if any(one or other for one, other in only):
        for (at, first), (to, second) in permutations(enumerate(only), 2):
            if any(one is not None and one == other for one, other in zip(first, second, strict=True)):
                wait, apart = rows[at][to], parts[at].after + parts[to].before
                rows[at][to] = Wait(max(wait.least, apart), wait.most)
    return tuple([tuple(row) for row in rows])


def _only(able: Sequence[Performer] | Sequence[Place]) -> UUID | None:
    """The one that has to be there from the first tick to the last."""
    if len(able) != 1 or (isinstance(able[0], Performer) and able[0].gap):
        return None
    return able[0].id


@lru_cache(maxsize=256)
def _moves(
    earlier: tuple[Done, ...],
    partners: tuple[Done, ...],
    waits: tuple[tuple[Wait, ...], ...],
    lasting: tuple[int, ...],
) -> Moves:
    layer, found = {0}, []
    while layer:
        following: set[Done] = set()
        for done in sorted(layer):
            moves = tuple(
                _move(part, done, earlier, partners, waits, lasting)
                for part in range(len(earlier))
                if not done >> part & 1 and earlier[part] & ~done == 0
            )
            found.append((done, moves))
            following.update(move.to for move in moves)
        layer = following
    return tuple(found)


def _move(
    part: int,
    done: Done,
    earlier: tuple[Done, ...],
    partners: tuple[Done, ...],
    waits: tuple[tuple[Wait, ...], ...],
    lasting: tuple[int, ...],
) -> Move:
    before = [one for one in range(len(earlier)) if done >> one & 1]
    last = [one for one in before if _may_end_last(one, before, earlier, partners)]
    return Move(
        part,
        done,
        done | 1 << part,
        min((waits[one][part].least for one in last), default=0),
        max((waits[one][part].most for one in last), default=0),
        max((lasting[one] for one in before if partners[part] >> one & 1), default=0),
    )


def _may_end_last(one: int, before: Sequence[int], earlier: Sequence[Done], partners: Sequence[Done]) -> bool:
    """Nothing that has to follow it is done, but for what may run beside it."""
    return not any(earlier[other] >> one & 1 and not partners[one] >> other & 1 for other in before)
