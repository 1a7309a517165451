"""Sixteen desks change the same day at once: nobody stands where another does, and every change told is there."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks._storm_desk import FIRST_DAY, Lap, lap, times, visit
from benchmarks._track import ACTOR, CLINIC, PEOPLE, RACERS, SLOT, open_clinic, overlap, processes
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import catalogue
from clinic_scheduler.services.taking import claims, visits

TRIES, VISITS = 40, 40
# How much longer a change may take in the storm than where as many desks change a day of their own.
GOALS = {50: 4.0, 99: 6.0}


@dataclass(frozen=True, slots=True)
class Result:
    """What a storm left behind.

    `partial` visits are torn apart, `astray` are appointments whose claims are not theirs, and `untrue` counts the
    changes by which what was told and what is there differ.
    """

    overlaps: int
    partial: int
    astray: int
    untrue: int
    busy: int
    changed: int
    refused: int
    successes_ms: tuple[float, ...]


def run() -> dict[str, Any]:
    """Storms of swaps, and of everything at once, on each kind of database."""
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    cases, has_met = list[dict[str, Any]](), True
    with tempfile.TemporaryDirectory() as folder, postgres() as server, processes(RACERS) as pool:
        for name, url in (("PostgreSQL", server), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            engine = open_engine(url, MIGRATION_LIMITS)
            schema.upgrade(engine)
            engine.dispose()
            swaps = storm(url, 0, pool=pool, only_swaps=True)
            mixed = storm(url, 1, pool=pool)
            alone = storm(url, 2, pool=pool, only_swaps=True, is_shared=False)
            cases += _cases(name, swaps, mixed, alone)
            has_met &= bool(swaps.changed and mixed.changed)
    is_right = all(case["product"] == case["goal"] for case in cases if case["unit"] == "times")
    is_quick = all(case["ratio"] <= case["goal"] for case in cases if case["unit"] == "ms")
    return {"name": "storms", "cases": cases, "ok": is_right and is_quick and has_met}


def _cases(name: str, swaps: Result, mixed: Result, alone: Result) -> list[dict[str, Any]]:
    found = []
    for what in ("overlaps", "partial", "astray", "untrue"):
        wrong = getattr(swaps, what) + getattr(mixed, what)
        figures = {"product": wrong, "floor": 0, "ratio": 1.0, "goal": 0, "unit": "times"}
        found.append({"case": f"{name}, {what}", **figures})
    raced, floor = (quantiles(result.successes_ms, n=100) for result in (swaps, alone))
    for percent in (50, 99):
        times = {"product": raced[percent - 1], "floor": floor[percent - 1]}
        ratio = raced[percent - 1] / floor[percent - 1]
        found.append(
            {
                "case": f"{name}, swap p{percent}",
                **times,
                "ratio": ratio,
                "goal": GOALS[percent],
                "unit": "ms",
            }
        )
    return found


def storm(
    url: str,
    day: int = 0,
    *,
    pool: ProcessPoolExecutor | None = None,
    racers: int = RACERS,
    tries: int = TRIES,
    only_swaps: bool = False,
    is_shared: bool = True,
) -> Result:
    """Let the desks change a day full of visits, then look at what they left.

    Where it is not shared, each has a day of its own, counted from `day`.
    """
    if pool is None:
        with processes(racers) as own:
            return storm(
                url, day, pool=own, racers=racers, tries=tries, only_swaps=only_swaps, is_shared=is_shared
            )
    work = UnitOfWork(open_engine(url))
    open_clinic(work)
    days = [day if is_shared else day + number for number in range(racers)]
    full = {on: _fill(work, on) for on in set(days)}
    with tempfile.TemporaryDirectory() as gate:
        jobs = [
            pool.submit(lap, url, on, full[on], number, racers, gate, tries, only_swaps=only_swaps)
            for number, on in enumerate(days)
        ]
        laps = [job.result() for job in jobs]
    result = _judge(work, day, days[-1], laps)
    work.close()
    return result


def _fill(work: UnitOfWork, day: int) -> list[UUID]:
    """Book as many visits of two parts as fit; the ids of their appointments, two by two."""

    def fill(session: Session) -> list[UUID]:
        offered = catalogue.catalogue(session, CLINIC)
        now = claims.now(session)
        found = []
        for number in range(VISITS):
            start = times(day)[number // len(PEOPLE) * 2]
            made = tuple(visits.appointment(offered, part) for part in visit(start, number))
            new = visits.NewBooking(new_id(), str(new_id()), "phone", made, guest_name="Guest")
            visits.write(session, offered.clinic, [new], ACTOR.user_id)
            taken = [taking for n, one in enumerate(made) for taking in visits.takings(one, n, None)]
            claims.book(session, CLINIC, taken, now)
            found += [one.id for one in made]
        return found

    return work.write(fill).value


def _judge(work: UnitOfWork, first: int, last: int, laps: Sequence[Lap]) -> Result:
    """Look into the tables, by rules of its own."""
    c, a = t.Claim, t.Appointment
    since, until = (FIRST_DAY + timedelta(days=day, hours=-8) for day in (first, last + 1))
    columns = (c.resource_id, c.lane, c.start_at, c.end_at, c.live_from, c.live_to, c.appointment_id)
    taken = work.read(
        lambda s: s.execute(select(*columns).where(c.start_at >= since, c.start_at < until)).all()
    )
    within = (a.start_at >= since) & (a.start_at < until)
    parts = work.read(
        lambda s: s.execute(
            select(*a.__table__.columns).where(within).order_by(a.booking_id, a.position)
        ).all()
    )
    lanes, owned, told = defaultdict(list), defaultdict(list), Counter[UUID]()
    for row in taken:
        lanes[row.resource_id, row.lane].append(row)
        if row.live_to is None:
            owned[row.appointment_id].append((row.resource_id, row.start_at, row.end_at))
    for each in laps:
        told.update(each.changed)
    return Result(
        overlaps=sum(overlap(*two) for rows in lanes.values() for two in combinations(rows, 2)),
        partial=sum(_is_torn(*two) for two in zip(parts[::2], parts[1::2], strict=True)),
        astray=sum(owned.pop(row.id, []) != _due(row) for row in parts) + len(owned),
        untrue=sum(abs(row.version - 1 - told[row.id]) for row in parts),
        busy=sum(each.busy for each in laps),
        changed=sum(len(each.successes_ms) for each in laps),
        refused=sum(each.refused for each in laps),
        successes_ms=tuple(ms for each in laps for ms in each.successes_ms),
    )


def _is_torn(one: Any, other: Any) -> bool:  # noqa: ANN401 - rows of appointments
    is_apart = one.status != "cancelled" and other.start_at - one.start_at != SLOT
    return bool(one.booking_id != other.booking_id or one.status != other.status or is_apart)


def _due(row: Any) -> list[tuple[UUID, datetime, datetime]]:  # noqa: ANN401 - a row of appointment
    return [] if row.status == "cancelled" else [(row.practitioner_id, row.start_at, row.end_at)]
