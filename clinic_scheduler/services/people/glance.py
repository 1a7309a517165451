"""What the desk should know of somebody while booking: what is ahead, who did not come, whom it booked lately."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.db.types import clock
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine

MOST_AHEAD: Final = 20
LATELY: Final = 200  # bookings of the clinic that are looked through
MOST_RECENT: Final = 8


@dataclass(frozen=True, slots=True)
class Ahead:
    """One appointment that is still to come; times are aware."""

    service_id: UUID
    service: str
    practitioner: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """A person: the next visits by start, and counts of all there ever were. `missed_last` is the last no-show."""

    line: PatientLine
    ahead: tuple[Ahead, ...]
    came: int
    missed: int
    called_off_late: int
    missed_last: datetime | None


def of(session: Session, *, actor: Actor, patient_id: UUID) -> Glance:
    """What is to be known of one person.

    Raises:
        NotFound: nobody of this clinic has that id.
    """
    line = patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
    a, b = t.Appointment, t.Booking
    is_missed = a.status == AppointmentStatus.NO_SHOW
    row = session.execute(
        select(
            func.coalesce(func.sum(case((a.status == AppointmentStatus.COMPLETED, 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_missed, 1), else_=0)), 0),
            func.coalesce(func.sum(case((a.is_late_cancel, 1), else_=0)), 0),
            func.max(case((is_missed, a.start_at))),
        )
        .join(b, b.id == a.booking_id)
        .where(b.patient_id == patient_id)
    ).one()
    came, missed, late, last = row
    return Glance(line, _ahead(session, patient_id), int(came), int(missed), int(late), last)


def _ahead(session: Session, patient_id: UUID) -> tuple[Ahead, ...]:
    a, b = t.Appointment, t.Booking
    rows = session.execute(
        select(a.service_id, t.Service.name, t.Resource.name, a.start_at, a.end_at)
        .join(b, b.id == a.booking_id)
        .join(t.Service, t.Service.id == a.service_id)
        .join(t.Resource, t.Resource.id == a.practitioner_id)
        .where(
            b.patient_id == patient_id,
            a.status.in_((AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)),
            a.end_at > clock(),
        )
        .order_by(a.start_at, a.id)
        .limit(MOST_AHEAD)
    )
    return tuple(Ahead(*tuple[Any, ...](row)) for row in rows)


def recent(session: Session, *, actor: Actor) -> tuple[PatientLine, ...]:
    """Whom this person booked last, the newest first, each once."""
    b = t.Booking
    rows = session.execute(
        select(b.patient_id, b.created_by)
        .where(b.clinic_id == actor.clinic_id)
        .order_by(b.created_at.desc())
        .limit(LATELY)
    )
    ids = list(dict.fromkeys(who for who, by in rows if by == actor.user_id and who is not None))
    wanted = select(t.Patient.id).where(t.Patient.id.in_(ids[:MOST_RECENT]))
    found = {line.id: line for line in patients.lines(session, actor.clinic_id, wanted)}
    return tuple(found[one] for one in ids[:MOST_RECENT] if one in found)
