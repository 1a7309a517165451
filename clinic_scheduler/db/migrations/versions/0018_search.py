"""People are found by any three letters without looking at everybody: an index of trigrams.

A PostgreSQL that does not offer pg_trgm, or a login that may not create it, goes without; searches then take longer.
SQLite's rows have no number that lasts, so that the index has numbers of its own. A desk with the previous program goes
on as before; whom it writes is found all the same.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

POSTGRESQL = (
    """DO $$ BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX patient_search_trgm ON patient USING gin (search gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is missing: searches for people look at everybody';
END $$""",
)
# With the schema not trusted no trigger may touch SQLite's index. Triggers mark who is not in it as is, and the program
# puts them in (services/people/finding.py).
# The first letters of a text have a blank before them there, as the beginnings of all its words have.
SQLITE = (
    """CREATE TABLE patient_number (
  number INTEGER PRIMARY KEY, patient_id TEXT NOT NULL UNIQUE, clinic_id TEXT NOT NULL, name TEXT NOT NULL,
  is_indexed INTEGER NOT NULL DEFAULT 0
) STRICT""",
    """INSERT INTO patient_number (patient_id, clinic_id, name, is_indexed)
  SELECT id, clinic_id, name, CASE WHEN erased_at IS NULL THEN 1 ELSE 2 END FROM patient""",
    "CREATE INDEX patient_number_waiting ON patient_number (patient_id) WHERE is_indexed = 0",
    "CREATE VIRTUAL TABLE patient_search USING fts5(search, tokenize = 'trigram')",
    """INSERT INTO patient_search (rowid, search)
  SELECT n.number, ' ' || p.search FROM patient p JOIN patient_number n ON n.patient_id = p.id
  WHERE n.is_indexed = 1""",
    """CREATE TRIGGER patient_search_insert AFTER INSERT ON patient BEGIN
  INSERT INTO patient_number (patient_id, clinic_id, name) VALUES (NEW.id, NEW.clinic_id, NEW.name)
  ON CONFLICT (patient_id) DO UPDATE SET is_indexed = 0, clinic_id = NEW.clinic_id, name = NEW.name;
END""",
    """CREATE TRIGGER patient_search_update AFTER UPDATE OF search, name, erased_at ON patient
WHEN NEW.search <> OLD.search OR NEW.name <> OLD.name OR NEW.erased_at IS NOT OLD.erased_at BEGIN
  UPDATE patient_number SET is_indexed = 0, name = NEW.name WHERE patient_id = NEW.id;
END""",
)


def upgrade() -> None:
    """Make the indexes, and fill SQLite's."""
    op.create_index("patient_clinic_id_name_id_idx", "patient", ["clinic_id", "name", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
