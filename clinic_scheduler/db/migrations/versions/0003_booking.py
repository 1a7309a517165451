"""Unfinished and finished bookings."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "booking_session",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=True),
        sa.Column("user_id", types.Id(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("choices", types.Document(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint(
            "(outcome IN ('open', 'parked')) = (ended_at IS NULL)", name="booking_session_ended"
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'parked', 'converted', 'abandoned', 'expired', 'discarded')",
            name="booking_session_outcome_word",
        ),
        sa.CheckConstraint(
            "step IN ('services', 'practitioners', 'time', 'patient', 'payment')",
            name="booking_session_step_word",
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="booking_session_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="booking_session_patient_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="booking_session_pkey"),
        sqlite_strict=True,
    )
    op.create_index(
        "booking_session_clinic_id_outcome_expires_at_idx",
        "booking_session",
        ["clinic_id", "outcome", "expires_at"],
    )
    op.create_index(
        "booking_session_one_per_patient",
        "booking_session",
        ["patient_id"],
        unique=True,
        postgresql_where=sa.text("outcome IN ('open', 'parked')"),
        sqlite_where=sa.text("outcome IN ('open', 'parked')"),
    )
    op.create_table(
        "booking_request",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("result", types.Document(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="booking_request_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "booking",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=True),
        sa.Column("guest_name", sa.Text(), nullable=False),
        sa.Column("guest_phone", sa.Text(), nullable=False),
        sa.Column("guest_email", sa.Text(), nullable=False),
        sa.Column("session_id", types.Id(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("payment_state", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=True),
        sa.Column("total_cents", types.Count(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("patient_confirmed_at", types.Instant(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint("patient_id IS NOT NULL OR trim(guest_name) <> ''", name="booking_who"),
        sa.CheckConstraint(
            "payment_method IN ('cash', 'card', 'transfer', 'insurance', 'voucher')",
            name="booking_payment_method_word",
        ),
        sa.CheckConstraint(
            "payment_state IN ('pending', 'paid', 'part_paid', 'refunded')", name="booking_payment_state_word"
        ),
        sa.CheckConstraint(
            "source IN ('phone', 'walk_in', 'direct', 'waitlist', 'online', 'plan', 'imported')",
            name="booking_source_word",
        ),
        sa.CheckConstraint("total_cents >= 0", name="booking_total_not_negative"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="booking_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="booking_patient_id_fkey"),
        sa.ForeignKeyConstraint(["session_id"], ["booking_session.id"], name="booking_session_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="booking_pkey"),
        sa.UniqueConstraint("clinic_id", "origin", name="booking_clinic_id_origin_key"),
        sa.UniqueConstraint("reference", name="booking_reference_key"),
        sqlite_strict=True,
    )
    op.create_index("booking_clinic_id_created_at_idx", "booking", ["clinic_id", "created_at"])
    op.create_index("booking_patient_id_idx", "booking", ["patient_id"])
    op.create_table(
        "appointment",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("booking_id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("position", types.Count(), nullable=False),
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("room_id", types.Id(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("start_at", types.Instant(), nullable=True),
        sa.Column("end_at", types.Instant(), nullable=True),
        sa.Column("local_start", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("buffer_before_min", types.Count(), nullable=False),
        sa.Column("buffer_after_min", types.Count(), nullable=False),
        sa.Column("price_cents", types.Count(), nullable=False),
        sa.Column("overlap_reason", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("cancelled_at", types.Instant(), nullable=True),
        sa.Column("is_late_cancel", types.Flag(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint("start_at IS NOT NULL OR status = 'cancelled'", name="appointment_time_known"),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'arrived', 'in_progress', 'completed', 'no_show', 'cancelled')",
            name="appointment_status_word",
        ),
        sa.CheckConstraint("(start_at IS NULL) = (end_at IS NULL)", name="appointment_pair"),
        sa.CheckConstraint("position BETWEEN 0 AND 999", name="appointment_position_range"),
        sa.CheckConstraint("price_cents >= 0", name="appointment_price_not_negative"),
        sa.CheckConstraint("start_at < end_at", name="appointment_order"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="appointment_booking_id_fkey"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="appointment_clinic_id_fkey"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["resource.id"], name="appointment_practitioner_id_fkey"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["resource.id"], name="appointment_room_id_fkey"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="appointment_service_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="appointment_pkey"),
        sa.UniqueConstraint("booking_id", "position", name="appointment_booking_id_position_key"),
        sa.UniqueConstraint("clinic_id", "origin", name="appointment_clinic_id_origin_key"),
        sqlite_strict=True,
    )
    op.create_index("appointment_clinic_id_start_at_idx", "appointment", ["clinic_id", "start_at"])
    op.create_index(
        "appointment_practitioner_id_start_at_idx", "appointment", ["practitioner_id", "start_at"]
    )
    op.create_index("appointment_room_id_start_at_idx", "appointment", ["room_id", "start_at"])
    op.create_table(
        "payment",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("booking_id", types.Id(), nullable=False),
        sa.Column("amount_cents", types.Count(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("paid_at", types.Instant(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.CheckConstraint(
            "method IN ('cash', 'card', 'transfer', 'insurance', 'voucher')", name="payment_method_word"
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="payment_booking_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="payment_pkey"),
        sqlite_strict=True,
    )
    op.create_index("payment_booking_id_idx", "payment", ["booking_id"])
