"""How long the window stands still while 4,200 visits load and a second desk changes twenty a second.

A timer that wants to tick every millisecond is the watchdog: the longest time between two of its ticks is what a hand
on the mouse would feel. The floor is the same window with nothing to do.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count, pairwise
from time import monotonic, perf_counter, sleep
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks._book import KINDS, Book, book
from benchmarks._timing import are_met, case
from clinic_scheduler import opening
from clinic_scheduler.app import Connected
from clinic_scheduler.config import Workstation
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.calendar.views import Kind, View
from clinic_scheduler.ui.collecting import Collecting

LONGEST_MS = 50.0
LOADS, SECONDS, A_SECOND = 4, 8, 20


class Long(View):
    """Sixteen days of all side by side: more than any desk looks at."""

    @property
    def count(self) -> int:
        return 16


def run(rows: int) -> dict[str, Any]:
    """On both databases: while loading, and while the other desk is at work."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)  # noqa: S101 - nobody else made one
    cases = list[dict[str, Any]]()
    for kind in KINDS:
        with book(kind, rows) as made:
            cases += _measure(app, made)
    is_right = all(each.pop("is_right", True) for each in cases)
    return {"name": "stall", "cases": cases, "ok": is_right and are_met(cases)}


def _measure(app: QApplication, made: Book) -> Iterator[dict[str, Any]]:
    work = UnitOfWork(open_engine(made.url))
    opened = opening.Opened(made.url, work, work.read(opening.clinic))
    collecting = Collecting()
    collecting.begin()
    connected = Connected(opened, theme.apply(app, "light"), Workstation(name="Desk 1"), person="Kofi Mensah")
    page, window = connected.window.page, connected.window
    window.resize(1440, 900)
    window.show()
    shown: list[Callable[[], None]] = []
    page.schedule_shown.connect(lambda _schedule: shown and shown.pop()())
    _gaps(shown.append)
    idle = max(_gaps(lambda done: QTimer.singleShot(1_000, done)))
    page.view = Long(kind=Kind.DAYS)
    page.day = made.full_week
    loads = [_load(page.read, shown) for _ in range(LOADS)]
    assert page.model.schedule is not None  # noqa: S101 - it was just shown
    visits = len(page.model.schedule.visits)
    yield case(
        f"{made.kind}, {visits} visits load", max(max(gaps) for gaps in loads[1:]), idle, LONGEST_MS, "ms"
    )
    with _second_desk(made):
        before = work.read(_changes)
        gaps = _gaps(lambda done: QTimer.singleShot(SECONDS * 1000, done))
        done = work.read(_changes) - before
    name = f"{made.kind}, {A_SECOND} changes a second"
    yield case(name, max(gaps), idle, LONGEST_MS, "ms") | {"is_right": done > SECONDS * A_SECOND * 0.9}
    window.close()
    connected.close()
    QApplication.sendPostedEvents()
    collecting.end()


def _load(read: Callable[[], None], shown: list[Callable[[], None]]) -> list[float]:
    def begin(done: Callable[[], None]) -> None:
        shown.append(done)
        read()

    return _gaps(begin)


def _gaps(begin: Callable[[Callable[[], None]], object]) -> list[float]:
    """Milliseconds between the ticks of a timer, until what is begun is done and was painted."""
    loop, timer = QEventLoop(), QTimer(interval=1)
    ticks = [perf_counter()]
    timer.timeout.connect(lambda: ticks.append(perf_counter()))
    timer.start()
    begin(lambda: QTimer.singleShot(200, loop.quit))
    loop.exec()
    ticks.append(perf_counter())
    return [(later - one) * 1000 for one, later in pairwise(ticks)]


@contextmanager
def _second_desk(made: Book) -> Iterator[None]:
    other = multiprocessing.get_context("spawn").Process(target=_change, args=(made,), daemon=True)
    other.start()
    sleep(3)  # until it is at work
    yield
    other.kill()
    other.join()


def _changes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(t.AuditEntry)) or 0


def _change(made: Book) -> None:
    """Make visits of the week shorter and longer again, in a process of its own."""
    work, a = UnitOfWork(open_engine(made.url)), t.Appointment
    actor = replace(made.actor, user_id=new_id(), workstation="Desk 2")
    wanted = select(a.id, a.version, a.start_at, a.end_at).where(
        a.day == made.full_day, a.clinic_id == made.clinic_id, a.status == AppointmentStatus.CONFIRMED
    )
    rows = work.read(lambda s: s.execute(wanted.limit(200)).all())
    seen: dict[UUID, int] = {row.id: row.version for row in rows}
    begun = monotonic()
    for number in count():
        row = rows[number % len(rows)]
        end = row.end_at if number // len(rows) % 2 else row.start_at + (row.end_at - row.start_at) / 2
        change = Change(row.id, seen[row.id], end=end)
        work.write(partial(moving.change, actor=actor, request_id=new_id(), changes=(change,)))
        seen[row.id] += 1
        sleep(max(0.0, begun + number / A_SECOND - monotonic()))
