"""The line is cut before, during and after the commit of a confirm: it is booked once, and the desk hears the truth."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

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
COUNTED = ("booked", "doubles", "untrue", "unsure", "finished", "met")
PHONE = (
    "+493012345678"  # goes to the server with the rows of the booking, on the trip before that of the commit
)
COMMIT = b"COMMIT\0"  # the statement, and the tag of the server's answer
# What comes by, whether from the server, and what becomes of it: during the commit the server still gets it, and is
# committing when the desk, which has lost its line, asks again.
CUTS = {
    "before": (PHONE.encode(), False, "cut"),
    "during": (COMMIT, False, "hand over"),
    "after": (COMMIT, True, "cut"),
}
# A commit that takes longer than the desk waits before it asks again, and about as long as the server needs to see
# now and then that the desk is gone.
SLOW_COMMIT = """
CREATE FUNCTION lingered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER lingered AFTER INSERT ON booking DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION lingered()"""


@dataclass(frozen=True, slots=True)
class Result:
    """Of all confirms: how often the line was cut, and what was wrong then.

    `untrue` were told something else than what is there; `unsure` were told to look, which nobody has to: a confirm can
    be asked again. When it was, the first try was `finished` already, or it was `met`: it ended in the book meanwhile.
    The others never got there.
    """

    cut: int
    booked: int
    doubles: int
    untrue: int
    unsure: int
    finished: int
    met: int

    def is_cut(self, moment: str) -> bool:
        """Whether the cuts came at that moment and at no other."""
        if moment == "during":
            return self.met > 0
        return (self.finished, self.met) == (self.cut if moment == "after" else 0, 0)


def run() -> dict[str, Any]:
    """All the cuts on PostgreSQL; a file has no line."""
    # Found here: nothing else of the benchmarks needs a server.
    from tests.support.pg_server import postgres  # noqa: PLC0415

    cases, is_cut = list[dict[str, Any]](), True
    with postgres() as url:
        engine = open_engine(url, MIGRATION_LIMITS)
        schema.upgrade(engine)
        engine.dispose()
        for place, moment in enumerate(CUTS):
            found = cut(url, moment, CONFIRMS, day=place)
            counted = {"booked once": (found.booked, CONFIRMS), "cut": (found.cut, CONFIRMS)}
            counted["wrong"] = (found.doubles + found.untrue + found.unsure, 0)
            is_cut &= found.is_cut(moment)
            first = f"first try {found.finished} finished, {found.met} met"
            for what, (is_now, wanted) in counted.items():
                figures = {"product": is_now, "floor": wanted, "ratio": 1.0, "goal": wanted}
                cases.append(
                    {"case": f"cut {moment} the commit ({first}), {what}", **figures, "unit": "times"}
                )
    is_right = all(case["product"] == case["goal"] for case in cases)
    return {"name": "lost_answers", "cases": cases, "ok": is_right and is_cut}


def cut(url: str, moment: str, confirms: int, day: int = 0) -> Result:
    """Confirm so often, the line cut each time; then look at what is there."""
    near = UnitOfWork(open_engine(url))
    _track.open_clinic(near)
    words, from_server, then = CUTS[moment]
    told: Counter[str] = Counter()
    with _far(url) as (far, proxy), _lingering(near) if moment == "during" else nullcontext():
        for place in range(confirms):
            begun = _held(near, day, place)
            proxy.once(words, from_server=from_server, then=then)
            answer = _confirmed(far, near, begun, told)
            there = _booked(near, begun)
            told["booked"] += len(there) == 1
            told["doubles"] += len(there) > 1
            told["untrue"] += answer is not None and [answer] != there
            told["unsure"] += answer is None
        fired = proxy.fired
    near.close()
    return Result(fired, **{name: told[name] for name in COUNTED})


def _confirmed(far: UnitOfWork, near: UnitOfWork, begun: UUID, told: Counter[str]) -> UUID | None:
    """The booking that the desk was told of, None where it was told to look; and what became of the first try."""
    request, tries, was_there = new_id(), list[UUID](), False

    def confirm(session: Session) -> UUID:
        nonlocal was_there
        was_there = bool(_booked(near, begun))
        made = booking.confirm(session, actor=_track.ACTOR, session_id=begun, request_id=request)
        tries.append(made.booking_id)
        return made.booking_id

    try:
        answer = far.write(confirm, repeatable=True).value
    except OutcomeUnknown:
        return None
    told["finished"] += was_there
    told["met"] += not was_there and answer in tries[:-1]
    return answer


@contextmanager
def _lingering(work: UnitOfWork) -> Iterator[None]:
    """Commits of bookings take their time."""
    with work.engine.begin() as connection:
        connection.exec_driver_sql(SLOW_COMMIT)
    yield
    with work.engine.begin() as connection:
        connection.exec_driver_sql("DROP FUNCTION lingered CASCADE")


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
