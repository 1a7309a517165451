"""The end of an audit chain in one question: who asks waits for the chain, then sees its newest entry.

Every statement of the function looks anew, so that it sees what was committed while it waited; a single SELECT would
not. SQLite has one writer at a time and needs none of this.
"""

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

AUDIT_TAIL = """
CREATE FUNCTION audit_tail(wanted text, OUT at timestamptz, OUT number bigint, OUT hash text)
LANGUAGE plpgsql VOLATILE AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(2, hashtext(wanted));
  SELECT entry.number, entry.hash INTO number, hash
    FROM audit_entry AS entry WHERE entry.chain = wanted ORDER BY entry.number DESC LIMIT 1;
  at := clinic_clock();
END $$"""


def upgrade() -> None:
    """Add the function."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(AUDIT_TAIL)
