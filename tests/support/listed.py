"""A book of bookings of every kind, written straight into the tables, and a plain recount of what a list shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import AppointmentStatus, PaymentState, Source
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.listing.asked import Asked, Filter, Order
from tests.support.clinics import (
    ANA,
    BEN,
    BLUE_ROOM,
    CLINIC,
    EMMA,
    JOSE,
    MASSAGE,
    OLGA,
    PHYSIO,
    RED_ROOM,
    SPEECH,
    ZONE,
)

PATIENTS = {EMMA: "Emma Müller", OLGA: "Olga Petrova", JOSE: "José García-López"}
GUESTS = ("Mia Long", "Ada Kurz", "mia short")
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
STATUSES, SOURCES, PAYMENTS = list(AppointmentStatus), list(Source), list(PaymentState)


@dataclass(frozen=True, slots=True)
class Listed:
    """An appointment with what its booking says, read row by row."""

    appointment: Any
    booking: Any


class ListedBook:
    """A clinic's bookings; `rng` decides what they are like."""

    def __init__(self, work: UnitOfWork, rng: Random) -> None:
        self.work, self.rng = work, rng

    def fill(self, count: int) -> None:
        """Write so many bookings more."""
        bookings, appointments = [], []
        for _ in range(count):
            booking, parts = self._booking()
            bookings.append(booking)
            appointments += parts
        with self.work.engine.begin() as connection:
            connection.execute(insert(t.Booking), bookings)
            connection.execute(insert(t.Appointment), appointments)

    def _booking(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        rng = self.rng
        booking, patient = new_id(), rng.choice([EMMA, OLGA, JOSE, None])
        guest = "" if patient else rng.choice(GUESTS)
        row = {
            "id": booking,
            "clinic_id": CLINIC,
            "reference": f"T{booking.hex}",
            "patient_id": patient,
            "guest_name": guest,
            "guest_phone": "",
            "guest_email": f"{guest[:3]}@example.org" if guest else "",
            "source": rng.choice(SOURCES),
            "payment_state": rng.choice(PAYMENTS),
            "total_cents": 100,
            "created_by": booking,
            "created_at": NOON + timedelta(hours=rng.randrange(40)),
        }
        return row, [self._part(booking, position) for position in range(rng.choice([1, 1, 1, 2, 3]))]

    def _part(self, booking: UUID, position: int) -> dict[str, Any]:
        rng = self.rng
        start = NOON + timedelta(hours=rng.randrange(72))
        status, is_known = rng.choice(STATUSES), True
        if status == AppointmentStatus.CANCELLED:
            is_known = rng.random() < 0.7
        return {
            "id": new_id(),
            "booking_id": booking,
            "clinic_id": CLINIC,
            "position": position,
            "service_id": rng.choice([PHYSIO, MASSAGE, SPEECH]),
            "practitioner_id": rng.choice([ANA, BEN]),
            "room_id": rng.choice([None, BLUE_ROOM, RED_ROOM]),
            "status": status,
            "day": start.astimezone(ZONE).date(),
            "start_at": start if is_known else None,
            "end_at": start + timedelta(minutes=45) if is_known else None,
            "zone": "Europe/Berlin",
            "price_cents": 100,
        }

    def read(self) -> list[Listed]:
        """Every appointment there is."""
        with self.work.engine.connect() as connection:
            bookings = {row.id: row for row in connection.execute(select(*t.Booking.__table__.c))}
            found = connection.execute(select(*t.Appointment.__table__.c)).all()
        return [Listed(row, bookings[row.booking_id]) for row in found]


def some_filter(rng: Random) -> Filter:
    """Any filter without a text; often of nothing."""

    def some(of: list[Any]) -> frozenset[Any]:
        return frozenset(rng.sample(of, rng.randint(1, len(of)))) if rng.random() < 0.3 else frozenset()

    days = sorted(NOON.date() + timedelta(days=rng.randrange(-1, 5)) for _ in range(2))
    return Filter(
        first=days[0] if rng.random() < 0.4 else None,
        last=days[1] if rng.random() < 0.4 else None,
        service_ids=some([PHYSIO, MASSAGE, SPEECH]),
        practitioner_ids=some([ANA, BEN]),
        room_ids=some([BLUE_ROOM, RED_ROOM]),
        statuses=some([str(one) for one in STATUSES]),
        sources=some([str(one) for one in SOURCES]),
        payments=some([str(one) for one in PAYMENTS]),
    )


def fits(one: Listed, wanted: Filter) -> bool:
    """Whether an appointment is wanted, looked at field by field."""
    a, b = one.appointment, one.booking
    day = a.start_at.astimezone(ZONE).date() if a.start_at else a.day
    return (
        (wanted.first is None or day >= wanted.first)
        and (wanted.last is None or day <= wanted.last)
        and all(
            not chosen or value in chosen
            for value, chosen in (
                (a.service_id, wanted.service_ids),
                (a.practitioner_id, wanted.practitioner_ids),
                (a.room_id, wanted.room_ids),
                (a.status, wanted.statuses),
                (b.source, wanted.sources),
                (b.payment_state, wanted.payments),
            )
        )
    )


def listed(book: list[Listed], asked: Asked) -> Iterator[UUID]:
    """The ids of the lines that a list would show, in its order."""
    known: dict[UUID, Listed] = {}
    for one in book:
        if fits(one, asked.filter):
            first = known.setdefault(one.booking.id, one)
            if one.appointment.position < first.appointment.position:
                known[one.booking.id] = one
    for one in sorted(known.values(), key=lambda one: place(one, asked), reverse=asked.is_descending):
        yield one.appointment.id


def place(one: Listed, asked: Asked) -> tuple[Any, ...]:
    """Where an appointment stands in the order, ascending."""
    a, b = one.appointment, one.booking
    if asked.order is Order.START:
        return (0, a.start_at, a.id) if a.start_at else (1, NOON, a.id)
    if asked.order is Order.CREATED:
        return (b.created_at, a.id)
    return (0, PATIENTS[b.patient_id], a.id) if b.patient_id else (1, b.guest_name, a.id)
