"""What goes with the commit: on its trip, seen by whatever comes before it, and undone with the rest."""

from contextlib import suppress

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic_scheduler.db import line
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import Prepared, PreparedInsert
from clinic_scheduler.db.trip import one_trip, together, with_the_commit
from tests.support.clinics import ANA

R = t.Resource.__table__
NAME = Prepared(select(R.c.name).where(R.c.id == bindparam("one")))
RENAME = Prepared(update(R).where(R.c.id == bindparam("one")).values(name=bindparam("new")))
PUT = PreparedInsert(t.BookingRequest.__table__)


PID = Prepared(text("SELECT pg_backend_pid()"))
END = Prepared(text("SELECT pg_terminate_backend(CAST(:pid AS integer), 5000)"))


def name(work, one):
    return work.read(lambda s: NAME.rows(s, {"one": one}))[0][0]


def name_on(session):
    return session.connection().scalar(select(R.c.name).where(R.c.id == ANA))


def one_of(session):
    with one_trip(session):
        answer = NAME.ask(session, {"one": ANA})
    return answer()[0][0]


def rename_last(session, new):
    with with_the_commit(session), together(session):
        RENAME.rows(session, {"one": ANA, "new": new})


def test_what_goes_with_the_commit_is_on_its_trip(pg_work, monkeypatch):
    trips, go = [], line.Line.trip
    monkeypatch.setattr(line.Line, "trip", lambda self, asked: trips.append(len(asked)) or go(self, asked))

    def ask(session):
        NAME.rows(session, {"one": ANA})
        rename_last(session, "Ana A")
        rename_last(session, "Ana B")
        announce(session, "clinic", new_id())

    pg_work.write(ask)
    assert trips == [1, 4]


@pytest.mark.parametrize(
    "look",
    [
        lambda s: NAME.rows(s, {"one": ANA})[0][0],
        lambda s: s.scalar(select(R.c.name).where(R.c.id == ANA)),
        lambda s: s.get_one(t.Resource, ANA).name,
        lambda s: (s.add(t.BookingRequest(id=new_id(), fingerprint="f")), s.flush(), name_on(s))[-1],
        lambda s: (s.commit(), name_on(s))[-1],
        one_of,
    ],
)
def test_whatever_comes_after_sees_what_waits_for_the_commit(work, clinic, look):
    with Session(work.engine) as session:
        rename_last(session, "Ana A")
        assert look(session) == "Ana A"


def test_without_news_it_is_committed_too_and_after_a_rollback_it_is_forgotten(work, clinic):
    work.write(lambda s: rename_last(s, "Ana A"))
    assert name(work, ANA) == "Ana A"
    with Session(work.engine) as session:
        rename_last(session, "Ana B")
        session.rollback()
        session.commit()
    assert name(work, ANA) == "Ana A"


def test_what_waits_for_the_commit_is_in_no_savepoint(pg_work):
    with Session(pg_work.engine) as session:
        rename_last(session, "Ana A")
        with pytest.raises(RuntimeError, match="savepoint"):
            session.begin_nested()


def test_what_is_refused_at_the_commit_is_told_as_ever_and_leaves_nothing(work, clinic):
    known, ana = {"id": new_id(), "fingerprint": "f", "result": None}, name(work, ANA)
    work.write(lambda s: PUT.rows(s, [known]))

    def ask(session):
        announce(session, "clinic", new_id())
        rename_last(session, "Ana A")
        with with_the_commit(session):
            PUT.ask(session, [known])

    with pytest.raises(IntegrityError):
        work.write(ask)
    assert name(work, ANA) == ana


def test_a_line_that_the_server_ended_before_that_trip_is_no_reason_to_doubt(pg_work):
    tries, row = [], {"id": new_id(), "fingerprint": "f", "result": None}

    def ask(session):
        own = PID.rows(session, {})[0][0]
        tries.append(own)
        with with_the_commit(session):
            PUT.ask(session, [row])
        announce(session, "clinic", new_id())
        if len(tries) == 1:
            pg_work.write(lambda s: END.rows(s, {"pid": own}))

    pg_work.write(ask)
    assert len(set(tries)) == 2
    assert pg_work.read(lambda s: s.get(t.BookingRequest, row["id"]))


def test_a_block_that_fails_takes_nothing_along_that_waited_before(work, clinic):
    for block in (with_the_commit, one_trip):

        def ask(session, block=block):
            rename_last(session, block.__name__)
            with suppress(LookupError), block(session):
                raise LookupError

        work.write(ask)
        assert name(work, ANA) == block.__name__


def test_within_one_trip_it_goes_with_that(work, clinic):
    def ask(session):
        with one_trip(session):
            rename_last(session, "Ana A")
            seen = NAME.ask(session, {"one": ANA})
        return seen()[0][0]

    assert work.write(ask).value == "Ana A"


def test_what_is_written_otherwise_comes_in_its_place(work, clinic):
    def ask(session):
        with with_the_commit(session):
            RENAME.ask(session, {"one": ANA, "new": "first"})
            session.execute(update(R).where(R.c.id == ANA).values(name="second"))
        rename_last(session, "third")
        session.bulk_insert_mappings(t.BookingRequest, [{"id": new_id(), "fingerprint": "f"}])
        return name_on(session)

    assert work.write(ask).value == "third"


def test_a_session_that_was_closed_forgets_it(work, clinic):
    ana, session = name(work, ANA), Session(work.engine)
    rename_last(session, "Ana A")
    session.close()
    session.execute(select(1))
    session.commit()
    assert name(work, ANA) == ana
