"""What was offered to whom, kept after its hold is gone; and the tasks of a desk.

A desk with the previous program reads and ends offers as before: it knows nothing of what is added.
"""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

KINDS = "'call_back', 'offer', 'confirm', 'next_session', 'move', 'other'"


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column(
        "waitlist_entry", sa.Column("guest_email", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    for column in (
        sa.Column("visit", types.Document(), nullable=True),
        sa.Column("start_at", types.Instant(), nullable=True),
        sa.Column("end_at", types.Instant(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("answered_at", types.Instant(), nullable=True),
    ):
        op.add_column("waitlist_offer", column)
    op.create_index("waitlist_offer_session_id_idx", "waitlist_offer", ["session_id"])
    op.create_table(
        "desk_task",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_on", types.Day(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("patient_id", types.Id(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("offer_id", types.Id(), nullable=True),
        sa.Column("booking_id", types.Id(), nullable=True),
        sa.Column("plan_session_id", types.Id(), nullable=True),
        sa.Column("assigned_to", types.Id(), nullable=True),
        sa.Column("assigned_name", sa.Text(), nullable=False),
        sa.Column("done_at", types.Instant(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("version", types.Count(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="desk_task_kind_word"),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="desk_task_state_word"),
        sa.CheckConstraint("(state = 'open') = (done_at IS NULL)", name="desk_task_ended"),
        sa.CheckConstraint("trim(text) <> ''", name="desk_task_text_filled"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="desk_task_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name="desk_task_patient_id_fkey"),
        sa.ForeignKeyConstraint(["offer_id"], ["waitlist_offer.id"], name="desk_task_offer_id_fkey"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="desk_task_booking_id_fkey"),
        sa.ForeignKeyConstraint(
            ["plan_session_id"], ["plan_session.id"], name="desk_task_plan_session_id_fkey"
        ),
        sa.PrimaryKeyConstraint("id", name="desk_task_pkey"),
        sqlite_strict=True,
    )
    op.create_index("desk_task_clinic_id_state_due_on_idx", "desk_task", ["clinic_id", "state", "due_on"])
    op.create_index("desk_task_offer_id_idx", "desk_task", ["offer_id"])
    filled = sa.text("key <> ''")
    op.create_index(
        "desk_task_once",
        "desk_task",
        ["clinic_id", "key"],
        unique=True,
        postgresql_where=filled,
        sqlite_where=filled,
    )
