"""A week of fifty practitioners read for the screen, beside the bare driver, and the window while a month is read."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import pairwise
from time import perf_counter
from typing import Any

import psycopg
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from benchmarks._book import KINDS, Book, book
from benchmarks._book_visits import ZONE
from benchmarks._timing import are_met, best_of, case
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime
from clinic_scheduler.services.days import calendar, calendar_rows
from clinic_scheduler.services.days.calendar_days import Days
from clinic_scheduler.services.days.calendar_rows import Names
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.times.hours import Span
from clinic_scheduler.ui.collecting import Collecting
from clinic_scheduler.ui.tasks import Tasks

ROUNDS, STALLS = 25, 7
MONTH = 31  # days, in which there are some 7,700 visits
# Everything that the screen says of a visit, with the names.
JOINED = """
SELECT a.id, a.booking_id, a.practitioner_id, a.start_at, a.end_at, a.buffer_before_min, a.buffer_after_min,
       p.name, b.guest_name, s.name, a.status, s.hue, r.name, b.payment_state, b.notes, a.overlap_reason, a.version
FROM appointment a JOIN booking b ON b.id = a.booking_id JOIN service s ON s.id = a.service_id
LEFT JOIN patient p ON p.id = b.patient_id LEFT JOIN resource r ON r.id = a.room_id
WHERE a.clinic_id = {0} AND a.start_at >= {0} AND a.start_at < {0} AND a.status <> 'cancelled'
ORDER BY a.start_at, a.id"""
# What else it shows: names, hours, what is shut, live holds.
BESIDE = """
SELECT zone, {now} FROM clinic WHERE id = {0};
SELECT id, kind, name, role, hue, is_active FROM resource
  WHERE clinic_id = {0} AND kind IN ('practitioner', 'room') ORDER BY position, name;
SELECT id, name, hue, is_active FROM service WHERE clinic_id = {0} ORDER BY position, name;
SELECT h.resource_id, weekday, start_min, end_min, is_break, label, valid_from, valid_until, every_weeks, week
  FROM working_hours h JOIN resource r ON r.id = h.resource_id WHERE r.clinic_id = {0} AND r.kind = 'practitioner';
SELECT x.resource_id, day, start_min, end_min, reason FROM hours_exception x
  JOIN resource r ON r.id = x.resource_id WHERE r.clinic_id = {0} AND r.kind = 'practitioner';
SELECT x.resource_id, start_at, end_at, reason FROM time_off x
  JOIN resource r ON r.id = x.resource_id WHERE r.clinic_id = {0} AND r.kind = 'practitioner';
SELECT start_at, end_at, reason FROM closure WHERE clinic_id = {0};
SELECT c.resource_id, c.session_id, c.start_at, c.end_at, s.user_name, s.workstation, c.live_to
  FROM claim c JOIN booking_session s ON s.id = c.session_id
  WHERE c.kind = 'hold' AND c.live_to > {now} AND c.clinic_id = {0}"""
NOW = {"PostgreSQL": "(SELECT clinic_clock())", "SQLite": "(SELECT now FROM clock)"}
Fetch = Callable[[], Sequence[tuple[Any, ...]]]


def run(rows: int) -> dict[str, Any]:
    """Best of several rounds on a book of so many appointments; `ok` also means that both read the same visits."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    cases, is_right = [], True
    for kind in KINDS:
        with book(kind, rows) as made, closing(UnitOfWork(open_engine(made.url))) as work:
            week = partial(work.read, partial(calendar.days, clinic_id=made.clinic_id, first=made.full_week))
            with closing(_connect(made)) as connection:
                floor = _floor(made, connection)
                is_right &= _told(week()) == _fetched(made, floor())
                visits = partial(
                    work.read, partial(_visits, made=made, names=work.read(partial(_names, made=made)))
                )
                cases.append(case(f"{kind}, week, visits", *best_of(ROUNDS, visits, floor), 1.5))
                whole = partial(_whole, floor, _beside(made, connection))
                cases.append(case(f"{kind}, week, all of it", *best_of(ROUNDS, week, whole), 1.5))
            cases.append(_stall(made, work))
    del app
    return {"name": "week", "cases": cases, "ok": is_right and are_met(cases)}


def _connect(made: Book) -> Any:  # noqa: ANN401 - either driver's connection
    url = make_url(made.url)
    if made.kind == "SQLite":
        return sqlite3.connect(str(url.database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, options="-c timezone=UTC")


def _floor(made: Book, connection: Any) -> Fetch:  # noqa: ANN401 - either driver's connection
    days = made.full_week, made.full_week + timedelta(days=7)
    start, end = (localtime.midnight(day, ZONE) for day in days)
    if made.kind == "SQLite":
        asked = JOINED.format("?")
        given = str(made.clinic_id), (start - EPOCH) // MICROSECOND, (end - EPOCH) // MICROSECOND
        return lambda: connection.execute(asked, given).fetchall()
    return lambda: connection.execute(JOINED.format("%s"), (made.clinic_id, start, end)).fetchall()


def _beside(made: Book, connection: Any) -> Sequence[Fetch]:  # noqa: ANN401 - either driver's connection
    sign, given = ("?", str(made.clinic_id)) if made.kind == "SQLite" else ("%s", made.clinic_id)
    asked = BESIDE.format(sign, now=NOW[made.kind]).split(";")
    return [partial(lambda one: connection.execute(one, (given,)).fetchall(), one) for one in asked]


def _whole(floor: Fetch, beside: Sequence[Fetch]) -> None:
    for fetch in (floor, *beside):
        fetch()


def _names(session: Session, *, made: Book) -> Names:
    return calendar_rows.names(session, made.clinic_id, ResourceKind.PRACTITIONER)


def _visits(session: Session, *, made: Book, names: Names) -> None:
    """The visits alone, in their places."""
    span = Span(made.full_week, 7, ZONE)
    Days(span, names).add_visits(
        calendar_rows.visits(session, made.clinic_id, span, ResourceKind.PRACTITIONER)
    )


def _told(week: Sequence[DaySchedule]) -> list[tuple[object, ...]]:
    """What the product says of each visit: id, practitioner, minutes of the week, names."""
    return [
        (
            *(
                str(v.id),
                str(day.columns[v.column].resource_id),
                number * 1440 + v.start,
                number * 1440 + v.end,
            ),
            *(v.busy_end - v.end, v.patient, v.service, v.status, v.hue, v.room, v.is_paid, v.has_note),
        )
        for number, day in enumerate(week)
        for v in day.visits
    ]


def _fetched(made: Book, rows: Sequence[tuple[Any, ...]]) -> list[tuple[object, ...]]:
    """The same of the bare rows."""
    midnight = localtime.midnight(made.full_week, ZONE)
    found = []
    for (
        identifier,
        _booking,
        who,
        *times,
        _before,
        after,
        name,
        guest,
        service,
        status,
        hue,
        room,
        paid,
        notes,
        _,
        _,
    ) in rows:
        start, end = (EPOCH + each * MICROSECOND if isinstance(each, int) else each for each in times)
        minutes = ((moment - midnight) // localtime.MINUTE for moment in (start, end))
        words = name or guest, service, status, hue, room or "", paid == "paid", notes != ""
        found.append((str(identifier), str(who), *minutes, after, *words))
    return found


def _stall(made: Book, work: UnitOfWork) -> dict[str, Any]:
    """The longest time for which the window does nothing, in the best of several readings of a month."""
    month = partial(calendar.days, clinic_id=made.clinic_id, first=made.full_week, count=MONTH)
    tasks = Tasks(work.read, work.write)
    collecting = Collecting()
    collecting.begin()  # as the program does before its window opens
    idle = min(_longest_gap(lambda done: QTimer.singleShot(200, done)) for _ in range(STALLS))
    owner = QObject()
    gaps = [_longest_gap(lambda done: tasks.read(owner, month, lambda _days: done())) for _ in range(STALLS)]
    tasks.close()
    collecting.end()
    return case(f"{made.kind}, stall over a month", min(gaps), idle, 16, "ms")


def _longest_gap(begin: Callable[[Callable[[], None]], None]) -> float:
    """Milliseconds between two ticks of a timer, at most, until what is begun is done."""
    loop, timer = QEventLoop(), QTimer(interval=1)
    ticks = [perf_counter()]
    timer.timeout.connect(lambda: ticks.append(perf_counter()))
    timer.start()
    begin(loop.quit)
    loop.exec()
    ticks.append(perf_counter())
    return max(later - one for one, later in pairwise(ticks)) * 1000
