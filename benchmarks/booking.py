"""Holding and confirming beside the bare driver that writes the same rows under the same locks, on a great book.

One writer, four and sixteen, each with people of its own; sixteen in one practitioner's day, as fast as they can and at
a desk's pace. Closed loops of sixteen processes measure the queue for the processors, so that their longest times are
to be read beside the floor's; at a desk's pace they are what a desk sees. The goals of speed are those of a server,
where desks meet. A file never leaves its computer, which has a few windows: what sixteen do to it is told, and it is
bound to have no overlap and to keep the pace of four. Of the rounds the middle one counts: where four meet on two
processors, one of them is lucky now and then.
"""

import gc
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from benchmarks import _track
from benchmarks._desks import begin, open_desk
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.wishes import Part

SERVER = "PostgreSQL"
ROUNDS, WARM = 5, 12  # drivers and servers prepare a statement when it has come a few times
SLOWEST = 2.0  # times the floor
LONGEST_MS = 100.0  # of a hundred, but one
NEVER_MS = 1000.0  # of all
PACE_S, PACED = 0.05, "at a desk's pace"
WINDOWS = 4  # of one computer
NEIGHBOURS = 9  # of equally long times, sorted: who overlaps is next to each other


class Setting(NamedTuple):
    """Writers at once, how many visits each books in a round, whether all in one practitioner's day, how they pause."""

    name: str
    writers: int
    visits: int
    is_shared: bool = False
    pause_s: float = 0.0


SETTINGS = (
    Setting("1 writer", 1, 60),
    Setting("4 writers", 4, 30),
    Setting("16 writers", 16, 16),
    Setting("16 in one day", 16, 16, is_shared=True),
    Setting(f"{WINDOWS} in one day, {PACED}", WINDOWS, 30, is_shared=True, pause_s=PACE_S),
    Setting(f"16 in one day, {PACED}", 16, 16, is_shared=True, pause_s=PACE_S),
)


@dataclass(frozen=True, slots=True)
class Times:
    """How long each hold and each confirm took, in milliseconds."""

    hold: tuple[float, ...]
    confirm: tuple[float, ...]


def run(rows: int) -> dict[str, Any]:
    """Every setting on both databases, in a book of so many appointments, product and floor by turns."""
    # Found here: nothing else of the benchmarks needs a book.
    from benchmarks import _book  # noqa: PLC0415

    cases = []
    for kind in _book.KINDS:
        with _book.book(kind, rows) as book:
            cases += measure(book.url, kind)
    return {"name": "booking", "cases": cases, "ok": all(case.pop("is_met") for case in cases)}


def measure(
    url: str, kind: str, settings: Sequence[Setting] = SETTINGS, rounds: int = ROUNDS
) -> list[dict[str, Any]]:
    """The cases of one database."""
    work = UnitOfWork(open_engine(url))
    _track.open_clinic(work)
    cases: list[dict[str, Any]] = []
    days = iter(range(100, 10_000))
    for setting in settings:
        with _track.processes(setting.writers) as pool:
            turns = [(setting, is_product) for _round in range(rounds) for is_product in (True, False)]
            found: dict[bool, list[Times]] = {True: [], False: []}
            for which, is_product in turns:
                found[is_product].append(_turn(pool, work, url, which, is_product=is_product, days=days))
        more = _cases(f"{kind}, {setting.name}", setting, found[True], found[False])
        is_bound = kind == SERVER or (setting.pause_s and setting.writers <= WINDOWS)
        cases += more if is_bound else map(_told, more)
    overlaps = _overlaps(work)
    work.close()
    counted = {"product": overlaps, "floor": 0, "ratio": 1.0, "goal": 0, "unit": "overlaps"}
    return [*cases, {"case": f"{kind}, overlaps", **counted, "is_met": overlaps == 0}]


def _cases(
    name: str, setting: Setting, product: Sequence[Times], floor: Sequence[Times]
) -> Iterator[dict[str, Any]]:
    for what in ("hold", "confirm"):
        ours, theirs = ([getattr(times, what) for times in found] for found in (product, floor))
        if not setting.pause_s:
            usual = {"product": median(map(mean, ours)), "floor": median(map(mean, theirs))}
            ratio = usual["product"] / usual["floor"]
            yield {
                "case": f"{name}: {what}",
                **usual,
                "ratio": ratio,
                "goal": SLOWEST,
                "unit": "ms",
                "is_met": ratio <= SLOWEST,
            }
        if setting.is_shared:
            longest = {"product": _p99(ours), "floor": _p99(theirs)}
            goal = LONGEST_MS if setting.pause_s else max(LONGEST_MS, SLOWEST * longest["floor"])
            yield {
                "case": f"{name}: {what}, p99",
                **longest,
                "ratio": longest["product"] / longest["floor"],
                "goal": round(goal),
                "unit": "ms at most",
                "is_met": longest["product"] <= goal,
            }
            ever = {"product": max(map(max, ours)), "floor": max(map(max, theirs))}
            yield {
                "case": f"{name}: {what}, longest of all",
                **ever,
                "ratio": ever["product"] / ever["floor"],
                "goal": round(NEVER_MS),
                "unit": "ms at most",
                "is_met": ever["product"] <= NEVER_MS,
            }


def _told(case: dict[str, Any]) -> dict[str, Any]:
    """The case without a goal."""
    return case | {"goal": None, "is_met": True}


def _p99(rounds: Sequence[Sequence[float]]) -> float:
    """Of the quietest round: the machine has other things to do now and then."""
    return min(quantiles(times, n=100)[98] for times in rounds)


def _turn(
    pool: ProcessPoolExecutor,
    work: UnitOfWork,
    url: str,
    setting: Setting,
    *,
    is_product: bool,
    days: Iterator[int],
) -> Times:
    day = next(days)
    jobs = []
    with tempfile.TemporaryDirectory() as gate:
        for number in range(setting.writers):
            parts = _parts(setting, number, day if setting.is_shared else next(days), next(days))
            actor = replace(
                _track.ACTOR, user_id=new_id(), workstation=f"{'P' if is_product else 'F'} {new_id()}"
            )
            begin(work, actor, [part_id for part_id, _part in parts])
            write = partial(_write, url, setting, actor, parts, is_product=is_product)
            jobs.append(pool.submit(write, number, gate))
        done = [job.result() for job in jobs]
    return Times(
        tuple(ms for each in done for ms in each.hold), tuple(ms for each in done for ms in each.confirm)
    )


def _parts(setting: Setting, number: int, day: int, warm_day: int) -> list[tuple[UUID, Part]]:
    """A session and a time for every visit, those to warm up with first; in one day they take turns."""
    who, first, step = (
        (0, number, setting.writers) if setting.is_shared else (number % len(_track.PEOPLE), 0, 1)
    )
    warming = [_part(1, warm_day, n) for n in range(WARM)]
    return [
        (new_id(), part)
        for part in warming + [_part(who, day, first + n * step) for n in range(setting.visits)]
    ]


def _part(who: int, day: int, place: int) -> Part:
    start = _track.FIRST + timedelta(days=day) + place * _track.BRIEF
    return Part(_track.SERVICE, _track.PEOPLE[who], None, start, start + _track.BRIEF, 1000)


def _write(
    url: str,
    setting: Setting,
    actor: Actor,
    parts: Sequence[tuple[UUID, Part]],
    number: int,
    gate: str,
    *,
    is_product: bool,
) -> Times:
    """Book every visit, in a process of its own; the first ones do not count."""
    desk = open_desk(url, actor, is_product=is_product)
    rng = random.Random(number)  # noqa: S311 - a pause
    times: dict[str, list[float]] = {"hold": [], "confirm": []}
    for place, (session_id, part) in enumerate(parts):
        if place == WARM:
            gc.freeze()  # as the program has it
            gc.disable()
            _track.wait_for_all(Path(gate), number, setting.writers)
        for what, step in (("hold", desk.hold), ("confirm", desk.confirm)):
            if setting.pause_s and place >= WARM:
                time.sleep(rng.uniform(0.5, 1.5) * setting.pause_s)
            began = time.perf_counter()
            if step(session_id, (part,)) is False:
                raise AssertionError("a time of its own was taken")
            times[what].append((time.perf_counter() - began) * 1000)
    desk.close()
    return Times(tuple(times["hold"][WARM:]), tuple(times["confirm"][WARM:]))


def _overlaps(work: UnitOfWork) -> int:
    """Claims of one lane that meet, by a sweep of its own."""
    c = t.Claim
    columns = (c.resource_id, c.lane, c.start_at, c.end_at, c.live_from, c.live_to)
    rows = work.read(lambda s: s.execute(select(*columns).where(c.clinic_id == _track.CLINIC)).all())
    found: dict[tuple[UUID, int], list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.start_at):
        found[row.resource_id, row.lane].append(row)
    near = [
        (one, other)
        for times in found.values()
        for place, one in enumerate(times)
        for other in times[place + 1 : place + NEIGHBOURS]
    ]
    return sum(_track.overlap(one, other) for one, other in near)
