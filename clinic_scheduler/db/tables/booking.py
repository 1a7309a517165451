"""Unfinished and finished bookings, and the claims that decide who has a time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import (
    AppointmentStatus,
    ClaimKind,
    PaymentMethod,
    PaymentState,
    SessionOutcome,
    SessionStep,
    Source,
)
from clinic_scheduler.db.types import Document, clock

from .base import STRICT, Base, gap_checks, index_of_some, one_of, within

UNFINISHED = "outcome IN ('open', 'parked')"


class BookingSession(Base):
    """The act of booking, saved from the first choice on; `choices` is validated JSON (services/unfinished/choices.py).

    `workstation`, `user_id` say who may go on with a guest's session; `step` how far it came. A hold is the times of
    one pick, all its parts together: `holds_taken` counts them, and each ends as one of the other three; `held_since`
    is when the present one was first taken. `set_aside` is the text of damaged choices, as they were found.
    """

    __tablename__ = "booking_session"
    __table_args__ = (
        one_of("outcome", SessionOutcome),
        one_of("step", SessionStep),
        CheckConstraint(f"({UNFINISHED}) = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "holds_taken - holds_converted - holds_lapsed - holds_released BETWEEN 0 AND 1",
            name="holds_ended",
        ),
        index_of_some(
            "booking_session_one_per_patient",
            "patient_id",
            unique=True,
            where=UNFINISHED,
        ),
        Index(None, "clinic_id", "outcome", "expires_at"),
        Index(None, "clinic_id", "created_at"),
        index_of_some(
            "booking_session_unfinished",
            "expires_at",
            where=UNFINISHED,
        ),
        index_of_some(
            "booking_session_replaced",
            "ended_at",
            where="outcome = 'abandoned'",
        ),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    user_id: Mapped[UUID]
    user_name: Mapped[str]
    workstation: Mapped[str]
    step: Mapped[str] = mapped_column(default=SessionStep.SERVICES)
    choices: Mapped[Any] = mapped_column(Document)
    outcome: Mapped[str] = mapped_column(default=SessionOutcome.OPEN)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=clock())
    updated_at: Mapped[datetime] = mapped_column(default=clock())
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    held_since: Mapped[datetime | None]
    holds_taken: Mapped[int] = mapped_column(default=0, server_default="0")
    holds_converted: Mapped[int] = mapped_column(default=0, server_default="0")
    holds_lapsed: Mapped[int] = mapped_column(default=0, server_default="0")
    holds_released: Mapped[int] = mapped_column(default=0, server_default="0")
    set_aside: Mapped[str | None]


class BookingRequest(Base):
    """The answer to a request whose acknowledgement may get lost; repeating the id returns `result`."""

    __tablename__ = "booking_request"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    result: Mapped[Any | None] = mapped_column(Document)
    created_at: Mapped[datetime] = mapped_column(default=clock())


class Booking(Base):
    """One visit; its status follows from its appointments. `origin` names the imported record."""

    __tablename__ = "booking"
    __table_args__ = (
        one_of("source", Source),
        one_of("payment_state", PaymentState),
        one_of("payment_method", PaymentMethod),
        CheckConstraint("patient_id IS NOT NULL OR trim(guest_name) <> ''", name="who"),
        CheckConstraint("total_cents >= 0", name="total_not_negative"),
        UniqueConstraint("reference"),
        UniqueConstraint("clinic_id", "origin"),
        Index(None, "patient_id"),
        Index(None, "clinic_id", "created_at"),
        index_of_some(
            "booking_guest",
            "patient_id",
            "clinic_id",
            "guest_name",
            "guest_phone",
            "guest_email",
            "id",
            where="patient_id IS NULL",
        ),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    reference: Mapped[str]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    guest_name: Mapped[str] = mapped_column(default="")
    guest_phone: Mapped[str] = mapped_column(default="")
    guest_email: Mapped[str] = mapped_column(default="")
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking_session.id"))
    source: Mapped[str]
    payment_state: Mapped[str] = mapped_column(default=PaymentState.PENDING)
    payment_method: Mapped[str | None]
    total_cents: Mapped[int]
    notes: Mapped[str] = mapped_column(default="")
    patient_confirmed_at: Mapped[datetime | None]
    origin: Mapped[str | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=clock())
    version: Mapped[int] = mapped_column(default=1)


class Appointment(Base):
    """One service at one time. `local_start` is the agreed wall time, kept should the zone's rules change.

    `start_at` is missing only where an imported cancellation never told its time. `visitor` tells people who come
    together apart (0 is who the booking is for); `beside` has a bit for the position of each part of the visit
    that it may overlap on purpose; the gap is the service's, as it was agreed.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("status", AppointmentStatus),
        within("position", 0, 999),
        within("visitor", 0, 19),
        *gap_checks(),
        CheckConstraint("start_at < end_at", name="order"),
        CheckConstraint("(start_at IS NULL) = (end_at IS NULL)", name="pair"),
        CheckConstraint("start_at IS NOT NULL OR status = 'cancelled'", name="time_known"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        UniqueConstraint("booking_id", "position"),
        UniqueConstraint("clinic_id", "origin"),
        Index(None, "clinic_id", "start_at"),
        Index(None, "practitioner_id", "start_at"),
        Index(None, "room_id", "start_at"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    position: Mapped[int]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    equipment_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    visitor: Mapped[int] = mapped_column(default=0, server_default="0")
    beside: Mapped[frozenset[int]] = mapped_column(default=frozenset(), server_default="0")
    status: Mapped[str] = mapped_column(default=AppointmentStatus.CONFIRMED)
    day: Mapped[date]
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    local_start: Mapped[str | None]
    zone: Mapped[str]
    buffer_before_min: Mapped[int] = mapped_column(default=0)
    buffer_after_min: Mapped[int] = mapped_column(default=0)
    gap_start_min: Mapped[int | None]
    gap_end_min: Mapped[int | None]
    price_cents: Mapped[int]
    overlap_reason: Mapped[str] = mapped_column(default="")
    status_reason: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    is_late_cancel: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)


class Claim(Base):
    """One resource taken for one interval; the only table that decides who has a time.

    It counts from `live_from` until `live_to` (open-ended when missing) by the database's clock. `part` is the
    line of the visit; `override_reason` says why it stands in a lane beyond the resource's capacity, or against
    another rule. Two claims of a resource and lane may not overlap in both busy and live time: an exclusion
    constraint on PostgreSQL, triggers in SQLite (migration 0004).
    """

    __tablename__ = "claim"
    __table_args__ = (
        one_of("kind", ClaimKind),
        within("lane", 1, 64),
        within("buffer_before_min", 0, 480),
        within("buffer_after_min", 0, 480),
        CheckConstraint("start_at < end_at", name="order"),
        CheckConstraint("live_to IS NULL OR live_from < live_to", name="live_order"),
        CheckConstraint(
            "kind <> 'hold' OR (live_to IS NOT NULL AND session_id IS NOT NULL)", name="hold_expires"
        ),
        CheckConstraint("kind <> 'appointment' OR appointment_id IS NOT NULL", name="appointment_known"),
        Index(None, "session_id", "kind"),
        Index(None, "appointment_id"),
        Index("claim_times", "resource_id", "busy_from", "busy_to", "live_to", "lane", "kind", "session_id"),
        index_of_some("claim_beside", "resource_id", "busy_from", where="lane > 1"),
        index_of_some("claim_hold_end", "live_to", where="kind = 'hold'"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    resource_id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"))
    lane: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str]
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking_session.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    part: Mapped[int] = mapped_column(default=0)
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    buffer_before_min: Mapped[int] = mapped_column(default=0)
    buffer_after_min: Mapped[int] = mapped_column(default=0)
    busy_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    busy_to: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    live_from: Mapped[datetime] = mapped_column(default=clock())
    live_to: Mapped[datetime | None]
    override_reason: Mapped[str] = mapped_column(default="")


class AppointmentAddOn(Base):
    """An add-on as it was agreed; its minutes and money are part of the appointment's own."""

    __tablename__ = "appointment_add_on"
    __table_args__ = STRICT
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    add_on_id: Mapped[UUID] = mapped_column(ForeignKey("add_on.id"))
    name: Mapped[str]
    minutes: Mapped[int]
    price_cents: Mapped[int]


class Payment(Base):
    """Money that changed hands; negative amounts are refunds."""

    __tablename__ = "payment"
    __table_args__ = (one_of("method", PaymentMethod), Index(None, "booking_id"), STRICT)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"))
    amount_cents: Mapped[int]
    method: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    paid_at: Mapped[datetime] = mapped_column(default=clock())
    created_by: Mapped[UUID]
