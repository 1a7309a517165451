"""Holds run out under a desk's hands while another desk waits for the time: only one of them ever has it.

Each try is a hold of a few milliseconds. One desk confirms or renews it about when it ends, the other takes the time.
All tries take ten minutes or so.
"""

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from benchmarks import races
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseBusy, HoldLapsed, TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part

TRIES, PAIRS = 10_000, 8
SHORTEST_MS, LONGEST_MS = 5, 40
LONGEST_WAIT_S = 60


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

    cases = []
    with tempfile.TemporaryDirectory() as folder, postgres() as server, races.processes(PAIRS) as pool:
        for name, url in (("PostgreSQL", server), ("SQLite", f"sqlite:///{folder}/clinic.db")):
            engine = open_engine(url, MIGRATION_LIMITS)
            schema.upgrade(engine)
            engine.dispose()
            for what in ("confirm", "renew"):
                found = race(url, what, TRIES, pool=pool)
                figures = {"product": found.both + found.overlaps, "floor": 0, "ratio": 1.0, "goal": 0}
                tries = f"{found.kept} kept, {found.lost} lost"
                cases.append({"case": f"{name}, {what}: {tries}", **figures, "unit": "times given twice"})
    return {"name": "lapses", "cases": cases, "ok": all(case["product"] == 0 for case in cases)}


def race(
    url: str, what: str, tries: int, *, pairs: int = PAIRS, pool: ProcessPoolExecutor | None = None
) -> Result:
    """So many tries on a migrated database, then a look at what they left."""
    if pool is None:
        with races.processes(pairs) as own:
            return race(url, what, tries, pairs=pairs, pool=own)
    work = UnitOfWork(open_engine(url))
    races.open_clinic(work)
    jobs = [pool.submit(pair, url, what, tries // pairs, number) for number in range(pairs)]
    done = [job.result() for job in jobs]
    overlaps = len(work.read(integrity.overlaps))
    work.close()
    kept, lost, both = (sum(one[place] for one in done) for place in range(3))
    return Result(kept, lost, both, overlaps)


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
            moments = [max(0.0, lasts.total_seconds() + rng.gauss(0, 0.004)) for _desk in range(2)]
            gate = threading.Barrier(2)
            keeping = desks.submit(_at, gate, moments[0], partial(first.keep, what, begun))
            taking = desks.submit(_at, gate, moments[1], partial(second.take, part))
            is_kept, is_taken = keeping.result(LONGEST_WAIT_S), taking.result(LONGEST_WAIT_S)
            kept, lost, both = kept + is_kept, lost + is_taken, both + (is_kept and is_taken)
    work.close()
    return kept, lost, both


def _at(gate: threading.Barrier, delay_s: float, do: Any) -> bool:  # noqa: ANN401
    gate.wait(LONGEST_WAIT_S)
    time.sleep(delay_s)
    return bool(do())


def _parts(what: str, number: int, tries: int) -> Iterator[Part]:
    """A time for each try; every pair and kind of race has days of its own."""
    day = 2_000 + 500 * number + (250 if what == "renew" else 0)
    for place in range(tries):
        start = races.FIRST + timedelta(days=day) + place * races.BRIEF
        yield Part(
            races.SERVICE, races.PEOPLE[number % len(races.PEOPLE)], None, start, start + races.BRIEF, 1
        )


class _Desk:
    """One of the two."""

    def __init__(self, work: UnitOfWork, name: str) -> None:
        self._work = work
        self._actor: Actor = replace(races.ACTOR, user_id=new_id(), workstation=name)

    def hold_briefly(self, part: Part, lasts: timedelta) -> UUID:
        """Hold the time for a few milliseconds, which no clinic can set."""
        begun = self._begin()

        def work(session: Session) -> None:
            booking.hold(session, actor=self._actor, session_id=begun, version=1, parts=(part,))
            until = claims.now(session) + lasts
            session.execute(
                update(t.Claim.__table__).where(t.Claim.session_id == begun).values(live_to=until)
            )

        self._work.write(work)
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
        """Hold the time for good; whether it was free."""
        begun = self._begin()
        parts = (part,)
        return self._tried(
            lambda s: booking.hold(s, actor=self._actor, session_id=begun, version=1, parts=parts), TimeTaken
        )

    def _begin(self) -> UUID:
        chosen = Choices(guest=Guest(self._actor.workstation))
        return self._work.write(lambda s: booking_session.start(s, actor=self._actor, chosen=chosen)).value.id

    def _tried(self, work: Any, refusal: type[TimeTaken]) -> bool:  # noqa: ANN401
        while True:
            try:
                return self._work.write(work, repeatable=True).value is not None
            except refusal:
                return False
            except DatabaseBusy:
                continue
