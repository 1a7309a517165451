"""Guests are found and sorted by name in the list of bookings: an index of those without a record."""

from alembic import op
from sqlalchemy import text

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

GUESTS = text("patient_id IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "booking_guest",
        "booking",
        # With what is always NULL in front SQLite looks nowhere else.
        ["patient_id", "clinic_id", "guest_name", "guest_phone", "guest_email", "id"],
        postgresql_where=GUESTS,
        sqlite_where=GUESTS,
    )
