"""The outbox: what is to be sent is written in the transaction that caused it, and sent later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import PreparedInsert
from clinic_scheduler.services.catalogue import ClinicFacts

SECOND_THOUGHTS = timedelta(minutes=3)  # an act undone at once sends nothing


QUEUE = PreparedInsert(t.Message.__table__)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where somebody can be written to; the e-mail address comes first."""

    email: str
    phone: str


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
    email, phone, reference = session.execute(
        select(
            func.coalesce(t.Patient.email, t.Booking.guest_email),
            func.coalesce(t.Patient.phone, t.Booking.guest_phone),
            t.Booking.reference,
        )
        .outerjoin(t.Patient, t.Patient.id == t.Booking.patient_id)
        .where(t.Booking.id == booking_id)
    ).one()
    payload = {"reference": reference, **(facts or {})}
    return queue_to(session, clinic, Recipient(email, phone), booking_id, payload, kind, now, key)


def queue_to(
    session: Session,
    clinic: ClinicFacts,
    to: Recipient,
    booking_id: UUID | None,
    payload: Mapping[str, Any],
    kind: str,
    now: datetime,
    key: str,
) -> bool:
    """As `queue`, where the address is known; without a booking where there is none yet."""
    if not to.email and not to.phone:
        return False
    message = {
        "id": new_id(),
        "clinic_id": clinic.id,
        "booking_id": booking_id,
        "kind": kind,
        "channel": "email" if to.email else "sms",
        "recipient": to.email or to.phone,
        "payload": dict(payload),
        "key": key,
        "due_at": now + SECOND_THOUGHTS,
    }
    QUEUE.rows(session, [message])
    return True
