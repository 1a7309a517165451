"""Free starts of a 45-minute service with a 10-minute buffer: fifty practitioners, masks kept in memory."""

import array
import ctypes
import hashlib
import json
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any
from uuid import UUID

from benchmarks import _compiled
from benchmarks._diaries import CLOSES, DAY_MIN, OPENS, PRACTITIONERS, STEP, Diaries, diaries
from clinic_scheduler.services import timelines
from clinic_scheduler.services.search.masks import Masks
from clinic_scheduler.services.search.question import Part, Performer, Question
from clinic_scheduler.services.timelines import Timeline

SERVICE_MIN, AFTER_MIN = 45, 10
NEED = SERVICE_MIN + AFTER_MIN
ROUNDS = 25
# Of the sorted list [[practitioner from 1, day], starts in minutes of the day].
DIGESTS = {1: "cf0e1067f10038c6", 7: "bfb34e9052ce281b", 28: "65031642b5579919"}
Answer = dict[tuple[int, int], list[int]]


def run() -> dict[str, Any]:
    """The product against C on the same masks, in steps of the grid and in minutes, and against the usual loop."""
    world, library = diaries(), _compiled.load()
    cases, is_right = [], True
    for days, digest in DIGESTS.items():
        name = f"{days} days" if days > 1 else "1 day"
        usual = partial(_usual, world, days)
        is_right &= _digest(usual()) == digest
        loop = _best(usual, 3)
        for unit, tick in (("steps", STEP), ("minutes", 1)):
            masks = [world.timeline(practitioner, days, tick) for practitioner in range(PRACTITIONERS)]
            grid = timelines.grid(0, days * DAY_MIN // tick, STEP // tick)
            product = partial(_product, *_asked(masks, grid, tick))
            floor = (
                _compiled_floor(library, masks, grid, tick) if library else partial(_swept, masks, grid, tick)
            )
            is_right &= all(_digest(_answer(work(), days, tick)) == digest for work in (product, floor))
            taken = _best(product)
            cases.append(_case(f"{name}, {unit}, {'C' if library else 'bytes'}", taken, _best(floor), 12))
            if tick == STEP:
                cases.append(_case(f"{name}, {unit}, the loop", taken, loop, 0.02))
    is_fast = all(case["ratio"] <= case["goal"] for case in cases)
    return {"name": "free_starts", "cases": cases, "ok": is_right and is_fast}


def _asked(masks: list[Timeline], grid: Timeline, tick: int) -> tuple[Part, Question]:
    performers = [Performer(UUID(int=n), mask, SERVICE_MIN // tick) for n, mask in enumerate(masks)]
    part = Part(tuple(performers), after=AFTER_MIN // tick)
    return part, Question((part,), ((0, grid.bit_length()),), grid)


def _product(part: Part, question: Question) -> list[Timeline]:
    starts = Masks(question).of(part)
    return [mask & question.grid for _performer, mask in starts.performers]


def _compiled_floor(
    library: ctypes.CDLL, masks: list[Timeline], grid: Timeline, tick: int
) -> Callable[[], list[Timeline]]:
    words = -(-grid.bit_length() // 64)
    packed = array.array("Q", b"".join(mask.to_bytes(words * 8, "little") for mask in masks))
    given = (ctypes.c_uint64 * len(packed)).from_buffer(packed)
    allowed = (ctypes.c_uint64 * words)()
    ctypes.memmove(allowed, grid.to_bytes(words * 8, "little"), words * 8)
    taken = (ctypes.c_uint64 * len(packed))()

    def sweep() -> list[Timeline]:
        library.starts(given, allowed, taken, len(masks), words, NEED // tick)
        return _Packed(taken, words)

    return sweep


class _Packed(list[Timeline]):
    """Bitmaps left where C put them; unpacked only when they are looked at."""

    def __init__(self, words: ctypes.Array[ctypes.c_uint64], each: int) -> None:
        super().__init__()
        self.words = words
        self.each = each

    def unpacked(self) -> list[Timeline]:
        """The bitmaps as timelines."""
        packed, size = bytes(self.words), self.each * 8
        return [int.from_bytes(packed[at : at + size], "little") for at in range(0, len(packed), size)]


def _swept(masks: list[Timeline], grid: Timeline, tick: int) -> list[Timeline]:
    """Without a compiler: one pass over a byte for each tick."""
    found = []
    for mask in masks:
        free = bytes(mask >> at & 1 for at in range(grid.bit_length()))
        in_a_row, starts = 0, 0
        for at in range(len(free) - 1, -1, -1):
            in_a_row = in_a_row + 1 if free[at] else 0
            if in_a_row >= NEED // tick:
                starts |= 1 << at
        found.append(starts & grid)
    return found


def _usual(world: Diaries, days: int) -> Answer:
    """Every start of the grid against every interval that is taken."""
    found: Answer = {}
    for practitioner in range(PRACTITIONERS):
        for day in range(days):
            taken = [*world.busy.get((practitioner, day), []), world.breaks[practitioner]]
            found[practitioner + 1, day] = [
                start
                for start in range(OPENS, CLOSES - NEED + 1, STEP)
                if not any(start < end and begin < start + NEED for begin, end in taken)
            ]
    return found


def _answer(masks: list[Timeline], days: int, tick: int) -> Answer:
    found: Answer = {(one + 1, day): [] for one in range(PRACTITIONERS) for day in range(days)}
    for practitioner, mask in enumerate(masks.unpacked() if isinstance(masks, _Packed) else masks):
        for at in timelines.minutes(mask):
            day, minute = divmod(at * tick, DAY_MIN)
            found[practitioner + 1, day].append(minute)
    return found


def _digest(answer: Answer) -> str:
    listed = json.dumps(sorted([list(key), starts] for key, starts in answer.items()))
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of the best round."""
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        taken.append(perf_counter() - begun)
    return min(taken) * 1000


def _case(name: str, product: float, floor: float, goal: float) -> dict[str, Any]:
    figures = {"product": round(product, 4), "floor": round(floor, 4), "ratio": round(product / floor, 4)}
    return {"case": name, **figures, "goal": goal, "unit": "x"}
