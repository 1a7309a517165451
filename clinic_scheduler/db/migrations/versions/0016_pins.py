"""The pinboard: visits set aside to be moved."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; a desk with the previous program knows nothing of it."""
    op.create_table(
        "pin",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("appointment_id", types.Id(), nullable=False),
        sa.Column("pinned_by", types.Id(), nullable=False),
        sa.Column("pinned_by_name", sa.Text(), nullable=False),
        sa.Column("workstation", sa.Text(), nullable=False),
        sa.Column("pinned_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="pin_appointment_id_fkey"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="pin_clinic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="pin_pkey"),
        sa.UniqueConstraint("appointment_id", name="pin_appointment_id_key"),
        sqlite_strict=True,
    )
    op.create_index("pin_clinic_id_pinned_at_idx", "pin", ["clinic_id", "pinned_at"])
