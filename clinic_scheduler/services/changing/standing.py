"""Appointments that stand, fetched to be changed by whoever saw them last."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import LEGAL_MOVES, AppointmentStatus
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing.moves import Terms
from clinic_scheduler.services.times.timelines import Interval

Seen = Mapping[UUID, int]  # the version of each appointment that the screen showed


def locked(session: Session, actor: Actor, seen: Seen) -> list[t.Appointment]:
    """The appointments, kept from others until the transaction ends, in the order of their ids.

    Raises:
        NotFound: one is not in this clinic.
        ChangedMeanwhile: one was changed since it was seen; says how it is now.
    """
    rows = session.scalars(
        select(t.Appointment)
        .where(t.Appointment.id.in_(seen), t.Appointment.clinic_id == actor.clinic_id)
        .order_by(t.Appointment.id)  # two desks lock the same ones in the same order
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(seen):
        raise NotFound("That visit is no longer there; please refresh the day.")
    for row in rows:
        if row.version != seen[row.id]:
            raise changed(session, row)
    return list(rows)


def changed(session: Session, row: t.Appointment) -> ChangedMeanwhile:
    """The refusal to change what is no longer as it was seen, with how it is now."""
    return ChangedMeanwhile(
        f"Somebody else changed this visit meanwhile: {_now(session, row)}; please look at it again."
    )


def next_statuses(status: str) -> frozenset[str]:
    """Where the legal moves lead from a status."""
    return frozenset(LEGAL_MOVES.get(status, ()))


def terms(row: t.Appointment) -> Terms:
    """The terms of an appointment.

    Raises:
        InvalidInput: its time was never told.
    """
    if row.start_at is None or row.end_at is None:
        raise InvalidInput("The time of this visit was never told; please book it anew.", "visit")
    return Terms(
        row.start_at, row.end_at, row.practitioner_id, row.room_id, row.equipment_id, row.price_cents
    )


def away(row: t.Appointment) -> Interval | None:
    """The minutes from its start in which the practitioner is free, as agreed."""
    if row.gap_start_min is None or row.gap_end_min is None:
        return None
    return row.gap_start_min, row.gap_end_min


def _now(session: Session, row: t.Appointment) -> str:
    status = row.status.replace("_", " ")
    if row.start_at is None:
        return f"it is {status}"
    who = session.scalar(select(t.Resource.name).where(t.Resource.id == row.practitioner_id))
    start = row.start_at.astimezone(localtime.zone(row.zone))
    return f"it is {status}, {start:%a} {start.day} {start:%b %Y at %H:%M} with {who}"


def patients(session: Session, booking_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Who comes to each visit; None for a guest."""
    wanted = select(t.Booking.id, t.Booking.patient_id).where(t.Booking.id.in_(set(booking_ids)))
    return dict(session.execute(wanted).all())


def touch_bookings(session: Session, booking_ids: Iterable[UUID]) -> None:
    """Bring the visits in line with their appointments, which are flushed: the total, and a new version."""
    a, b = t.Appointment, t.Booking
    prices = select(func.coalesce(func.sum(a.price_cents), 0)).where(
        a.booking_id == b.id, a.status != AppointmentStatus.CANCELLED
    )
    for booking_id in sorted(
        set(booking_ids)
    ):  # one after the other, so that two desks do so in the same order
        session.execute(
            update(b)
            .where(b.id == booking_id)
            .values(total_cents=prices.scalar_subquery(), version=b.version + 1)
            .execution_options(synchronize_session=False)
        )
