"""The desk's work on a book ten times as long, beside the same on the short one; a change on its way to 32 desks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from threading import Semaphore
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from benchmarks._book import KINDS, Book, book
from benchmarks._book_visits import SERVICES, ZONE, performed, service_of
from benchmarks._timing import are_met, best_of, case
from clinic_scheduler.db.changes import CHANNEL, Watcher, announce
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime, upkeep
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Within
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.wishes import Part, Wish

SHARE, ROUNDS, DESKS, NOTICES = 10, 40, 32, 20
LONGEST_WAIT_S = 10.0
Works = dict[str, Callable[[], object]]


def run(rows: int) -> dict[str, Any]:
    """Best of several rounds; the floor is the product in a book of a tenth. Both must give the same answers."""
    cases, is_right = [], True
    for kind in KINDS:
        with _desk(kind, rows) as long, _desk(kind, rows // SHARE) as short:
            for name, work in long.items():
                is_right &= work() == short[name]()
                cases.append(case(f"{kind}, {name}", *best_of(ROUNDS, work, short[name]), 1.2))
    with book("PostgreSQL", rows // SHARE) as made:
        cases.append(_notices(made))
    return {"name": "growth", "cases": cases, "ok": is_right and are_met(cases)}


@contextmanager
def _desk(kind: str, rows: int) -> Iterator[Works]:
    with book(kind, rows) as made, closing(UnitOfWork(open_engine(made.url))) as work:
        yield _works(made, work)


def _works(made: Book, work: UnitOfWork) -> Works:
    """What a desk does all day; each tells what it found, without ids and what is older than the short book."""
    clinic_id, actor, monday = made.clinic_id, made.actor, made.full_week
    parts, patients = _free_parts(made), map(made.patient_id, count())

    def offered(service_ids: Sequence[UUID], days: int) -> object:
        wishes, within = [Wish(each) for each in service_ids], Within(monday, days)
        return work.read(partial(availability.free_visits, clinic_id=clinic_id, wishes=wishes, within=within))

    def shown(count: int) -> object:
        days = work.read(partial(calendar.days, clinic_id=clinic_id, first=monday, count=count))
        visits = [(v.column, v.start, v.end, v.service, v.status, v.room) for day in days for v in day.visits]
        return visits, [day.closed for day in days]

    def counted() -> object:
        last = monday + timedelta(days=41)
        return work.read(partial(calendar.busy_days, clinic_id=clinic_id, first=monday, last=last))

    def booked() -> object:
        patient, part = next(patients), next(parts)
        begun = work.write(partial(booking_session.start, actor=actor, patient_id=patient)).value
        hold = partial(booking.hold, session_id=begun.id, version=begun.version, parts=[part])
        work.write(partial(hold, actor=actor))
        confirm = partial(booking.confirm, session_id=begun.id, request_id=new_id())
        return len(work.write(partial(confirm, actor=actor), repeatable=True).value.appointment_ids)

    return {
        "free starts": partial(offered, SERVICES[8:9], 7),
        "visits of five": partial(offered, [SERVICES[n] for n in (0, 8, 17, 25, 35)], 14),
        "day": partial(shown, 1),
        "week": partial(shown, 7),
        "month": counted,
        "hold and confirm": booked,
        "sweep": lambda: work.write(partial(upkeep.sweep, actor=actor)).value is not None,
    }


def _free_parts(made: Book) -> Iterator[Part]:
    """Times of services without a room in the weeks in which nothing is booked, each other than the one before."""
    number = next(n for n, kept in enumerate(map(service_of, range(60))) if not kept.room_kind)
    service, able = service_of(number), [who for who, known in enumerate(performed()) if number in known]
    for days in count():
        day = made.empty_week + timedelta(days=days)
        for minute in range(540, 720, 60) if day.weekday() < 5 else ():
            start = localtime.at_minute(day, minute, ZONE)
            end = start + service.duration_min * localtime.MINUTE
            for who in able:
                yield Part(service.id, made.practitioner_ids[who], None, start, end, service.price_cents)


def _notices(made: Book) -> dict[str, Any]:
    """Milliseconds from a commit until the last of so many desks has heard of it; the floor is one bare listener."""
    url, heard = make_url(made.url), Semaphore(0)
    watchers = [Watcher(url, lambda _changes: heard.release(), lambda _is_there: None) for _ in range(DESKS)]
    for watcher in watchers:
        watcher.start()
    _wait_for(heard)  # everything may have changed before they came
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with (
        closing(UnitOfWork(open_engine(made.url))) as work,
        psycopg.connect(address, autocommit=True) as bare,
    ):
        bare.execute(f"LISTEN {CHANNEL}".encode())
        product, floor = [], []
        for _ in range(NOTICES):
            work.write(lambda s: announce(s, "appointment", new_id()))
            begun = perf_counter()
            list(bare.notifies(timeout=LONGEST_WAIT_S, stop_after=1))
            floor.append(perf_counter() - begun)
            _wait_for(heard)
            product.append(perf_counter() - begun)
    for watcher in watchers:
        watcher.stop()
    return case(f"{DESKS} desks hear", max(product) * 1000, max(floor) * 1000, 100, "ms")


def _wait_for(heard: Semaphore) -> None:
    for _ in range(DESKS):
        if not heard.acquire(timeout=LONGEST_WAIT_S):
            raise TimeoutError("a desk did not hear of a change")
