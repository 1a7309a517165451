"""From free time to the ticks at which each part can start."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from operator import itemgetter, or_

from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Timeline

from .question import Part, Performer, Place, Question

Lengths = tuple[tuple[int, Timeline], ...]  # the starts for each duration
PATTERN = itemgetter(*map(Performer._fields.index, ("duration", "gap", "lanes")))
FREE = itemgetter(Performer._fields.index("free"))


@dataclass(frozen=True, slots=True)
class PartStarts:
    """The starts of one part: of each performer, of each room and equipment by duration, and of all together.

    The starts of performers, rooms and equipment do not yet look at each other; `lengths` does.
    """

    part: Part
    performers: tuple[tuple[Performer, Timeline], ...]
    rooms: dict[int, tuple[tuple[Place, Timeline], ...]]
    equipment: dict[int, tuple[tuple[Place, Timeline], ...]]
    lengths: Lengths


@dataclass(slots=True)
class Masks:
    """Starts computed once for each resource and pattern of a question."""

    question: Question
    _performers: dict[tuple[object, ...], dict[int, Timeline]] = field(default_factory=dict)
    _known: dict[tuple[int, int, int], Timeline] = field(default_factory=dict)

    def of(self, part: Part) -> PartStarts:
        """The starts of a part with the performers it has."""
        own, by_length = self._of_performers(part)
        rooms = {length: self._places(part, part.rooms, length) for length in by_length}
        equipment = {length: self._places(part, part.equipment, length) for length in by_length}
        lengths = []
        for length in sorted(by_length):
            mask = by_length[length] & self.question.grid
            if part.rooms is not None:
                mask &= _union(rooms[length])
            if part.equipment is not None:
                mask &= _union(equipment[length])
            if self.question.visitors:
                mask &= timelines.starts(self.question.visitors[part.visitor], length)
            if mask:
                lengths.append((length, mask))
        return PartStarts(
            part, tuple(zip(part.performers, own, strict=True)), rooms, equipment, tuple(lengths)
        )

    def _of_performers(self, part: Part) -> tuple[list[Timeline], dict[int, Timeline]]:
        """The starts of each performer, and of all together by duration."""
        found, by_length = list[Timeline](), dict[int, Timeline]()
        for pattern, group in groupby(part.performers, PATTERN):
            alike = list(group)
            masks = performers_starts(part, alike) if self._is_alone else self._known_starts(part, alike)
            found += masks
            by_length[pattern[0]] = reduce(or_, masks, by_length.get(pattern[0], 0))
        return found, by_length

    @property
    def _is_alone(self) -> bool:
        """Whether there is no other part that could ask for the same again."""
        return len(self.question.parts) == 1

    def _known_starts(self, part: Part, alike: Sequence[Performer]) -> list[Timeline]:
        known = self._performers.setdefault((part.before, part.after, PATTERN(alike[0])), {})
        ids = [performer.id.int for performer in alike]
        new = [performer for performer in alike if performer.id.int not in known] if known else alike
        if new:
            found = performers_starts(part, new)
            known |= zip([performer.id.int for performer in new], found, strict=True)
        return [known[one] for one in ids]

    def _places(
        self, part: Part, places: tuple[Place, ...] | None, length: int
    ) -> tuple[tuple[Place, Timeline], ...]:
        return tuple((place, self._place(part, place, length)) for place in places or ())

    def _place(self, part: Part, place: Place, length: int) -> Timeline:
        whole = part.before + length + part.after
        key = (place.id.int, part.before, whole)
        mask = self._known.get(key)
        if mask is None:
            mask = self._known[key] = timelines.starts(place.free, whole) << part.before
        return mask


def performers_starts(part: Part, alike: Sequence[Performer]) -> list[Timeline]:
    """Starts at which each is free with buffers, in one of the lanes, but for the gap; all have one pattern."""
    model = alike[0]
    masks = _lane_starts(part, model, map(FREE, alike))
    if not model.lanes:
        return masks
    further = reduce(or_, _lane_starts(part, model, model.lanes))
    return [mask | further for mask in masks]


def _lane_starts(part: Part, model: Performer, free: Iterable[Timeline]) -> list[Timeline]:
    before, after = part.before, part.after
    if model.gap is None:
        masks = timelines.starts_of_each(free, before + model.duration + after)
        return [mask << before for mask in masks] if before else masks
    free, (leaves, returns) = tuple(free), model.gap
    first = timelines.starts_of_each(free, before + leaves)
    then = timelines.starts_of_each(free, model.duration - returns + after)
    return [one << before & other >> returns for one, other in zip(first, then, strict=True)]


def _union(masks: tuple[tuple[Place, Timeline], ...]) -> Timeline:
    union = 0
    for _place, mask in masks:
        union |= mask
    return union
