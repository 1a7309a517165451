"""A clinic that has worked for months with an older program keeps every row, and what is new is filled in."""

from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import FetchedValue, column, insert, inspect, select, table

from clinic_scheduler.db import schema
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.migrating import migrate
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import audit, demo, integrity, upkeep

# Compared on their own, or not the clinic's.
FILLED_IN = {"audit_tail", "patient_trait", "setting", "upkeep_turn"}
# Nothing older could have kept them: tables, and columns of tables.
UNKNOWN_BEFORE = {"add_on", "desk_task", "service_session"}
UNKNOWN_COLUMNS = {
    "service": {"keeps_practitioner", "keeps_time"},
    "treatment_plan": {"ended_at", "keeps_practitioner", "keeps_time", "review", "state_reason"},
}


@pytest.fixture
def full(sqlite_work, actor):
    """The demo clinic: 400 patients, a thousand bookings, claims, plans, records."""
    today = date(2027, 6, 11)
    sqlite_work.write(lambda s: demo.create_demo(s, actor=actor, today=today))
    return sqlite_work


def rows(work, of):
    key = [each.name for each in of.primary_key]
    with work.engine.connect() as connection:
        found = connection.execute(select(of)).mappings().all()
    kept = [name for name in of.columns.keys() if name not in UNKNOWN_COLUMNS.get(of.name, ())]  # noqa: SIM118
    return sorted(
        ({name: row[name] for name in kept} for row in found), key=lambda row: [row[n] for n in key]
    )


def traits(work):
    return {tuple(row.values())[1:] for row in rows(work, t.PatientTrait.__table__)}


def poured(work, engine, revision):
    """Bring a new database to that revision and write into it all rows of the other that it has columns for."""
    with engine.begin() as connection:
        migrate(connection, revision)
    with engine.begin() as connection, work.engine.connect() as source:
        known = inspect(connection)
        for each in t.Base.metadata.sorted_tables:
            if each.name == "setting" or not known.has_table(each.name):
                continue
            names = {one["name"] for one in known.get_columns(each.name)}
            columns = [one for one in each.columns if one.name in names and not is_computed(one)]
            found = [dict(row) for row in source.execute(select(*columns)).mappings()]
            if found:
                older = table(each.name, *(column(one.name, one.type) for one in columns))
                connection.execute(insert(older), found)


def is_computed(column):
    return isinstance(column.server_default, FetchedValue) and not hasattr(column.server_default, "arg")


@pytest.mark.parametrize("revision", ["0006", "0009", "0017", "0026"])
def test_nothing_is_lost_by_an_upgrade_and_new_columns_are_right(full, empty_url, revision, actor):
    engine = open_engine(empty_url, MIGRATION_LIMITS)
    poured(full, engine, revision)
    assert schema.upgrade(engine).is_current
    with closing(UnitOfWork(engine, MIGRATION_LIMITS)) as upgraded:
        while upgraded.write(lambda s: upkeep.sweep(s, actor=actor)).value.people:
            pass
        for each in t.Base.metadata.sorted_tables:
            if each.name not in FILLED_IN | UNKNOWN_BEFORE:
                assert rows(upgraded, each) == rows(full, each), each.name
        assert traits(upgraded) == traits(full)
        assert upgraded.read(integrity.overlaps) == []
        assert upgraded.read(audit.verify) == []
