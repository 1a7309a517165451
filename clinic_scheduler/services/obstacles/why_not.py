"""Why a time is not free: everything that excludes a start, and what single change frees it.

Pure: ticks of a span in, reasons out. A time without reasons is free by the rule of `timelines.starts`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from clinic_scheduler.services.obstacles.excluded import (
    Cause,
    Diary,
    Layer,
    Length,
    Reason,
    excluded_by,
    excluded_starts,
)
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Timeline


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service with one practitioner; `None` for rooms or equipment means that it needs none.

    Starts before `now` are over, those before `notice` too soon, those from `horizon` on too far ahead.
    """

    practitioner: Diary
    length: Length
    is_eligible: bool = True
    rooms: tuple[Diary, ...] | None = None
    equipment: tuple[Diary, ...] | None = None
    patient: Diary | None = None
    now: int = 0
    notice: int = 0
    horizon: int | None = None

    def places(self) -> Iterator[tuple[Layer, tuple[Diary, ...]]]:
        """The kinds of places needed, with all that would do."""
        if self.rooms is not None:
            yield Layer.ROOM, self.rooms
        if self.equipment is not None:
            yield Layer.EQUIPMENT, self.equipment


@dataclass(frozen=True, slots=True)
class Answer:
    """`reasons` excludes the start, one by one; none means that it is free.

    `places` says for each room and piece of equipment what excludes it. Each of `changes` alone frees the start:
    undoing an appointment, hold, absence or closure wherever it takes time, or bending the rule.
    """

    reasons: tuple[Reason, ...]
    places: Mapping[UUID, tuple[Reason, ...]] = field(default_factory=dict)
    changes: tuple[Reason, ...] = ()


def why_not(wanted: Wanted, start: int) -> Answer:
    """Everything that excludes a start, and each single change that would free it."""
    reasons, places = _excluding(wanted, start)
    if not reasons:
        return Answer((), places)
    causes: dict[Cause, Reason] = {}
    for reason in (*reasons, *(one for found in places.values() for one in found)):
        causes.setdefault(reason.cause, reason)
    changes = tuple(
        reason
        for reason in causes.values()
        if _can_change(reason) and not _excluding(_without(wanted, reason, start), start)[0]
    )
    return Answer(tuple(reasons), places, changes)


def _can_change(reason: Reason) -> bool:
    return reason.layer is not Layer.OVER and (reason.resource_id is not None or reason.block is not None)


def _excluding(wanted: Wanted, start: int) -> tuple[list[Reason], dict[UUID, tuple[Reason, ...]]]:
    """The reasons, and those of each place."""
    reasons = [*_rules(wanted, start), *excluded_by(wanted.practitioner, wanted.length, start)]
    if wanted.patient is not None:
        reasons += [
            Reason(Layer.PATIENT, wanted.patient.id, reason.block)
            for reason in excluded_by(wanted.patient, wanted.length.of_patient, start)
        ]
    places: dict[UUID, tuple[Reason, ...]] = {}
    for layer, diaries in wanted.places():
        own = {diary.id: excluded_by(diary, wanted.length.of_place, start) for diary in diaries}
        places.update(own)
        if all(own.values()):
            reasons.append(Reason(layer))
    return reasons, places


def _rules(wanted: Wanted, start: int) -> list[Reason]:
    broken = {
        Layer.NOT_ELIGIBLE: not wanted.is_eligible,
        Layer.OVER: start < wanted.now,
        Layer.NOTICE: wanted.now <= start < wanted.notice,
        Layer.HORIZON: wanted.horizon is not None and start >= wanted.horizon,
    }
    return [Reason(layer, wanted.practitioner.id) for layer, is_broken in broken.items() if is_broken]


def _without(wanted: Wanted, reason: Reason, start: int) -> Wanted:
    """The same question with one thing changed."""
    rules: dict[Layer, Wanted] = {
        Layer.NOT_ELIGIBLE: replace(wanted, is_eligible=True),
        Layer.NOTICE: replace(wanted, notice=0),
        Layer.HORIZON: replace(wanted, horizon=None),
    }
    if reason.layer in rules:
        return rules[reason.layer]
    place = wanted.length.of_place
    return replace(
        wanted,
        practitioner=_freed(wanted.practitioner, reason, wanted.length, start),
        patient=wanted.patient and _freed(wanted.patient, reason, wanted.length.of_patient, start),
        rooms=wanted.rooms and tuple(_freed(one, reason, place, start) for one in wanted.rooms),
        equipment=wanted.equipment and tuple(_freed(one, reason, place, start) for one in wanted.equipment),
    )


def _freed(diary: Diary, reason: Reason, length: Length, start: int) -> Diary:
    if reason.block is None:
        is_own = diary.id == reason.resource_id
        return replace(diary, hours=diary.hours | timelines.of(length.needed(start))) if is_own else diary
    same = [block for block in diary.blocks if Reason(block.layer, diary.id, block).cause == reason.cause]
    if reason.block.what is None:
        same = same[:1]  # of two absences that look alike, ending one leaves the other
    return replace(
        diary, blocks=tuple(block for block in diary.blocks if not any(block is one for one in same))
    )


def layers_of_starts(wanted: Wanted, span: int) -> dict[Layer, Timeline]:
    """For each layer all starts of [0, span) that it excludes, to colour a whole day at once."""
    whole = timelines.between(0, span)
    last = span if wanted.horizon is None else wanted.horizon
    found = {
        Layer.NOT_ELIGIBLE: 0 if wanted.is_eligible else whole,
        Layer.OVER: whole & timelines.between(0, wanted.now),
        Layer.NOTICE: whole & timelines.between(wanted.now, wanted.notice),
        Layer.HORIZON: whole & timelines.between(last, span),
        **excluded_starts(wanted.practitioner, wanted.length, span),
    }
    if wanted.patient is not None:
        found[Layer.PATIENT] = _any_layer(wanted.patient, wanted.length.of_patient, span)
    for layer, diaries in wanted.places():
        found[layer] = whole
        for diary in diaries:
            found[layer] &= _any_layer(diary, wanted.length.of_place, span)
    return {layer: starts for layer, starts in found.items() if starts}


def _any_layer(diary: Diary, length: Length, span: int) -> Timeline:
    starts = 0
    for excluded in excluded_starts(diary, length, span).values():
        starts |= excluded
    return starts
