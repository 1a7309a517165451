"""An unfinished booking as one transaction works on it: locked, with what it holds, read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.line import Row
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ClaimKind
from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import ChangedMeanwhile
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES

S, P, C, L = (table.__table__ for table in (t.BookingSession, t.Patient, t.Claim, t.Clinic))
HELD = (
    C.c.id,
    C.c.resource_id,
    C.c.part,
    C.c.start_at,
    C.c.end_at,
    C.c.buffer_before_min,
    C.c.buffer_after_min,
    C.c.live_from,
    C.c.live_to,
    C.c.lane,
    C.c.override_reason,
)
OWN = (
    S.c.id,
    S.c.clinic_id,
    S.c.patient_id,
    S.c.workstation,
    S.c.user_id,
    S.c.user_name,
    S.c.step,
    S.c.outcome,
    S.c.choices,
    S.c.version,
    S.c.expires_at,
    S.c.held_since,
    P.c.name,
    P.c.email,
    P.c.phone,
    L.c.zone,
    clock(),
)
IN_ORDER = (C.c.part, C.c.start_at, C.c.resource_id)
ARE_LIVE = and_(C.c.kind == ClaimKind.HOLD, C.c.live_to > clock())
OF_SESSION = and_(C.c.session_id == bindparam("session_id"), C.c.kind == ClaimKind.HOLD)
LAST = select(*HELD).where(
    OF_SESSION, C.c.live_to == select(func.max(C.c.live_to)).where(OF_SESSION).scalar_subquery()
)
BY_ID = Prepared(
    select(*OWN, *HELD)
    .join_from(S, L, L.c.id == S.c.clinic_id)
    .outerjoin(P, P.c.id == S.c.patient_id)
    .outerjoin(C, and_(C.c.session_id == S.c.id, ARE_LIVE))
    .where(S.c.id == bindparam("session_id"))
    .order_by(*IN_ORDER)
    .with_for_update(of=S)
)


@dataclass(frozen=True, slots=True)
class HeldTime:
    """One live hold: a resource kept for one line of the visit until `live_to`; buffers in minutes.

    `override_reason` says why it may stand against a rule, or beside another in a lane of its own.
    """

    id: UUID
    resource_id: UUID
    part: int
    start: datetime
    end: datetime
    buffer_before_min: int
    buffer_after_min: int
    live_from: datetime
    live_to: datetime
    lane: int
    override_reason: str


@dataclass(frozen=True, slots=True)
class AtDesk:
    """The session, locked. `choices` are as stored; `holds` lived at `now`, perhaps before the lock was got."""

    id: UUID
    clinic_id: UUID
    patient_id: UUID | None
    workstation: str
    user_id: UUID
    user_name: str
    step: str
    outcome: str
    choices: Any
    version: int
    expires_at: datetime
    held_since: datetime | None
    patient_name: str | None
    patient_email: str | None
    patient_phone: str | None
    zone: str
    now: datetime
    holds: tuple[HeldTime, ...]

    @property
    def where(self) -> ZoneInfo:
        """The time zone of its clinic."""
        return localtime.zone(self.zone)

    @property
    def is_unfinished(self) -> bool:
        """Whether it has not ended, in whichever way."""
        return self.outcome in OUTCOMES

    def is_at(self, actor: Actor) -> bool:
        """Whether it goes on at this desk, by this person."""
        here = (actor.clinic_id, actor.workstation, actor.user_id)
        return (self.clinic_id, self.workstation, self.user_id) == here

    def may_be_confirmed_by(self, actor: Actor) -> bool:
        """Whether it is unfinished and at this desk; a colleague who sat down there may go on."""
        here = (self.clinic_id, self.workstation) == (actor.clinic_id, actor.workstation)
        return self.is_unfinished and here


def find(session: Session, session_id: UUID) -> AtDesk | None:
    """The session, locked until the transaction ends, in whichever state it is."""
    return ask(session, session_id)()


def ask(session: Session, session_id: UUID) -> Later[AtDesk | None]:
    """As `find`, for `one_trip`."""
    asked = BY_ID.ask(session, {"session_id": session_id})
    return lambda: _current(session, _assembled(asked()))


def _current(session: Session, found: AtDesk | None) -> AtDesk | None:
    """With the holds of now, where none were seen: who had the lock may have taken again what had run out."""
    if found is None or found.holds or found.held_since is None or not found.is_unfinished:
        return found
    return replace(
        found, holds=tuple(held for held in last_holds(session, found.id) if held.live_to > found.now)
    )


def _assembled(rows: Sequence[Row]) -> AtDesk | None:
    if not rows:
        return None
    size = len(OWN)
    holds = tuple(HeldTime(*row[size:]) for row in rows if row[size] is not None)
    columns: list[Any] = [*rows[0][:size], holds]
    return AtDesk(*columns)


def own(session: Session, actor: Actor, session_id: UUID, version: int) -> AtDesk:
    """The session, locked, if it is still at this desk in the version that the screen shows.

    Raises:
        ChangedMeanwhile: it has ended, or goes on at another desk.
    """
    return checked(find(session, session_id), actor, version)


def checked(found: AtDesk | None, actor: Actor, version: int) -> AtDesk:
    """As `own`, where it was found already."""
    if (
        found is None
        or found.clinic_id != actor.clinic_id
        or not found.is_unfinished
        or found.expires_at <= found.now
    ):
        raise ChangedMeanwhile("This booking has ended or expired; start a new one.")
    if not found.is_at(actor):
        raise ChangedMeanwhile(f"{found.user_name} at {found.workstation} goes on with this booking now.")
    if found.version != version:
        raise ChangedMeanwhile("This booking was changed at this desk meanwhile; please look at it again.")
    return found


def last_holds(session: Session, session_id: UUID) -> tuple[HeldTime, ...]:
    """What a session holds now or held last, by line of the visit; nothing once upkeep has cleared it away."""
    rows = session.execute(LAST.order_by(*IN_ORDER), {"session_id": session_id})
    return tuple(HeldTime(*row) for row in rows)
