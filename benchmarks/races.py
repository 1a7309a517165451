"""Sixteen desks race for a hundred times: each is given once, and whoever was told "booked" is in the book."""

import multiprocessing
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from statistics import quantiles
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy, TimeTaken
from clinic_scheduler.services import setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.services.wishes import Part

RACERS, SLOTS, ROUNDS = 16, 100, 3
# Others than those of the great book, beside which they may race.
PEOPLE = tuple(UUID(int=100 + n) for n in range(5))
SERVICE, CLINIC = UUID(int=300), UUID(int=9)
SLOT, BRIEF = timedelta(minutes=20), timedelta(minutes=5)
FIRST = datetime(2031, 1, 6, tzinfo=UTC)
# How much longer a booking may take in the race than where as many book as fast as they can, each on a day of its own.
GOALS = {50: 3.0, 99: 5.0}
FARTHEST_DAYS = 10_000
LONGEST_GATE_S = 120.0
ACTOR = Actor(UUID(int=8), "Racer", "R", "Desk", CLINIC, EVERYTHING)
Visit = tuple[Part, ...]
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
    """What a race left behind; `lost` were acknowledged and are not there, `partial` have a part without its time."""

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
    # Found here: nothing else of the benchmarks needs a server, and those race by the rules of this file.
    from benchmarks import _race_groups  # noqa: PLC0415
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
    result = judge(work, day, days[-1], laps)
    work.close()
    return result


def processes(racers: int) -> ProcessPoolExecutor:
    """Racers that share nothing but the database."""
    return ProcessPoolExecutor(racers, multiprocessing.get_context("spawn"))


def visits(day: int, slots: int, *, size: int) -> Iterable[Visit]:
    """Every time of a day once; or in groups, each with the next ones of somebody else, so that they interlock."""
    first = FIRST + timedelta(days=day)
    times = [
        Part(SERVICE, who, None, first + n * SLOT, first + (n + 1) * SLOT, 1000)
        for n in range(slots // len(PEOPLE))
        for who in PEOPLE
    ]
    step = len(PEOPLE) + 1
    for number in range(len(times) - step * (size - 1)):
        yield tuple(times[number + step * place] for place in range(size))


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


def wait_for_all(gate: Path, number: int, racers: int) -> None:
    """Begin together; `gate` is a folder of their own."""
    (gate / str(number)).touch()
    give_up = time.monotonic() + LONGEST_GATE_S
    while len(list(gate.iterdir())) < racers:
        if time.monotonic() > give_up:
            raise TimeoutError("a racer did not come to the start")
        time.sleep(0.01)


def open_clinic(work: UnitOfWork) -> None:
    """Make the clinic in which they race, unless it is there."""
    if work.read(lambda s: s.get(t.Clinic, CLINIC)) is not None:
        return
    hours = setup.week(0, 1440, weekdays=range(7))
    people = tuple(setup.NewResource(who, "practitioner", "Person", hours=hours) for who in PEOPLE)
    service = setup.NewService(SERVICE, "S", "Service", 20, 1000, performers=dict.fromkeys(PEOPLE))
    clinic = setup.NewClinic(
        CLINIC, "Race", "UTC", "DE", "EUR", people, (service,), horizon_days=FARTHEST_DAYS
    )
    work.write(lambda s: setup.create_clinic(s, actor=ACTOR, clinic=clinic))


def judge(work: UnitOfWork, first: int, last: int, laps: Sequence[Lap]) -> Result:
    """What the racers left on these days, in the tables, by rules of its own."""
    c, a = t.Claim, t.Appointment
    since, until = (FIRST + timedelta(days=day) for day in (first, last + 1))
    columns = (c.resource_id, c.lane, c.start_at, c.end_at, c.live_from, c.live_to, c.appointment_id)
    claims = work.read(
        lambda s: s.execute(select(*columns).where(c.start_at >= since, c.start_at < until)).all()
    )
    within = (a.start_at >= since) & (a.start_at < until)
    parts = work.read(lambda s: s.execute(select(a.id, a.booking_id).where(within)).all())
    told = {booking_id for lap in laps for booking_id in lap.booked}
    stored = {booking_id for _id, booking_id in parts}
    alive = {row.appointment_id for row in claims if row.live_to is None}
    by_resource = defaultdict(list)
    for row in claims:
        by_resource[row.resource_id, row.lane].append(row)
    return Result(
        booked=len(stored),
        overlaps=sum(overlap(*two) for rows in by_resource.values() for two in combinations(rows, 2)),
        lost=len(told - stored),
        untold=len(stored - told),
        partial=sum(appointment_id not in alive for appointment_id, _booking in parts),
        busy=sum(lap.busy for lap in laps),
        successes_ms=tuple(ms for lap in laps for ms in lap.successes_ms),
        tries_ms=tuple(ms for lap in laps for ms in lap.tries_ms),
    )


def overlap(one: Any, other: Any) -> bool:  # noqa: ANN401 - rows of claims
    """Whether two claims of one resource and lane overlap in busy and live time."""
    end = datetime.max.replace(tzinfo=UTC)
    busy = one.start_at < other.end_at and other.start_at < one.end_at
    return bool(busy and one.live_from < (other.live_to or end) and other.live_from < (one.live_to or end))
