"""The list of bookings over the whole book: first page, middle, search; and the window while somebody scrolls there."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Any

import psycopg
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import make_url

from benchmarks._book import KINDS, Book, book
from benchmarks._timing import are_met, best_of, case
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.listing import extent, lines
from clinic_scheduler.services.listing.asked import Asked, Filter
from clinic_scheduler.services.listing.lines import PAGE, Page
from clinic_scheduler.services.listing.statements import Key
from clinic_scheduler.ui.bookings.model import BookingsModel
from clinic_scheduler.ui.bookings.reader import Reader
from clinic_scheduler.ui.bookings.table import BookingTable
from clinic_scheduler.ui.collecting import Collecting
from clinic_scheduler.ui.tasks import Tasks

ROUNDS, STALLS = 15, 3
STEP_MS = 50.0
# What a page shows, as one statement by hand.
JOINED = """
SELECT a.id, a.booking_id, a.version, s.name, w.name, r.name, a.day, a.start_at, a.end_at, a.status, a.status_reason,
       a.is_late_cancel, a.price_cents, b.reference, b.guest_name, b.guest_phone, b.guest_email, p.name, p.phone,
       p.email, b.source, b.payment_state, b.total_cents, b.created_at, b.notes
FROM appointment a JOIN booking b ON b.id = a.booking_id JOIN service s ON s.id = a.service_id
JOIN resource w ON w.id = a.practitioner_id LEFT JOIN resource r ON r.id = a.room_id
LEFT JOIN patient p ON p.id = b.patient_id
WHERE a.clinic_id = {0} AND a.start_at >= {0} AND NOT EXISTS
  (SELECT 1 FROM appointment o WHERE o.booking_id = a.booking_id AND o.position < a.position)
ORDER BY a.start_at, a.id LIMIT 100"""
FOUND = """
SELECT a.id FROM patient p JOIN booking b ON b.patient_id = p.id JOIN appointment a ON a.booking_id = b.id
WHERE p.clinic_id = {0} AND p.name = {0} AND NOT EXISTS
  (SELECT 1 FROM appointment o WHERE o.booking_id = a.booking_id AND o.position < a.position)
ORDER BY a.start_at, a.id LIMIT 100"""
HALF = """
SELECT start_at FROM appointment WHERE clinic_id = {0} ORDER BY start_at LIMIT 1
OFFSET (SELECT count(*) / 2 FROM appointment WHERE clinic_id = {0})"""
Fetch = Callable[[], Sequence[tuple[Any, ...]]]


def run(rows: int) -> dict[str, Any]:
    """Best of several rounds; `ok` also means that product and floor found the same lines."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    cases, is_right = [], True
    for kind in KINDS:
        with book(kind, rows) as made, closing(UnitOfWork(open_engine(made.url))) as work:
            with closing(_connect(made)) as connection:
                found, same = _pages(made, work, connection)
                cases += found
                is_right &= same
            cases.append(_stall(made, work))
    del app
    return {"name": "listing", "cases": cases, "ok": is_right and are_met(cases)}


def _connect(made: Book) -> Any:  # noqa: ANN401 - either driver's connection
    url = make_url(made.url)
    if made.kind == "SQLite":
        return sqlite3.connect(str(url.database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, options="-c timezone=UTC")


def _pages(made: Book, work: UnitOfWork, connection: Any) -> tuple[list[dict[str, Any]], bool]:  # noqa: ANN401
    read = partial(lines.page, actor=made.actor, asked=Asked())
    middle = work.read(partial(extent.seek, actor=made.actor, asked=Asked(), share=0.5))
    first = work.read(read)
    assert middle is not None  # noqa: S101 - there are a million
    somebody = first.lines[0].visit.patient
    search = partial(lines.page, actor=made.actor, asked=Asked(Filter(somebody)))
    cases, is_right = [], True
    for name, product, floor, goal, unit in (
        ("first page", read, _floor(made, connection, first.lines[0].key), 8.0, "x"),
        ("middle page", partial(read, after=middle), _floor(made, connection, middle), 8.0, "x"),
        ("search by name", search, _named(made, connection, somebody), 50.0, "ms"),
    ):
        asked: Callable[[], Page] = partial(work.read, product)
        is_right &= {str(line.lead.id) for line in asked().lines} >= _ids(floor())
        cases.append(case(f"{made.kind}, {name}", *best_of(ROUNDS, asked, floor), goal, unit))
    jump: Callable[[], Page] = partial(
        work.read, partial(extent.somewhere, actor=made.actor, asked=Asked(), share=0.5)
    )
    half = _halfway(made, connection)
    cases.append(case(f"{made.kind}, jump to the middle", *best_of(5, jump, half), 6.0))
    return cases, is_right


def _ids(rows: Sequence[tuple[Any, ...]]) -> set[str]:
    """The appointments of a statement by hand, without the last few that stand at one instant."""
    return {str(row[0]) for row in rows[: PAGE - 30]}


def _floor(made: Book, connection: Any, after: Key) -> Fetch:  # noqa: ANN401
    start: Any = after.value
    if made.kind == "SQLite":
        given = str(made.clinic_id), (start - EPOCH) // MICROSECOND
        return lambda: connection.execute(JOINED.format("?"), given).fetchall()
    return lambda: connection.execute(JOINED.format("%s"), (made.clinic_id, start)).fetchall()


def _named(made: Book, connection: Any, name: str) -> Fetch:  # noqa: ANN401
    if made.kind == "SQLite":
        return lambda: connection.execute(FOUND.format("?"), (str(made.clinic_id), name)).fetchall()
    return lambda: connection.execute(FOUND.format("%s"), (made.clinic_id, name)).fetchall()


def _halfway(made: Book, connection: Any) -> Fetch:  # noqa: ANN401
    sign, given = ("?", str(made.clinic_id)) if made.kind == "SQLite" else ("%s", made.clinic_id)
    return lambda: connection.execute(HALF.format(sign), (given, given)).fetchall()


def _stall(made: Book, work: UnitOfWork) -> dict[str, Any]:
    """The longest step of the window while the list is looked at, in the best of several times."""
    return case(
        f"{made.kind}, longest step of the window",
        min(_looked(made, work) for _ in range(STALLS)),
        STEP_MS,
        STEP_MS,
        "ms",
    )


def _looked(made: Book, work: UnitOfWork) -> float:
    """The longest step while the list is opened, scrolled to its middle and searched."""
    tasks, collecting = Tasks(work.read, work.write), Collecting()
    model = BookingsModel("EUR")
    reader, table = Reader(tasks, made.actor, model), BookingTable(model)
    table.looked_at.connect(reader.look_at)
    reader.moved.connect(table.stay)
    table.resize(1200, 800)
    table.show()
    steps = _Steps()
    reader.ask(Asked())
    _until(lambda: bool(model.lines) and reader.extent is not None)
    bar = table.verticalScrollBar()
    for share in (0.5, 0.9, 0.2):
        place = int(bar.maximum() * share)
        bar.setValue(place)
        _until(partial(_knows, model, place))
        for step in range(200):
            bar.setValue(place + step * 3)
            _until(partial(_is_idle, tasks))
    reader.ask(Asked(Filter("anna")))
    _until(partial(_is_idle, tasks))
    longest = steps.longest
    table.close()
    tasks.close()
    table.deleteLater()
    del collecting
    return longest


def _knows(model: BookingsModel, row: int) -> bool:
    return model.before <= row < model.end


def _is_idle(tasks: Tasks) -> bool:
    return tasks.running == 0


class _Steps(QObject):
    """How long the event loop was away, at most."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, perf_counter()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def _note(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now


def _until(is_so: Callable[[], bool], limit_s: float = 30.0) -> None:
    """Let the window go on until something is so."""
    loop, begun = QEventLoop(), perf_counter()
    while not is_so():
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if perf_counter() - begun > limit_s:
            raise TimeoutError("the list was not read in time")
