"""Add-ons of a service: extras with minutes and a price of their own, and which of them were agreed."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; to a desk with the previous program an add-on is just a longer, dearer appointment."""
    op.create_table(
        "add_on",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minutes", types.Count(), nullable=False),
        sa.Column("price_cents", types.Count(), nullable=False),
        sa.Column("position", types.Count(), nullable=False),
        sa.Column("is_active", types.Flag(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name="add_on_name_filled"),
        sa.CheckConstraint("minutes BETWEEN 0 AND 480", name="add_on_minutes_range"),
        sa.CheckConstraint("price_cents >= 0", name="add_on_price_not_negative"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="add_on_service_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="add_on_pkey"),
        sqlite_strict=True,
    )
    op.create_index("add_on_service_id_idx", "add_on", ["service_id"])
    op.create_table(
        "appointment_add_on",
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("position", types.Count(), nullable=False),
        sa.Column("add_on_id", types.Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minutes", types.Count(), nullable=False),
        sa.Column("price_cents", types.Count(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name="appointment_add_on_appointment_id_fkey"
        ),
        sa.ForeignKeyConstraint(["add_on_id"], ["add_on.id"], name="appointment_add_on_add_on_id_fkey"),
        sa.PrimaryKeyConstraint("appointment_id", "position", name="appointment_add_on_pkey"),
        sqlite_strict=True,
    )
