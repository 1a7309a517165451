"""The clinic, its resources, what it offers, and when it is open."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "clinic",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("hold_min", types.Count(), nullable=False),
        sa.Column("step_min", types.Count(), nullable=False),
        sa.Column("notice_min", types.Count(), nullable=False),
        sa.Column("horizon_days", types.Count(), nullable=False),
        sa.Column("cancel_notice_hours", types.Count(), nullable=False),
        sa.Column("is_demo", types.Flag(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name="clinic_name_filled"),
        sa.CheckConstraint("hold_min BETWEEN 5 AND 60", name="clinic_hold_min_range"),
        sa.CheckConstraint("length(country) = 2", name="clinic_country_length"),
        sa.CheckConstraint("length(currency) = 3", name="clinic_currency_length"),
        sa.CheckConstraint("step_min BETWEEN 1 AND 60", name="clinic_step_min_range"),
        sa.PrimaryKeyConstraint("id", name="clinic_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "resource",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("room_kind", sa.Text(), nullable=False),
        sa.Column("capacity", types.Count(), nullable=False),
        sa.Column("hue", types.Count(), nullable=False),
        sa.Column("position", types.Count(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.CheckConstraint("kind = 'patient' OR trim(name) <> ''", name="resource_name_filled"),
        sa.CheckConstraint(
            "kind IN ('practitioner', 'room', 'equipment', 'patient')", name="resource_kind_word"
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 64", name="resource_capacity_range"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="resource_clinic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="resource_pkey"),
        sqlite_strict=True,
    )
    op.create_index("resource_clinic_id_kind_position_idx", "resource", ["clinic_id", "kind", "position"])
    op.create_index(
        "resource_code_key",
        "resource",
        ["clinic_id", "kind", "code"],
        unique=True,
        postgresql_where=sa.text("code <> ''"),
        sqlite_where=sa.text("code <> ''"),
    )
    op.create_table(
        "service",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("duration_min", types.Count(), nullable=False),
        sa.Column("buffer_before_min", types.Count(), nullable=False),
        sa.Column("buffer_after_min", types.Count(), nullable=False),
        sa.Column("price_cents", types.Count(), nullable=False),
        sa.Column("room_kind", sa.Text(), nullable=False),
        sa.Column("sessions", types.Count(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("hue", types.Count(), nullable=False),
        sa.Column("position", types.Count(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.CheckConstraint(
            "strategy IN ('immediate', 'sequential', 'flexible')", name="service_strategy_word"
        ),
        sa.CheckConstraint("trim(name) <> ''", name="service_name_filled"),
        sa.CheckConstraint("buffer_after_min BETWEEN 0 AND 480", name="service_buffer_after_min_range"),
        sa.CheckConstraint("buffer_before_min BETWEEN 0 AND 480", name="service_buffer_before_min_range"),
        sa.CheckConstraint("duration_min BETWEEN 1 AND 1440", name="service_duration_min_range"),
        sa.CheckConstraint("price_cents >= 0", name="service_price_not_negative"),
        sa.CheckConstraint("sessions BETWEEN 1 AND 50", name="service_sessions_range"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="service_clinic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="service_pkey"),
        sa.UniqueConstraint("clinic_id", "code", name="service_clinic_id_code_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "service_performer",
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("practitioner_id", types.Id(), nullable=False),
        sa.Column("duration_min", types.Count(), nullable=True),
        sa.Column("price_cents", types.Count(), nullable=True),
        sa.CheckConstraint("duration_min BETWEEN 1 AND 1440", name="service_performer_duration_min_range"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["resource.id"], name="service_performer_practitioner_id_fkey"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="service_performer_service_id_fkey"),
        sa.PrimaryKeyConstraint("service_id", "practitioner_id", name="service_performer_pkey"),
        sqlite_strict=True,
    )
    op.create_index("service_performer_practitioner_id_idx", "service_performer", ["practitioner_id"])
    op.create_table(
        "service_gap",
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("step", types.Count(), nullable=False),
        sa.Column("min_days", types.Count(), nullable=False),
        sa.Column("ideal_days", types.Count(), nullable=False),
        sa.Column("max_days", types.Count(), nullable=False),
        sa.Column("session_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "0 <= min_days AND min_days <= ideal_days AND ideal_days <= max_days", name="service_gap_order"
        ),
        sa.CheckConstraint("step BETWEEN 0 AND 49", name="service_gap_step_range"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="service_gap_service_id_fkey"),
        sa.PrimaryKeyConstraint("service_id", "step", name="service_gap_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "working_hours",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("resource_id", types.Id(), nullable=False),
        sa.Column("weekday", types.Count(), nullable=False),
        sa.Column("start_min", types.Count(), nullable=False),
        sa.Column("end_min", types.Count(), nullable=False),
        sa.Column("is_break", types.Flag(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("valid_from", types.Day(), nullable=False),
        sa.Column("valid_until", types.Day(), nullable=True),
        sa.CheckConstraint(
            "0 <= start_min AND start_min < end_min AND end_min <= 2880", name="working_hours_order"
        ),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name="working_hours_validity"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="working_hours_weekday_range"),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="working_hours_resource_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="working_hours_pkey"),
        sqlite_strict=True,
    )
    op.create_index("working_hours_resource_id_weekday_idx", "working_hours", ["resource_id", "weekday"])
    op.create_table(
        "hours_exception",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("resource_id", types.Id(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("start_min", types.Count(), nullable=True),
        sa.Column("end_min", types.Count(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(start_min IS NULL) = (end_min IS NULL)", name="hours_exception_pair"),
        sa.CheckConstraint(
            "start_min IS NULL OR (0 <= start_min AND start_min < end_min AND end_min <= 2880)",
            name="hours_exception_order",
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="hours_exception_resource_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="hours_exception_pkey"),
        sqlite_strict=True,
    )
    op.create_index("hours_exception_resource_id_day_idx", "hours_exception", ["resource_id", "day"])
    op.create_table(
        "closure",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("start_at", types.Instant(), nullable=False),
        sa.Column("end_at", types.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("start_at < end_at", name="closure_order"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="closure_clinic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="closure_pkey"),
        sqlite_strict=True,
    )
    op.create_index("closure_clinic_id_end_at_idx", "closure", ["clinic_id", "end_at"])
    op.create_table(
        "time_off",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("resource_id", types.Id(), nullable=False),
        sa.Column("start_at", types.Instant(), nullable=False),
        sa.Column("end_at", types.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("start_at < end_at", name="time_off_order"),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="time_off_resource_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="time_off_pkey"),
        sqlite_strict=True,
    )
    op.create_index("time_off_resource_id_end_at_idx", "time_off", ["resource_id", "end_at"])
    op.create_table(
        "staff_user",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("resource_id", types.Id(), nullable=True),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.CheckConstraint("role IN ('reception', 'practitioner', 'manager')", name="staff_user_role_word"),
        sa.CheckConstraint("trim(login) <> ''", name="staff_user_login_filled"),
        sa.CheckConstraint("trim(name) <> ''", name="staff_user_name_filled"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="staff_user_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="staff_user_resource_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="staff_user_pkey"),
        sa.UniqueConstraint("login", name="staff_user_login_key"),
        sqlite_strict=True,
    )
