"""What of one resource's time excludes a start: its hours, what shuts it, and who has it already. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Interval, Timeline

Cause = tuple[object, ...]


class Layer(Enum):
    """What can stand in the way."""

    NOT_ELIGIBLE = "not_eligible"
    OVER = "over"
    NOTICE = "notice"
    HORIZON = "horizon"
    HOURS = "hours"
    BREAK = "break"
    TIME_OFF = "time_off"
    CLOSURE = "closure"
    APPOINTMENT = "appointment"
    BUFFER = "buffer"
    HOLD = "hold"
    BLOCKED = "blocked"
    PATIENT = "patient"
    ROOM = "room"
    EQUIPMENT = "equipment"


@dataclass(frozen=True, slots=True)
class Block:
    """Something that takes [start, end) out of a resource's hours; `busy` includes its buffers.

    `what` says which appointment, session or absence it is, `owner` whose hold and `until` when that ends. It
    takes one `lane`, or in lane 0 the whole resource.
    """

    layer: Layer
    start: int
    end: int
    busy: Interval | None = None
    what: UUID | None = None
    text: str = ""
    owner: str = ""
    until: int | None = None
    lane: int = 0

    @property
    def taken(self) -> Interval:
        """All that it takes."""
        return self.busy or (self.start, self.end)


@dataclass(frozen=True, slots=True)
class Diary:
    """The time of one resource: its hours as they are before breaks and absences, and all that is in them.

    `capacity` is its number of lanes; overlaps that somebody accepted stand in the first.
    """

    id: UUID
    hours: Timeline
    blocks: tuple[Block, ...] = ()
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Length:
    """How long a service takes a resource, in ticks; in `gap` the practitioner is free."""

    duration: int
    before: int = 0
    after: int = 0
    gap: Interval | None = None

    @property
    def of_place(self) -> "Length":
        """How long it takes a room: while the practitioner is away, the patient stays."""
        return Length(self.duration, self.before, self.after)

    @property
    def of_patient(self) -> "Length":
        """How long it takes the patient, who needs no buffers."""
        return Length(self.duration)

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

    @property
    def cause(self) -> Cause:
        """What would have to change: the same for all that one appointment, hold or closure takes."""
        if self.block is None:
            return (self.layer, self.resource_id)
        block = self.block
        if block.what is not None:
            return (block.layer, block.what)
        owner = None if block.layer is Layer.CLOSURE else self.resource_id
        return (block.layer, owner, block.start, block.end, block.text)


def excluded_by(diary: Diary, length: Length, start: int) -> tuple[Reason, ...]:
    """What of one resource's time excludes a start, its hours first, then its blocks in their order."""
    needed, attended = length.needed(start), length.attended(start)
    found = []
    if any(first < 0 or timelines.between(first, last) & ~diary.hours for first, last in needed):
        found.append(Reason(Layer.HOURS, diary.id))
    meeting = [block for block in diary.blocks if _meets(needed, block.taken)]
    is_taken = _is_taken(meeting, diary.capacity)
    for block in meeting:
        if is_taken or not block.lane:
            is_own_time = block.layer is not Layer.APPOINTMENT or _meets(attended, (block.start, block.end))
            found.append(Reason(block.layer if is_own_time else Layer.BUFFER, diary.id, block))
    return tuple(found)


def _meets(pieces: Sequence[Interval], other: Interval) -> bool:
    return any(first < other[1] and other[0] < last for first, last in pieces)


def _is_taken(meeting: Sequence[Block], capacity: int) -> bool:
    """Whether no lane is free throughout."""
    return {block.lane for block in meeting}.issuperset(range(1, capacity + 1))


def excluded_starts(diary: Diary, length: Length, span: int) -> dict[Layer, Timeline]:
    """For each layer all starts of [0, span) that it excludes, told apart as in `excluded_by`."""
    needed, found = length.needed(0), dict[Layer, Timeline]()
    missing = timelines.between(0, span + length.duration + length.after) & ~diary.hours
    closed = timelines.between(0, min(length.before, span))
    for interval in timelines.intervals(missing):
        closed |= _starts_that_meet(needed, interval, span)
    found[Layer.HOURS] = closed
    taken = _taken_starts(diary, needed, span)
    for block in diary.blocks:
        starts = _starts_that_meet(needed, block.taken, span)
        if block.lane:
            starts &= taken
        if block.layer is Layer.APPOINTMENT:
            own = _starts_that_meet(length.attended(0), (block.start, block.end), span)
            found[Layer.BUFFER] = found.get(Layer.BUFFER, 0) | starts & ~own
            starts &= own
        found[block.layer] = found.get(block.layer, 0) | starts
    return {layer: starts for layer, starts in found.items() if starts}


def _taken_starts(diary: Diary, needed: Sequence[Interval], span: int) -> Timeline:
    """The starts for which no lane is free throughout."""
    taken = timelines.between(0, span)
    for lane in range(1, diary.capacity + 1):
        hit = 0
        for block in diary.blocks:
            if block.lane == lane:
                hit |= _starts_that_meet(needed, block.taken, span)
        taken &= hit
    return taken


def _starts_that_meet(pieces: Sequence[Interval], other: Interval, span: int) -> Timeline:
    """The starts of [0, span) from which a piece, counted from the start, overlaps the interval."""
    return timelines.of((other[0] - last + 1, min(other[1] - first, span)) for first, last in pieces)
