"""Filling a migrated database with the great book: rows first, then indexes and rules as the migrations made them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import date
from typing import Any

import psycopg
from sqlalchemy import URL

from benchmarks import _book_visits as book
from benchmarks._book_rows import BOUND, COLUMNS, COPIED, Row, Scribe, Wording, patient_id
from clinic_scheduler.db import schema
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine

ACTOR = Actor(book.DESK, "Great Desk", "GD", "Desk 1", book.CLINIC, EVERYTHING)
CHUNK = 5_000
TABLES = list(COLUMNS)
# What stands on the tables, as PostgreSQL itself would say it; foreign keys of other tables hang on the primary keys.
RULES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('p', 'u', 'x', 'f')
   OR confrelid = ANY(%(tables)s::regclass[]) AND contype = 'f'
ORDER BY contype = 'f', conname"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"""

STANDING = """
SELECT type, name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND type <> 'table' AND tbl_name IN (SELECT value FROM json_each(?))"""

# What the triggers on the claims would have kept.
FIRST_VISITS = """
UPDATE patient SET first_visit_at =
  (SELECT min(busy_from) FROM claim WHERE resource_id = patient.id AND live_to IS NULL)"""


def fill(url: URL, monday: date, weeks: int) -> None:
    """Bring an empty database to the present schema and write the book into it."""
    engine = open_engine(url.render_as_string(hide_password=False), MIGRATION_LIMITS)
    schema.upgrade(engine)
    work = UnitOfWork(engine, MIGRATION_LIMITS)
    work.write(lambda s: setup.create_clinic(s, actor=ACTOR, clinic=book.blueprint()))
    numbers = list(book.patients(weeks))
    for at in range(0, len(numbers), CHUNK):
        some = [_patient(number) for number in numbers[at : at + CHUNK]]
        work.write(lambda s, some=some: patients.write(s, book.CLINIC, some))  # type: ignore[misc]
    work.close()
    if url.get_backend_name() == "sqlite":
        _fill_sqlite(str(url.database), _rows(BOUND, monday, weeks))
    else:
        _fill_postgresql(url, _rows(COPIED, monday, weeks))


def upgrade(url: URL) -> None:
    """Bring a book of an older schema to the present one, as a desk would."""
    engine = open_engine(url.render_as_string(hide_password=False), MIGRATION_LIMITS)
    schema.upgrade(engine)
    engine.dispose()
    if url.get_backend_name() == "postgresql":
        with psycopg.connect(_address(url), autocommit=True) as connection:
            connection.execute("VACUUM (FREEZE, ANALYZE)")


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _patient(number: int) -> PatientLine:
    first, last = book.FIRST[number % 12], book.LAST[number // 12 % 10]
    phone = f"+4930{23000000 + number % 10_000_000}"
    return PatientLine(
        patient_id(number), f"{first} {last}-{number:x}", phone, "", date(1950 + number % 60, 5, 17), ""
    )


def _rows(wording: Wording, monday: date, weeks: int) -> Iterator[tuple[str, Row]]:
    return Scribe(wording).rows(book.visits(monday, weeks))


def _fill_postgresql(url: URL, rows: Iterable[tuple[str, Row]]) -> None:
    address = _address(url)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        rules = connection.execute(RULES, {"tables": TABLES}).fetchall()
        indexes = connection.execute(INDEXES, {"tables": TABLES}).fetchall()
        for place, name, _text in reversed(rules):
            _run(connection, f"ALTER TABLE {place} DROP CONSTRAINT {name}")
        for name, _text in indexes:
            _run(connection, f"DROP INDEX {name}")
        connection.execute("ALTER TABLE claim DISABLE TRIGGER USER")
        _copy(address, rows)
        connection.execute("ALTER TABLE claim ENABLE TRIGGER USER")
        for _name, text in indexes:
            _run(connection, text)
        for place, name, text in rules:
            _run(connection, f"ALTER TABLE {place} ADD CONSTRAINT {name} {text}")
        connection.execute(FIRST_VISITS)
        # As the server does by itself before long.
        connection.execute("VACUUM (FREEZE, ANALYZE)")


def _run(connection: psycopg.Connection[Any], statement: str) -> None:
    connection.execute(statement.encode())


def _copy(address: str, rows: Iterable[tuple[str, Row]]) -> None:
    with ExitStack() as stack:
        copies: Mapping[str, psycopg.Copy] = {
            table: stack.enter_context(
                stack.enter_context(psycopg.connect(address))
                .cursor()
                .copy(f"COPY {table} ({columns}) FROM STDIN".encode())
            )
            for table, columns in COLUMNS.items()
        }
        for table, row in rows:
            copies[table].write("\t".join(map(str, row)) + "\n")


def _fill_sqlite(path: str, rows: Iterable[tuple[str, Row]]) -> None:
    statements = {
        table: f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(columns.split(',')))})"  # noqa: S608
        for table, columns in COLUMNS.items()
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "cache_size=-500000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        made = connection.execute(STANDING, (json.dumps(TABLES),)).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for kind, name, _text in made:
            connection.execute(f"DROP {kind} {name}")
        waiting: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        for table, row in rows:
            waiting[table].append(row)
            if len(waiting[table]) == CHUNK:
                connection.executemany(statements[table], waiting[table])
                waiting[table].clear()
        for table, rest in waiting.items():
            connection.executemany(statements[table], rest)
        for _kind, _name, text in made:
            connection.execute(text)
        connection.execute(FIRST_VISITS)
        connection.execute("COMMIT")
        _judge(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _judge(connection: sqlite3.Connection) -> None:
    """What the triggers and references would have refused, had they been there."""
    clashing = connection.execute("""
        SELECT count(*) FROM (
            SELECT busy_from, lag(busy_to) OVER (PARTITION BY resource_id, lane ORDER BY busy_from) AS until
            FROM claim) WHERE busy_from < until""").fetchone()[0]
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if clashing or broken:
        raise RuntimeError(f"the book is not whole: {clashing} overlaps, {broken}")
