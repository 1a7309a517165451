"""Audit, outbox, the upkeep's turns, settings."""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "audit_entry",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("number", types.Count(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=True),
        sa.Column("actor_id", types.Id(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", types.Id(), nullable=False),
        sa.Column("before", types.Document(), nullable=True),
        sa.Column("after", types.Document(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_entry_pkey"),
        sa.UniqueConstraint("chain", "number", name="audit_entry_chain_number_key"),
        sqlite_strict=True,
    )
    op.create_index("audit_entry_clinic_id_at_idx", "audit_entry", ["clinic_id", "at"])
    op.create_index("audit_entry_entity_id_idx", "audit_entry", ["entity_id"])
    op.create_table(
        "message",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("booking_id", types.Id(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("payload", types.Document(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", types.Instant(), nullable=False),
        sa.Column("leased_until", types.Instant(), nullable=True),
        sa.Column("attempts", types.Count(), nullable=False),
        sa.Column("sent_at", types.Instant(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms', 'call')", name="message_channel_word"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'cancelled', 'dead')", name="message_state_word"
        ),
        sa.CheckConstraint("trim(key) <> ''", name="message_key_filled"),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="message_booking_id_fkey"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="message_clinic_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="message_pkey"),
        sa.UniqueConstraint("key", name="message_key_key"),
        sqlite_strict=True,
    )
    op.create_index("message_booking_id_idx", "message", ["booking_id"])
    op.create_index("message_state_due_at_idx", "message", ["state", "due_at"])
    op.create_table(
        "upkeep_turn",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("leased_until", types.Instant(), nullable=True),
        sa.Column("ran_at", types.Instant(), nullable=True),
        sa.Column("ran_by", sa.Text(), nullable=False),
        sa.Column("figures", types.Document(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="upkeep_turn_pkey"),
        sqlite_strict=True,
    )
    op.create_table(
        "setting",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", types.Document(), nullable=False),
        sa.CheckConstraint("scope IN ('clinic', 'user', 'workstation')", name="setting_scope_word"),
        sa.CheckConstraint("trim(key) <> ''", name="setting_key_filled"),
        sa.PrimaryKeyConstraint("scope", "owner", "key", name="setting_pkey"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{event.lower()} BEFORE {event} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit_entry_append_only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = '23514', CONSTRAINT = 'audit_entry_append_only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()"
    )
