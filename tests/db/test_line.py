"""Several statements on one trip to a server: in order, all or nothing; and an error leaves the line as it was."""

import os
import signal
import threading
from contextlib import suppress

import pytest
from sqlalchemy import Text, bindparam, select, text, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InternalError
from sqlalchemy.orm import Session

from clinic_scheduler.db import line
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import Prepared, PreparedInsert
from clinic_scheduler.db.trip import one_trip, together
from clinic_scheduler.errors import TimeTaken
from tests.support.clinics import ANA, BEN

R = t.Resource.__table__
NAME = Prepared(select(R.c.name).where(R.c.id == bindparam("one")))
RENAME = Prepared(update(R).where(R.c.id == bindparam("one")).values(name=bindparam("new")))
SAID = Prepared(select(bindparam("words", type_=Text())))
DIVIDED = Prepared(text("SELECT 1 / CAST(:zero AS integer)"))
SETTING = Prepared(text("SELECT current_setting(:name)"))
LONG = Prepared(text("SELECT 1 FROM pg_sleep(9)"))
PID = Prepared(text("SELECT pg_backend_pid()"))
END = Prepared(text("SELECT pg_terminate_backend(CAST(:pid AS integer), 5000)"))
PUT = PreparedInsert(t.BookingRequest.__table__)
OFTEN = 12  # psycopg prepares a statement when it has come a few times
TWICE = "23505"


def name(work, one):
    return work.read(lambda s: NAME.rows(s, {"one": one}))[0][0]


def on_one_trip(session, *asked):
    with one_trip(session):
        for statement, values in asked:
            statement.ask(session, values)


def test_answers_come_in_order_and_each_statement_sees_what_those_before_it_wrote(work, clinic):
    def ask(session):
        with one_trip(session):
            RENAME.ask(session, {"one": ANA, "new": "Ana A"})
            first = NAME.ask(session, {"one": ANA})
            RENAME.ask(session, {"one": ANA, "new": "Ana B"})
            second, other = NAME.ask(session, {"one": ANA}), NAME.ask(session, {"one": BEN})
        return [answer()[0][0] for answer in (first, second, other)]

    ben = name(work, BEN)
    for _ in range(OFTEN):
        assert work.write(ask).value == ["Ana A", "Ana B", ben]
    assert name(work, ANA) == "Ana B"


def test_what_is_wanted_sooner_comes_with_all_that_was_asked_before_it(work, clinic):
    def ask(session):
        with one_trip(session):
            RENAME.ask(session, {"one": ANA, "new": "Ana A"})
            early = NAME.ask(session, {"one": ANA})()
            with one_trip(session), together(session):
                RENAME.rows(session, {"one": ANA, "new": "Ana B"})
                RENAME.rows(session, {"one": BEN, "new": "Ben B"})
            late = NAME.ask(session, {"one": ANA})
        return early[0][0], late()[0][0]

    assert work.write(ask).value == ("Ana A", "Ana B")
    assert name(work, BEN) == "Ben B"


def test_it_is_one_trip_with_the_begin_and_one_with_the_notices_and_the_commit(pg_work, monkeypatch):
    trips, go = [], line.Line.trip
    monkeypatch.setattr(line.Line, "trip", lambda self, asked: trips.append(len(asked)) or go(self, asked))

    def ask(session):
        with one_trip(session):
            SAID.ask(session, {"words": "a"})
            SAID.ask(session, {"words": "b"})
        announce(session, "clinic", new_id())

    pg_work.write(ask)
    assert trips == [2, 2]


def test_of_several_the_first_that_fails_is_told_and_nothing_stays(work, clinic):
    row = {"id": new_id(), "fingerprint": "f", "result": None}
    ana = name(work, ANA)
    for _ in range(OFTEN):  # what is kept prepared goes with a rollback
        with Session(work.engine) as session:
            renamed = RENAME, {"one": ANA, "new": "Ana B"}
            with pytest.raises(IntegrityError) as refused:
                on_one_trip(session, renamed, (PUT, [row]), (PUT, [row]), (PUT, [row | {"id": None}]))
            session.rollback()
            assert NAME.rows(session, {"one": ANA}) == [(ana,)]
        assert getattr(refused.value.orig, "sqlstate", TWICE) == TWICE


def test_an_answer_from_a_trip_that_failed_is_no_empty_one(pg_work):
    with Session(pg_work.engine) as session:
        answers = []
        with suppress(DBAPIError), one_trip(session):
            answers = [DIVIDED.ask(session, {"zero": 0}), SAID.ask(session, {"words": "x"})]
        _failed, after = answers
        with pytest.raises(RuntimeError, match="failed"):
            after()
        with pytest.raises(InternalError):  # as the server says until the end of the transaction
            SAID.rows(session, {"words": "x"})
        session.rollback()
        assert SAID.rows(session, {"words": "x"}) == [("x",)]


def test_what_no_server_takes_is_refused_before_anything_is_sent(pg_work):
    with Session(pg_work.engine) as session:
        with pytest.raises(DataError, match="NUL"):
            on_one_trip(session, (SAID, {"words": "x"}), (SAID, {"words": "x\0"}))
        assert SAID.rows(session, {"words": "x"}) == [("x",)]


def test_more_than_a_line_holds_goes_both_ways_at_once(pg_work):
    much = "ü" * 3_000_000

    def ask(session):
        with one_trip(session):
            answers = [SAID.ask(session, {"words": much}) for _ in range(4)]
        return {answer()[0][0] for answer in answers}

    assert pg_work.read(ask) == {much}


def test_a_great_answer_is_let_go_once_it_is_read(pg_work):
    with pg_work.engine.connect() as connection:
        SAID.rows(Session(connection), {"words": "much"})
        assert line.of(connection)._made.pgresult is None


def test_a_read_is_one_look_and_cannot_write(pg_work):
    def ask(session):
        with one_trip(session):
            level = SETTING.ask(session, {"name": "transaction_isolation"})
            is_read_only = SETTING.ask(session, {"name": "transaction_read_only"})
        return level()[0][0], is_read_only()[0][0]

    assert pg_work.read(ask) == ("repeatable read", "on")
    assert pg_work.write(ask).value == ("read committed", "off")
    assert pg_work.read(lambda s: SETTING.rows(s, {"name": "transaction_isolation"}), is_one=True) == [
        ("read committed",)
    ]


COUNTED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%to_be_counted%'")
OFTEN_ASKED = Prepared(text("SELECT CAST(:words AS text) AS to_be_counted"))


def ask_often(session):
    for n in range(OFTEN):
        assert OFTEN_ASKED.rows(session, {"words": str(n)}) == [(str(n),)]


def test_what_comes_often_is_prepared_once_and_stays_so_when_a_transaction_is_refused(pg_work):
    with pg_work.engine.connect() as connection:
        for _round in range(2):
            with Session(connection) as session, suppress(TimeTaken):
                ask_often(session)
                assert session.scalar(COUNTED) == 1
                raise TimeTaken("refused")
        with Session(connection) as session:
            assert session.scalar(COUNTED) == 1


def test_after_an_error_it_is_prepared_again(pg_work):
    with Session(pg_work.engine) as session:
        for _round in range(2):
            ask_often(session)
            assert session.scalar(COUNTED) == 1
            with pytest.raises(DBAPIError):
                DIVIDED.rows(session, {"zero": 0})
            session.rollback()
            assert session.scalar(COUNTED) == 0


def test_what_reads_without_a_transaction_is_prepared_again_after_an_error(pg_work):
    """As after a migration on another desk, which changed the type of what is returned."""
    for _n in range(OFTEN):
        pg_work.read(ask_often, is_one=True)
    assert pg_work.read(lambda s: s.scalar(COUNTED), is_one=True) == 1
    with pytest.raises(DBAPIError):
        pg_work.read(lambda s: DIVIDED.rows(s, {"zero": 0}), is_one=True)
    assert pg_work.read(lambda s: s.scalar(COUNTED), is_one=True) == 0


def test_a_line_that_was_given_up_needs_no_rollback(pg_work):
    with pg_work.engine.connect() as connection:
        SAID.rows(Session(connection), {"words": "x"})
        connection.connection.invalidate()
        connection.rollback()
    assert pg_work.read(lambda s: SAID.rows(s, {"words": "x"})) == [("x",)]


def test_a_rollback_undoes_at_once(pg_work):
    row = {"id": new_id(), "fingerprint": "f", "result": None}
    with Session(pg_work.engine) as session:
        PUT.rows(session, [row])
        session.rollback()
        pg_work.write(lambda s: PUT.rows(s, [row]))


def test_a_refusal_is_told_where_the_line_broke_before_the_rollback(pg_work):
    tries = []

    def ask(session):
        own = PID.rows(session, {})[0][0]
        tries.append(own)
        if len(tries) == 1:
            pg_work.write(lambda s: END.rows(s, {"pid": own}))
        raise TimeTaken("refused")

    with pytest.raises(TimeTaken):
        pg_work.write(ask)
    assert len(set(tries)) == 2
    assert pg_work.write(lambda s: SAID.rows(s, {"words": "x"})).value == [("x",)]


@pytest.fixture
def hears_ctrl_c():
    """As at a terminal; whoever is started in the background does not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_whoever_presses_ctrl_c_is_heard_and_nothing_is_done_again(pg_work):
    tries = []

    def ask(session):
        tries.append(session)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        LONG.rows(session, {})

    with pytest.raises(KeyboardInterrupt):
        pg_work.write(ask)
    assert len(tries) == 1
    assert pg_work.write(lambda s: SAID.rows(s, {"words": "x"})).value == [("x",)]
