"""Claims: the one rule about time taken.

Two claims of one resource and lane clash where both their busy time (with buffers) and their live time overlap. PostgreSQL
says so with an exclusion constraint, SQLite with triggers. A claim never changes but for the end of its life and for
turning from a hold into an appointment; a move closes the old claim and inserts a new one.
"""

import sqlalchemy as sa
from alembic import op

from clinic_scheduler.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# timestamptz plus interval is only STABLE; through UTC it is IMMUTABLE, so the columns can be generated.
PG_FROM = "((start_at AT TIME ZONE 'UTC') - make_interval(mins => buffer_before_min::int)) AT TIME ZONE 'UTC'"
PG_TO = "((end_at AT TIME ZONE 'UTC') + make_interval(mins => buffer_after_min::int)) AT TIME ZONE 'UTC'"
LITE_FROM = "start_at - buffer_before_min * 60000000"
LITE_TO = "end_at + buffer_after_min * 60000000"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "CREATE FUNCTION clinic_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT clock_timestamp() $$",
    f"ALTER TABLE claim ADD COLUMN busy tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange({PG_FROM}, {PG_TO}, '[)')) STORED",
    "ALTER TABLE claim ADD COLUMN live tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(live_from, live_to, '[)')) STORED",
    # An empty range overlaps nothing and would walk past the constraint; an infinite one takes everything.
    "ALTER TABLE claim ADD CONSTRAINT claim_not_empty CHECK (NOT isempty(busy) AND NOT isempty(live))",
    """ALTER TABLE claim ADD CONSTRAINT claim_finite
  CHECK (isfinite(start_at) AND isfinite(end_at) AND isfinite(live_from) AND isfinite(live_to))""",
    "ALTER TABLE claim ADD CONSTRAINT claim_length CHECK (end_at - start_at <= interval '24 hours')",
    """ALTER TABLE claim ADD CONSTRAINT claim_no_overlap
  EXCLUDE USING gist (resource_id WITH =, lane WITH =, busy WITH &&, live WITH &&)""",
    """CREATE FUNCTION claim_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (NEW.id, NEW.clinic_id, NEW.resource_id, NEW.lane, NEW.session_id, NEW.service_id, NEW.part, NEW.start_at, NEW.end_at,
      NEW.buffer_before_min, NEW.buffer_after_min, NEW.live_from, NEW.override_reason)
     IS DISTINCT FROM
     (OLD.id, OLD.clinic_id, OLD.resource_id, OLD.lane, OLD.session_id, OLD.service_id, OLD.part, OLD.start_at, OLD.end_at,
      OLD.buffer_before_min, OLD.buffer_after_min, OLD.live_from, OLD.override_reason)
  THEN RAISE EXCEPTION 'close the claim and insert a new one' USING ERRCODE = '23514', CONSTRAINT = 'claim_guard'; END IF;
  IF (NEW.kind, NEW.appointment_id) IS DISTINCT FROM (OLD.kind, OLD.appointment_id)
     AND NOT (OLD.kind = 'hold' AND NEW.kind = 'appointment')
  THEN RAISE EXCEPTION 'only a hold becomes an appointment' USING ERRCODE = '23514', CONSTRAINT = 'claim_guard'; END IF;
  IF OLD.kind <> 'hold' AND OLD.live_to IS NOT NULL
  THEN RAISE EXCEPTION 'a closed claim stays closed' USING ERRCODE = '23514', CONSTRAINT = 'claim_guard'; END IF;
  IF OLD.kind = 'hold' AND OLD.live_to <= clinic_clock()
  THEN RAISE EXCEPTION 'the hold has expired' USING ERRCODE = '23514', CONSTRAINT = 'claim_hold_expired'; END IF;
  RETURN NEW; END $$""",
    "CREATE TRIGGER claim_guard BEFORE UPDATE ON claim FOR EACH ROW EXECUTE FUNCTION claim_guard()",
)

# No claim is busy for longer than 24 hours and two buffers of 8; the lower edge keeps the look-up within the index.
LITE_OVERLAP = """
  SELECT RAISE(ABORT, 'claim_no_overlap') WHERE EXISTS (SELECT 1 FROM claim c
    WHERE c.resource_id = NEW.resource_id AND c.lane = NEW.lane AND c.id <> NEW.id
      AND c.busy_from < NEW.end_at + NEW.buffer_after_min * 60000000
      AND c.busy_to > NEW.start_at - NEW.buffer_before_min * 60000000
      AND c.busy_from > NEW.start_at - NEW.buffer_before_min * 60000000 - 144000000000
      AND c.live_from < coalesce(NEW.live_to, 9223372036854775807)
      AND coalesce(c.live_to, 9223372036854775807) > NEW.live_from)"""

SQLITE = (
    """CREATE VIEW clock AS SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000000
  + CAST(substr(strftime('%f', 'now'), 4) AS INTEGER) * 1000 AS now""",
    f"CREATE TRIGGER claim_no_overlap_insert BEFORE INSERT ON claim BEGIN {LITE_OVERLAP}; END",
    f"CREATE TRIGGER claim_no_overlap_update BEFORE UPDATE ON claim BEGIN {LITE_OVERLAP}; END",
    """CREATE TRIGGER claim_guard BEFORE UPDATE ON claim
WHEN NEW.id IS NOT OLD.id OR NEW.clinic_id IS NOT OLD.clinic_id OR NEW.resource_id IS NOT OLD.resource_id
  OR NEW.lane IS NOT OLD.lane OR NEW.session_id IS NOT OLD.session_id OR NEW.service_id IS NOT OLD.service_id
  OR NEW.part IS NOT OLD.part OR NEW.start_at IS NOT OLD.start_at OR NEW.end_at IS NOT OLD.end_at
  OR NEW.buffer_before_min IS NOT OLD.buffer_before_min OR NEW.buffer_after_min IS NOT OLD.buffer_after_min
  OR NEW.live_from IS NOT OLD.live_from OR NEW.override_reason IS NOT OLD.override_reason
  OR ((NEW.kind IS NOT OLD.kind OR NEW.appointment_id IS NOT OLD.appointment_id)
      AND NOT (OLD.kind = 'hold' AND NEW.kind = 'appointment'))
  OR (OLD.kind <> 'hold' AND OLD.live_to IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'claim_guard'); END""",
    """CREATE TRIGGER claim_hold_expired BEFORE UPDATE ON claim
WHEN OLD.kind = 'hold' AND OLD.live_to <= (SELECT now FROM clock)
BEGIN SELECT RAISE(ABORT, 'claim_hold_expired'); END""",
)


def upgrade() -> None:
    """Create the table, its judge and its guard."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "claim",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("clinic_id", types.Id(), nullable=False),
        sa.Column("resource_id", types.Id(), nullable=False),
        sa.Column("lane", types.Count(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("session_id", types.Id(), nullable=True),
        sa.Column("appointment_id", types.Id(), nullable=True),
        sa.Column("service_id", types.Id(), nullable=True),
        sa.Column("part", types.Count(), nullable=False),
        sa.Column("start_at", types.Instant(), nullable=False),
        sa.Column("end_at", types.Instant(), nullable=False),
        sa.Column("buffer_before_min", types.Count(), nullable=False),
        sa.Column("buffer_after_min", types.Count(), nullable=False),
        sa.Column(
            "busy_from",
            types.Instant(),
            sa.Computed(LITE_FROM if on_sqlite else PG_FROM, persisted=True),
            nullable=False,
        ),
        sa.Column(
            "busy_to",
            types.Instant(),
            sa.Computed(LITE_TO if on_sqlite else PG_TO, persisted=True),
            nullable=False,
        ),
        sa.Column("live_from", types.Instant(), nullable=False),
        sa.Column("live_to", types.Instant(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'appointment' OR appointment_id IS NOT NULL", name="claim_appointment_known"
        ),
        sa.CheckConstraint(
            "kind <> 'hold' OR (live_to IS NOT NULL AND session_id IS NOT NULL)", name="claim_hold_expires"
        ),
        sa.CheckConstraint("kind IN ('hold', 'appointment', 'block')", name="claim_kind_word"),
        sa.CheckConstraint("buffer_after_min BETWEEN 0 AND 480", name="claim_buffer_after_min_range"),
        sa.CheckConstraint("buffer_before_min BETWEEN 0 AND 480", name="claim_buffer_before_min_range"),
        sa.CheckConstraint("lane BETWEEN 1 AND 64", name="claim_lane_range"),
        sa.CheckConstraint("live_to IS NULL OR live_from < live_to", name="claim_live_order"),
        sa.CheckConstraint("start_at < end_at", name="claim_order"),
        *(_sqlite_checks() if on_sqlite else ()),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name="claim_appointment_id_fkey"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="claim_clinic_id_fkey"),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="claim_resource_id_fkey"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="claim_service_id_fkey"),
        sa.ForeignKeyConstraint(["session_id"], ["booking_session.id"], name="claim_session_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="claim_pkey"),
        sqlite_strict=True,
    )
    op.create_index("claim_appointment_id_idx", "claim", ["appointment_id"])
    op.create_index("claim_resource_id_busy_from_idx", "claim", ["resource_id", "busy_from"])
    op.create_index("claim_session_id_kind_idx", "claim", ["session_id", "kind"])
    for statement in SQLITE if on_sqlite else POSTGRESQL:
        op.execute(statement)


def _sqlite_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("end_at - start_at <= 86400000000", name="claim_length"),
        sa.CheckConstraint("length(id) = 36 AND length(resource_id) = 36", name="claim_ids"),
    )
