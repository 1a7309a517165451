"""When each patient was first here, which the screen asks of every visit, so that it need not look through ten years.

Triggers keep it, so that a desk with the previous program keeps it too.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = {"postgresql": "timestamptz", "sqlite": "INTEGER"}
FIRST = "(SELECT min(c.busy_from) FROM claim c WHERE c.resource_id = {} AND c.live_to IS NULL)"
# A claim stands while its life has no end: a visit that was neither cancelled nor missed.
SOONER = """UPDATE patient SET first_visit_at = NEW.busy_from
  WHERE id = NEW.resource_id AND (first_visit_at IS NULL OR first_visit_at > NEW.busy_from);"""
LATER = f"""UPDATE patient SET first_visit_at = {FIRST.format("OLD.resource_id")}
  WHERE id = OLD.resource_id AND first_visit_at = OLD.busy_from;"""  # noqa: S608 - only names are put in

POSTGRESQL = (
    f"CREATE FUNCTION claim_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {SOONER} RETURN NULL; END $$",
    f"CREATE FUNCTION claim_stands_no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {LATER} RETURN NULL; END $$",
    """CREATE TRIGGER claim_stands_insert AFTER INSERT ON claim
  FOR EACH ROW WHEN (NEW.live_to IS NULL) EXECUTE FUNCTION claim_stands()""",
    """CREATE TRIGGER claim_stands_update AFTER UPDATE ON claim
  FOR EACH ROW WHEN (OLD.live_to IS NOT NULL AND NEW.live_to IS NULL) EXECUTE FUNCTION claim_stands()""",
    """CREATE TRIGGER claim_ends_update AFTER UPDATE ON claim
  FOR EACH ROW WHEN (OLD.live_to IS NULL AND NEW.live_to IS NOT NULL) EXECUTE FUNCTION claim_stands_no_more()""",
    """CREATE TRIGGER claim_ends_delete AFTER DELETE ON claim
  FOR EACH ROW WHEN (OLD.live_to IS NULL) EXECUTE FUNCTION claim_stands_no_more()""",
)
SQLITE = (
    f"CREATE TRIGGER claim_stands_insert AFTER INSERT ON claim WHEN NEW.live_to IS NULL BEGIN {SOONER} END",
    f"""CREATE TRIGGER claim_stands_update AFTER UPDATE ON claim
  WHEN OLD.live_to IS NOT NULL AND NEW.live_to IS NULL BEGIN {SOONER} END""",
    f"""CREATE TRIGGER claim_ends_update AFTER UPDATE ON claim
  WHEN OLD.live_to IS NULL AND NEW.live_to IS NOT NULL BEGIN {LATER} END""",
    f"CREATE TRIGGER claim_ends_delete AFTER DELETE ON claim WHEN OLD.live_to IS NULL BEGIN {LATER} END",
)


def upgrade() -> None:
    """Add the column with its triggers, and fill it."""
    dialect = op.get_bind().dialect.name
    op.execute(f"ALTER TABLE patient ADD COLUMN first_visit_at {MOMENT[dialect]}")
    op.execute(f"UPDATE patient SET first_visit_at = {FIRST.format('patient.id')}")  # noqa: S608 - as above
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.execute(statement)
