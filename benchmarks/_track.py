"""Where desks race: the clinic and its times, how they begin together, and what they left, by rules of its own."""

import multiprocessing
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.wishes import Part

RACERS, SLOTS = 16, 100
# Others than those of the great book, beside which they may race.
PEOPLE = tuple(UUID(int=100 + n) for n in range(5))
SERVICE, CLINIC = UUID(int=300), UUID(int=9)
SLOT, BRIEF = timedelta(minutes=20), timedelta(minutes=5)
FIRST = datetime(2031, 1, 6, tzinfo=UTC)
FARTHEST_DAYS = 10_000
LONGEST_GATE_S = 120.0
ACTOR = Actor(UUID(int=8), "Racer", "R", "Desk", CLINIC, EVERYTHING)
Visit = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What is in the tables after a race.

    `partial` counts the visits and holds that lack one of their parts, and the appointments without their time.
    """

    bookings: frozenset[UUID]
    overlaps: int
    partial: int


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


def left(work: UnitOfWork, first: int, last: int, *, size: int) -> Left:
    """What the racers left on these days, all of whose visits have so many parts."""
    c, a = t.Claim, t.Appointment
    since, until = (FIRST + timedelta(days=day) for day in (first, last + 1))
    columns = (c.resource_id, c.lane, c.start_at, c.end_at, c.live_from, c.live_to)
    whose = (c.appointment_id, c.session_id)
    taken = work.read(
        lambda s: s.execute(select(*columns, *whose).where(c.start_at >= since, c.start_at < until)).all()
    )
    within = (a.start_at >= since) & (a.start_at < until)
    parts = work.read(lambda s: s.execute(select(a.id, a.booking_id).where(within)).all())
    now = work.read(claims.now)
    by_resource = defaultdict(list)
    for row in taken:
        by_resource[row.resource_id, row.lane].append(row)
    times = Counter(row.appointment_id for row in taken if row.live_to is None)
    holds = Counter(row.session_id for row in taken if row.live_to is not None and row.live_to > now)
    bookings = Counter(booking_id for _id, booking_id in parts)
    return Left(
        bookings=frozenset(bookings),
        overlaps=sum(overlap(*two) for rows in by_resource.values() for two in combinations(rows, 2)),
        partial=sum(times[appointment_id] != 1 for appointment_id, _booking in parts)
        + sum(count != size for found in (bookings, holds) for count in found.values()),
    )


def overlap(one: Any, other: Any) -> bool:  # noqa: ANN401 - rows of claims
    """Whether two claims of one resource and lane overlap in busy and live time."""
    end = datetime.max.replace(tzinfo=UTC)
    busy = one.start_at < other.end_at and other.start_at < one.end_at
    return bool(busy and one.live_from < (other.live_to or end) and other.live_from < (one.live_to or end))
