"""From free time to the ticks at which each part can start."""

from dataclasses import dataclass, field

from clinic_scheduler.services import timelines
from clinic_scheduler.services.timelines import Interval, Timeline

from .question import Part, Performer, Place, Question

Lengths = tuple[tuple[int, Timeline], ...]  # the starts for each duration


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
        own, by_length = [], dict[int, Timeline]()
        known: dict[int, Timeline] = {}
        pattern: tuple[int, Interval | None] | None = None
        for performer in part.performers:
            duration = performer.duration
            if pattern != (duration, performer.gap):
                pattern = (duration, performer.gap)
                known = self._performers.setdefault((part.before, part.after, pattern), {})
            mask = known.get(performer.id.int)
            if mask is None:
                mask = known[performer.id.int] = performer_starts(part, performer)
            own.append((performer, mask))
            by_length[duration] = by_length.get(duration, 0) | mask
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
        return PartStarts(part, tuple(own), rooms, equipment, tuple(lengths))

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


def performer_starts(part: Part, performer: Performer) -> Timeline:
    """Starts at which the practitioner is free with buffers in one of the lanes, but for the gap."""
    mask = _lane_starts(part, performer, performer.free)
    for lane in performer.lanes:
        mask |= _lane_starts(part, performer, lane)
    return mask


def _lane_starts(part: Part, performer: Performer, free: Timeline) -> Timeline:
    if performer.gap is None:
        return timelines.starts(free, part.before + performer.duration + part.after) << part.before
    leaves, returns = performer.gap
    first = timelines.starts(free, part.before + leaves) << part.before
    return first & timelines.starts(free, performer.duration - returns + part.after) >> returns


def _union(masks: tuple[tuple[Place, Timeline], ...]) -> Timeline:
    union = 0
    for _place, mask in masks:
        union |= mask
    return union
