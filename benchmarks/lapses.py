"""Holds run out under a desk's hands while another desk waits for the time: only one of them ever has it.

Each try is a hold of a few milliseconds. One desk confirms or renews it about when it ends, the other takes the time.
All tries take ten minutes or so.
"""

import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import combinations
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from benchmarks import _track
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy, HoldLapsed, TimeTaken
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part

TRIES, PAIRS = 10_000, 16
SHORTEST_MS, LONGEST_MS = 5, 40
LONGEST_WAIT_S = 60
ASKING = 12
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Result:
    """`kept` are the tries that the first desk won, `lost` those that the other did; in `both` each was told so."""

    kept: int
    lost: int
    both: int
    overlaps: int


def run() -> dict[str, Any]:
    """Confirms and renewals against the end of their holds, on each kind of database."""
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    cases, has_met = list[dict[str, Any]](), True
    with tempfile.TemporaryDirectory() as folder, postgres() as server, _track.processes(PAIRS) as pool:
        for name, url in (("PostgreSQL", server), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            engine = open_engine(url, MIGRATION_LIMITS)
            schema.upgrade(engine)
            engine.dispose()
            for what in ("confirm", "renew"):
                found = race(url, what, TRIES, pool=pool)
                has_met &= bool(found.kept and found.lost)
                figures = {"product": found.both + found.overlaps, "floor": 0, "ratio": 1.0, "goal": 0}
                tries = f"{found.kept} kept, {found.lost} lost"
                cases.append({"case": f"{name}, {what}: {tries}", **figures, "unit": "times given twice"})
    return {"name": "lapses", "cases": cases, "ok": has_met and all(case["product"] == 0 for case in cases)}


def race(
    url: str, what: str, tries: int, *, pairs: int = PAIRS, pool: ProcessPoolExecutor | None = None
) -> Result:
    """So many tries on a migrated database, then a look at what they left."""
    if pool is None:
        with _track.processes(pairs) as own:
            return race(url, what, tries, pairs=pairs, pool=own)
    work = UnitOfWork(open_engine(url))
    _track.open_clinic(work)
    jobs = [pool.submit(pair, url, what, tries // pairs, number) for number in range(pairs)]
    done = [job.result() for job in jobs]
    overlaps = _overlaps(work)
    work.close()
    kept, lost, both = (sum(one[place] for one in done) for place in range(3))
    return Result(kept, lost, both, overlaps)


def _overlaps(work: UnitOfWork) -> int:
    """How many tries left their time to two at once."""
    c = t.Claim
    columns = (c.resource_id, c.lane, c.start_at, c.end_at, c.live_from, c.live_to)
    rows = work.read(lambda s: s.execute(select(*columns).where(c.clinic_id == _track.CLINIC)).all())
    of_try = defaultdict(list)
    for row in rows:
        of_try[row.resource_id, row.start_at].append(row)
    return sum(_track.overlap(*two) for found in of_try.values() for two in combinations(found, 2))


def pair(url: str, what: str, tries: int, number: int) -> tuple[int, int, int]:
    """Two desks and their tries: how many each won, and both."""
    work = UnitOfWork(open_engine(url))
    rng = random.Random(f"{what} {number}")  # noqa: S311 - a race
    kept = lost = both = 0
    with ThreadPoolExecutor(2) as desks:
        first, second = (_Desk(work, f"{what} {number}{side}") for side in "ab")
        for part in _parts(what, number, tries):
            lasts = timedelta(milliseconds=rng.uniform(SHORTEST_MS, LONGEST_MS))
            begun = first.hold_briefly(part, lasts)
            moments = [max(0.0, lasts.total_seconds() + rng.gauss(after, 0.01)) for after in (0.01, -0.01)]
            gate = threading.Barrier(2)
            keeping = desks.submit(_at, gate, moments[0], partial(first.keep, what, begun))
            taking = desks.submit(_at, gate, moments[1], partial(second.take, part))
            is_kept, is_taken = keeping.result(LONGEST_WAIT_S), taking.result(LONGEST_WAIT_S)
            kept, lost, both = kept + is_kept, lost + is_taken, both + (is_kept and is_taken)
    work.close()
    return kept, lost, both


def _at(gate: threading.Barrier, delay_s: float, do: Callable[[], bool]) -> bool:
    gate.wait(LONGEST_WAIT_S)
    time.sleep(delay_s)
    return do()


def _parts(what: str, number: int, tries: int) -> Iterator[Part]:
    """A time for each try; every pair and kind of race has days of its own."""
    day = 2_000 + 200 * number + (100 if what == "renew" else 0)
    for place in range(tries):
        start = _track.FIRST + timedelta(days=day) + place * _track.BRIEF
        yield Part(
            _track.SERVICE, _track.PEOPLE[number % len(_track.PEOPLE)], None, start, start + _track.BRIEF, 1
        )


class _Desk:
    """One of the two."""

    def __init__(self, work: UnitOfWork, name: str) -> None:
        self._work = work
        self._actor: Actor = replace(_track.ACTOR, user_id=new_id(), workstation=name)

    def hold_briefly(self, part: Part, lasts: timedelta) -> UUID:
        """Hold the time for a few milliseconds, which no clinic can set."""
        begun = self._begin()

        def work(session: Session) -> None:
            booking.hold(session, actor=self._actor, session_id=begun, version=1, parts=(part,))
            until = claims.now(session) + lasts
            session.execute(
                update(t.Claim.__table__).where(t.Claim.session_id == begun).values(live_to=until)
            )

        self._written(work)
        return begun

    def keep(self, what: str, begun: UUID) -> bool:
        """Confirm or renew; whether that went well."""
        request = new_id()

        def work(session: Session) -> object:
            if what == "renew":
                return booking.renew(session, actor=self._actor, session_id=begun)
            return booking.confirm(session, actor=self._actor, session_id=begun, request_id=request)

        return self._tried(work, HoldLapsed)

    def take(self, part: Part) -> bool:
        """Ask for the time until it is free, again and again; whether it ever was."""
        begun, parts = self._begin(), (part,)

        def work(session: Session) -> object:
            return booking.hold(session, actor=self._actor, session_id=begun, version=1, parts=parts)

        return any(self._tried(work, TimeTaken) for _try in range(ASKING))

    def _begin(self) -> UUID:
        chosen = Choices(guest=Guest(self._actor.workstation))
        return self._written(lambda s: booking_session.start(s, actor=self._actor, chosen=chosen)).id

    def _tried(self, work: Callable[[Session], object], refusal: type[TimeTaken]) -> bool:
        try:
            return self._written(work) is not None
        except refusal:
            return False

    def _written(self, work: Callable[[Session], T]) -> T:
        """What the work returns, done again when the database was busy, as people do."""
        while True:
            try:
                return self._work.write(work, repeatable=True).value
            except DatabaseBusy:
                continue
