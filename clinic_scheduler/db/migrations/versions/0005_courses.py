"""Treatment plans and the waitlist."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "treatment_plan",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=False),
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'paused', 'completed', 'lapsed', 'cancelled')",
            name="treatment_plan_state_word",
        ),
        sa.CheckConstraint(
            "strategy IN ('immediate', 'sequential', 'flexible')", name="treatment_plan_strategy_word"
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="treatment_plan_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="treatment_plan_patient_id_fkey"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="treatment_plan_service_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="treatment_plan_pkey"),
        sqlite_strict=True,
    )
    op.create_index("treatment_plan_clinic_id_state_idx", "treatment_plan", ["clinic_id", "state"])
    op.create_index("treatment_plan_patient_id_idx", "treatment_plan", ["patient_id"])
    op.create_table(
        "plan_session",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("plan_id", types.Id(), nullable=False),
        sa.Column("number", types.Count(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=True),
        sa.Column("duration_min", types.Count(), nullable=False),
        sa.Column("min_days", types.Count(), nullable=False),
        sa.Column("ideal_days", types.Count(), nullable=False),
        sa.Column("max_days", types.Count(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", types.Day(), nullable=True),
        sa.Column("is_locked", types.Flag(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'due', 'booked', 'completed', 'missed', 'skipped', 'cancelled')",
            name="plan_session_state_word",
        ),
        sa.CheckConstraint(
            "0 <= min_days AND min_days <= ideal_days AND ideal_days <= max_days",
            name="plan_session_gap_order",
        ),
        sa.CheckConstraint("duration_min BETWEEN 1 AND 1440", name="plan_session_duration_min_range"),
        sa.CheckConstraint("number BETWEEN 1 AND 50", name="plan_session_number_range"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="plan_session_appointment_id_fkey"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["treatment_plan.id"], name="plan_session_plan_id_fkey"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["resource.id"], name="plan_session_practitioner_id_fkey"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="plan_session_service_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="plan_session_pkey"),
        sa.UniqueConstraint("appointment_id", name="plan_session_appointment_id_key"),
        sa.UniqueConstraint("plan_id", "number", name="plan_session_plan_id_number_key"),
        sqlite_strict=True,
    )
    op.create_index("plan_session_state_due_on_idx", "plan_session", ["state", "due_on"])
    op.create_table(
        "waitlist_entry",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=True),
        sa.Column("guest_name", sa.Text(), nullable=False),
        sa.Column("guest_phone", sa.Text(), nullable=False),
        sa.Column("wishes", types.Document(), nullable=False),
        sa.Column("from_day", types.Day(), nullable=False),
        sa.Column("until_day", types.Day(), nullable=False),
        sa.Column("urgency", types.Count(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint("patient_id IS NOT NULL OR trim(guest_name) <> ''", name="waitlist_entry_who"),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'booked', 'declined', 'expired', 'withdrawn')",
            name="waitlist_entry_state_word",
        ),
        sa.CheckConstraint("from_day <= until_day", name="waitlist_entry_order"),
        sa.CheckConstraint("urgency BETWEEN 0 AND 3", name="waitlist_entry_urgency_range"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="waitlist_entry_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="waitlist_entry_patient_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="waitlist_entry_pkey"),
        sqlite_strict=True,
    )
    op.create_index(
        "waitlist_entry_clinic_id_state_until_day_idx", "waitlist_entry", ["clinic_id", "state", "until_day"]
    )
    op.create_table(
        "waitlist_offer",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("entry_id", types.Id(), nullable=False),
        sa.Column("session_id", types.Id(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", types.Instant(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')",
            name="waitlist_offer_state_word",
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["waitlist_entry.id"], name="waitlist_offer_entry_id_fkey"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["booking_session.id"], name="waitlist_offer_session_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="waitlist_offer_pkey"),
        sqlite_strict=True,
    )
    op.create_index("waitlist_offer_entry_id_idx", "waitlist_offer", ["entry_id"])
    op.create_index("waitlist_offer_state_expires_at_idx", "waitlist_offer", ["state", "expires_at"])
