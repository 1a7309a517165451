"""What likely duplicates are found by, damaged choices set aside, and the way to what has expired.

The traits of people on record are filled in by the upkeep: desks with the previous program write none, and go on so.
"""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UNFINISHED = "outcome IN ('open', 'parked')"
NUMBER = {"postgresql": "bigint", "sqlite": "INTEGER"}


def upgrade() -> None:
    """Add the table, the columns and the indexes."""
    number = NUMBER[op.get_bind().dialect.name]
    op.create_table(
        "patient_trait",
        sa.Column("trait", types.Count(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="patient_trait_patient_id_fkey"),
        sa.PrimaryKeyConstraint("trait", "patient_id", name="patient_trait_pkey"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(f"ALTER TABLE patient ADD COLUMN traits {number} NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE booking_session ADD COLUMN set_aside text")
    for name, table, column, where in (
        ("patient_without_traits", "patient", "id", "traits = 0"),
        ("booking_session_unfinished", "booking_session", "expires_at", UNFINISHED),
        ("booking_session_replaced", "booking_session", "ended_at", "outcome = 'abandoned'"),
        ("claim_hold_end", "claim", "live_to", "kind = 'hold'"),
    ):
        op.execute(f"CREATE INDEX {name} ON {table} ({column}) WHERE {where}")
    op.create_index(
        "booking_session_clinic_id_created_at_idx", "booking_session", ["clinic_id", "created_at"]
    )
