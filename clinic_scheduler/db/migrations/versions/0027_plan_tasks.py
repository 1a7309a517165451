"""The tasks of a plan's session are found by an index, as what ends the session ends them."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; a database that a version between releases made has it."""
    op.create_index("desk_task_plan_session_id_idx", "desk_task", ["plan_session_id"], if_not_exists=True)
