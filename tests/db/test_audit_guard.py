"""The audit only grows, whoever holds the pen."""

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.services import audit
from tests.support.clinics import CLINIC


@pytest.fixture
def entries(work, clinic, actor):
    for action in ("one", "two"):
        work.write(lambda s, action=action: audit.record(s, actor, action, "clinic", CLINIC))
    return work


@pytest.mark.parametrize(
    "statement",
    [
        update(t.AuditEntry).values(reason="nothing happened"),
        update(t.AuditEntry).where(t.AuditEntry.action == "one").values(action="another"),
        delete(t.AuditEntry),
        delete(t.AuditEntry).where(t.AuditEntry.action == "two"),
    ],
)
def test_no_entry_is_changed_or_deleted(entries, statement):
    with pytest.raises(DBAPIError) as refused, entries.engine.begin() as connection:
        connection.execute(statement)
    assert (refusals.constraint(refused.value) or str(refused.value.orig)) == "audit_entry_append_only"
    actions = entries.read(
        lambda s: s.scalars(select(t.AuditEntry.action).order_by(t.AuditEntry.number)).all()
    )
    assert actions == ["clinic.created", "one", "two"]


def test_no_entry_is_replaced(sqlite_work, actor):
    """REPLACE deletes without a word to triggers, unless SQLite is told to mind them."""
    sqlite_work.write(lambda s: audit.record(s, actor, "one", "clinic", CLINIC))
    same = "id, chain, number, at, clinic_id, actor_id, actor_name, 'bent', entity, entity_id, before, after, reason"
    bent = f"INSERT OR REPLACE INTO audit_entry SELECT {same}, hash FROM audit_entry"  # noqa: S608
    with pytest.raises(IntegrityError), sqlite_work.engine.begin() as connection:
        connection.exec_driver_sql(bent)
    assert sqlite_work.read(lambda s: s.scalars(select(t.AuditEntry.action)).all()) == ["one"]


def test_the_table_is_not_emptied_at_once(pg_work):
    with pytest.raises(DBAPIError) as refused, pg_work.engine.begin() as connection:
        connection.execute(text("TRUNCATE audit_entry"))
    assert refusals.constraint(refused.value) == "audit_entry_append_only"


def test_a_number_is_given_once_in_a_chain(entries):
    with entries.engine.connect() as connection:
        row = dict(connection.execute(select(*t.AuditEntry.__table__.columns).limit(1)).mappings().one())
    row["id"] = CLINIC
    with pytest.raises(IntegrityError) as refused, entries.engine.begin() as connection:
        connection.execute(insert(t.AuditEntry).values(row))
    assert refusals.constraint(refused.value) == "audit_entry_chain_number_key"


def test_bending_the_audit_is_a_bug_and_no_news_for_the_desk(entries):
    with pytest.raises(DBAPIError):
        entries.write(lambda s: s.execute(delete(t.AuditEntry)))
