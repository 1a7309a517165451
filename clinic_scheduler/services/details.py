"""One visit in full: who, what, when, money, and what happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import add_ons, localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.people import persons


@dataclass(frozen=True, slots=True)
class Happening:
    """An audit entry; `at` is local wall time."""

    at: datetime
    who: str
    workstation: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class VisitPart:
    """One appointment of a booking; `start` and `end` are local wall time, missing where never told.

    `override_reason` says why it stands against a rule, such as outside the hours.
    """

    id: UUID
    service: str
    practitioner: str
    room: str
    start: datetime | None
    end: datetime | None
    status: str
    status_reason: str
    price_cents: int
    counter: str
    overlap_reason: str
    version: int
    override_reason: str = ""
    add_ons: tuple[str, ...] = ()

    @property
    def may_cancel(self) -> bool:
        """Whether it stands, so that it can be cancelled."""
        return self.status in appointments.OPEN


@dataclass(frozen=True, slots=True)
class VisitDetails:
    """A booking with all its appointments in order; `phone` as people of the clinic's country write it."""

    booking_id: UUID
    reference: str
    patient: str
    is_guest: bool
    phone: str
    email: str
    alert: str
    notes: str
    source: str
    payment_state: str
    total_cents: int
    currency: str
    parts: tuple[VisitPart, ...]
    history: tuple[Happening, ...]


def of_booking(session: Session, *, actor: Actor, booking_id: UUID) -> VisitDetails:
    """The booking of that id.

    Raises:
        NotFound: it is not in this clinic.
    """
    b, p, c = t.Booking, t.Patient, t.Clinic
    is_guest = b.patient_id.is_(None)
    row = session.execute(
        select(
            b,
            is_guest.label("is_guest"),
            case((is_guest, b.guest_name), else_=p.name).label("patient"),
            case((is_guest, b.guest_phone), else_=p.phone).label("phone"),
            case((is_guest, b.guest_email), else_=p.email).label("email"),
            p.alert,
            c.currency,
            c.country,
            c.zone,
        )
        .join(c, c.id == b.clinic_id)
        .outerjoin(p, p.id == b.patient_id)
        .where(b.id == booking_id, b.clinic_id == actor.clinic_id)
    ).one_or_none()
    if row is None:
        raise NotFound("That visit is no longer there; please refresh the day.")
    parts = _parts(session, booking_id, row.zone)
    booking: t.Booking = row[0]
    return VisitDetails(
        booking_id=booking.id,
        reference=booking.reference,
        patient=row.patient or "",
        is_guest=bool(row.is_guest),
        phone=persons.shown_phone(row.phone, row.country) if row.phone else "",
        email=row.email or "",
        alert=row.alert or "",
        notes=booking.notes,
        source=booking.source,
        payment_state=booking.payment_state,
        total_cents=booking.total_cents,
        currency=row.currency,
        parts=parts,
        history=_history(session, [booking_id, *(part.id for part in parts)], row.zone),
    )


def _parts(session: Session, booking_id: UUID, zone: str) -> tuple[VisitPart, ...]:
    a, who, room = t.Appointment, aliased(t.Resource), aliased(t.Resource)
    rows = session.execute(
        select(a, t.Service.name, who.name, room.name, t.PlanSession.number, t.PlanSession.plan_id)
        .join(t.Service, t.Service.id == a.service_id)
        .join(who, who.id == a.practitioner_id)
        .outerjoin(room, room.id == a.room_id)
        .outerjoin(t.PlanSession, t.PlanSession.appointment_id == a.id)
        .where(a.booking_id == booking_id)
        .order_by(a.position)
    ).all()
    totals = _sessions(session, [plan_id for *_rest, plan_id in rows if plan_id is not None])
    overridden = _overridden(session, [row.id for row, *_rest in rows])
    extras = add_ons.agreed(session, [row.id for row, *_rest in rows])
    where = localtime.zone(zone)
    return tuple(
        VisitPart(
            id=row.id,
            service=service,
            practitioner=practitioner,
            room=room_name or "",
            start=row.start_at.astimezone(where) if row.start_at else None,
            end=row.end_at.astimezone(where) if row.end_at else None,
            status=row.status,
            status_reason=row.status_reason,
            price_cents=row.price_cents,
            counter=f"{number}/{totals[plan_id]}" if plan_id is not None else "",
            overlap_reason=row.overlap_reason,
            version=row.version,
            override_reason=overridden.get(row.id, ""),
            add_ons=tuple(one.name for one in extras.get(row.id, ())),
        )
        for row, service, practitioner, room_name, number, plan_id in rows
    )


def _overridden(session: Session, appointment_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Why appointments stand against a rule; an overlap says so itself."""
    c = t.Claim
    rows = session.execute(
        select(c.appointment_id, c.override_reason).where(
            c.appointment_id.in_(appointment_ids), c.live_to.is_(None), c.override_reason != "", c.lane == 1
        )
    )
    return {identifier: reason for identifier, reason in rows if identifier is not None}


def _sessions(session: Session, plan_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many sessions each plan has."""
    found: dict[UUID, int] = {}
    for plan_id in session.scalars(select(t.PlanSession.plan_id).where(t.PlanSession.plan_id.in_(plan_ids))):
        found[plan_id] = found.get(plan_id, 0) + 1
    return found


def _history(session: Session, entities: Sequence[UUID], zone: str) -> tuple[Happening, ...]:
    e, where = t.AuditEntry, localtime.zone(zone)
    rows = session.execute(
        select(e.at, e.actor_name, e.chain, e.action, e.reason)
        .where(e.entity_id.in_(entities))
        .order_by(e.at, e.chain, e.number)
    )
    return tuple(
        Happening(at.astimezone(where), who, desk, action, reason) for at, who, desk, action, reason in rows
    )
