"""The outbox: what is to be sent is written in the transaction that caused it, and sent later."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id

from .catalogue import ClinicFacts

SECOND_THOUGHTS = timedelta(minutes=3)  # an act undone at once sends nothing


def queue(
    session: Session,
    clinic: ClinicFacts,
    booking_id: UUID,
    kind: str,
    now: datetime,
    key: str,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Queue a message to whoever the booking is for; whether there is an address to send it to.

    `key` is what the receiver recognises a repetition by; `facts` are kept with the message.
    """
    address = session.execute(
        select(
            func.coalesce(t.Patient.email, t.Booking.guest_email),
            func.coalesce(t.Patient.phone, t.Booking.guest_phone),
            t.Booking.reference,
        )
        .outerjoin(t.Patient, t.Patient.id == t.Booking.patient_id)
        .where(t.Booking.id == booking_id)
    ).one()
    email, phone, reference = address
    if not email and not phone:
        return False
    session.execute(
        insert(t.Message).values(
            id=new_id(),
            clinic_id=clinic.id,
            booking_id=booking_id,
            kind=kind,
            channel="email" if email else "sms",
            recipient=email or phone,
            payload={"reference": reference, **(facts or {})},
            key=key,
            due_at=now + SECOND_THOUGHTS,
        )
    )
    return True
