"""Treatment plans that are followed: what each session is, what is wished of them, what has to be looked at."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns and a table; a desk with the previous program knows nothing of them."""
    for table in ("service", "treatment_plan"):
        for wish in ("keeps_practitioner", "keeps_time"):
            op.add_column(table, sa.Column(wish, types.Flag(), nullable=False, server_default=sa.false()))
    for text in ("review", "state_reason"):
        op.add_column("treatment_plan", sa.Column(text, sa.Text(), nullable=False, server_default=""))
    op.add_column("treatment_plan", sa.Column("resumed_on", types.Day(), nullable=True))
    op.add_column("treatment_plan", sa.Column("ended_at", types.Instant(), nullable=True))
    # In words, as alembic would add the reference in a second step, which SQLite knows no other way than a new table.
    kind = "TEXT" if op.get_bind().dialect.name == "sqlite" else "uuid"
    op.execute(
        f"ALTER TABLE plan_session ADD COLUMN room_id {kind} "
        "CONSTRAINT plan_session_room_id_fkey REFERENCES resource (id)"
    )
    op.create_table(
        "service_session",
        sa.Column("service_id", types.Id(), nullable=False),
        sa.Column("number", types.Count(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("does_service_id", types.Id(), nullable=True),
        sa.Column("duration_min", types.Count(), nullable=True),
        sa.Column("practitioner_id", types.Id(), nullable=True),
        sa.Column("room_id", types.Id(), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 50", name="service_session_number_range"),
        sa.CheckConstraint("duration_min BETWEEN 1 AND 1440", name="service_session_duration_min_range"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="service_session_service_id_fkey"),
        sa.ForeignKeyConstraint(
            ["does_service_id"], ["service.id"], name="service_session_does_service_id_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["resource.id"], name="service_session_practitioner_id_fkey"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["resource.id"], name="service_session_room_id_fkey"),
        sa.PrimaryKeyConstraint("service_id", "number", name="service_session_pkey"),
        sqlite_strict=True,
    )
