"""Why a time is not free: which layers of a resource's time exclude a start, and what single change frees it.

Pure: ticks of a span in, reasons out. A time without reasons is free by the rule of `timelines.starts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from . import timelines
from .timelines import Interval, Timeline


class Layer(Enum):
    """What can stand in the way."""

    NOT_ELIGIBLE = "not_eligible"
    NOTICE = "notice"
    HORIZON = "horizon"
    HOURS = "hours"
    BREAK = "break"
    TIME_OFF = "time_off"
    CLOSURE = "closure"
    APPOINTMENT = "appointment"
    BUFFER = "buffer"
    HOLD = "hold"
    ROOM = "room"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Block:
    """Something that takes [start, end) out of a resource's hours; `busy` includes its buffers.

    `what` says which appointment, absence or session it is, `owner` whose hold and `until` when that ends.
    """

    layer: Layer
    start: int
    end: int
    busy: Interval | None = None
    what: UUID | None = None
    text: str = ""
    owner: str = ""
    until: int | None = None

    @property
    def taken(self) -> Interval:
        """All that it takes."""
        return self.busy or (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Diary:
    """The time of one resource: its hours as they are before breaks and absences, and all that is in them."""

    id: UUID
    hours: Timeline
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """How long a service takes a resource, in ticks; in `gap` the practitioner is free."""

    duration: int
    before: int = 0
    after: int = 0
    gap: Interval | None = None

    def attended(self, start: int) -> tuple[Interval, ...]:
        """When the resource is needed, without buffers."""
        if self.gap is None:
            return ((start, start + self.duration),)
        return ((start, start + self.gap[0]), (start + self.gap[1], start + self.duration))

    def needed(self, start: int) -> tuple[Interval, ...]:
        """When the resource is needed, with buffers."""
        pieces = self.attended(start)
        first, last = pieces[0][0] - self.before, pieces[-1][1] + self.after
        if len(pieces) == 1:
            return ((first, last),)
        return ((first, pieces[0][1]), (pieces[1][0], last))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that excludes a start. `block` is None for hours, notice, horizon and eligibility.

    For a room or equipment kind with nothing free there is one reason without a resource.
    """

    layer: Layer
    resource_id: UUID | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service with one practitioner; `None` for rooms or equipment means that it needs none.

    Starts before `notice` are too soon, those from `horizon` on too far ahead.
    """

    practitioner: Diary
    length: Length
    is_eligible: bool = True
    rooms: tuple[Diary, ...] | None = None
    equipment: tuple[Diary, ...] | None = None
    notice: int = 0
    horizon: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`reasons` excludes the start, one by one; none means that it is free.

    `places` says for each room and piece of equipment what excludes it. Each of `changes` alone frees the start.
    """

    reasons: tuple[Reason, ...]
    places: Mapping[UUID, tuple[Reason, ...]] = field(default_factory=dict)
    changes: tuple[Reason, ...] = ()


def why_not(wanted: Wanted, start: int) -> Answer:
    """Everything that excludes a start, and each single change that would free it."""
    reasons = [*_rules(wanted, start), *excluded_by(wanted.practitioner, wanted.length, start)]
    changes, places = list(reasons), dict[UUID, tuple[Reason, ...]]()
    # While the practitioner is away in a gap the patient stays, and so do the room and the equipment.
    whole = Length(wanted.length.duration, wanted.length.before, wanted.length.after)
    for layer, diaries in ((Layer.ROOM, wanted.rooms), (Layer.EQUIPMENT, wanted.equipment)):
        if diaries is None:
            continue
        own = {diary.id: excluded_by(diary, whole, start) for diary in diaries}
        places.update(own)
        if all(own.values()):
            reasons.append(Reason(layer))
            changes.extend(found[0] for found in own.values() if len(found) == 1)
    return Answer(tuple(reasons), places, tuple(changes) if len(reasons) == 1 else ())


def _rules(wanted: Wanted, start: int) -> list[Reason]:
    who, found = wanted.practitioner.id, []
    if not wanted.is_eligible:
        found.append(Reason(Layer.NOT_ELIGIBLE, who))
    if start < wanted.notice:
        found.append(Reason(Layer.NOTICE, who))
    if wanted.horizon is not None and start >= wanted.horizon:
        found.append(Reason(Layer.HORIZON, who))
    return found


def excluded_by(diary: Diary, length: Length, start: int) -> tuple[Reason, ...]:
    """What of one resource's time excludes a start, its hours first, then its blocks in their order."""
    needed, attended = length.needed(start), length.attended(start)
    found = []
    if any(first < 0 or timelines.between(first, last) & ~diary.hours for first, last in needed):
        found.append(Reason(Layer.HOURS, diary.id))
    for block in diary.blocks:
        if _meets(needed, block.taken):
            is_own_time = block.layer is not Layer.APPOINTMENT or _meets(attended, (block.start, block.end))
            found.append(Reason(block.layer if is_own_time else Layer.BUFFER, diary.id, block))
    return tuple(found)


def _meets(pieces: Sequence[Interval], other: Interval) -> bool:
    return any(first < other[1] and other[0] < last for first, last in pieces)


def excluded_starts(diary: Diary, length: Length, span: int) -> dict[Layer, Timeline]:
    """For each layer all starts of [0, span) that it excludes, to colour a whole day at once.

    Appointments and their buffers are told apart as in `excluded_by`.
    """
    needed, found = length.needed(0), dict[Layer, Timeline]()
    missing = timelines.between(0, span + length.duration + length.after) & ~diary.hours
    closed = timelines.between(0, min(length.before, span))
    for interval in timelines.intervals(missing):
        closed |= _starts_that_meet(needed, interval, span)
    found[Layer.HOURS] = closed
    for block in diary.blocks:
        starts = _starts_that_meet(needed, block.taken, span)
        if block.layer is Layer.APPOINTMENT:
            own = _starts_that_meet(length.attended(0), (block.start, block.end), span)
            found[Layer.BUFFER] = found.get(Layer.BUFFER, 0) | starts & ~own
            starts &= own
        found[block.layer] = found.get(block.layer, 0) | starts
    return {layer: starts for layer, starts in found.items() if starts}


def _starts_that_meet(pieces: Sequence[Interval], other: Interval, span: int) -> Timeline:
    """The starts of [0, span) from which a piece, counted from the start, overlaps the interval."""
    return timelines.of((other[0] - last + 1, min(other[1] - first, span)) for first, last in pieces)
