"""Two records that may be one person's, side by side: what would come together, and what stands in the way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import WaitlistState
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import MERGE, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import patients, records
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES

MOST_CLASHES = 50


@dataclass(frozen=True, slots=True)
class Half:
    """One of the two records, and how much there is of it; `paid_cents` is what was paid less what was refunded."""

    line: PatientLine
    code: str
    notes: str
    version: int
    visits: int
    ahead: int
    plans: int
    waits: int
    payments: int
    paid_cents: int
    messages: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit ahead; `start` and `end` are local wall time."""

    appointment_id: UUID
    day: date
    start: datetime
    end: datetime
    service: str
    practitioner: str
    reference: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two visits ahead at the same time, one of each record."""

    kept: Meeting
    gone: Meeting


@dataclass(frozen=True, slots=True)
class Preview:
    """Both records; `unfinished` says at which desks both have an unfinished booking, where both have."""

    kept: Half
    gone: Half
    clashes: tuple[Clash, ...]
    unfinished: str


def preview(session: Session, *, actor: Actor, kept_id: UUID, gone_id: UUID) -> Preview:
    """What a merge of the two would bring together; nothing is changed.

    Raises:
        InvalidInput: it is one record.
        NotFound: one of them is not on record in this clinic.
        NotPermitted: the person may not merge records.
    """
    actor.require(MERGE)
    kept, gone = half(session, actor, kept_id), half(session, actor, gone_id)
    if kept.line.id == gone.line.id:
        raise InvalidInput("That is the same record; please pick another one.", "other")
    return Preview(
        kept,
        gone,
        clashes(session, actor, kept.line.id, gone.line.id),
        unfinished(session, kept.line.id, gone.line.id),
    )


def half(session: Session, actor: Actor, patient_id: UUID) -> Half:
    """One record, counted."""
    row = records.row_of(session, actor, patient_id)
    a, b, m, p = t.Appointment, t.Booking, t.Message, t.Payment
    own = select(b.id).where(b.patient_id == row.id)
    is_waiting = t.WaitlistEntry.state.in_((WaitlistState.WAITING, WaitlistState.OFFERED))
    payments, paid = session.execute(
        select(func.count(), func.coalesce(func.sum(p.amount_cents), 0)).where(p.booking_id.in_(own))
    ).one()
    return Half(
        line=patients.find(session, clinic_id=actor.clinic_id, patient_id=row.id),
        code=row.code,
        notes=row.notes,
        version=row.version,
        visits=_count(session, t.Appointment, a.booking_id.in_(own)),
        ahead=records.ahead(session, row.id),
        plans=_count(session, t.TreatmentPlan, t.TreatmentPlan.patient_id == row.id),
        waits=_count(session, t.WaitlistEntry, t.WaitlistEntry.patient_id == row.id, is_waiting),
        payments=payments,
        paid_cents=int(paid),
        messages=_count(session, t.Message, m.booking_id.in_(own)),
    )


def clashes(session: Session, actor: Actor, kept_id: UUID, gone_id: UUID) -> tuple[Clash, ...]:
    """The pairs of visits that are not over and share some time, the earliest first."""
    one, other = aliased(t.Claim), aliased(t.Claim)
    pairs = session.execute(
        select(one.appointment_id, other.appointment_id)
        .join(
            other,
            and_(other.busy_from < one.busy_to, other.busy_to > one.busy_from),
        )
        .where(one.resource_id == kept_id, other.resource_id == gone_id)
        .where(one.live_to.is_(None), other.live_to.is_(None))
        .where(one.busy_to > claims.now(session), other.busy_to > claims.now(session))
        .order_by(one.busy_from, other.busy_from, one.id)
        .limit(MOST_CLASHES)
    ).all()
    zone = clinic(session, actor.clinic_id).zone
    seen = meetings(session, [one for pair in pairs for one in pair if one is not None], zone)
    found = [Clash(seen[a], seen[b]) for a, b in dict.fromkeys((a, b) for a, b in pairs) if a and b]
    return tuple(found)


def unfinished(session: Session, kept_id: UUID, gone_id: UUID) -> str:
    """Who goes on with the unfinished bookings of both and where; empty unless both have one."""
    s = t.BookingSession
    rows = session.execute(
        select(s.user_name, s.workstation)
        .where(
            s.patient_id.in_((kept_id, gone_id)), s.outcome.in_(OUTCOMES), s.expires_at > claims.now(session)
        )
        .order_by(s.user_name, s.id)
    ).all()
    return " and ".join(f"{who} at {where}" for who, where in rows) if len(rows) > 1 else ""


def meetings(session: Session, appointment_ids: Collection[UUID], zone: str) -> dict[UUID, Meeting]:
    """The visits of those ids, in their order in time."""
    a, b, s, r = t.Appointment, t.Booking, t.Service, t.Resource
    where = localtime.zone(zone)
    rows = session.execute(
        select(a.id, a.day, a.start_at, a.end_at, s.name, r.name, b.reference)
        .join(b, b.id == a.booking_id)
        .join(s, s.id == a.service_id)
        .join(r, r.id == a.practitioner_id)
        .where(a.id.in_(set(appointment_ids)), a.start_at.is_not(None))
        .order_by(a.start_at, a.id)
    )
    return {
        identifier: Meeting(
            identifier, day, start.astimezone(where), end.astimezone(where), service, who, reference
        )
        for identifier, day, start, end, service, who, reference in rows
        if start is not None and end is not None
    }


def _count(session: Session, table: type[t.Base], *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0
