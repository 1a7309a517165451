"""A visit as the beginning of another one: the same person, services and practitioners, the time still open."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import add_ons
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class Copied:
    """What a new booking begins with; `name` is who comes."""

    name: str
    patient_id: UUID | None
    chosen: Choices


def copied(session: Session, *, actor: Actor, booking_id: UUID) -> Copied:
    """A visit to be booked again; what of it was cancelled is left out, unless all was.

    Raises:
        NotFound: it is not in this clinic.
    """
    a, b, p = t.Appointment, t.Booking, t.Patient
    row = session.execute(
        select(b.patient_id, b.guest_name, b.guest_phone, b.guest_email, p.name)
        .outerjoin(p, p.id == b.patient_id)
        .where(b.id == booking_id, b.clinic_id == actor.clinic_id)
    ).one_or_none()
    if row is None:
        raise NotFound("That visit is no longer there; please refresh the day.")
    parts = session.execute(
        select(a.id, a.service_id, a.practitioner_id, a.visitor, a.status)
        .where(a.booking_id == booking_id)
        .order_by(a.position)
    ).all()
    standing = [part for part in parts if part.status != AppointmentStatus.CANCELLED] or parts
    extras = add_ons.agreed(session, [part.id for part in standing])
    wishes = tuple(
        Wish(
            part.service_id,
            (part.practitioner_id,),
            visitor=part.visitor,
            add_on_ids=tuple(one.id for one in extras.get(part.id, ())),
        )
        for part in standing
    )
    guest = Guest(row.guest_name, row.guest_phone, row.guest_email) if row.patient_id is None else Guest()
    return Copied(row.name or row.guest_name, row.patient_id, Choices(wishes=wishes, guest=guest))
