"""A status may be taken back along each legal move, with a reason; before, only finished appointments were reopened."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FORWARD = (
    ("pending", "confirmed"),
    ("pending", "cancelled"),
    ("confirmed", "arrived"),
    ("confirmed", "in_progress"),
    ("confirmed", "completed"),
    ("confirmed", "no_show"),
    ("confirmed", "cancelled"),
    ("arrived", "in_progress"),
    ("arrived", "completed"),
    ("arrived", "no_show"),
    ("arrived", "cancelled"),
    ("in_progress", "completed"),
    ("in_progress", "cancelled"),
)
MOVE = "OLD.status || ' ' || NEW.status"
ON = ", ".join(f"'{old} {new}'" for old, new in FORWARD)
BACK = ", ".join(f"'{new} {old}'" for old, new in FORWARD)

POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION appointment_status_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF {MOVE} NOT IN ({ON}, {BACK})
  THEN RAISE EXCEPTION 'not a legal move' USING ERRCODE = '23514', CONSTRAINT = 'appointment_status_move'; END IF;
  IF {MOVE} IN ({BACK}) AND trim(NEW.status_reason) = ''
  THEN RAISE EXCEPTION 'back without a reason' USING ERRCODE = '23514', CONSTRAINT = 'appointment_reopen_reason'; END IF;
  RETURN NEW; END $$""",
)
SQLITE = (
    "DROP TRIGGER appointment_status_move",
    "DROP TRIGGER appointment_reopen_reason",
    f"""CREATE TRIGGER appointment_status_move BEFORE UPDATE OF status ON appointment
  WHEN OLD.status IS NOT NEW.status AND {MOVE} NOT IN ({ON}, {BACK})
BEGIN SELECT RAISE(ABORT, 'appointment_status_move'); END""",
    f"""CREATE TRIGGER appointment_reopen_reason BEFORE UPDATE OF status ON appointment
  WHEN {MOVE} IN ({BACK}) AND trim(NEW.status_reason) = ''
BEGIN SELECT RAISE(ABORT, 'appointment_reopen_reason'); END""",
)


def upgrade() -> None:
    """Put the new guard in the place of the old one."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
