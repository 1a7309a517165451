"""Patients."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "patient",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("birth_date", types.Day(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("erased_at", types.Instant(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint("erased_at IS NOT NULL OR trim(name) <> ''", name="patient_name_filled"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="patient_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name="patient_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="patient_pkey"),
        sqlite_strict=True,
    )
    op.create_index("patient_clinic_id_search_idx", "patient", ["clinic_id", "search"])
    op.create_index(
        "patient_code_key",
        "patient",
        ["clinic_id", "code"],
        unique=True,
        postgresql_where=sa.text("code <> ''"),
        sqlite_where=sa.text("code <> ''"),
    )
    op.create_index("patient_phone_idx", "patient", ["phone"])
