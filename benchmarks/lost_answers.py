"""The line is cut before, during and after the commit of a confirm: it is booked once, and the desk hears the truth."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, make_url, select

from benchmarks import _track
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
PHONE = (
    "+493012345678"  # goes to the server with the rows of the booking, on the trip before that of the commit
)
COMMIT = b"COMMIT\0"  # the statement, and the tag of the server's answer
# What comes by, whether from the server, and what becomes of it: during the commit the server still gets it, and may be
# committing when the desk, which has lost its line, asks again.
CUTS = {
    "before": (PHONE.encode(), False, "cut"),
    "during": (COMMIT, False, "hand over"),
    "after": (COMMIT, True, "cut"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """Of all confirms: how often the line was cut, and what was wrong then.

    `untrue` were told something else than what is there; `unsure` were told to look, which nobody has to: a confirm can
    be asked again.
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
            counted = {"booked once": (found.booked, CONFIRMS), "cut": (found.cut, CONFIRMS)}
            counted["wrong"] = (found.doubles + found.untrue + found.unsure, 0)
            for what, (is_now, wanted) in counted.items():
                figures = {"product": is_now, "floor": wanted, "ratio": 1.0, "goal": wanted}
                cases.append({"case": f"cut {moment} the commit, {what}", **figures, "unit": "times"})
    return {"name": "lost_answers", "cases": cases, "ok": all(c["product"] == c["goal"] for c in cases)}


def cut(url: str, moment: str, confirms: int, day: int = 0) -> Result:
    """Confirm so often, the line cut each time; then look at what is there."""
    near = UnitOfWork(open_engine(url))
    _track.open_clinic(near)
    words, from_server, then = CUTS[moment]
    told: Counter[str] = Counter()
    with _far(url) as (far, proxy):
        for place in range(confirms):
            begun = _held(near, day, place)
            proxy.once(words, from_server=from_server, then=then)
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
            lambda s: booking.confirm(s, actor=_track.ACTOR, session_id=begun, request_id=request),
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
    start = _track.FIRST + timedelta(days=1_000 + day) + place * _track.BRIEF
    part = Part(_track.SERVICE, _track.PEOPLE[0], None, start, start + _track.BRIEF, 1000)
    chosen = Choices(guest=Guest("Guest", PHONE))
    begun = work.write(lambda s: booking_session.start(s, actor=_track.ACTOR, chosen=chosen)).value
    work.write(lambda s: booking.hold(s, actor=_track.ACTOR, session_id=begun.id, version=1, parts=(part,)))
    return begun.id
