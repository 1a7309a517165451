"""Every figure of the dashboard over a month and a year of the book, beside the bare statement of the same sums."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks._book import KINDS, Book, book
from benchmarks._timing import are_met, best_of, case
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.figures import plans, sessions, use, visits, waiting
from clinic_scheduler.services.figures.period import Period

ROUNDS, GOAL_MS, GOAL_RATIO = 7, 300, 1.5
LENGTHS = {"month": 30, "year": 365}
MARGIN = timedelta(days=2)
WITHIN = """a.clinic_id = '{clinic}' AND a.day >= '{first}' AND a.day < '{until}'
    AND a.start_at >= {low} AND a.start_at < {high}"""
# What each figure adds up, as a script would ask for it.
FLOORS = {
    "days": """SELECT a.day, a.status, a.is_late_cancel, count(*), sum(a.price_cents)
        FROM appointment a WHERE {within} GROUP BY 1, 2, 3""",
    "people": """SELECT a.practitioner_id, a.service_id, a.status, a.is_late_cancel, count(*), sum(a.price_cents)
        FROM appointment a WHERE {within} GROUP BY 1, 2, 3, 4""",
    "origins": """SELECT b.source, CASE {leads} ELSE 9 END, a.status, a.is_late_cancel, count(*), sum(a.price_cents)
        FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE {within} GROUP BY 1, 2, 3, 4""",
    "practitioners": "SELECT a.practitioner_id, {length} FROM appointment a WHERE {within} AND {there} GROUP BY 1",
    "rooms": "SELECT a.room_id, {length} FROM appointment a WHERE {within} AND {there} GROUP BY 1",
}
THERE = "a.status NOT IN ('cancelled', 'no_show')"
FIGURES: dict[str, Callable[..., Any]] = {
    "days": visits.days,
    "people": visits.people,
    "origins": visits.origins,
    "practitioners": use.practitioners,
    "rooms": use.rooms,
}
USES = ("practitioners", "rooms")
# Few rows in this book, so only their time is told.
OTHERS: dict[str, Callable[..., Any]] = {
    "plans": plans.plans,
    "waitlist": waiting.waiting,
    "sessions": sessions.sessions,
}


def run(rows: int) -> dict[str, Any]:
    """Each figure against its floor, and its time alone; `ok` also means that both counted the same."""
    cases: list[dict[str, Any]] = []
    is_right = True
    for kind in KINDS:
        with book(kind, rows) as made, closing(UnitOfWork(open_engine(made.url))) as work:
            with closing(_connect(made)) as connection:
                for length, days in LENGTHS.items():
                    until = made.full_week + timedelta(days=7)
                    period = Period(until - timedelta(days=days), until)
                    for name, figure in FIGURES.items():
                        product = partial(work.read, partial(figure, actor=made.actor, period=period))
                        floor = partial(_all, connection, _floor(made, name, period))
                        is_right &= _counted(product()) == _summed(name, floor())
                        cases += _both(f"{kind}, {length}, {name}", *best_of(ROUNDS, product, floor))
            cases += [_alone(made, work, name, figure) for name, figure in OTHERS.items()]
            cases.append(_alone(made, work, "now", _now))
    return {"name": "figures", "cases": cases, "ok": is_right and are_met(cases)}


def _both(name: str, product: float, floor: float) -> Sequence[dict[str, Any]]:
    """Only the time is promised for their use, as the open hours are no part of the floor, and for a month.

    There beginning and ending a transaction weighs as much as the sums.
    """
    took = case(f"{name}, time", product, floor, GOAL_MS, "ms")
    is_alike = "year" in name and not name.endswith(USES)
    return [case(name, product, floor, GOAL_RATIO), took] if is_alike else [took]


def _alone(made: Book, work: UnitOfWork, name: str, figure: Callable[..., Any]) -> dict[str, Any]:
    until = made.full_week + timedelta(days=7)
    period = Period(until - timedelta(days=365), until)
    product = partial(work.read, partial(figure, actor=made.actor, period=period))
    return case(f"{made.kind}, year, {name}, time", *best_of(ROUNDS, product, product), GOAL_MS, "ms")


def _now(session: Any, *, actor: Any, period: Period) -> object:  # noqa: ANN401, ARG001
    return visits.now(session, actor=actor)


def _connect(made: Book) -> Any:  # noqa: ANN401 - either driver's connection
    url = make_url(made.url)
    if made.kind == "SQLite":
        return sqlite3.connect(str(url.database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, options="-c timezone=UTC")


def _all(connection: Any, asked: str) -> list[tuple[Any, ...]]:  # noqa: ANN401
    return list(connection.execute(asked).fetchall())


def _floor(made: Book, name: str, period: Period) -> str:
    is_sqlite = made.kind == "SQLite"
    low, high = (_moment(period.first, -MARGIN), _moment(period.until, MARGIN))
    within = WITHIN.format(
        clinic=made.clinic_id,
        first=period.first,
        until=period.until,
        low=_literal(low, is_sqlite=is_sqlite),
        high=_literal(high, is_sqlite=is_sqlite),
    )
    hours = (2, 24, 72, 168, 336, 672)
    ahead = "a.start_at - b.created_at < {}"
    ends = [str(n * 3_600_000_000) if is_sqlite else f"interval '{n} hours'" for n in hours]
    leads = " ".join(f"WHEN {ahead.format(end)} THEN {n}" for n, end in enumerate(ends, start=1))
    length = "sum(a.end_at - a.start_at)"
    return FLOORS[name].format(
        within=within,
        leads=f"WHEN a.start_at < b.created_at THEN 0 {leads}",
        length=f"{length} / 60000000" if is_sqlite else f"extract(epoch FROM {length}) / 60",
        there=THERE,
    )


def _moment(day: date, off: timedelta) -> datetime:
    return datetime.combine(day, time(), EPOCH.tzinfo) + off


def _literal(moment: datetime, *, is_sqlite: bool) -> str:
    return str((moment - EPOCH) // MICROSECOND) if is_sqlite else f"'{moment.isoformat()}'"


def _counted(found: Any) -> int:  # noqa: ANN401 - whatever a figure returns
    """How many appointments it counted, or minutes."""
    if isinstance(found, visits.Days):
        return found.all.total
    if isinstance(found, visits.People):
        return sum(count.total for count in found.services.values())
    if isinstance(found, visits.Origins):
        return sum(count.total for count in found.leads.values())
    return sum(each.booked_min for each in found)


def _summed(name: str, rows: Sequence[tuple[Any, ...]]) -> int:
    if name in USES:
        return sum(int(row[1]) for row in rows if row[0] is not None)
    return sum(int(row[-2]) for row in rows)
