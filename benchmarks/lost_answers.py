"""The line is cut before, during and after the commit of a confirm: it is booked once, and the desk hears the truth."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, make_url, select

from benchmarks import races
from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import OutcomeUnknown
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part
from tests.support.fault_proxy import FaultProxy

CONFIRMS = 200
COMMIT = b"COMMIT\0"  # the statement, and the tag of the server's answer
NOTIFY = b"\0\0\0\6clinic"  # the channel, as a parameter of the last statement before the commit
CUTS = {"before": (NOTIFY, False), "during": (COMMIT, False), "after": (COMMIT, True)}


@dataclass(frozen=True, slots=True)
class Result:
    """Of all confirms: how often the line was cut, and what was wrong then.

    `untrue` were told something else than what is there; `unsure` were told to look.
    """

    cut: int
    booked: int
    doubles: int
    untrue: int
    unsure: int


def run() -> dict[str, Any]:
    """All the cuts on PostgreSQL; a file has no line."""
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    cases = []
    with postgres() as url:
        engine = open_engine(url, MIGRATION_LIMITS)
        schema.upgrade(engine)
        engine.dispose()
        for place, moment in enumerate(CUTS):
            found = cut(url, moment, CONFIRMS, day=place)
            counted = {"booked once": (found.booked, CONFIRMS), "wrong": (found.doubles + found.untrue, 0)}
            counted["cut"] = (found.cut, CONFIRMS)
            for what, (is_now, wanted) in counted.items():
                figures = {"product": is_now, "floor": wanted, "ratio": 1.0, "goal": wanted}
                cases.append({"case": f"cut {moment} the commit, {what}", **figures, "unit": "times"})
    return {"name": "lost_answers", "cases": cases, "ok": all(c["product"] == c["goal"] for c in cases)}


def cut(url: str, moment: str, confirms: int, day: int = 0) -> Result:
    """Confirm so often, the line cut each time; then look at what is there."""
    near = UnitOfWork(open_engine(url))
    races.open_clinic(near)
    words, from_server = CUTS[moment]
    told: Counter[str] = Counter()
    with _far(url) as (far, proxy):
        for place in range(confirms):
            begun = _held(near, day, place)
            proxy.once(words, from_server=from_server)
            answer = _confirmed(far, begun)
            there = _booked(near, begun)
            told["booked"] += len(there) == 1
            told["doubles"] += len(there) > 1
            told["untrue"] += answer is not None and [answer] != there
            told["unsure"] += answer is None
        fired = proxy.fired
    near.close()
    return Result(fired, told["booked"], told["doubles"], told["untrue"], told["unsure"])


def _confirmed(far: UnitOfWork, begun: UUID) -> UUID | None:
    """The booking that the desk was told of; None where it was told to look."""
    request = new_id()
    try:
        return far.write(
            lambda s: booking.confirm(s, actor=races.ACTOR, session_id=begun, request_id=request),
            repeatable=True,
        ).value.booking_id
    except OutcomeUnknown:
        return None


def _booked(near: UnitOfWork, begun: UUID) -> list[UUID]:
    """The bookings that are there."""
    b = t.Booking
    return list(near.read(lambda s: s.scalars(select(b.id).where(b.session_id == begun)).all()))


@contextmanager
def _far(url: str) -> Iterator[tuple[UnitOfWork, FaultProxy]]:
    address = make_url(url)
    with FaultProxy(str(address.host), int(address.port or 5432)) as proxy:
        through = address.set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
        far = UnitOfWork(open_engine(through.render_as_string(hide_password=False)))
        far.read(lambda s: s.scalar(select(func.count()).select_from(t.Clinic)))
        yield far, proxy
        far.close()


def _held(work: UnitOfWork, day: int, place: int) -> UUID:
    start = races.FIRST + timedelta(days=1_000 + day) + place * races.BRIEF
    part = Part(races.SERVICE, races.PEOPLE[0], None, start, start + races.BRIEF, 1000)
    chosen = Choices(guest=Guest("Guest", "+493012345678"))
    begun = work.write(lambda s: booking_session.start(s, actor=races.ACTOR, chosen=chosen)).value
    work.write(lambda s: booking.hold(s, actor=races.ACTOR, session_id=begun.id, version=1, parts=(part,)))
    return begun.id
