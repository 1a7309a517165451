"""Taking times for a booking session, or none of them: the rows that the constraint judges."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, text, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.compiled import Values
from clinic_scheduler.db.prepared import NO_VALUES, PreparedInsert
from clinic_scheduler.db.refusals import constraint
from clinic_scheduler.db.states import ClaimKind, ResourceKind
from clinic_scheduler.db.types import Ids, Instant, among, clock
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.taking.claims import LONGEST_BUSY, Taking

C = t.Claim.__table__
# Whoever sits beyond the first lane about the time of a visit. The constraint knows lanes only: it would let the visit
# into the first, beside one that was accepted with leave.
BESIDE = select(C.c.id).where(
    among(C.c.resource_id, bindparam("resources", type_=Ids())),
    text("claim.lane > 1"),  # as a parameter, it would keep from the index
    C.c.busy_from < bindparam("latest", type_=Instant()),
    C.c.busy_from > bindparam("long_before", type_=Instant()),
    (C.c.busy_to > bindparam("earliest", type_=Instant())).is_(True),  # for the reason that overlaps.py gives
    or_(C.c.live_to.is_(None), C.c.live_to > clock()),
)
TAKE = PreparedInsert(C, told=C.c.id)
TAKE_ALONE = PreparedInsert(C, told=C.c.id, unless=BESIDE.correlate(None).exists())


def take(
    session: Session,
    clinic_id: UUID,
    session_id: UUID,
    takings: Sequence[Taking],
    until: datetime,
    since: datetime,
) -> None:
    """Take all the times for a booking session; after a refusal the transaction must not be committed.

    Raises:
        TimeTaken: naming who or what is not free.
    """
    rows = _holds(clinic_id, session_id, takings, until, since)
    if _insert(session, TAKE, rows) != len(rows):
        raise TimeTaken(clash(session, session_id, takings))
    announce(session, "time", *(taking.resource_id for taking in takings))


def take_alone(
    session: Session,
    clinic_id: UUID,
    session_id: UUID,
    takings: Sequence[Taking],
    until: datetime,
    since: datetime,
) -> bool:
    """As `take`, in first lanes beside which nobody sits; whether the times may be had so, else nothing is taken."""
    rows = _holds(clinic_id, session_id, takings, until, since)
    start, end = min(taking.busy[0] for taking in takings), max(taking.busy[1] for taking in takings)
    window = {"earliest": start, "latest": end, "long_before": start - LONGEST_BUSY}
    resources = {taking.resource_id for taking in takings}
    taken = _insert(session, TAKE_ALONE, rows, {"resources": sorted(resources), **window})
    if taken in (0, len(rows)):
        announce(session, "time", *resources)
        return bool(taken)
    raise TimeTaken(clash(session, session_id, takings))


def _holds(
    clinic_id: UUID, session_id: UUID, takings: Sequence[Taking], until: datetime, since: datetime
) -> list[dict[str, Any]]:
    held = {"kind": ClaimKind.HOLD, "session_id": session_id, "appointment_id": None, "live_to": until}
    return [claims.row(clinic_id, taking, since) | held for taking in takings]


def _insert(
    session: Session, take: PreparedInsert, rows: Sequence[dict[str, Any]], window: Values = NO_VALUES
) -> int:
    """How many rows the constraint let in, without the error that ends a transaction."""
    try:
        return len(take.rows(session, rows, window))
    except IntegrityError as error:  # of SQLite's trigger, for all of them
        if constraint(error) != "claim_no_overlap":
            raise
        return 0


def clash(session: Session, session_id: UUID, takings: Sequence[Taking], *, in_any_lane: bool = False) -> str:
    """Who or what was just taken, in a sentence; the visit's own new claims are no reason."""
    c, r = t.Claim, t.Resource
    for taking in takings:
        before, after = (timedelta(minutes=m) for m in (taking.buffer_before_min, taking.buffer_after_min))
        found = session.execute(
            select(r.kind, r.name)
            .join(c, c.resource_id == r.id)
            .where(
                c.resource_id == taking.resource_id,
                true() if in_any_lane else c.lane == taking.lane,
                c.busy_from < taking.end + after,
                (c.busy_to > taking.start - before).is_(True),  # for the reason that overlaps.py gives
                c.busy_from > taking.start - before - LONGEST_BUSY,
                or_(c.live_to.is_(None), c.live_to > clock()),
                or_(c.session_id.is_(None), c.session_id != session_id),
            )
            .limit(1)
        ).one_or_none()
        if found is not None and found.kind == ResourceKind.PATIENT:
            return "This patient has another visit at that time; please choose another time."
        if found is not None:
            return f"That time was just taken: {found.name} is not free; please choose another."
    return "That time was just taken; please choose another."
