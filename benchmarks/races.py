"""Sixteen desks race for a hundred times: each is given once, and whoever was told "booked" is in the book."""

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks import _race_groups
from benchmarks._track import ACTOR, RACERS, SLOTS, Visit, left, open_clinic, processes, visits, wait_for_all
from clinic_scheduler.db import schema
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy, TimeTaken
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.unfinished.unfinished import Unfinished

ROUNDS = 3
# How much longer a booking may take in the race than where as many book as fast as they can, each on a day of its own.
GOALS = {50: 3.0, 99: 5.0}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lap:
    """What one racer was told: its bookings, and how long each success and each try took, in milliseconds.

    `busy` is how often it was told to try again, which it then did.
    """

    booked: tuple[UUID, ...]
    busy: int
    successes_ms: tuple[float, ...]
    tries_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a race left behind; `lost` were acknowledged and are not there, `partial` as in `Left`."""

    booked: int
    overlaps: int
    lost: int
    untold: int
    partial: int
    busy: int
    successes_ms: tuple[float, ...]
    tries_ms: tuple[float, ...]


def run() -> dict[str, Any]:
    """Several rounds on each kind of database, of single times and of visits in two and three parts."""
    cases = []
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, postgres() as server, processes(RACERS) as pool:
        for name, url in (("PostgreSQL", server), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            engine = open_engine(url, MIGRATION_LIMITS)
            schema.upgrade(engine)
            engine.dispose()
            results = [race(url, day, pool=pool) for day in range(ROUNDS)]
            groups = [
                race(url, ROUNDS * (size - 1) + day, pool=pool, size=size)
                for size in (2, 3)
                for day in range(ROUNDS)
            ]
            alone = race(url, 3 * ROUNDS, pool=pool, is_shared=False)
            cases += _cases(name, results, groups, alone)
        cases += _race_groups.measure(server, pool)
    return {"name": "races", "cases": cases, "ok": all(map(_is_met, cases))}


def _is_met(case: dict[str, Any]) -> bool:
    measured = {"ms": "ratio", "ms at most": "product"}.get(case["unit"])
    return bool(case[measured] <= case["goal"] if measured else case["product"] == case["goal"])


def _cases(
    name: str, single: Sequence[Result], groups: Sequence[Result], alone: Result
) -> list[dict[str, Any]]:
    both = [*single, *groups]
    counts = {
        "booked": (sum(result.booked for result in single), SLOTS * ROUNDS),
        "overlaps": (sum(result.overlaps for result in both), 0),
        "lost": (sum(result.lost + result.untold for result in both), 0),
        "partial": (sum(result.partial for result in both), 0),
    }
    if name == "PostgreSQL":  # a file has one writer at a time, and no queue for it
        counts["told busy"] = (sum(result.busy for result in both), 0)
    found = [
        {
            "case": f"{name}, {what}",
            "product": is_now,
            "floor": wanted,
            "ratio": 1.0,
            "goal": wanted,
            "unit": "times",
        }
        for what, (is_now, wanted) in counts.items()
    ]
    raced = quantiles([ms for result in single for ms in result.successes_ms], n=100)
    floor = quantiles(alone.successes_ms, n=100)
    for percent in (50, 99):
        times = {"product": raced[percent - 1], "floor": floor[percent - 1]}
        ratio = raced[percent - 1] / floor[percent - 1]
        found.append(
            {"case": f"{name}, p{percent}", **times, "ratio": ratio, "goal": GOALS[percent], "unit": "ms"}
        )
    return found


def race(
    url: str,
    day: int = 0,
    *,
    pool: ProcessPoolExecutor | None = None,
    racers: int = RACERS,
    slots: int = SLOTS,
    size: int = 1,
    is_shared: bool = True,
) -> Result:
    """Let the racers book every time of a day of a migrated database, then look at what they left.

    Where it is not shared, each has a day of its own, counted from `day`.
    """
    if pool is None:
        with processes(racers) as own:
            return race(url, day, pool=own, racers=racers, slots=slots, size=size, is_shared=is_shared)
    work = UnitOfWork(open_engine(url))
    open_clinic(work)
    with tempfile.TemporaryDirectory() as gate:
        days = [day if is_shared else day + number for number in range(racers)]
        jobs = [
            pool.submit(lap, url, tuple(visits(on, slots, size=size)), number, racers, gate)
            for number, on in enumerate(days)
        ]
        laps = [job.result() for job in jobs]
    found = left(work, day, days[-1], size=size)
    work.close()
    told = {booking_id for lap in laps for booking_id in lap.booked}
    return Result(
        booked=len(found.bookings),
        overlaps=found.overlaps,
        lost=len(told - found.bookings),
        untold=len(found.bookings - told),
        partial=found.partial,
        busy=sum(lap.busy for lap in laps),
        successes_ms=tuple(ms for lap in laps for ms in lap.successes_ms),
        tries_ms=tuple(ms for lap in laps for ms in lap.tries_ms),
    )


def lap(url: str, wanted: Sequence[Visit], number: int, racers: int, gate: str) -> Lap:
    """Try to book every visit, in an order of one's own."""
    work = UnitOfWork(open_engine(url))
    actor = replace(ACTOR, user_id=new_id(), workstation=f"Desk {number}")
    order = random.Random(number).sample(wanted, len(wanted))  # noqa: S311 - a race
    booked, successes, tries = [], [], []
    asking = _Asking(work)
    begun = asking.start(actor)
    wait_for_all(Path(gate), number, racers)
    for parts in order:
        began = time.perf_counter()
        try:
            asking.hold(actor, begun, parts)
        except TimeTaken:
            tries.append((time.perf_counter() - began) * 1000)
            continue
        confirmed = asking.confirm(actor, begun.id)
        successes.append((time.perf_counter() - began) * 1000)
        booked.append(confirmed.booking_id)
        begun = asking.start(actor)
    work.close()
    return Lap(tuple(booked), asking.busy, tuple(successes), tuple(tries))


class _Asking:
    """A desk that tries again when the database says that it is busy, as people do."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self.busy = 0

    def start(self, actor: Actor) -> Unfinished:
        chosen = Choices(guest=Guest(actor.workstation))
        return self._write(lambda s: booking_session.start(s, actor=actor, chosen=chosen))

    def hold(self, actor: Actor, begun: Unfinished, parts: Visit) -> None:
        self._write(
            lambda s: booking.hold(s, actor=actor, session_id=begun.id, version=begun.version, parts=parts)
        )

    def confirm(self, actor: Actor, session_id: UUID) -> booking.Confirmed:
        request = new_id()
        return self._write(
            lambda s: booking.confirm(s, actor=actor, session_id=session_id, request_id=request),
            repeatable=True,
        )

    def _write(self, step: Callable[[Session], T], *, repeatable: bool = False) -> T:
        while True:
            try:
                return self._work.write(step, repeatable=repeatable).value
            except DatabaseBusy:
                self.busy += 1
