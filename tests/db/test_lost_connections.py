"""A line that breaks or stalls, a server that is not there: the desk hears the truth, and soon."""

import contextlib
import os
import socket
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.engine import Limits, open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import DatabaseUnavailable, OutcomeUnknown
from clinic_scheduler.services.taking import claims, requests

LIMITS = Limits(connect_ms=2_000, call_ms=1_500, read_ms=700)
COMMIT = b"COMMIT\0"  # the statement, and the tag of the server's answer


def remember(session, key="key"):
    session.execute(insert(t.Setting).values(scope="clinic", owner="", key=key, value=1))
    session.flush()


def remembered(work):
    return work.read(lambda s: s.scalars(select(t.Setting.key).where(t.Setting.key != "program")).all())


@pytest.fixture
def far(proxied_url):
    """A desk whose line goes through the proxy, with one connection open already."""
    unit = UnitOfWork(open_engine(proxied_url, LIMITS), LIMITS)
    remembered(unit)
    yield unit
    unit.close()


@pytest.fixture
def asked():
    """Work that is known again by its request id, and counts how often it was really done."""
    request = new_id()

    def work(session):
        if requests.answer_of(session, request, "same") is not None:
            return "known"
        remember(session, f"done {new_id()}")
        requests.keep_answer(session, request, {"done": True})
        return "new"

    return work


def test_a_commit_whose_answer_is_lost_may_have_happened(far, proxy, pg_work):
    proxy.once(COMMIT, from_server=True)
    with pytest.raises(OutcomeUnknown, match="check whether it was saved"):
        far.write(remember)
    assert proxy.fired == 1
    assert remembered(pg_work) == ["key"]


def test_a_commit_that_never_arrives_may_have_happened_for_all_the_desk_knows(far, proxy, pg_work):
    proxy.once(COMMIT, from_server=False)
    with pytest.raises(OutcomeUnknown):
        far.write(remember)
    assert remembered(pg_work) == []


@pytest.mark.parametrize(
    ("words", "from_server", "answer"), [(COMMIT, True, "known"), (COMMIT, False, "new")]
)
def test_a_request_is_asked_again_and_done_once(far, proxy, pg_work, asked, words, from_server, answer):
    proxy.once(words, from_server=from_server)
    assert far.write(asked, repeatable=True).value == answer
    assert proxy.fired == 1
    assert len(remembered(pg_work)) == 1


def test_a_request_whose_answer_is_lost_with_the_server_may_have_happened(far, proxy, pg_work, asked):
    """That the second try reached nobody says nothing about the first."""
    proxy.once(COMMIT, from_server=True, then="refuse")
    with pytest.raises(OutcomeUnknown):
        far.write(asked, repeatable=True)
    assert len(remembered(pg_work)) == 1


def test_a_commit_that_is_never_answered_may_have_happened(far, proxy, pg_work):
    proxy.once(COMMIT, from_server=True, then="stall")
    with pytest.raises(OutcomeUnknown):
        far.write(remember)
    assert remembered(pg_work) == ["key"]


def test_a_write_cut_before_its_commit_did_not_happen(far, proxy, pg_work):
    def work(session):
        remember(session)
        proxy.stall()
        session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable, match="nothing was changed"):
        far.write(work)
    assert remembered(pg_work) == []


def test_a_stalled_server_is_left_behind(far, proxy):
    proxy.stall()
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        remembered(far)
    assert time.monotonic() - began < 3  # read_ms and a new connection's connect_ms
    proxy.pass_on()
    assert remembered(far) == []


def test_a_read_that_stalls_at_its_very_end_changed_nothing(far, proxy):
    """Nothing was to be saved, so nobody needs to check."""
    proxy.once(COMMIT, from_server=False, then="stall")
    with pytest.raises(DatabaseUnavailable):
        remembered(far)


def test_a_read_whose_line_breaks_is_asked_again(far, proxy):
    proxy.once(COMMIT, from_server=True)
    assert remembered(far) == []


def test_a_connection_that_broke_while_idle_is_replaced_unseen(far, pg_elsewhere):
    with pg_elsewhere.connect() as other:
        theirs = "datname = current_database() AND pid <> pg_backend_pid()"
        ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}"  # noqa: S608
        assert other.execute(text(ended)).scalars().all() == [True]
    assert remembered(far) == []


def test_of_a_server_that_was_started_anew_nobody_hears_however_many_lines_lay_idle(pg_work, pg_elsewhere):
    count = pg_work.engine.pool.size()
    all_at_once = threading.Barrier(count)
    desks = [
        threading.Thread(target=pg_work.read, args=(lambda s: claims.now(s) and all_at_once.wait(20),))
        for _ in range(count)
    ]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    with pg_elsewhere.connect() as other:
        theirs = "datname = current_database() AND pid <> pg_backend_pid()"
        ended = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {theirs}"  # noqa: S608
        assert other.execute(text(ended)).scalars().all() == [True] * count
    assert pg_work.write(claims.now).value


def test_a_server_that_hung_up_on_a_desk_asleep_is_asked_again(pg_work, pg_elsewhere):
    """It said so before the commit, so nobody need check whether that was saved."""
    tries = []

    def work(session):
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        remember(session)
        announce(session, "clinic", new_id())
        if not tries:
            tries.append(session.scalar(text("SELECT pg_backend_pid()")))
            there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
            with pg_elsewhere.connect() as other:
                while other.scalar(there, {"pid": tries[0]}):
                    pass

    pg_work.write(work)
    assert remembered(pg_work) == ["key"]


def refused(url):
    unit = UnitOfWork(open_engine(url, LIMITS), LIMITS)
    with pytest.raises(DatabaseUnavailable) as error:
        remembered(unit)
    unit.close()
    return str(error.value)


def test_a_server_that_is_not_there_does_not_answer(pg_url):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    url = make_url(pg_url).set(port=port)
    assert "does not answer" in refused(url.render_as_string(hide_password=False))


def test_a_server_nobody_knows_does_not_answer():
    assert "does not answer" in refused("postgresql://somebody@no-such-host.invalid/clinic")


def test_a_database_that_does_not_exist_is_named_so(pg_url):
    assert "no database of that name" in refused(f"{pg_url}_not")


def test_a_user_that_does_not_exist_is_no_missing_database(pg_url):
    url = make_url(pg_url).set(username="nobody_of_that_name")
    assert "user or password" in refused(url.render_as_string(hide_password=False))


@pytest.fixture
def guarded_user(pg_elsewhere):
    """A user who needs a password, on a server of our own."""
    if os.environ.get("CLINIC_TEST_DATABASE_URL"):
        pytest.skip("the rules of a server that is not ours stay as they are")
    name = f"guarded_{new_id().hex}"
    with pg_elsewhere.connect() as admin:
        rules = Path(admin.execute(text("SHOW hba_file")).scalar_one())
        before = rules.read_text("utf-8")
        rules.write_text(f"host all {name} 127.0.0.1/32 scram-sha-256\n{before}", "utf-8")
        admin.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'right'"))
        admin.execute(text("SELECT pg_reload_conf()"))
    yield name
    with pg_elsewhere.connect() as admin:
        rules.write_text(before, "utf-8")
        admin.execute(text("SELECT pg_reload_conf()"))
        admin.execute(text(f"DROP ROLE {name}"))


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_is_told_as_such(pg_url, guarded_user, password):
    url = make_url(pg_url).set(username=guarded_user, password=password or None)
    assert "user or password" in refused(url.render_as_string(hide_password=False))
