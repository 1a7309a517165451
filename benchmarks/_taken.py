"""The seeded diaries as hours and claims in a database, and how one reads such rows without the product."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import insert

from benchmarks._diaries import CLOSES, DAY_MIN, OPENS, PRACTITIONERS, STEP, Diaries
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.taking.claims import LONGEST_BUSY
from clinic_scheduler.services.times.timelines import Interval

CLINIC = UUID(int=1)
PEOPLE = tuple(UUID(int=1_000 + number) for number in range(PRACTITIONERS))
HOURS = (
    "SELECT resource_id, weekday, start_min, end_min, is_break FROM working_hours WHERE resource_id {} AND "
)
HOURS += "valid_from <= {} AND (valid_until IS NULL OR valid_until >= {})"
CLAIMS = "SELECT resource_id, busy_from, busy_to FROM claim WHERE resource_id {} AND busy_from < {} AND "
CLAIMS += "busy_from > {} AND busy_to > {} AND (live_to IS NULL OR live_to > {})"
Starts = dict[tuple[int, int], list[int]]  # minutes of the day, by practitioner from 1 and day


@dataclass(frozen=True, slots=True)
class Staff:
    """The practitioners of a clinic, and the Monday from which on their starts are asked for."""

    clinic_id: UUID
    people: tuple[UUID, ...]
    monday: date
    zone: ZoneInfo

    def span(self, days: int) -> Span:
        """So many days from the Monday on."""
        return Span(self.monday, days, self.zone)


SEEDED = Staff(CLINIC, PEOPLE, date(2031, 1, 6), localtime.zone("Europe/Berlin"))


@lru_cache(maxsize=8)
def midnights(within: Span) -> tuple[int, ...]:
    """The minute of the span at which each of its days begins.

    Minutes from there are those of the clock but on a Sunday on which it is changed, when the book is closed.
    """
    return tuple(within.minute(localtime.midnight(day, within.where)) for day in within.days())


def load(url: str, world: Diaries) -> UnitOfWork:
    """A new database with everybody's hours and claims."""
    engine = open_engine(url, MIGRATION_LIMITS)
    schema.upgrade(engine)
    engine.dispose()
    work = UnitOfWork(open_engine(url))
    people = tuple(
        setup.NewResource(
            who,
            "practitioner",
            "Person",
            hours=setup.week(OPENS, CLOSES, weekdays=range(7), lunch=world.breaks[number]),
        )
        for number, who in enumerate(PEOPLE)
    )
    clinic = setup.NewClinic(CLINIC, "Book", SEEDED.zone.key, "DE", "EUR", people, (), step_min=STEP)
    actor = Actor(UUID(int=2), "Loader", "L", "Desk", CLINIC, EVERYTHING)
    work.write(lambda s: setup.create_clinic(s, actor=actor, clinic=clinic))
    with work.engine.begin() as connection:
        connection.execute(insert(t.Claim), list(_claims(world)))
    with work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return work


def _claims(world: Diaries) -> Iterator[dict[str, object]]:
    for (practitioner, day), taken in world.busy.items():
        midnight = localtime.midnight(SEEDED.monday + timedelta(days=day), SEEDED.zone)
        for start, end in taken:
            yield {
                "id": new_id(),
                "clinic_id": CLINIC,
                "resource_id": PEOPLE[practitioner],
                "kind": "block",
                "start_at": midnight + start * MINUTE,
                "end_at": midnight + end * MINUTE,
            }


@contextmanager
def by_hand(work: UnitOfWork, staff: Staff) -> Iterator[Callable[[int, int], Starts]]:
    """A bare connection, and a function that reads the rows of some days and sweeps them for starts."""
    on_sqlite = work.engine.dialect.name == "sqlite"
    raw = work.engine.raw_connection()
    connection: Any = raw.driver_connection
    read = _sqlite_rows if on_sqlite else _postgresql_rows

    def starts(days: int, need: int) -> Starts:
        within = staff.span(days)
        hours, claims = read(connection, staff.people, within)
        return _swept(staff.people, hours, claims, midnights(within), need)

    try:
        yield starts
    finally:
        raw.close()


def _postgresql_rows(
    connection: psycopg.Connection[Any], people: tuple[UUID, ...], within: Span
) -> tuple[Any, Any]:
    start, end = within.start, within.end
    last = within.first + timedelta(days=within.count)
    hours = connection.execute(HOURS.format("= ANY(%s)", "%s", "%s"), (list(people), last, within.first))
    rows = hours.fetchall()
    claims = connection.execute(
        CLAIMS.format("= ANY(%s)", "%s", "%s", "%s", "clinic_clock()"),
        (list(people), end, start - LONGEST_BUSY, start),
    )
    found: dict[UUID, list[Interval]] = defaultdict(list)
    for who, begins, ends in claims.fetchall():
        found[who].append(((begins - start) // MINUTE, (ends - start) // MINUTE))
    connection.rollback()
    return rows, found


def _sqlite_rows(connection: sqlite3.Connection, people: tuple[UUID, ...], within: Span) -> tuple[Any, Any]:
    start, end, low = (_us(moment) for moment in (within.start, within.end, within.start - LONGEST_BUSY))
    last = within.first + timedelta(days=within.count)
    ids = [str(who) for who in people]
    among = f"IN ({','.join('?' * len(ids))})"
    hours = connection.execute(
        HOURS.format(among, "?", "?"), (*ids, last.isoformat(), within.first.isoformat())
    )
    rows = [(UUID(who), *rest) for who, *rest in hours.fetchall()]
    claims = connection.execute(
        CLAIMS.format(among, "?", "?", "?", "(SELECT now FROM clock)"), (*ids, end, low, start)
    )
    found: dict[UUID, list[Interval]] = defaultdict(list)
    of = {identifier: UUID(identifier) for identifier in ids}
    for who, begins, ends in claims.fetchall():
        found[of[who]].append(((begins - start) // 60_000_000, (ends - start) // 60_000_000))
    return rows, found


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _swept(
    people: tuple[UUID, ...],
    hours: Any,  # noqa: ANN401 - rows
    claims: dict[UUID, list[Interval]],
    begins: tuple[int, ...],
    need: int,
) -> Starts:
    """Go through each day's taken times in order and list what fits between them."""
    opened: dict[tuple[UUID, int], Interval] = {}
    breaks: dict[tuple[UUID, int], list[Interval]] = defaultdict(list)
    for who, weekday, start, end, is_break in hours:
        if is_break:
            breaks[who, weekday].append((start, end))
        else:
            opened[who, weekday] = (start, end)
    found: Starts = {}
    shut = (0, 0)
    for number, who in enumerate(people):
        by_day: list[list[Interval]] = [[] for _ in begins]
        for start, end in claims[who]:
            day = start // DAY_MIN  # after a change of the clock, too: nobody works around midnight
            if 0 <= day < len(begins):
                by_day[day].append((start - begins[day], end - begins[day]))
        for day, taken in enumerate(by_day):
            at, closes = opened.get((who, day % 7), shut)
            starts: list[int] = []
            for start, end in sorted([*taken, *breaks[who, day % 7], (closes, closes)]):
                if start - at >= need:
                    starts.extend(range(-(-at // STEP) * STEP, start - need + 1, STEP))
                at = max(at, end)
            found[number + 1, day] = starts
    return found
