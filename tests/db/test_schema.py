"""The migrations make what the tables say, once, from wherever a database stands."""

import re
import sqlite3
import stat
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_scheduler.db import refusals, schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import APPLICATION_ID, MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.migrating import config, migrate
from clinic_scheduler.db.types import Count, Day, Document, Flag, Id, Instant
from clinic_scheduler.errors import NewerDatabase

# Ranges are PostgreSQL's own, and SQLAlchemy's tables need not know of them.
ONLY_THERE = {"busy", "live"}
# What no table can say for both kinds: ranges, and the length of a claim and its ids.
OWN_CHECKS = {"claim_not_empty", "claim_finite", "claim_length", "claim_ids"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUMMIES = {Id: new_id, Count: lambda: 1, Instant: lambda: NOON, Day: lambda: date(2026, 3, 2)}
DUMMIES |= {Flag: lambda: False, Document: dict}
SPECIAL = {"end_at": NOON + timedelta(hours=1), "ended_at": NOON, "gap_end_min": 2}


def state_words():
    """The words of each state, by table and column."""
    return {
        (table, check.name.removeprefix(f"{table.name}_").removesuffix("_word")): re.findall(
            r"'(\w+)'", str(check.sqltext)
        )
        for table in t.Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint) and check.name.endswith("_word")
    }


def row(table, words):
    """A row that keeps every check but not the foreign keys."""
    made = {}
    for column in table.columns:
        if column.name in words or column.server_default is not None:
            continue
        made[column.name] = SPECIAL.get(column.name) or DUMMIES.get(type(column.type), lambda: "x")()
    return made | words


def refused_by(engine, table, values):
    """The check that refuses a row, empty if none does."""
    with engine.connect() as connection:
        try:
            connection.execute(insert(table).values(values))
        except DBAPIError as error:
            return refusals.constraint(error)
        finally:
            connection.rollback()
    return ""


def at_revision(url, revision):
    engine = open_engine(url, MIGRATION_LIMITS)
    with engine.begin() as connection:
        migrate(connection, revision)
    return engine


def is_of_tables(_object, name, *_others):
    """The indexes of trigrams are each of one kind of database only."""
    return not name.startswith(("patient_search", "patient_number"))


def test_the_migrations_make_exactly_the_tables(work):
    with work.engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_of_tables}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, t.Base.metadata)
    if work.engine.dialect.name == "sqlite":
        assert differences == []
    else:
        assert {(what, column.name) for what, _schema, _table, column in differences} == {
            ("remove_column", name) for name in ONLY_THERE
        }


def test_every_check_of_the_tables_stands_in_the_database(work):
    """Alembic's comparison does not look at checks."""
    found, wanted = set(), set()
    with work.engine.connect() as connection:
        for table in t.Base.metadata.sorted_tables:
            found |= {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            wanted |= {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
    assert found - OWN_CHECKS == wanted


@pytest.mark.parametrize(("table", "column"), sorted(state_words(), key=str))
def test_a_state_is_one_of_its_words(work, table, column):
    others = {other: words[-1] for (owner, other), words in state_words().items() if owner is table}
    check = f"{table.name}_{column}_word"
    for word in state_words()[table, column]:
        assert refused_by(work.engine, table, row(table, others | {column: word})) != check
    assert refused_by(work.engine, table, row(table, others | {column: "unheard_of"})) == check


def test_upgrading_twice_does_nothing_the_second_time(empty_url):
    engine = open_engine(empty_url, MIGRATION_LIMITS)
    first, second = schema.upgrade(engine), schema.upgrade(engine)
    engine.dispose()
    assert first == second
    assert first.is_current
    assert first.revision


def test_two_desks_may_upgrade_at_once(empty_url):
    states, errors, start = [], [], threading.Barrier(2)

    def upgrade():
        engine = open_engine(empty_url, MIGRATION_LIMITS)
        start.wait()
        try:
            states.append(schema.upgrade(engine))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        engine.dispose()

    desks = [threading.Thread(target=upgrade) for _ in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert errors == []
    assert [state.is_current for state in states] == [True, True]


def test_a_newer_database_is_refused_with_the_version_it_needs(work):
    with work.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE setting SET value = '\"47.11\"' WHERE key = 'program'"))
    with work.engine.connect() as connection, pytest.raises(NewerDatabase, match=r"47\.11 or newer"):
        schema.state(connection)
    with pytest.raises(NewerDatabase):
        schema.upgrade(work.engine)


def test_a_newer_database_without_settings_is_refused_too(empty_url):
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    with engine.connect() as connection, pytest.raises(NewerDatabase, match="newer"):
        schema.state(connection)
    engine.dispose()


def test_the_names_of_the_files_tell_the_revisions_as_alembic_does():
    script = ScriptDirectory.from_config(config())
    assert [each.revision for each in script.walk_revisions()] == list(reversed(schema.revisions()))


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005"])
def test_an_older_database_is_upgraded_and_keeps_what_it_holds(empty_url, revision):
    engine, identifier = at_revision(empty_url, revision), new_id()
    with engine.begin() as connection:
        clinic = row(
            t.Clinic.__table__, {"id": identifier, "country": "DE", "currency": "EUR", "hold_min": 15}
        )
        connection.execute(insert(t.Clinic).values(clinic))
    assert schema.upgrade(engine).is_current
    with engine.connect() as connection:
        assert connection.execute(select(t.Clinic.id)).scalars().all() == [identifier]
    engine.dispose()


def test_upgrading_to_a_revision_in_the_middle_stops_there(empty_url):
    engine = open_engine(empty_url, MIGRATION_LIMITS)
    assert schema.upgrade(engine, "0005") == schema.SchemaState("0005", is_current=False)
    engine.dispose()


def test_a_file_is_copied_before_it_is_upgraded(tmp_path):
    path = tmp_path / "clinic.db"
    engine, identifier = at_revision(f"sqlite:///{path}", "0005"), new_id()
    with engine.begin() as connection:
        clinic = row(
            t.Clinic.__table__, {"id": identifier, "country": "DE", "currency": "EUR", "hold_min": 15}
        )
        connection.execute(insert(t.Clinic).values(clinic))
    schema.upgrade(engine)
    engine.dispose()
    copy = path.with_name("clinic.db.before-0005")
    with sqlite3.connect(copy) as old:
        assert old.execute("SELECT id FROM clinic").fetchall() == [(str(identifier),)]
        assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]
    old.close()
    assert mode(copy) == 0o600


def test_nothing_is_copied_where_nothing_is_upgraded(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'clinic.db'}", MIGRATION_LIMITS)
    schema.upgrade(engine)
    schema.upgrade(engine)
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db" and path.is_file()] == []


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_on_the_machine_reads_the_file(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'clinic.db'}", MIGRATION_LIMITS)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE setting SET value = '1' WHERE key = 'other'"))
        modes = {path.name: mode(path) for path in tmp_path.glob("clinic.db*")}
    engine.dispose()
    assert set(modes.values()) == {0o600}, modes


def test_the_file_says_whose_it_is(sqlite_work):
    with sqlite_work.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID


def test_sqlite_checks_the_types_of_every_column(sqlite_work):
    with sqlite_work.engine.connect() as connection:
        lax = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
        names = set(connection.exec_driver_sql(lax).scalars())
    assert names <= {"alembic_version", "sqlite_schema", "sqlite_sequence"}
    values = row(t.Clinic.__table__, {"country": "DE", "currency": "EUR", "hold_min": 15})
    columns, marks = ", ".join(values), ", ".join("?" for _ in values)
    texts = tuple(
        "many" if name == "horizon_days" else 15 if isinstance(v, int) else str(v)
        for name, v in values.items()
    )
    with sqlite_work.engine.connect() as connection, pytest.raises(IntegrityError, match="horizon_days"):
        connection.exec_driver_sql(f"INSERT INTO clinic ({columns}) VALUES ({marks})", texts)  # noqa: S608
