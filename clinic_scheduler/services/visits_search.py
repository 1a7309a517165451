"""The search for whole visits in a fixed order. Pure: timelines in, chains of starts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from . import timelines
from .timelines import Timeline


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practitioner, and the room where one is needed, with every minute at which both can start."""

    practitioner_id: UUID
    room_id: UUID | None
    duration_min: int
    price_cents: int
    starts: Timeline


@dataclass(frozen=True, slots=True)
class Step:
    """One service of the visit; buffers in minutes."""

    service_id: UUID
    buffer_before_min: int
    buffer_after_min: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A whole visit: a start and candidate for each step; `end` and `waiting` in minutes."""

    choices: tuple[tuple[int, Candidate], ...]
    end: int
    waiting: int


def earliest_visits(steps: Sequence[Step], max_wait: int, limit: int) -> tuple[Chain, ...]:
    """For each possible start the visit that ends earliest, then waits least; ordered by end, then start.

    Exact. At most `limit` starts are looked at, from the earliest.
    """
    reachable = _reachable(steps, max_wait)
    found = []
    for start in timelines.minutes(reachable[0]):
        best = _best(steps, reachable, max_wait, start)
        if best:
            found.append(best)
            if len(found) >= limit:
                break
    return tuple(sorted(found, key=lambda chain: (chain.end, chain.choices[0][0])))


def _reachable(steps: Sequence[Step], max_wait: int) -> list[Timeline]:
    """Starts of each step from which the rest can follow, apart from clashes within the visit itself."""
    after: Timeline | None = None
    result: list[Timeline] = []
    for step in reversed(steps):
        here = 0
        for candidate in step.candidates:
            possible = candidate.starts
            if after is not None:
                possible &= timelines.spread_back(after, max_wait) >> candidate.duration_min
            here |= possible
        result.append(here)
        after = here
    return result[::-1]


def _best(steps: Sequence[Step], reachable: Sequence[Timeline], max_wait: int, first: int) -> Chain | None:
    best: Chain | None = None

    def extend(chosen: tuple[tuple[int, Candidate], ...], end: int, waiting: int) -> None:
        nonlocal best
        if best is not None and (end, waiting) >= (best.end, best.waiting):
            return
        if len(chosen) == len(steps):
            best = Chain(chosen, end, waiting)
            return
        index = len(chosen)
        window = timelines.between(end, end + max_wait + 1) if chosen else timelines.between(first, first + 1)
        for start in timelines.minutes(reachable[index] & window):
            for candidate in steps[index].candidates:
                if candidate.starts >> start & 1 and _fits(steps, chosen, index, start, candidate):
                    extend(
                        (*chosen, (start, candidate)),
                        start + candidate.duration_min,
                        waiting + (start - end if chosen else 0),
                    )

    extend((), 0, 0)
    return best


def _fits(
    steps: Sequence[Step],
    chosen: Sequence[tuple[int, Candidate]],
    index: int,
    start: int,
    candidate: Candidate,
) -> bool:
    """Whether the practitioner and room are not still busy with an earlier part of the same visit."""
    for earlier, (began, other) in enumerate(chosen):
        free_from = began + other.duration_min + steps[earlier].buffer_after_min
        if start - steps[index].buffer_before_min >= free_from:
            continue
        if candidate.practitioner_id == other.practitioner_id or (
            candidate.room_id and candidate.room_id == other.room_id
        ):
            return False
    return True
