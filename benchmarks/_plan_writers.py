"""Sixteen desks that place plans of eight sessions over the same practitioners; whoever loses leaves nothing behind."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import _track
from benchmarks._timing import case
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.plans import creating
from clinic_scheduler.services.plans.course import Course, Gap, Step
from clinic_scheduler.services.wishes import Part

WRITERS, PLANS, SESSIONS = 16, 20, 8
SLOTS = 40  # of a day; so many that about half of the plans meet another
GOAL_MS, GOAL_RATIO = 200, 3
WARM_DAY = 6000  # on which nobody races
STEPS = tuple(Step(number, _track.SERVICE, Gap(1, 7, 30)) for number in range(1, SESSIONS + 1))
T = TypeVar("T")
COURSE = Course(_track.SERVICE, "immediate", STEPS)


@dataclass(frozen=True, slots=True)
class Lap:
    """What one desk was told: its plans, and how long each try took, in milliseconds."""

    made: tuple[UUID, ...]
    tries_ms: tuple[float, ...]


def cases() -> tuple[list[dict[str, Any]], bool]:
    """The 99th percentile of a plan placed or refused, on each kind; and whether all stand whole, with no overlap."""
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    found, is_whole = [], True
    with tempfile.TemporaryDirectory() as folder, postgres() as server, _track.processes(WRITERS) as pool:
        for kind, url in (("PostgreSQL", server), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            engine = open_engine(url, MIGRATION_LIMITS)
            schema.upgrade(engine)
            engine.dispose()
            together, whole = _race(url, pool, is_shared=True)
            alone, also = _race(url, pool, is_shared=False)
            is_whole &= whole and also
            raced, floor = (quantiles(times, n=100)[98] for times in (together, alone))
            # A file has one writer at a time, and no queue for it.
            goal, unit = (GOAL_MS, "ms") if kind == "PostgreSQL" else (GOAL_RATIO, "x")
            found.append(case(f"{kind}, 16 writers, p99", raced, floor, goal, unit))
    return found, is_whole


def _race(url: str, pool: ProcessPoolExecutor, *, is_shared: bool) -> tuple[list[float], bool]:
    """How long each try took, and whether what it left is whole."""
    with tempfile.TemporaryDirectory() as gate:
        work = UnitOfWork(open_engine(url))
        _track.open_clinic(work)
        months = [0 if is_shared else 1 + number for number in range(WRITERS)]
        jobs = [pool.submit(lap, url, month, number, gate) for number, month in enumerate(months)]
        laps = [job.result() for job in jobs]
    told = {plan_id for one in laps for plan_id in one.made}
    s = t.PlanSession
    rows = work.read(lambda session: session.execute(select(s.plan_id, s.appointment_id)).all())
    stored = Counter(row.plan_id for row in rows)
    are_whole = all(row.appointment_id is not None for row in rows) and set(stored.values()) == {SESSIONS}
    has_overlap = bool(work.read(integrity.overlaps))
    work.close()
    return [ms for one in laps for ms in one.tries_ms], told <= set(stored) and are_whole and not has_overlap


def lap(url: str, month: int, number: int, gate: str) -> Lap:
    """Try to place plans, each for somebody else, at times of one's own choice."""
    work = UnitOfWork(open_engine(url))
    actor = replace(_track.ACTOR, user_id=new_id(), workstation=f"Desk {number}")
    people = [PatientLine(new_id(), f"Person {number} {n}", "", "", None, "") for n in range(PLANS)]
    _written(work, partial(patients.write, clinic_id=_track.CLINIC, lines=people))
    made, tries = list[UUID](), []
    first = {step.number: _part(WARM_DAY + 100 * number + step.number, 0, _track.PEOPLE[0]) for step in STEPS}
    with suppress(TimeTaken):  # statements are put together once in a desk's day
        _written(work, partial(_create, actor, people[0].id, first))
    _track.wait_for_all(Path(gate), number, WRITERS)
    for patient, parts in zip(people, _wanted(month, number), strict=True):
        create = partial(_create, actor, patient.id, parts)
        began = time.perf_counter()
        with suppress(TimeTaken):
            made.append(_written(work, create).plan_id)
        tries.append((time.perf_counter() - began) * 1000)
    work.close()
    return Lap(tuple(made), tuple(tries))


def _create(actor: Actor, patient_id: UUID, parts: dict[int, Part], session: Session) -> creating.Placed:
    return creating.create(
        session, actor=actor, request_id=new_id(), patient_id=patient_id, course=COURSE, parts=parts
    )


def _written(work: UnitOfWork, step: Callable[[Session], T]) -> T:
    """Tried again when the database says that it is busy, as people do."""
    while True:
        try:
            return work.write(step, repeatable=True).value
        except DatabaseBusy:
            continue


def _wanted(month: int, number: int) -> Iterator[dict[int, Part]]:
    chance = random.Random(number)  # noqa: S311 - a race
    for _ in range(PLANS):
        day = 300 * month + chance.randrange(7)
        yield {
            step.number: _part(
                day + 7 * (step.number - 1), chance.randrange(SLOTS), chance.choice(_track.PEOPLE)
            )
            for step in STEPS
        }


def _part(day: int, slot: int, who: UUID) -> Part:
    start = _track.FIRST + timedelta(days=day) + slot * _track.SLOT
    return Part(_track.SERVICE, who, None, start, start + _track.SLOT, 1000)
