"""When the following visits of a practitioner will really begin, after what has happened so far. Pure.

All times are whole minutes on one axis; intervals are half-open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit as it was agreed, and what is known of it.

    `before` and `after` are its buffers. In its `gap`, counted from the start, the practitioner is free for others.
    `began` and `ended` are when it really did, None as long as it did not.
    """

    id: UUID
    start: int
    end: int
    before: int = 0
    after: int = 0
    gap: Stretch | None = None
    began: int | None = None
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """When a visit begins and ends as far as can be told; `delay` is how much later than agreed it begins."""

    id: UUID
    start: int
    end: int
    delay: int


def expected(visits: Sequence[Planned], now: int) -> tuple[Expected, ...]:
    """The visits of one practitioner as they will be, in the order given.

    What began or ended stands as it was. What is to come takes, in the agreed order, the first time from the agreed one
    on at which the practitioner is free for it. Visits that were booked beside each other do not wait for each other.
    """
    found: dict[UUID, Stretch] = {}
    for visit in visits:
        if visit.began is not None or visit.ended is not None:
            found[visit.id] = _real(visit, now)
    facts = [visit for visit in visits if visit.id in found]
    coming = sorted((v for v in visits if v.id not in found), key=lambda v: (v.start, v.end, v.id))
    placed = list(facts)
    for visit in coming:
        taken = sorted(
            stretch
            for other in placed
            if not _overlap(
                _stretches(visit, visit.start, visit.end), _stretches(other, other.start, other.end)
            )
            for stretch in _stretches(other, *found[other.id])
        )
        start = _first_free(visit, max(visit.start, now), taken)
        found[visit.id] = start, start + visit.end - visit.start
        placed.append(visit)
    return tuple(Expected(v.id, *found[v.id], found[v.id][0] - v.start) for v in visits)


def _real(visit: Planned, now: int) -> Stretch:
    """When something that began really is, or was."""
    length = visit.end - visit.start
    began = visit.began if visit.began is not None else min(visit.start, visit.ended or visit.start)
    if visit.ended is not None:
        return began, max(visit.ended, began)
    return began, max(began + length, now)


def _stretches(visit: Planned, start: int, end: int) -> list[Stretch]:
    """When the practitioner is taken, if it goes from `start` to `end`."""
    parts = [(start - visit.before, end + visit.after)]
    if visit.gap is not None:
        leaves, returns = start + visit.gap[0], start + visit.gap[1]
        parts = [(start - visit.before, min(leaves, end)), (min(returns, end), end + visit.after)]
    return [part for part in parts if part[0] < part[1]]


def _first_free(visit: Planned, earliest: int, taken: Sequence[Stretch]) -> int:
    """The first start at which none of the visit's stretches meets one that is taken."""
    start = earliest
    while True:
        own = _stretches(visit, start, start + visit.end - visit.start)
        push = max(_pushes(own, taken), default=0)
        if not push:
            return start
        start += push


def _pushes(own: Sequence[Stretch], taken: Sequence[Stretch]) -> Iterator[int]:
    """By how much each clash moves the visit on: until that stretch is over."""
    for begin, end in own:
        for other_begin, other_end in taken:
            if begin < other_end and other_begin < end:
                yield other_end - begin


def _overlap(one: Sequence[Stretch], other: Sequence[Stretch]) -> bool:
    return any(
        begin < other_end and other_begin < end for begin, end in one for other_begin, other_end in other
    )
