"""Changing appointments that stand: cancelling, and whatever keeps their booking in line."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import ChangedMeanwhile

from . import audit, catalogue, claims, messages
from .actor import BOOK, Actor

LONGEST_REASON = 400
OPEN = (
    AppointmentStatus.PENDING,
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.ARRIVED,
    AppointmentStatus.IN_PROGRESS,
)


def cancel(
    session: Session,
    *,
    actor: Actor,
    appointment_ids: Sequence[UUID],
    versions: Sequence[int],
    reason: str = "",
) -> tuple[UUID, ...]:
    """Cancel appointments that nobody changed since the screen showed them, and free their times.

    Raises:
        ChangedMeanwhile: one of them was changed or is finished.
    """
    actor.require(BOOK)
    reason = "".join(c for c in reason if c.isprintable())[:LONGEST_REASON]
    rows = session.scalars(
        select(t.Appointment)
        .where(t.Appointment.id.in_(appointment_ids), t.Appointment.clinic_id == actor.clinic_id)
        .order_by(t.Appointment.id)  # two desks lock the same ones in the same order
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    expected = dict(zip(appointment_ids, versions, strict=True))
    if len(rows) != len(expected) or any(
        row.version != expected[row.id] or row.status not in OPEN for row in rows
    ):
        raise ChangedMeanwhile("Somebody else changed this visit meanwhile; please look at it again.")
    clinic = catalogue.clinic(session, actor.clinic_id)
    taken = claims.of_appointments(session, appointment_ids)
    claims.lock(session, [claim.resource_id for claim in taken])
    now = claims.now(session)
    claims.release(session, taken, now)
    notice = timedelta(hours=clinic.cancel_notice_hours)
    for row in rows:
        before = {"status": row.status}
        row.is_late_cancel = row.start_at is not None and row.start_at - now < notice
        row.status, row.status_reason, row.cancelled_at = AppointmentStatus.CANCELLED, reason, now
        row.version += 1
        after: audit.Facts = {"status": row.status, "late": row.is_late_cancel}
        audit.record(
            session,
            actor,
            "appointment.cancelled",
            "appointment",
            row.id,
            before=before,
            after=after,
            reason=reason,
        )
    session.flush()
    bookings = tuple({row.booking_id: None for row in rows})
    for booking_id in bookings:
        _sum_up(session, booking_id)
        messages.queue(
            session, clinic, booking_id, "cancellation", now, f"cancellation {booking_id} {now.isoformat()}"
        )
    announce(session, "appointment", *appointment_ids)
    announce(session, "booking", *bookings)
    return tuple(row.id for row in rows)


def _sum_up(session: Session, booking_id: UUID) -> None:
    """Bring the booking's total in line with its appointments."""
    prices = session.scalars(
        select(t.Appointment.price_cents).where(
            t.Appointment.booking_id == booking_id, t.Appointment.status != AppointmentStatus.CANCELLED
        )
    ).all()
    session.execute(
        update(t.Booking)
        .where(t.Booking.id == booking_id)
        .values(total_cents=sum(prices), version=t.Booking.version + 1)
    )
