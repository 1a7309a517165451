"""Visits of three to five services over fourteen days: the earliest and the one that waits least."""

import ctypes
import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from itertools import permutations
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from benchmarks import _book_chains, _compiled
from benchmarks._book import KINDS, book
from benchmarks._diaries import BUSY, DAY_MIN, PRACTITIONERS, QUIET, STEP, Wanted, diaries, wishes
from clinic_scheduler.services.search.question import Part, Performer, Question, Rank, Wait, in_sequence
from clinic_scheduler.services.search.visits import best
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.timelines import Timeline

DAYS, LONGEST_WAIT_MIN, ROUNDS, PEOPLE = 14, 30, 5, 10
TICKS = DAY_MIN // STEP
WORLDS = {"full": (BUSY, "2e184b012adfacd9"), "quiet": (QUIET, "ec875c03fa09d324")}
RANKS = (Rank.EARLIEST, Rank.LEAST_WAITING)
Value = list[int] | None  # day, end, waiting, in minutes
Solve = Callable[[Sequence[Wanted], Rank], Value]


def run(rows: int) -> dict[str, Any]:
    """The digests are those of trying every chain; the free order is checked against every permutation in C.

    Then the same through the database, in a book of so many appointments.
    """
    library = _compiled.load()
    cases, is_right = [], True
    for name, (fill, digest) in WORLDS.items():
        world = diaries(fill)
        masks = [world.timeline(practitioner, DAYS, STEP) for practitioner in range(PRACTITIONERS)]
        floor = _chain(library, masks)
        asked = wishes()
        answers = [
            [len(wish), number % 20, *(_answer(wish, masks, rank) for rank in RANKS)]
            for number, wish in enumerate(asked)
        ]
        is_right &= hashlib.sha256(json.dumps(answers).encode()).hexdigest()[:16] == digest
        if library:
            is_right &= all(
                _answer(wish, masks, rank, is_free=True) == _of_all_orders(floor, wish, rank)
                for wish in asked
                for rank in RANKS
            )
        for size in (3, 4, 5):
            some = [wish for wish in asked if len(wish) == size]
            cases += _cases(f"{name}, {size}", some, masks, floor)
    for kind in KINDS:
        with book(kind, rows) as made:
            found, is_best = _book_chains.cases(made, partial(_chain, library))
            cases, is_right = [*cases, *found], is_right and is_best
    is_fast = all(case["product"] <= case["goal"] for case in cases)
    return {"name": "chains", "cases": cases, "ok": is_right and is_fast}


def _cases(
    name: str, some: list[tuple[Wanted, ...]], masks: list[Timeline], floor: Solve
) -> list[dict[str, Any]]:
    """For one rank after the other: the typical and the slowest wish in order, and the slowest in any order."""
    found = []
    for rank in RANKS:
        plain = [_best(partial(floor, wish, rank)) for wish in some]
        fixed = [_best(partial(_answer, wish, masks, rank)) for wish in some]
        free = [_best(partial(_answer, wish, masks, rank, is_free=True)) for wish in some]
        title = f"{name}, {rank.value}"
        found.append(_case(f"{title}, median", median(fixed), median(plain), 0.3))
        found.append(_case(f"{title}, max", max(fixed), max(plain), 1))
        found.append(_case(f"{title}, free, max", max(free), max(plain), 5))
    return found


def _question(
    wish: Sequence[Wanted], masks: list[Timeline], rank: Rank, *, is_free: bool = False
) -> Question:
    parts = tuple(
        Part(
            tuple(Performer(UUID(int=one), masks[one], wanted.duration // STEP) for one in wanted.able),
            after=wanted.after // STEP,
        )
        for wanted in wish
    )
    return Question(
        parts,
        days=tuple((day * TICKS, (day + 1) * TICKS) for day in range(DAYS)),
        grid=timelines.between(0, DAYS * TICKS),
        order=frozenset() if is_free else in_sequence(range(len(parts))),
        wait=Wait(0, LONGEST_WAIT_MIN // STEP),
        rank=rank,
    )


def _answer(wish: Sequence[Wanted], masks: list[Timeline], rank: Rank, *, is_free: bool = False) -> Value:
    found = best(_question(wish, masks, rank, is_free=is_free), 1)
    if not found:
        return None
    day, end = divmod(found[0].end - 1, TICKS)
    return [day, (end + 1) * STEP, found[0].waiting * STEP]


def _chain(library: ctypes.CDLL | None, masks: list[Timeline]) -> Solve:
    return _compiled_chain(library, masks) if library else _usual_chain(masks)


def _compiled_chain(library: ctypes.CDLL, masks: list[Timeline]) -> Solve:
    free = b"".join(bytes(mask >> tick & 1 for tick in range(DAYS * TICKS)) for mask in masks)

    def solve(wish: Sequence[Wanted], rank: Rank) -> Value:
        size, found = len(wish), (ctypes.c_int * 3)()
        lengths, after, many = (
            (ctypes.c_int * size)(*row)
            for row in (
                [one.duration // STEP for one in wish],
                [one.after // STEP for one in wish],
                [len(one.able) for one in wish],
            )
        )
        able = (ctypes.c_int * (size * PEOPLE))()
        for number, one in enumerate(wish):
            able[number * PEOPLE : number * PEOPLE + len(one.able)] = list(one.able)
        wait, is_earliest = LONGEST_WAIT_MIN // STEP, rank is Rank.EARLIEST
        if not library.chain(free, TICKS, DAYS, size, lengths, after, many, able, wait, is_earliest, found):
            return None
        return [found[0], found[1] * STEP, found[2] * STEP]

    return solve


def _usual_chain(masks: list[Timeline]) -> Solve:
    """Without a compiler: every start and practitioner after every other, one service after the other."""

    def solve(wish: Sequence[Wanted], rank: Rank) -> Value:
        reached: dict[tuple[int, int], int] = {}  # end and practitioner: least waiting
        for number, one in enumerate(wish):
            length, later = one.duration // STEP, dict[tuple[int, int], int]()
            for who in one.able:
                starts = timelines.starts(masks[who], length + one.after // STEP)
                for start in timelines.minutes(starts):
                    waits = [
                        waited + start - end
                        for (end, other), waited in reached.items()
                        if 0 <= start - end <= LONGEST_WAIT_MIN // STEP
                        and (other != who or start - end >= wish[number - 1].after // STEP)
                    ]
                    if waits or not number:
                        later[start + length, who] = min(waits, default=0)
            reached = later
        sums = [
            (end, waited) if rank is Rank.EARLIEST else (waited, end) for (end, _), waited in reached.items()
        ]
        if not sums:
            return None
        end, waited = min(sums) if rank is Rank.EARLIEST else min(sums)[::-1]
        return [(end - 1) // TICKS, ((end - 1) % TICKS + 1) * STEP, waited * STEP]

    return solve


def _of_all_orders(solve: Solve, wish: Sequence[Wanted], rank: Rank) -> Value:
    found = [value for order in permutations(wish) if (value := solve(order, rank)) is not None]
    if rank is Rank.EARLIEST:
        return min(found, default=None)
    return min(found, key=lambda value: (value[2], value[0], value[1]), default=None)


def _best(work: Callable[[], object]) -> float:
    """Milliseconds of the best round."""
    taken = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return min(taken) * 1000


def _case(name: str, product: float, floor: float, goal: float) -> dict[str, Any]:
    figures = {"product": round(product, 3), "floor": round(floor, 3), "ratio": round(product / floor, 2)}
    return {"case": name, **figures, "goal": goal, "unit": "ms"}
