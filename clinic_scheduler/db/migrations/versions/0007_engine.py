"""Alternating weeks, equipment, processing gaps, people who come together, and what became of holds.

Every column has a default, so that a desk with the previous program goes on writing.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = {"postgresql": "bigint", "sqlite": "INTEGER"}
MOMENT = {"postgresql": "timestamptz", "sqlite": "INTEGER"}
REFERENCE = {"postgresql": "uuid", "sqlite": "TEXT"}


def upgrade() -> None:
    """Add the columns; both engines understand the same statements but for the types."""
    dialect = op.get_bind().dialect.name
    number, moment, reference = (kinds[dialect] for kinds in (NUMBER, MOMENT, REFERENCE))
    gap = "(gap_start_min IS NULL) = (gap_end_min IS NULL)"
    order = "gap_start_min IS NULL OR (0 < gap_start_min AND gap_start_min < gap_end_min)"
    ended = "holds_taken - holds_converted - holds_lapsed - holds_released BETWEEN 0 AND 1"
    for table, columns in {
        "working_hours": (
            f"every_weeks {number} NOT NULL DEFAULT 1 CONSTRAINT working_hours_every_weeks_range CHECK (every_weeks BETWEEN 1 AND 8)",
            f"week {number} NOT NULL DEFAULT 0 CONSTRAINT working_hours_week_in_turn CHECK (0 <= week AND week < every_weeks)",
        ),
        "resource": ("equipment_kind text NOT NULL DEFAULT ''",),
        "service": (
            "equipment_kind text NOT NULL DEFAULT ''",
            f"room_id {reference} CONSTRAINT service_room_id_fkey REFERENCES resource (id)",
            f"gap_start_min {number}",
            f"gap_end_min {number} CONSTRAINT service_gap_pair CHECK ({gap}) CONSTRAINT service_gap_within CHECK ({order})",
        ),
        "appointment": (
            f"equipment_id {reference} CONSTRAINT appointment_equipment_id_fkey REFERENCES resource (id)",
            f"visitor {number} NOT NULL DEFAULT 0 CONSTRAINT appointment_visitor_range CHECK (visitor BETWEEN 0 AND 19)",
            f"gap_start_min {number}",
            f"gap_end_min {number} CONSTRAINT appointment_gap_pair CHECK ({gap}) CONSTRAINT appointment_gap_within CHECK ({order})",
        ),
        "booking_session": (
            f"held_since {moment}",
            f"holds_taken {number} NOT NULL DEFAULT 0",
            f"holds_converted {number} NOT NULL DEFAULT 0",
            f"holds_lapsed {number} NOT NULL DEFAULT 0",
            f"holds_released {number} NOT NULL DEFAULT 0 CONSTRAINT booking_session_holds_ended CHECK ({ended})",
        ),
    }.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
