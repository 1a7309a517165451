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
TICKS = DAY_MIN // STEP
ROUNDS = 9
# Of the sorted list [[practitioner from 1, day], starts in minutes of the day].
DIGESTS = {1: "cf0e1067f10038c6", 7: "bfb34e9052ce281b", 28: "65031642b5579919"}
Answer = dict[tuple[int, int], list[int]]


def run() -> dict[str, Any]:
    """Times the same masks through the product, through C and the same intervals through the usual loop."""
    world, library = diaries(), _compiled.load()
    cases, is_right = [], True
    for days, digest in DIGESTS.items():
        masks = [world.timeline(practitioner, days, STEP) for practitioner in range(PRACTITIONERS)]
        part = Part(
            tuple(Performer(UUID(int=n), mask, SERVICE_MIN // STEP) for n, mask in enumerate(masks)),
            after=AFTER_MIN // STEP,
        )
        grid = timelines.between(0, days * TICKS)
        product = partial(_product, part, Question((part,), ((0, days * TICKS),), grid))
        floor = _compiled_floor(library, world, days) if library else partial(_swept, masks, days)
        usual = partial(_usual, world, days)
        is_right &= all(
            _digest(answer) == digest
            for answer in (_answer(product(), days), _answer(floor(), days), usual())
        )
        taken, least, loop = _best(product), _best(floor), _best(usual, 3)
        name = f"{days} days" if days > 1 else "1 day"
        cases.append(_case(f"{name}, against C" if library else f"{name}, against bytes", taken, least, 12))
        cases.append(_case(f"{name}, against the loop", taken, loop, 0.04))
    return {
        "name": "free_starts",
        "cases": cases,
        "ok": is_right and all(c["ratio"] <= c["goal"] for c in cases),
    }


def _product(part: Part, question: Question) -> list[Timeline]:
    starts = Masks(question).of(part)
    return [mask & question.grid for _performer, mask in starts.performers]


def _compiled_floor(library: ctypes.CDLL, world: Diaries, days: int) -> Callable[[], list[Timeline]]:
    """In minutes, as the diaries are: the floor does not know that all lengths are multiples of the step."""
    words = -(-days * DAY_MIN // 64)
    minutes = [world.timeline(practitioner, days, 1) for practitioner in range(PRACTITIONERS)]
    packed = array.array("Q", b"".join(mask.to_bytes(words * 8, "little") for mask in minutes))
    given = (ctypes.c_uint64 * len(packed)).from_buffer(packed)
    grid = (ctypes.c_uint64 * words)()
    taken = (ctypes.c_uint64 * len(packed))()
    ctypes.memmove(grid, timelines.grid(0, words * 64, STEP).to_bytes(words * 8, "little"), words * 8)

    def sweep() -> list[Timeline]:
        library.starts(given, grid, taken, PRACTITIONERS, words, NEED)
        return _Packed(taken, words)

    return sweep


class _Packed(list[Timeline]):
    """Bitmaps left where C put them; unpacked only when they are looked at."""

    def __init__(self, words: ctypes.Array[ctypes.c_uint64], each: int) -> None:
        super().__init__()
        self.words = words
        self.each = each

    def unpacked(self) -> list[Timeline]:
        """The bitmaps as timelines of ticks."""
        packed, size = bytes(self.words), self.each * 8
        minutes = [int.from_bytes(packed[at : at + size], "little") for at in range(0, len(packed), size)]
        return [sum(1 << minute // STEP for minute in timelines.minutes(one)) for one in minutes]


def _swept(masks: list[Timeline], days: int) -> list[Timeline]:
    """Without a compiler: one pass over a byte for each tick."""
    found = []
    for mask in masks:
        free = bytes(mask >> tick & 1 for tick in range(days * TICKS))
        in_a_row, starts = 0, 0
        for tick in range(days * TICKS - 1, -1, -1):
            in_a_row = in_a_row + 1 if free[tick] else 0
            if in_a_row >= NEED // STEP:
                starts |= 1 << tick
        found.append(starts)
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


def _answer(masks: list[Timeline], days: int) -> Answer:
    found: Answer = {(one + 1, day): [] for one in range(PRACTITIONERS) for day in range(days)}
    for practitioner, mask in enumerate(masks.unpacked() if isinstance(masks, _Packed) else masks):
        for tick in timelines.minutes(mask):
            found[practitioner + 1, tick // TICKS].append(tick % TICKS * STEP)
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
