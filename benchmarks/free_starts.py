"""Free starts of a 45-minute service with a 10-minute buffer, of fifty practitioners: kept in memory, and cold.

The floor in C sweeps bitmaps of minutes, in which the world is given. The product itself sees that five minutes divide
everything here; "in minutes" it may not, which is told and bound to nothing. (C on bits of five minutes takes a third
of the time for a day.)

The usual loop stands in for the schedulers that it was measured beside: where it took 2.5, 18 and 82 ms for 1, 7 and
28 days, Easy!Appointments took 5.5, 38 and 150, Cal.com 20, 67 and 267. The goals of weeks say 250 and 400 times
faster. For one day 250 times is three times C: that contradicts the twelvefold, which is the goal there.
"""

import array
import ctypes
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy.orm import Session

from benchmarks import _compiled, _taken
from benchmarks._book import KINDS, book
from benchmarks._book_visits import ZONE
from benchmarks._diaries import CLOSES, DAY_MIN, OPENS, PRACTITIONERS, STEP, Diaries, diaries
from benchmarks._taken import SEEDED, Staff
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.search.masks import Masks
from clinic_scheduler.services.search.question import Part, Question, performers
from clinic_scheduler.services.times import diaries as kept_diaries
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.diaries import Look
from clinic_scheduler.services.times.timelines import Timeline

SERVICE_MIN, AFTER_MIN = 45, 10
NEED = SERVICE_MIN + AFTER_MIN
ROUNDS = 40
COLD_ROUNDS = {1: 300, 7: 60, 28: 15}  # the shorter, the more of it is the machine's
BESIDE_LOOP = {1: None, 7: 0.008, 28: 0.007}
# Of the sorted list [[practitioner from 1, day], starts in minutes of the day].
DIGESTS = {1: "cf0e1067f10038c6", 7: "bfb34e9052ce281b", 28: "65031642b5579919"}
Answer = dict[tuple[int, int], list[int]]


def run(rows: int) -> dict[str, Any]:
    """Kept in memory against C on bare bitmaps and against the usual loop; cold against rows swept by hand.

    Cold also in a book of so many appointments, where a start is right if both find it.
    """
    world, cases, is_right = diaries(), list[dict[str, Any]](), True
    with _databases(world) as databases:
        for days in DIGESTS:
            more, right = databases["SQLite"].read(partial(_kept, world=world, days=days))
            cases += more
            is_right &= right
        for name, work in databases.items():
            for found, right in _cold(name, work, SEEDED, DIGESTS):
                cases.append(found)
                is_right &= right
    for kind in KINDS:
        with book(kind, rows) as made, closing(UnitOfWork(open_engine(made.url))) as work:
            staff = Staff(made.clinic_id, made.practitioner_ids, made.full_week, ZONE)
            for found, right in _cold(f"{kind}, great book", work, staff):
                cases.append(found)
                is_right &= right
    is_fast = all(case["goal"] is None or case["ratio"] <= case["goal"] for case in cases)
    return {"name": "free_starts", "cases": cases, "ok": is_right and is_fast}


@contextmanager
def _databases(world: Diaries) -> Iterator[dict[str, UnitOfWork]]:
    # Found here: it starts a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        urls = {"SQLite": f"sqlite:///{folder}/clinic.db", "PostgreSQL": server}
        works = {name: _taken.load(url, world) for name, url in urls.items()}
        yield works
        for work in works.values():
            work.close()


def _kept(session: Session, *, world: Diaries, days: int) -> tuple[list[dict[str, Any]], bool]:
    """Asked again with nothing changed: no statement, from the diaries in memory to the starts of everybody."""
    kept, library, cases, is_right = kept_diaries.Diaries(), _compiled.load(), list[dict[str, Any]](), True
    loop = partial(_usual, world, days)
    is_right &= _digest(loop()) == DIGESTS[days]
    masks = [world.timeline(practitioner, days, 1) for practitioner in range(PRACTITIONERS)]
    minutes = timelines.grid(0, days * DAY_MIN, STEP)
    floor = _compiled_floor(library, masks, minutes) if library else partial(_swept, masks, minutes)
    is_right &= _digest(_answer(floor(), SEEDED.span(days), 1)) == DIGESTS[days]
    for name, tick in ((_named(days), STEP), (f"{_named(days)} in minutes", 1)):
        grid = timelines.grid(0, days * DAY_MIN // tick, STEP // tick)
        product = partial(_again, kept, session, days, tick, grid)
        is_right &= _digest(_answer(product(), SEEDED.span(days), tick)) == DIGESTS[days]
        taken, least = _side_by_side(ROUNDS, product, floor)
        goal = 12 if tick == STEP else None
        cases.append(_case(f"{name}, {'C' if library else 'bytes'}", taken, least, goal))
        if tick == STEP:
            (usual,) = _side_by_side(3, loop)
            cases.append(_case(f"{name}, the loop", taken, usual, BESIDE_LOOP[days]))
    return cases, is_right


def _again(
    kept: kept_diaries.Diaries, session: Session, days: int, tick: int, grid: Timeline
) -> list[Timeline]:
    return _starts(kept.look(session, SEEDED.clinic_id, SEEDED.people, SEEDED.span(days), tick), grid)


def _starts(seen: Look, grid: Timeline) -> list[Timeline]:
    length, now = SERVICE_MIN // seen.tick, seen.now
    able = performers([(who, diary.free(now)[0], length, None, 0, ()) for who, diary in seen.of.items()])
    part = Part(able, after=AFTER_MIN // seen.tick)
    found = Masks(Question((part,), ((0, grid.bit_length()),), grid)).of(part)
    return [mask & grid for _performer, mask in found.performers]


def _cold(
    name: str, work: UnitOfWork, staff: Staff, digests: Mapping[int, str] | None = None
) -> Iterator[tuple[dict[str, Any], bool]]:
    """A transaction with everything read from the database, and each start told as a minute of its day.

    For each number of days, and whether both found the same starts, which are those of the digests, where given.
    """
    with _taken.by_hand(work, staff) as by_hand:
        for days in DIGESTS:
            grid = timelines.grid(0, days * DAY_MIN // STEP, 1)
            read = partial(_read, staff=staff, within=staff.span(days), grid=grid)
            product = partial(work.read, read)
            floor = partial(by_hand, days, NEED)
            answer = product()
            is_right = any(answer.values()) and answer == floor()
            is_right &= digests is None or _digest(answer) == digests[days]
            taken, least = _side_by_side(COLD_ROUNDS[days], product, floor)
            yield _case(f"{_named(days)}, cold, {name}", taken, least, 1.3), is_right


def _read(session: Session, *, staff: Staff, within: Span, grid: Timeline) -> Answer:
    seen = kept_diaries.look(session, staff.clinic_id, staff.people, within, STEP)
    return _answer(_starts(seen, grid), within, STEP)


def _named(days: int) -> str:
    return f"{days} days" if days > 1 else "1 day"


def _compiled_floor(
    library: ctypes.CDLL, masks: list[Timeline], grid: Timeline
) -> Callable[[], list[Timeline]]:
    words = -(-grid.bit_length() // 64)
    packed = array.array("Q", b"".join(mask.to_bytes(words * 8, "little") for mask in masks))
    given = (ctypes.c_uint64 * len(packed)).from_buffer(packed)
    allowed = (ctypes.c_uint64 * words)()
    ctypes.memmove(allowed, grid.to_bytes(words * 8, "little"), words * 8)
    taken = (ctypes.c_uint64 * len(packed))()

    def sweep() -> list[Timeline]:
        library.starts(given, allowed, taken, len(masks), words, NEED)
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


def _swept(masks: list[Timeline], grid: Timeline) -> list[Timeline]:
    """Without a compiler: one pass over a byte for each tick."""
    found = []
    for mask in masks:
        free = bytes(mask >> at & 1 for at in range(grid.bit_length()))
        in_a_row, starts = 0, 0
        for at in range(len(free) - 1, -1, -1):
            in_a_row = in_a_row + 1 if free[at] else 0
            if in_a_row >= NEED:
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


def _answer(masks: Sequence[Timeline], within: Span, tick: int) -> Answer:
    found: Answer = {}
    whole, begins = timelines.between(0, DAY_MIN // tick), _taken.midnights(within)
    for practitioner, mask in enumerate(masks.unpacked() if isinstance(masks, _Packed) else masks):
        for day, begin in enumerate(begins):
            starts = timelines.minutes(mask >> begin // tick & whole)
            found[practitioner + 1, day] = [at * tick for at in starts]
    return found


def _digest(answer: Answer) -> str:
    listed = json.dumps(sorted([list(key), starts] for key, starts in answer.items()))
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def _side_by_side(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Milliseconds of the best round of each; they take turns, so that a busy machine slows all of them."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            begun = perf_counter()
            work()
            best[number] = min(best[number], perf_counter() - begun)
    return [seconds * 1000 for seconds in best]


def _case(name: str, product: float, floor: float, goal: float | None) -> dict[str, Any]:
    figures = {"product": round(product, 4), "floor": round(floor, 4), "ratio": round(product / floor, 4)}
    return {"case": name, **figures, "goal": goal, "unit": "x"}
