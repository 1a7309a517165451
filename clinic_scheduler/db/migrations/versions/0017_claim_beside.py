"""An index of the few claims that stand beside another: looked at before every hold."""

from alembic import op
from sqlalchemy import text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BESIDE = text("lane > 1")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "claim_beside", "claim", ["resource_id", "busy_from"], postgresql_where=BESIDE, sqlite_where=BESIDE
    )
