"""Claims are found by index alone: the few holds among those of ten years, and whether somebody ever came."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes; the second takes the place of one without its last column."""
    is_hold = sa.text("kind = 'hold'")
    op.create_index("claim_hold_ends", "claim", ["live_to"], postgresql_where=is_hold, sqlite_where=is_hold)
    op.create_index(
        "claim_resource_id_busy_from_live_to_idx", "claim", ["resource_id", "busy_from", "live_to"]
    )
    op.drop_index("claim_resource_id_busy_from_idx", "claim")
