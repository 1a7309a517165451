"""Taking, renewing, converting and giving back time. The database's constraint is the judge.

Every change announces ("time", resource) for each resource, so that whoever keeps its free time looks again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, column, delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import lock_key, new_id
from clinic_scheduler.db.line import Row
from clinic_scheduler.db.prepared import FEW, Prepared, PreparedInsert
from clinic_scheduler.db.states import ClaimKind
from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import Instant, clock

LONGEST_BUSY = timedelta(hours=40)  # a claim of 24 hours and its buffers


Busy = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Taking:
    """One resource wanted from `start` to `end`, half-open; buffers in minutes; `part` is the line of the visit."""

    resource_id: UUID
    start: datetime
    end: datetime
    part: int
    service_id: UUID | None
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    lane: int = 1
    override_reason: str = ""
    appointment_id: UUID | None = None

    @property
    def busy(self) -> Busy:
        """The time with its buffers."""
        before, after = (timedelta(minutes=m) for m in (self.buffer_before_min, self.buffer_after_min))
        return self.start - before, self.end + after

    @classmethod
    def of(cls, claim: t.Claim) -> "Taking":
        """What a claim takes."""
        return cls(
            claim.resource_id,
            claim.start_at,
            claim.end_at,
            claim.part,
            claim.service_id,
            claim.buffer_before_min,
            claim.buffer_after_min,
            claim.lane,
            claim.override_reason,
            claim.appointment_id,
        )


C, A = t.Claim.__table__, t.Appointment.__table__
NOW = Prepared(select(clock()))
# One statement: the set-returning function hands the keys over in their order, and the clock is read after the wait.
QUEUE = Prepared(
    text(
        "SELECT clinic_clock() AS now, locked FROM (SELECT count(pg_advisory_xact_lock(key)) AS locked "
        "FROM unnest(CAST(:keys AS bigint[])) AS key) AS queued"
    ).columns(column("now", Instant()), column("locked", BigInteger()))
)
PUT = PreparedInsert(C)
LIVE_HOLDS = (C.c.session_id == bindparam("holder"), C.c.kind == ClaimKind.HOLD, C.c.live_to > clock())
RENEW = Prepared(update(C).where(*LIVE_HOLDS).values(live_to=bindparam("until")).returning(C.c.resource_id))
CONVERT = Prepared(
    update(C)
    .where(*LIVE_HOLDS)
    .values(
        kind=ClaimKind.APPOINTMENT,
        appointment_id=select(A.c.id)
        .where(A.c.booking_id == bindparam("booking"), A.c.position == C.c.part)
        .scalar_subquery(),
        live_to=None,
    )
    .returning(C.c.resource_id)
)


class Taken(Protocol):
    """A claim that is to end."""

    @property
    def id(self) -> UUID: ...
    @property
    def resource_id(self) -> UUID: ...
    @property
    def live_from(self) -> datetime: ...


def now(session: Session) -> datetime:
    """The database's clock."""
    ((moment,),) = NOW.rows(session, {})
    return cast("datetime", moment)


def lock(session: Session, resource_ids: Iterable[UUID]) -> datetime:
    """Queue for the resources in one fixed order, so that desks wait for each other instead of deadlocking.

    Comes before every change of claims; returns the database's clock after the wait. SQLite has one writer at a time
    anyway.
    """
    return ask_lock(session, resource_ids)()


def ask_lock(session: Session, resource_ids: Iterable[UUID]) -> Later[datetime]:
    """As `lock`, for `one_trip`."""
    if session.get_bind().dialect.name != "postgresql":
        asked = NOW.ask(session, {})
    else:
        keys = sorted({lock_key(identifier) for identifier in resource_ids})
        asked = QUEUE.ask(session, {"keys": f"{{{','.join(map(str, keys))}}}"})
    return lambda: cast("datetime", asked()[0][0])


def book(session: Session, clinic_id: UUID, takings: Sequence[Taking], since: datetime) -> None:
    """Take times for appointments without a hold before."""
    if takings:
        session.execute(
            insert(C),
            [row(clinic_id, taking, since) | {"kind": ClaimKind.APPOINTMENT} for taking in takings],
        )
        announce(session, "time", *(taking.resource_id for taking in takings))


def book_few(session: Session, clinic_id: UUID, takings: Sequence[Taking], since: datetime) -> None:
    """As `book`, a few rows at a time, so that within `trip.together` they go with what else is written."""
    for first in range(0, len(takings), FEW):
        some = takings[first : first + FEW]
        PUT.rows(session, [row(clinic_id, one, since) | {"kind": ClaimKind.APPOINTMENT} for one in some])
    announce(session, "time", *(taking.resource_id for taking in takings))


def hold(
    session: Session,
    clinic_id: UUID,
    session_id: UUID,
    takings: Sequence[Taking],
    until: datetime,
    since: datetime,
) -> None:
    """Take all the times for a booking session, or none: the constraint refuses them with an error."""
    held = {"kind": ClaimKind.HOLD, "session_id": session_id, "live_to": until, "appointment_id": None}
    PUT.rows(session, [row(clinic_id, taking, since) | held for taking in takings])
    announce(session, "time", *(taking.resource_id for taking in takings))


def row(clinic_id: UUID, taking: Taking, since: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "clinic_id": clinic_id,
        "resource_id": taking.resource_id,
        "lane": taking.lane,
        "session_id": None,
        "appointment_id": taking.appointment_id,
        "service_id": taking.service_id,
        "part": taking.part,
        "start_at": taking.start,
        "end_at": taking.end,
        "buffer_before_min": taking.buffer_before_min,
        "buffer_after_min": taking.buffer_after_min,
        "live_from": since,
        "live_to": None,
        "override_reason": taking.override_reason,
    }


def live_holds(session: Session, session_id: UUID) -> list[t.Claim]:
    """The holds of a session that still count, by line of the visit."""
    wanted = select(t.Claim).where(
        t.Claim.session_id == session_id, t.Claim.kind == ClaimKind.HOLD, t.Claim.live_to > clock()
    )
    return list(
        session.scalars(
            wanted.order_by(t.Claim.part, t.Claim.resource_id).execution_options(populate_existing=True)
        )
    )


def renew(session: Session, session_id: UUID, until: datetime) -> int:
    """Give every live hold of the session one common end; how many lived."""
    return _changed(session, RENEW.rows(session, {"holder": session_id, "until": until}))


def ask_convert(session: Session, session_id: UUID, booking_id: UUID) -> Later[int]:
    """Turn the session's live holds into claims of the booking's appointments, by line; how many there were."""
    asked = CONVERT.ask(session, {"holder": session_id, "booking": booking_id})
    return lambda: _changed(session, asked())


def _changed(session: Session, changed: Sequence[Row]) -> int:
    announce(session, "time", *(resource_id for (resource_id,) in changed))
    return len(changed)


def release(session: Session, claims: Sequence[Taken], at: datetime) -> None:
    """End the life of claims at `at`, which is now; one that was only taken in this tick never lived."""
    lived = [claim.id for claim in claims if claim.live_from < at]
    if lived:
        session.execute(
            update(C)
            .where(C.c.id.in_(lived), or_(C.c.live_to.is_(None), C.c.live_to > clock()))
            .values(live_to=at)
        )
    stillborn = [claim.id for claim in claims if claim.live_from >= at]
    if stillborn:
        session.execute(delete(C).where(C.c.id.in_(stillborn)))
    announce(session, "time", *(claim.resource_id for claim in claims))


def of_appointments(session: Session, appointment_ids: Sequence[UUID]) -> list[t.Claim]:
    """The claims that appointments live on now."""
    return list(
        session.scalars(
            select(t.Claim).where(t.Claim.appointment_id.in_(appointment_ids), t.Claim.live_to.is_(None))
        )
    )
