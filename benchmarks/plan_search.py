"""Plans of eight sessions over ten practitioners and six months: found alone, through the database, and placed at once.

The search stands beside loops over days, practitioners and times, which give the same answers; through the database
beside the reading of the diaries; sixteen desks that plan over the same five practitioners beside as many that do so
each in months of its own.
"""

import random
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Any
from uuid import UUID

from benchmarks import _plan_writers
from benchmarks._book import KINDS, Book, book
from benchmarks._diaries import BUSY, DAY_MIN, DAYS, PRACTITIONERS, QUIET, STEP, Diaries, diaries
from benchmarks._plan_loops import Loops
from benchmarks._timing import are_met, best_of, case
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.plans import proposing
from clinic_scheduler.services.plans.costs import Link
from clinic_scheduler.services.plans.course import Course, Gap, Step
from clinic_scheduler.services.plans.proposals import Looking
from clinic_scheduler.services.plans.search import Able, Aim, Question, Stage, best
from clinic_scheduler.services.times import diaries as kept
from clinic_scheduler.services.times import timelines

SESSIONS, PEOPLE, BLOCKS, LENGTH_MIN, ROUNDS = 8, 10, 7, 45, 3
GOAL_MS = 100
COLUMNS, SPAN = DAY_MIN // STEP, BLOCKS * DAYS
GAPS = ((5, 7, 14), (7, 10, 21), (2, 4, 10))
WORLDS = {"full": BUSY, "quiet": QUIET}


def run(rows: int) -> dict[str, Any]:
    """Every answer is compared with that of the loops."""
    cases, is_right = list[dict[str, Any]](), True
    for name, fill in WORLDS.items():
        blocks = [diaries(fill, seed) for seed in range(BLOCKS)]
        for aim in Aim:
            found, is_best = _worst(f"{name}, {aim.value}", blocks, aim)
            cases, is_right = [*cases, found], is_right and is_best
    for kind in KINDS:
        with book(kind, rows) as made:
            cases += _through(made)
    placed, is_whole = _plan_writers.cases()
    return {
        "name": "plan_search",
        "cases": [*cases, *placed],
        "ok": is_right and is_whole and are_met([*cases, *placed]),
    }


def _worst(name: str, blocks: Sequence[Diaries], aim: Aim) -> tuple[dict[str, Any], bool]:
    """The slowest of several questions, and whether all were answered rightly."""
    slowest, is_right = (0.0, 0.0), True
    for gap in GAPS:
        starts = _starts(blocks, random.Random(sum(gap)))  # noqa: S311 - a workload
        links = (Link(0, 0, 27), *(Link(*gap) for _ in range(SESSIONS - 1)))
        able = tuple(Able(UUID(int=n + 1), one, LENGTH_MIN // STEP) for n, one in enumerate(starts))
        ask = partial(best, Question(tuple(Stage(able, link) for link in links), SPAN, COLUMNS, 0, aim))
        taken = min(_taken(ask) for _ in range(ROUNDS))
        loops = Loops([_columns(one) for one in starts], links, LENGTH_MIN // STEP)
        begun = perf_counter()
        expected = loops.best(aim)
        plain = (perf_counter() - begun) * 1000
        answer = ask()
        is_right &= answer is not None and answer.key[: len(expected)] == expected
        slowest = max(slowest, (taken, plain))
    return case(name, *slowest, GOAL_MS, "ms"), is_right


def _starts(blocks: Sequence[Diaries], chance: random.Random) -> list[int]:
    """When ten of the practitioners have time, one block of weeks after the other."""
    found = []
    for practitioner in chance.sample(range(PRACTITIONERS), PEOPLE):
        free = 0
        for number, block in enumerate(blocks):
            free |= block.timeline(practitioner, DAYS, STEP) << number * DAYS * COLUMNS
        found.append(timelines.starts(free, LENGTH_MIN // STEP))
    return found


def _columns(starts: int) -> list[list[int]]:
    mask = (1 << COLUMNS) - 1
    return [list(timelines.minutes(starts >> day * COLUMNS & mask)) for day in range(SPAN)]


def _taken(work: Any) -> float:  # noqa: ANN401 - anything to call
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def _through(made: Book) -> Iterable[dict[str, Any]]:
    """A whole proposal out of the great book, cold and with kept diaries."""
    service, people = made.service_ids[0], made.practitioner_ids[:PEOPLE]
    steps = tuple(Step(number, service, Gap(5, 7, 14)) for number in range(1, SESSIONS + 1))
    course = Course(service, "immediate", steps)
    with closing(UnitOfWork(open_engine(made.url))) as work:
        where = work.read(lambda s: clinic(s, made.clinic_id)).where
        span = Span(made.full_week, 184, where)
        for name, memory in (("cold", None), ("kept", kept.Diaries())):
            for aim in (Aim.EARLIEST, Aim.FEWEST, Aim.STEADIEST):
                looking = Looking(made.full_week, made.patient_id(0), aim, people)
                ask = partial(
                    proposing.propose, actor=made.actor, course=course, looking=looking, diaries=memory
                )
                read = partial(kept.look, clinic_id=made.clinic_id, resource_ids=people, span=span, tick=STEP)
                ours, floor = best_of(ROUNDS, partial(work.read, ask), partial(work.read, read))
                yield case(f"{made.kind}, {name}, {aim.value}", ours, floor, GOAL_MS, "ms")
