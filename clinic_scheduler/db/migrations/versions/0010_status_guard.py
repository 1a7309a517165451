"""Appointments change their status along the legal moves only; back from a final one only with a reason."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOVES = """(OLD.status = 'pending' AND NEW.status IN ('confirmed', 'cancelled'))
  OR (OLD.status = 'confirmed' AND NEW.status IN ('arrived', 'in_progress', 'completed', 'no_show', 'cancelled'))
  OR (OLD.status = 'arrived' AND NEW.status IN ('in_progress', 'completed', 'no_show', 'cancelled'))
  OR (OLD.status = 'in_progress' AND NEW.status IN ('completed', 'cancelled'))
  OR (OLD.status IN ('completed', 'no_show', 'cancelled') AND NEW.status = 'confirmed')"""
IS_REOPENED = "OLD.status IN ('completed', 'no_show', 'cancelled')"

POSTGRESQL = (
    f"""CREATE FUNCTION appointment_status_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT ({MOVES})
  THEN RAISE EXCEPTION 'not a legal move' USING ERRCODE = '23514', CONSTRAINT = 'appointment_status_move'; END IF;
  IF {IS_REOPENED} AND trim(NEW.status_reason) = ''
  THEN RAISE EXCEPTION 'reopened without a reason' USING ERRCODE = '23514', CONSTRAINT = 'appointment_reopen_reason'; END IF;
  RETURN NEW; END $$""",
    """CREATE TRIGGER appointment_status_guard BEFORE UPDATE OF status ON appointment FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION appointment_status_guard()""",
)
SQLITE = (
    f"""CREATE TRIGGER appointment_status_move BEFORE UPDATE OF status ON appointment
  WHEN OLD.status IS NOT NEW.status AND NOT ({MOVES})
BEGIN SELECT RAISE(ABORT, 'appointment_status_move'); END""",
    f"""CREATE TRIGGER appointment_reopen_reason BEFORE UPDATE OF status ON appointment
  WHEN {IS_REOPENED} AND NEW.status = 'confirmed' AND trim(NEW.status_reason) = ''
BEGIN SELECT RAISE(ABORT, 'appointment_reopen_reason'); END""",
)


def upgrade() -> None:
    """Put the guard up."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
