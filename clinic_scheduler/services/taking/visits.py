"""Writing visits: bookings with their appointments and claims, many at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import PreparedInsert
from clinic_scheduler.db.states import AppointmentStatus, PaymentState
from clinic_scheduler.db.types import EPOCH
from clinic_scheduler.services import add_ons, localtime
from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts
from clinic_scheduler.services.taking.claims import Busy, Taking
from clinic_scheduler.services.times.timelines import Interval
from clinic_scheduler.services.wishes import AddOn, Part

BOOKINGS, APPOINTMENTS = PreparedInsert(t.Booking.__table__), PreparedInsert(t.Appointment.__table__)


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """One service of a visit. Without a `start` the time is unknown, which only a cancelled one may be.

    In the minutes of `away`, counted from the start, the practitioner is free. `beside` as in `Part`.
    """

    id: UUID
    service_id: UUID
    practitioner_id: UUID
    room_id: UUID | None
    day: date
    start: datetime | None
    end: datetime | None
    price_cents: int
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    status: str = AppointmentStatus.CONFIRMED
    status_reason: str = ""
    cancelled_at: datetime | None = None
    is_late_cancel: bool = False
    overlap_reason: str = ""
    origin: str | None = None
    equipment_id: UUID | None = None
    visitor: int = 0
    beside: frozenset[int] = frozenset()
    away: Interval | None = None
    add_ons: tuple[AddOn, ...] = ()


@dataclass(frozen=True, slots=True)
class NewBooking:
    """A visit to be written; exactly one of `patient_id` and `guest_name` says who comes."""

    id: UUID
    reference: str
    source: str
    appointments: tuple[NewAppointment, ...]
    patient_id: UUID | None = None
    guest_name: str = ""
    guest_phone: str = ""
    guest_email: str = ""
    session_id: UUID | None = None
    notes: str = ""
    payment_state: str = PaymentState.PENDING
    payment_method: str | None = None
    origin: str | None = None

    @property
    def total_cents(self) -> int:
        """What the visit costs."""
        return sum(a.price_cents for a in self.appointments if a.status != AppointmentStatus.CANCELLED)


def write(session: Session, clinic: ClinicFacts, bookings: Sequence[NewBooking], created_by: UUID) -> None:
    """Insert bookings and appointments; the claims are the caller's."""
    if not bookings:
        return
    BOOKINGS.rows(
        session,
        [
            {
                "id": b.id,
                "clinic_id": clinic.id,
                "reference": b.reference,
                "patient_id": b.patient_id,
                "guest_name": b.guest_name,
                "guest_phone": b.guest_phone,
                "guest_email": b.guest_email,
                "session_id": b.session_id,
                "source": b.source,
                "payment_state": b.payment_state,
                "payment_method": b.payment_method or None,
                "total_cents": b.total_cents,
                "notes": b.notes,
                "origin": b.origin,
                "created_by": created_by,
            }
            for b in bookings
        ],
    )
    rows = [_row(clinic, b.id, position, a) for b in bookings for position, a in enumerate(b.appointments)]
    APPOINTMENTS.rows(session, rows)
    add_ons.agree(session, {a.id: a.add_ons for b in bookings for a in b.appointments})


def _row(clinic: ClinicFacts, booking_id: UUID, position: int, a: NewAppointment) -> dict[str, object]:
    return {
        "id": a.id,
        "booking_id": booking_id,
        "clinic_id": clinic.id,
        "position": position,
        "service_id": a.service_id,
        "practitioner_id": a.practitioner_id,
        "room_id": a.room_id,
        "status": a.status,
        "day": a.day,
        "start_at": a.start,
        "end_at": a.end,
        "local_start": localtime.wall_text(a.start, clinic.where) if a.start else None,
        "zone": clinic.zone,
        "buffer_before_min": a.buffer_before_min,
        "buffer_after_min": a.buffer_after_min,
        "price_cents": a.price_cents,
        "overlap_reason": a.overlap_reason,
        "status_reason": a.status_reason,
        "cancelled_at": a.cancelled_at,
        "is_late_cancel": a.is_late_cancel,
        "origin": a.origin,
        "equipment_id": a.equipment_id,
        "visitor": a.visitor,
        "beside": a.beside,
        "gap_start_min": a.away[0] if a.away else None,
        "gap_end_min": a.away[1] if a.away else None,
    }


def takings(
    a: NewAppointment, part: int, patient_id: UUID | None, *, lane: int = 1, patient_lane: int = 1
) -> list[Taking]:
    """The times an appointment takes: of practitioner, room and equipment with buffers, of the patient without.

    A practitioner who is away in between is taken twice, around the gap. Whoever comes along has no record, and so
    nothing of theirs is taken. Lanes beyond the first say, with the appointment's `overlap_reason`, that an overlap was
    accepted.
    """
    if a.start is None or a.end is None:
        return []
    whole = Taking(
        a.practitioner_id,
        a.start,
        a.end,
        part,
        a.service_id,
        a.buffer_before_min,
        a.buffer_after_min,
        lane=lane,
        override_reason=a.overlap_reason if lane > 1 else "",
        appointment_id=a.id,
    )
    found = [whole]
    leaves, returns = (a.start + timedelta(minutes=minutes) for minutes in a.away or (0, 0))
    if leaves < returns < a.end:  # one who was shortened to less than the gap has none
        found = [
            replace(whole, end=leaves, buffer_after_min=0),
            replace(whole, start=returns, buffer_before_min=0),
        ]
    found += [replace(whole, resource_id=place) for place in (a.room_id, a.equipment_id) if place is not None]
    if patient_id is not None and a.visitor == 0:
        found.append(
            replace(
                whole,
                resource_id=patient_id,
                buffer_before_min=0,
                buffer_after_min=0,
                lane=patient_lane,
                override_reason=a.overlap_reason if patient_lane > 1 else "",
            )
        )
    return found


def appointment(offered: Catalogue, part: Part) -> NewAppointment:
    """The appointment that a chosen part of a visit becomes."""
    service = offered.service(part.service_id)
    return NewAppointment(
        id=new_id(),
        service_id=part.service_id,
        practitioner_id=part.practitioner_id,
        room_id=part.room_id,
        day=localtime.local_day(part.start, offered.clinic.where),
        start=part.start,
        end=part.end,
        price_cents=part.price_cents,
        buffer_before_min=service.buffer_before_min,
        buffer_after_min=service.buffer_after_min,
        equipment_id=part.equipment_id,
        visitor=part.visitor,
        beside=part.beside,
        away=service.performer(part.practitioner_id).away,
        add_ons=part.add_ons,
    )


def held_takings(offered: Catalogue, parts: Sequence[Part], patient_id: UUID | None) -> list[Taking]:
    """What a hold of the parts claims, before there are appointments."""
    return of_visit([(n, appointment(offered, part)) for n, part in enumerate(parts)], patient_id)


def booked_takings(booking: NewBooking) -> list[Taking]:
    """What the appointments of a booking claim."""
    return of_visit(list(enumerate(booking.appointments)), booking.patient_id)


def of_visit(
    parts: Sequence[tuple[int, NewAppointment]],
    patient_id: UUID | None,
    *,
    lane: int = 1,
    patient_lane: int = 1,
) -> list[Taking]:
    """What numbered appointments of one visit take.

    Of those that may overlap, a later one takes the patient, and a room that they share, only for as long as the
    earlier ones do not.
    """
    found: list[Taking] = []
    places: dict[UUID, list[list[_Use]]] = defaultdict(list)
    for number, a in sorted(parts, key=lambda part: (part[1].start or EPOCH, part[0])):
        for taking in takings(a, number, patient_id, lane=lane, patient_lane=patient_lane):
            if taking.resource_id in (a.room_id, patient_id):
                found += _shared(taking, a.beside, places[taking.resource_id])
            else:
                found.append(taking)
    return found


def of_patient(parts: Sequence[Part], patient_id: UUID) -> list[Taking]:
    """What a visit takes of whoever it is for."""
    found: list[Taking] = []
    places: list[list[_Use]] = []
    for number, part in sorted(enumerate(parts), key=lambda numbered: (numbered[1].start, numbered[0])):
        if part.visitor == 0:
            whole = Taking(patient_id, part.start, part.end, number, part.service_id)
            found += _shared(whole, part.beside, places)
    return found


class _Use(NamedTuple):
    """A part that is in a place, and those it may share it with."""

    part: int
    busy: Busy
    beside: frozenset[int]


def _shared(taking: Taking, beside: frozenset[int], places: list[list[_Use]]) -> list[Taking]:
    """What the taking adds to a place: one that it may share, else one that is free then, else one of its own.

    A patient is one place, a room for several people is as many.
    """
    mine = _Use(taking.part, taking.busy, beside)
    met = [[other for other in place if _overlap(mine.busy, other.busy)] for place in places]
    able = [n for n, others in enumerate(met) if all(_may_share(mine, other) for other in others)]
    if not able:
        places.append([mine])
        return [taking]
    chosen = max(able, key=lambda n: bool(met[n]))
    places[chosen].append(mine)
    return _left_over(taking, [other.busy for other in met[chosen]])


def _may_share(one: _Use, other: _Use) -> bool:
    return other.part in one.beside or one.part in other.beside


def _overlap(one: Busy, other: Busy) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _left_over(taking: Taking, others: Sequence[Busy]) -> list[Taking]:
    """The taking where it overlaps nothing, else what the others leave of it, without buffers of its own."""
    left = [taking.busy]
    for start, end in others:
        left = [
            piece
            for one, other in left
            for piece in ((one, min(other, start)), (max(one, end), other))
            if piece[0] < piece[1]
        ]
    if left == [taking.busy]:
        return [taking]
    bare = replace(taking, buffer_before_min=0, buffer_after_min=0)
    return [replace(bare, start=start, end=end) for start, end in left]
