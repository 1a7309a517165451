"""Two records made one, and a person erased: whose record it is now, and what may be blacked out afterwards.

Whoever left the record is booked no more, whichever program asks. A reason typed by hand may name a person; it alone
may give way to one fixed word: in the audit once an entry says so, in a claim at any time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

OWNED = ("booking", "booking_session", "desk_task", "treatment_plan", "waitlist_entry")
BLACKED_OUT = "erased"
IS_ANNOUNCED = (
    "EXISTS (SELECT 1 FROM audit_entry e WHERE e.entity_id = OLD.id AND e.action = 'audit.reason_erased')"
)
UUID = {"postgresql": "uuid", "sqlite": "TEXT"}

CLAIM = (
    "id", "clinic_id", "resource_id", "lane", "session_id", "service_id", "part", "start_at", "end_at",
    "buffer_before_min", "buffer_after_min", "live_from", "live_to", "kind", "appointment_id",
)  # fmt: skip
ENTRY = (
    "id", "chain", "number", "at", "clinic_id", "actor_id", "actor_name", "action", "entity", "entity_id",
    "before", "after", "hash",
)  # fmt: skip


def _same(columns: tuple[str, ...], equals: str) -> str:
    return " AND ".join(f"NEW.{name} {equals} OLD.{name}" for name in columns)


PG_SAME, LITE_SAME = "IS NOT DISTINCT FROM", "IS"
PG_CLAIM_BLACKED_OUT = (
    f"OLD.override_reason <> '' AND NEW.override_reason = '{BLACKED_OUT}' AND {_same(CLAIM, PG_SAME)}"
)
# Locks the person as a foreign key does, so that whoever books at this moment waits for what becomes of the record.
PG_ON_RECORD = """CREATE FUNCTION patient_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone timestamptz; BEGIN
  SELECT erased_at INTO gone FROM patient WHERE id = NEW.patient_id FOR KEY SHARE;
  IF gone IS NOT NULL
  THEN RAISE EXCEPTION 'no longer on record' USING ERRCODE = '23514', CONSTRAINT = 'patient_on_record'; END IF;
  RETURN NEW; END $$"""
PG_AUDIT = f"""CREATE FUNCTION audit_entry_black_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.reason = '{BLACKED_OUT}' AND {_same(ENTRY, PG_SAME)} AND {IS_ANNOUNCED}
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = '23514', CONSTRAINT = 'audit_entry_append_only';
END $$"""
POSTGRESQL = (
    PG_ON_RECORD,
    *(
        f"CREATE TRIGGER {table}_on_record BEFORE INSERT OR UPDATE OF patient_id ON {table} "
        "FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION patient_on_record()"
        for table in OWNED
    ),
    "DROP TRIGGER claim_guard ON claim",
    (
        "CREATE TRIGGER claim_guard BEFORE UPDATE ON claim FOR EACH ROW "
        f"WHEN (NOT ({PG_CLAIM_BLACKED_OUT})) EXECUTE FUNCTION claim_guard()"
    ),
    PG_AUDIT,
    "DROP TRIGGER audit_entry_no_change ON audit_entry",
    (
        "CREATE TRIGGER audit_entry_no_change BEFORE DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()"
    ),
    (
        "CREATE TRIGGER audit_entry_black_out BEFORE UPDATE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_black_out()"
    ),
)

LITE_CLAIM_BLACKED_OUT = (
    f"OLD.override_reason <> '' AND NEW.override_reason = '{BLACKED_OUT}' AND {_same(CLAIM, LITE_SAME)}"
)
LITE_CLAIM_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in CLAIM[:12])
LITE_GONE = "SELECT 1 FROM patient p WHERE p.id = NEW.patient_id AND p.erased_at IS NOT NULL"
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_on_record_{event.split()[0].lower()} BEFORE {event} ON {table} "
        f"WHEN NEW.patient_id IS NOT NULL AND EXISTS ({LITE_GONE}) "
        "BEGIN SELECT RAISE(ABORT, 'patient_on_record'); END"
        for table in OWNED
        for event in ("INSERT", "UPDATE OF patient_id")
    ),
    "DROP TRIGGER claim_guard",
    "DROP TRIGGER claim_hold_expired",
    f"""CREATE TRIGGER claim_guard BEFORE UPDATE ON claim WHEN NOT ({LITE_CLAIM_BLACKED_OUT})
  AND ({LITE_CLAIM_CHANGED} OR NEW.override_reason IS NOT OLD.override_reason
  OR ((NEW.kind IS NOT OLD.kind OR NEW.appointment_id IS NOT OLD.appointment_id)
      AND NOT (OLD.kind = 'hold' AND NEW.kind = 'appointment'))
  OR (OLD.kind <> 'hold' AND OLD.live_to IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'claim_guard'); END""",
    f"""CREATE TRIGGER claim_hold_expired BEFORE UPDATE ON claim
WHEN OLD.kind = 'hold' AND OLD.live_to <= (SELECT now FROM clock) AND NOT ({LITE_CLAIM_BLACKED_OUT})
BEGIN SELECT RAISE(ABORT, 'claim_hold_expired'); END""",  # noqa: S608 - as above
    "DROP TRIGGER audit_entry_no_update",
    f"""CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
WHEN NOT (NEW.reason = '{BLACKED_OUT}' AND {_same(ENTRY, LITE_SAME)} AND {IS_ANNOUNCED})
BEGIN SELECT RAISE(ABORT, 'audit_entry_append_only'); END""",
)


def upgrade() -> None:
    """Add the column and its index, and put the guards up."""
    dialect = op.get_bind().dialect.name
    op.execute(f"ALTER TABLE patient ADD COLUMN merged_into {UUID[dialect]} REFERENCES patient (id)")
    kept = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "patient_merged_into", "patient", ["merged_into"], postgresql_where=kept, sqlite_where=kept
    )
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.execute(statement)
