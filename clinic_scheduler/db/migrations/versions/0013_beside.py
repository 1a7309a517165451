"""Appointments that run beside another one of their visit: two practitioners at one patient, a couple in one room."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a desk with the previous program knows no such appointment and makes none."""
    op.add_column("appointment", sa.Column("beside", types.Numbers(), nullable=False, server_default="0"))
