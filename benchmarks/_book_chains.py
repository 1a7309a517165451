"""Visits of five services found in the great book, cold and with kept diaries, beside a search in C of its rows."""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from sqlalchemy import select

from benchmarks._book import Book
from benchmarks._book_visits import HALVES, SERVICES, ZONE, performed, service_of
from benchmarks._diaries import Wanted
from benchmarks._timing import best_of, case
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime
from clinic_scheduler.services.localtime import MINUTE
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.search.question import Rank, Wait
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.times.timelines import Timeline
from clinic_scheduler.services.wishes import Wish

DAYS, SIZE, COUNT, ROUNDS = 14, 5, 10, 5
STEP, DAY_MIN = 5, 1440
TICKS = DAY_MIN // STEP
RANKS = (Rank.EARLIEST, Rank.LEAST_WAITING)
GOAL_MS = 6
Solve = Callable[[Sequence[Wanted], Rank], list[int] | None]
Floor = Callable[[list[Timeline]], Solve]


def cases(made: Book, floor: Floor) -> tuple[list[dict[str, Any]], bool]:
    """The typical and the slowest of several wishes, for each rank; and whether every answer was the best."""
    found, is_right = [], True
    with closing(UnitOfWork(open_engine(made.url))) as work:
        masks = _masks(made, work)
        solve = floor(masks)
        for rank in RANKS:
            for name, diaries in (("cold", None), ("kept", Diaries())):
                times = []
                for numbers in _wishes():
                    ask = partial(_ask, made, work, numbers, rank, diaries)
                    plain = partial(solve, [_wanted(number) for number in numbers], rank)
                    is_right &= ask() == plain()
                    times.append(best_of(ROUNDS, ask, plain))
                for title, of in (("median", median), ("max", max)):
                    ours, theirs = (of([pair[side] for pair in times]) for side in (0, 1))
                    found.append(
                        case(f"{made.kind}, {rank.value}, {name}, {title}", ours, theirs, GOAL_MS, "ms")
                    )
    return found, is_right


def _wishes() -> list[list[int]]:
    """Numbers of services that need no room, of which the search in C knows nothing."""
    plain = [n for n in range(len(SERVICES)) if _is_plain(n)]
    chance = random.Random(7)  # noqa: S311 - a workload, no secret
    return [[plain[int(chance.random() * len(plain))] for _ in range(SIZE)] for _ in range(COUNT)]


def _is_plain(number: int) -> bool:
    service = service_of(number)
    return not (service.room_kind or service.equipment_kind or service.buffer_before_min)


def _wanted(number: int) -> Wanted:
    service = service_of(number)
    able = tuple(who for who, numbers in enumerate(performed()) if number in numbers)
    return Wanted(service.duration_min, service.buffer_after_min, able)


def _ask(
    made: Book, work: UnitOfWork, numbers: Sequence[int], rank: Rank, diaries: Diaries | None
) -> list[int] | None:
    """Day, end and waiting of the best visit, in minutes."""
    wishes = [Wish(SERVICES[number]) for number in numbers]
    within, terms = Within(made.full_week, DAYS, limit=1), Terms(wait=Wait(0, 30), rank=rank)
    asked = partial(
        availability.free_visits,
        clinic_id=made.clinic_id,
        wishes=wishes,
        within=within,
        terms=terms,
        diaries=diaries,
    )
    found = work.read(asked)
    if not found:
        return None
    day = localtime.local_day(found[0].end, ZONE)
    minutes = (found[0].end - localtime.midnight(day, ZONE)) // MINUTE
    return [(day - made.full_week).days, minutes, found[0].waiting_min]


def _masks(made: Book, work: UnitOfWork) -> list[Timeline]:
    """What is free of each practitioner, one bit for five minutes of each day, straight from the rows."""
    c, first = t.Claim, localtime.midnight(made.full_week, ZONE)
    asked = select(c.resource_id, c.busy_from, c.busy_to).where(
        c.resource_id.in_(made.practitioner_ids),
        c.busy_from >= first,
        c.busy_from < first + timedelta(days=DAYS),
        c.live_to.is_(None),
    )
    opened = timelines.of(
        (day * TICKS + start // STEP, day * TICKS + end // STEP)
        for day in range(DAYS)
        for start, end in (*HALVES, ())[day % 7]
    )
    free = dict.fromkeys(made.practitioner_ids, opened)
    for who, *times in work.read(lambda s: s.execute(asked).all()):
        day = localtime.local_day(times[0], ZONE)
        start, end = ((each - localtime.midnight(day, ZONE)) // MINUTE for each in times)
        at = (day - made.full_week).days * TICKS
        free[who] &= ~timelines.between(at + start // STEP, at - -end // STEP)
    return list(free.values())
