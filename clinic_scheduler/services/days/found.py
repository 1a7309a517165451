"""A visit found by its reference."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import clinic


@dataclass(frozen=True, slots=True)
class FoundVisit:
    """A booking by its first appointment with a known time; `start` is local wall time."""

    booking_id: UUID
    appointment_id: UUID
    reference: str
    name: str
    day: date
    start: datetime | None
    service: str
    services: int


def by_reference(session: Session, *, actor: Actor, reference: str) -> FoundVisit:
    """The visit of that reference, written as `references.normalised` gives it.

    Raises:
        NotFound: this clinic has no such booking.
    """
    a, b = t.Appointment, t.Booking
    rows = session.execute(
        select(b.id, a.id, func.coalesce(t.Patient.name, b.guest_name), a.day, a.start_at, t.Service.name)
        .join(b, b.id == a.booking_id)
        .join(t.Service, t.Service.id == a.service_id)
        .outerjoin(t.Patient, t.Patient.id == b.patient_id)
        .where(b.reference == reference, b.clinic_id == actor.clinic_id)
        .order_by(a.start_at, a.position)
    ).all()
    if not rows:
        raise NotFound(
            f"No booking has the reference {reference}; please check it with whoever reads it out."
        )
    booking_id, appointment_id, name, day, start, service = rows[0]
    where = clinic(session, actor.clinic_id).where
    local = start.astimezone(where) if start else None
    return FoundVisit(booking_id, appointment_id, reference, name, day, local, service, len(rows))
