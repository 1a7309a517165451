"""A unit of work commits whole or leaves no trace, and tries again only where that is right."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import Limits, open_engine
from clinic_scheduler.db.work import ATTEMPTS, UnitOfWork
from clinic_scheduler.errors import (
    ClinicError,
    DatabaseBusy,
    DatabaseUnavailable,
    InvalidInput,
    NotPermitted,
    OutcomeUnknown,
)

QUICK = Limits(lock_ms=150, statement_ms=2_000, call_ms=5_000, read_ms=2_000)


def remember(session, key="key", value=1):
    session.execute(insert(t.Setting).values(scope="clinic", owner="", key=key, value=value))


def remembered(work):
    wanted = select(t.Setting.key).where(t.Setting.key != "program").order_by(t.Setting.key)
    return work.read(lambda s: s.scalars(wanted).all())


@pytest.fixture
def settings(pg_work):
    """Two rows to lock, a and b."""
    for key in "ab":
        pg_work.write(lambda s, key=key: remember(s, key))
    return pg_work


def add_one(session, key):
    session.execute(
        text("UPDATE setting SET value = to_jsonb(value::int + 1) WHERE key = :key"), {"key": key}
    )


def values(work):
    wanted = select(t.Setting.key, t.Setting.value).where(t.Setting.key.in_(["a", "b"]))
    return {row.key: row.value for row in work.read(lambda s: s.execute(wanted).all())}


def test_work_is_committed_and_answered(work):
    outcome = work.write(lambda s: remember(s) or "done")
    assert (outcome.value, remembered(work)) == ("done", ["key"])


@pytest.mark.parametrize("error", [InvalidInput("no"), RuntimeError("a bug"), KeyboardInterrupt()])
def test_work_that_fails_leaves_no_trace(work, error):
    def fail(session):
        remember(session)
        session.flush()
        raise error

    with pytest.raises(type(error)):
        work.write(fail)
    assert remembered(work) == []


def test_a_failed_commit_leaves_no_trace(work):
    def twice(session):
        remember(session, "one")
        remember(session, "one")

    with pytest.raises(IntegrityError):
        work.write(twice)
    assert remembered(work) == []


def test_a_read_cannot_write(work):
    with pytest.raises((ClinicError, DBAPIError)):
        work.read(remember)
    assert remembered(work) == []
    work.write(remember)  # and the connection is as good as before


def test_one_statement_is_read_without_a_transaction(pg_work):
    states = []

    def look(session):
        counted = session.scalar(select(func.count()).select_from(t.Setting))
        states.append(session.connection().connection.driver_connection.info.transaction_status)
        return counted

    pg_work.write(remember)
    assert [pg_work.read(look, is_one=True), pg_work.read(look)] == [2, 2]
    assert states == [TransactionStatus.IDLE, TransactionStatus.INTRANS]


def test_a_read_is_one_consistent_look(work):
    def look(session):
        counted = select(func.count()).select_from(t.Setting)
        before = session.scalar(counted)
        if before == 1:
            work.write(remember)
        return before, session.scalar(counted)

    before, after = work.read(look)
    assert before == after


def test_a_deadlock_is_done_again_until_both_are_through(settings):
    both, attempts = threading.Barrier(2), []

    def cross(first, second):
        def work(session):
            attempts.append(first)
            session.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            add_one(session, first)
            if attempts.count(first) == 1:
                both.wait(10)
            add_one(session, second)

        settings.write(work)

    desks = [threading.Thread(target=cross, args=keys) for keys in ("ab", "ba")]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert values(settings) == {"a": 3, "b": 3}
    assert len(attempts) == 3


def test_a_serialisation_failure_is_done_again(settings, pg_elsewhere):
    attempts = []

    def work(session):
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        session.execute(text("SELECT * FROM setting"))
        attempts.append(1)
        if len(attempts) == 1:
            with pg_elsewhere.connect() as other:
                add_one(other, "a")
        add_one(session, "a")

    settings.write(work)
    assert (len(attempts), values(settings)["a"]) == (2, 3)


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_what_never_stops_failing_is_given_up_in_words(settings, state, monkeypatch):
    monkeypatch.setattr("clinic_scheduler.db.work._pause", lambda _error, _attempt: 0)
    attempts = []

    def work(session):
        attempts.append(1)
        session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$"))

    with pytest.raises(DatabaseBusy):
        settings.write(work)
    assert len(attempts) == ATTEMPTS


def test_a_lock_kept_elsewhere_is_told_as_such(settings, pg_url, pg_elsewhere):
    hurried = UnitOfWork(open_engine(pg_url, QUICK), QUICK)
    with pg_elsewhere.connect() as other:
        other.execute(text("BEGIN"))
        add_one(other, "a")
        with pytest.raises(DatabaseBusy, match="Another workstation"):
            hurried.write(lambda s: add_one(s, "a"))
        other.execute(text("COMMIT"))
    hurried.write(lambda s: add_one(s, "a"))
    assert values(settings)["a"] == 3
    hurried.close()


def test_a_lock_kept_beyond_the_whole_call_is_told_as_such(settings, pg_url, pg_elsewhere):
    """As the usual limits have it: time for two waits and a half."""
    limits = Limits(lock_ms=1_000, statement_ms=2_000, call_ms=2_500)
    hurried = UnitOfWork(open_engine(pg_url, limits), limits)
    with pg_elsewhere.connect() as other:
        other.execute(text("BEGIN"))
        add_one(other, "a")
        with pytest.raises(DatabaseBusy):
            hurried.write(lambda s: add_one(s, "a"))
        other.execute(text("ROLLBACK"))
    hurried.close()


def test_a_statement_that_takes_too_long_is_ended(pg_url):
    limits = Limits(statement_ms=100)
    hurried = UnitOfWork(open_engine(pg_url, limits), limits)
    with pytest.raises(DatabaseBusy, match="too long"):
        hurried.write(lambda s: s.execute(text("SELECT pg_sleep(5)")))
    hurried.close()


def test_what_the_login_may_not_do_is_told_as_such(pg_work):
    def work(session):
        session.execute(text("SET LOCAL ROLE pg_monitor"))
        remember(session)

    with pytest.raises(NotPermitted, match="login may not"):
        pg_work.write(work)


def test_a_file_that_another_program_locks_is_told_as_such(sqlite_url):
    work = UnitOfWork(open_engine(sqlite_url, QUICK), QUICK)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert remembered(work) == []  # readers go on
        with pytest.raises(DatabaseBusy, match="keeps the database locked"):
            work.write(remember)
        other.execute("ROLLBACK")
    work.write(remember)
    work.close()


def test_two_desks_on_one_file_queue_for_it(sqlite_work):
    """A transaction that reads first and writes later must not find the file changed in between."""

    def count_up(session):
        stored = session.scalar(select(t.Setting.value).where(t.Setting.key == "n"))
        session.execute(text("UPDATE setting SET value = :n WHERE key = 'n'"), {"n": str(stored + 1)})

    sqlite_work.write(lambda s: remember(s, "n", 0))
    desks = [
        threading.Thread(target=lambda: [sqlite_work.write(count_up) for _ in range(10)]) for _ in range(4)
    ]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sqlite_work.read(lambda s: s.scalar(select(t.Setting.value).where(t.Setting.key == "n"))) == 40


def test_a_full_disk_is_told_as_such_and_reading_goes_on(sqlite_work):
    def too_much(session):
        session.execute(text("PRAGMA max_page_count = 1"))  # SQLite makes it as many as there are
        remember(session, "large", "x" * 1_000_000)

    with pytest.raises(DatabaseUnavailable, match="disk is full"):
        sqlite_work.write(too_much)
    assert remembered(sqlite_work) == []


def test_a_file_that_cannot_be_written_is_told_as_such(sqlite_work):
    def on_read_only_disk(session):
        session.execute(text("PRAGMA query_only = 1"))
        remember(session)

    with pytest.raises(DatabaseUnavailable, match="read-only"):
        sqlite_work.write(on_read_only_disk)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_file_that_was_taken_away_is_not_written(sqlite_work, tmp_path, is_replaced):
    """SQLite would go on writing, and all of it would be lost."""
    sqlite_work.write(remember)
    path = tmp_path / "clinic.db"
    path.rename(tmp_path / "old.db")
    if is_replaced:
        shutil.copy(tmp_path / "old.db", path)
    with pytest.raises(DatabaseUnavailable, match="moved or deleted"):
        sqlite_work.write(remember)


def test_a_file_that_was_taken_away_is_not_made_anew(sqlite_work, tmp_path):
    """An empty file in its place would be in the way of putting it back."""
    (tmp_path / "clinic.db").rename(tmp_path / "old.db")
    with pytest.raises(DatabaseUnavailable):
        remembered(sqlite_work)
    assert not (tmp_path / "clinic.db").exists()


def test_a_connection_is_lost_before_the_commit_and_the_work_is_done_again(settings, pg_elsewhere):
    attempts = []

    def work(session):
        attempts.append(1)
        add_one(session, "a")
        if len(attempts) == 1:
            own = session.scalar(text("SELECT pg_backend_pid()"))
            with pg_elsewhere.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
        add_one(session, "b")

    settings.write(work)
    assert (len(attempts), values(settings)) == (2, {"a": 2, "b": 2})


def test_no_error_of_the_database_is_mistaken_for_an_unknown_outcome(pg_work):
    with pytest.raises(DBAPIError) as refused:
        pg_work.write(lambda s: s.execute(text("SELECT 1/0")))
    assert not isinstance(refused.value, OutcomeUnknown)
