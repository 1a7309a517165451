"""Visits of three parts that sixteen desks want at once: how long a try takes, beside the bare driver in the same race.

As fast as they can, and at a desk's pace. Closed loops of sixteen processes measure the queue for the processors, so
that their longest times are to be read beside the floor's; at a desk's pace they are what a desk sees.
"""

import gc
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from benchmarks import _track
from benchmarks._desks import begin, open_desk
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor

SIZE, ROUNDS = 3, 3
WARM = 24  # tries on a day of one's own, half of them refused; a statement is prepared when it has come a few times
PACES = {"": 0.0, ", at a desk's pace": 0.05}  # seconds between two tries
LONGEST_MS = 100.0
SLOWEST = 2.0  # times the floor
FIRST_DAY = 1_000  # long after the other races


@dataclass(frozen=True, slots=True)
class Times:
    """How long each try to hold and each confirm took, in milliseconds."""

    tries: tuple[float, ...]
    confirms: tuple[float, ...]


def measure(url: str, pool: ProcessPoolExecutor) -> list[dict[str, Any]]:
    """The cases of a server; `pool` has as many processes as there are racers."""
    work = UnitOfWork(open_engine(url))
    _track.open_clinic(work)
    days = iter(range(FIRST_DAY, _track.FARTHEST_DAYS, _track.RACERS + 1))
    cases: list[dict[str, Any]] = []
    for name, pause_s in PACES.items():
        found: dict[bool, list[Times]] = {True: [], False: []}
        for _round in range(ROUNDS):
            for is_product, times in found.items():
                times.append(_turn(pool, work, url, next(days), pause_s, is_product=is_product))
        cases += _cases(f"PostgreSQL, groups of {SIZE}{name}", found[True], found[False], pause_s)
    work.close()
    return cases


def _cases(
    name: str, product: Sequence[Times], floor: Sequence[Times], pause_s: float
) -> Iterator[dict[str, Any]]:
    for what in ("tries", "confirms"):
        ours, theirs = (
            quantiles([ms for times in found for ms in getattr(times, what)], n=100)[98]
            for found in (product, floor)
        )
        # There are few confirms: the p99 of theirs is the longest one, that of the machine as much as of the program.
        is_strict = pause_s and what == "tries"
        goal = LONGEST_MS if is_strict else max(LONGEST_MS, SLOWEST * theirs)
        yield {
            "case": f"{name}: {what}, p99",
            "product": ours,
            "floor": theirs,
            "ratio": ours / theirs,
            "goal": round(goal),
            "unit": "ms at most",
        }


def _turn(
    pool: ProcessPoolExecutor, work: UnitOfWork, url: str, day: int, pause_s: float, *, is_product: bool
) -> Times:
    wanted = tuple(_track.visits(day, _track.SLOTS, size=SIZE))
    jobs = []
    with tempfile.TemporaryDirectory() as gate:
        for number in range(_track.RACERS):
            actor = replace(_track.ACTOR, user_id=new_id(), workstation=f"Desk {new_id()}")
            warming = tuple(islice(_track.visits(day + 1 + number, _track.SLOTS, size=SIZE), WARM))
            sessions = [new_id() for _visit in (*warming, *wanted)]
            begin(work, actor, sessions)
            racer = _Racer(url, actor, tuple(sessions), warming, wanted, pause_s, is_product)
            jobs.append(pool.submit(racer.race, number, gate))
        done = [job.result() for job in jobs]
    left = _track.left(work, day, day + _track.RACERS, size=SIZE)
    if left.overlaps or left.partial:
        raise AssertionError(f"{left.overlaps} overlaps, {left.partial} visits in part")
    return Times(
        tuple(ms for times in done for ms in times.tries),
        tuple(ms for times in done for ms in times.confirms),
    )


@dataclass(frozen=True, slots=True)
class _Racer:
    url: str
    actor: Actor
    sessions: tuple[UUID, ...]
    warming: tuple[_track.Visit, ...]
    wanted: tuple[_track.Visit, ...]
    pause_s: float
    is_product: bool

    def race(self, number: int, gate: str) -> Times:
        """Try to book every visit in an order of one's own; those to warm up with first."""
        desk, sessions = open_desk(self.url, self.actor, is_product=self.is_product), iter(self.sessions)
        rng, tries, confirms = random.Random(number), list[float](), list[float]()  # noqa: S311 - a race
        session_id = next(sessions)
        for place, parts in enumerate((*self.warming, *rng.sample(self.wanted, len(self.wanted)))):
            if place == len(self.warming):
                gc.collect()
                gc.freeze()  # as the program has it
                gc.disable()
                _track.wait_for_all(Path(gate), number, _track.RACERS)
                tries, confirms = [], []
            if self.pause_s and place >= len(self.warming):
                time.sleep(rng.uniform(0.5, 1.5) * self.pause_s)
            began = time.perf_counter()
            has_it = desk.hold(session_id, parts)
            tries.append((time.perf_counter() - began) * 1000)
            if has_it:
                began = time.perf_counter()
                desk.confirm(session_id, parts)
                confirms.append((time.perf_counter() - began) * 1000)
                session_id = next(sessions)
        desk.close()
        gc.enable()
        return Times(tuple(tries), tuple(confirms))
