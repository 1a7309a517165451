"""An index of the holds, which are few among the claims of ten years: for the screen and for sweeping."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    is_hold = sa.text("kind = 'hold'")
    op.create_index("claim_hold_ends", "claim", ["live_to"], postgresql_where=is_hold, sqlite_where=is_hold)
