"""Statements on the driver's own cursor: the same values, the same refusals, and several in one."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, event, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import FEW, Prepared, PreparedInsert
from clinic_scheduler.db.trip import together
from clinic_scheduler.db.types import Ids, among
from tests.support.clinics import ANA, BEN, CLINIC, EMMA

M, R = t.Message.__table__, t.Resource.__table__
PUT = PreparedInsert(M)
MOMENT = datetime(2031, 5, 5, 9, 30, 15, 123456, tzinfo=UTC)


def message(**values):
    made = {
        "id": new_id(),
        "clinic_id": CLINIC,
        "booking_id": None,
        "kind": "k",
        "channel": "sms",
        "recipient": "r",
    }
    return made | {"payload": {"a": [1, "ü"]}, "key": str(new_id()), "due_at": MOMENT} | values


def keys(work):
    return set(work.read(lambda s: s.scalars(select(t.Message.key)).all()))


def said(work, do):
    """The statements that reach the driver meanwhile."""
    heard = []

    def note(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    event.listen(work.engine, "before_cursor_execute", note)
    do()
    event.remove(work.engine, "before_cursor_execute", note)
    return [statement for statement in heard if not statement.startswith(("PRAGMA", "BEGIN"))]


def test_values_come_back_as_they_were_put(work, clinic):
    put = message()
    work.write(lambda s: PUT.rows(s, [put]))
    read = Prepared(select(M).where(M.c.id == bindparam("wanted")))
    row = dict(zip(M.c.keys(), work.read(lambda s: read.rows(s, {"wanted": put["id"]}))[0], strict=True))
    assert {name: row[name] for name in put} == put
    assert (row["state"], row["attempts"], row["sent_at"]) == ("queued", 0, None)  # the table's own defaults
    assert timedelta() <= datetime.now(UTC) - row["created_at"] < timedelta(minutes=1)
    assert work.read(lambda s: s.execute(select(M)).one()) == tuple(row.values())


@pytest.mark.parametrize("count", [1, 2, FEW, FEW + 1])
def test_rows_that_clash_are_skipped_and_the_others_told(work, clinic, count):
    put = PreparedInsert(M, told=M.c.key)
    old, new = message(), [message() for _ in range(count)]
    work.write(lambda s: PUT.rows(s, [old]))
    told = work.write(lambda s: put.rows(s, [message(key=old["key"]), *new])).value
    assert {key for (key,) in told} == {each["key"] for each in new}


def test_an_update_tells_what_it_changed(work, clinic):
    rename = Prepared(
        update(R).where(among(R.c.id, bindparam("ids", type_=Ids()))).values(hue=7).returning(R.c.id)
    )
    for wanted in ([], [ANA], [ANA, BEN, EMMA]):
        told = work.write(lambda s, wanted=wanted: rename.rows(s, {"ids": wanted})).value
        assert {identifier for (identifier,) in told} == set(wanted)


def test_a_constraint_is_told_by_its_name(work, clinic):
    def twice(session):
        PUT.rows(session, [message(key="same")])
        PUT.rows(session, [message(key="same")])

    def blank(session):
        PUT.rows(session, [message(key=" ")])

    for wrong, name in ((twice, "message_key_key"), (blank, "message_key_filled")):
        with pytest.raises(IntegrityError) as refused:
            work.write(wrong)
        assert refusals.constraint(refused.value) == name
    assert keys(work) == set()


def test_what_the_session_still_keeps_is_written_first(work, clinic):
    count = Prepared(select(R.c.hue).where(R.c.id == bindparam("wanted")))

    def change(session):
        session.get(t.Resource, ANA).hue = 9
        return count.rows(session, {"wanted": ANA})

    assert work.write(change).value == [(9,)]


def test_statements_go_together_where_they_can(work, clinic):
    note = PreparedInsert(M, told=M.c.key)

    def four(session):
        with together(session):
            PUT.rows(session, [message(key="one")])
            PUT.rows(session, [message(key="two"), message(key="three")])
            told = note.rows(session, [message(key="four")])
            PUT.rows(session, [message(key="five")])
        return told

    told = []
    statements = said(work, lambda: told.extend(work.write(four).value))
    assert told == [("four",)]
    assert keys(work) == {"one", "two", "three", "four", "five"}
    assert len(statements) == (2 if work.engine.dialect.name == "postgresql" else 4)


def test_one_that_is_refused_takes_the_others_with_it(work, clinic):
    def three(session):
        with together(session):
            PUT.rows(session, [message(key="one")])
            PUT.rows(session, [message(key=" ")])
            PUT.rows(session, [message(key="three")])

    with pytest.raises(DBAPIError):
        work.write(three)
    assert keys(work) == set()


def test_after_an_error_within_nothing_waits(work, clinic):
    def broken(session):
        with suppress(KeyError), together(session):
            PUT.rows(session, [message(key="never")])
            raise KeyError
        PUT.rows(session, [message(key="after")])

    work.write(broken)
    assert keys(work) == {"after"}


def test_foreign_keys_hold_for_all_of_them(work, clinic):
    requests = PreparedInsert(t.BookingRequest.__table__)

    def pair(session):
        with together(session):
            PUT.rows(session, [message(booking_id=new_id())])
            requests.rows(session, [{"id": new_id(), "fingerprint": "f"}])

    with pytest.raises(DBAPIError):
        work.write(pair)


def test_a_line_that_broke_is_replaced(pg_work, pg_elsewhere):
    read = Prepared(text("SELECT 1"))

    def cut_off(session):
        theirs = "datname = current_database() AND pid <> pg_backend_pid()"
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}"  # noqa: S608
        if not cuts:
            cuts.append(1)
            session.connection()
            with pg_elsewhere.connect() as other:
                other.execute(text(ended))
        return read.rows(session, {})

    cuts = []
    pg_work.read(lambda s: read.rows(s, {}))
    assert pg_work.read(cut_off) == [(1,)]
