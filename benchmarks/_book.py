"""The great book: ten years of a clinic of fifty practitioners, as a database of either kind to measure on.

Building a million appointments takes minutes, so what was built is kept for the next time, in the folder that
`CLINIC_BENCHMARK_CACHE` names (default: the system's temporary folder). It holds for the week in which it was built,
because its last weeks must lie ahead.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import make_url

from benchmarks import _book_load, _book_rows, _book_visits
from clinic_scheduler.db import schema
from clinic_scheduler.db.engine import UPKEEP_LIMITS, open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.actor import Actor
from tests.support import pg_server

KINDS = ("PostgreSQL", "SQLite")
# A server for a clinic of that size, whose data need not survive.
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "8GB", "max_connections": "100"}


@dataclass(frozen=True, slots=True)
class Book:
    """A private copy of the book, which may be written to.

    Every week of it, from `first_monday` on, holds about 1,923 appointments; the `full_week` begins next Monday, so
    that all of it lies ahead. From `empty_week` on nothing is booked.
    """

    url: str
    kind: str
    first_monday: date
    full_week: date
    empty_week: date
    actor: Actor = _book_load.ACTOR
    clinic_id: UUID = _book_visits.CLINIC
    practitioner_ids: tuple[UUID, ...] = _book_visits.PEOPLE
    room_ids: tuple[UUID, ...] = _book_visits.ROOMS
    service_ids: tuple[UUID, ...] = _book_visits.SERVICES

    @property
    def full_day(self) -> date:
        """The Tuesday of the full week."""
        return self.full_week + timedelta(days=1)

    def patient_id(self, number: int) -> UUID:
        """Somebody who comes in these weeks; there are 20,000 of them."""
        return _book_rows.patient_id(_book_visits.patients(_book_visits.AHEAD_WEEKS + 1)[number])


@contextmanager
def book(kind: str, rows: int) -> Iterator[Book]:
    """A migrated database of that kind with about so many appointments, gone after the block."""
    today = datetime.now(_book_visits.ZONE).date()
    monday = today - timedelta(days=today.weekday())
    weeks = max(_book_visits.AHEAD_WEEKS + 2, round(rows / _book_visits.WEEKLY))
    kept = _kept(kind, monday, weeks)
    first = monday + timedelta(weeks=_book_visits.AHEAD_WEEKS - weeks)
    week, end = monday + timedelta(weeks=1), monday + timedelta(weeks=_book_visits.AHEAD_WEEKS)
    with tempfile.TemporaryDirectory(prefix="clinic-book-") as folder:
        Path(folder).chmod(0o755)  # the server is run by somebody else where root calls
        copy = Path(folder, "copy")
        _copied(kept, copy)
        with _opened(kind, copy) as url:
            yield Book(url, kind, first, week, end)


def _kept(kind: str, monday: date, weeks: int) -> Path:
    """The folder of the finished book; makes it where there is none, out of one of an older schema if there is one."""
    cache = Path(os.environ.get("CLINIC_BENCHMARK_CACHE", tempfile.gettempdir()), "clinic-books")
    size, revisions = f"{kind.lower()}-{weeks}w", reversed(schema.revisions())
    known = [cache / f"{size}-{monday:%Y%m%d}-{_digest()}-{revision}" for revision in revisions]
    kept = known[0]
    if kept.exists():
        return kept
    cache.mkdir(mode=0o755, parents=True, exist_ok=True)
    for outdated in set(cache.glob(f"{size}-*")) - set(cache.glob(f"{size}-{monday:%Y%m%d}-*")):
        shutil.rmtree(outdated, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="building-", dir=cache) as folder:
        Path(folder).chmod(0o755)
        draft = Path(folder, "draft")
        older = next((book for book in known if book.exists()), None)
        if older:
            _copied(older, draft)
            with _opened(kind, draft) as url:
                _book_load.upgrade(make_url(url))
                _tend(url)
        else:
            draft.mkdir(mode=0o755)
            with _opened(kind, draft) as url:
                _book_load.fill(make_url(url), monday, weeks)
        for earlier in draft.glob("*.before-*"):
            earlier.unlink()
        with suppress(OSError):  # somebody else was quicker
            draft.rename(kept)
    return kept


def _tend(url: str) -> None:
    """Let the upkeep finish what a new schema leaves to it."""
    with closing(UnitOfWork(open_engine(url, UPKEEP_LIMITS), UPKEEP_LIMITS)) as work:
        while (swept := work.write(partial(upkeep.sweep, actor=_book_load.ACTOR)).value) and (
            swept.people or swept.indexed
        ):
            pass


def _digest() -> str:
    sources = (Path(str(module.__file__)).read_bytes() for module in (_book_visits, _book_rows, _book_load))
    return hashlib.sha256(b"".join(sources)).hexdigest()[:12]


@contextmanager
def _opened(kind: str, folder: Path) -> Iterator[str]:
    """The address of the database in that folder, which is made where there is none."""
    if kind == "SQLite":
        yield f"sqlite:///{folder}/clinic.db"
    else:
        with pg_server.postgres(folder, SETTINGS) as url:
            yield url


def _copied(kept: Path, copy: Path) -> None:
    shutil.copytree(kept, copy)
    if pg_server.SERVER_USER and (copy / "data").exists():
        for path in (copy / "data", *(copy / "data").rglob("*")):
            shutil.chown(path, pg_server.SERVER_USER)
