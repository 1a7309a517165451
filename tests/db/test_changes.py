"""What one desk commits, the others hear; what it does not commit, nobody does."""

import queue
import shutil
import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import insert, text

from clinic_scheduler.db import changes
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import MOST_NOTICES, Change, Watcher, announce, parse_notices
from clinic_scheduler.db.engine import open_engine, parse
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import InvalidInput

SOON_S = 2.0
WHILE_S = 0.8


class Ears:
    """Keeps what a watcher says, in order."""

    def __init__(self):
        self.heard = queue.Queue()
        self.connected = queue.Queue()


@contextmanager
def watching(url, ears):
    watcher = Watcher(parse(url), ears.heard.put, ears.connected.put)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


@pytest.fixture
def ears(database_url):
    """Somebody who listens to the database already."""
    made = Ears()
    with watching(database_url, made):
        assert made.connected.get(timeout=5) is True
        assert made.heard.get(timeout=5) is None
        yield made


def drained(items):
    found = []
    while not items.empty():
        found.append(items.get())
    return found


def remember(session, *keys):
    """A change worth telling; the row makes SQLite's file change too."""
    values = {"scope": "clinic", "owner": "", "key": f"key {new_id()}", "value": 1}
    session.execute(insert(t.Setting).values(values))
    announce(session, "setting", *keys)


@pytest.fixture
def elsewhere(database_url):
    """Another desk."""
    unit = UnitOfWork(open_engine(database_url))
    yield unit
    unit.close()


def test_a_foreign_commit_is_heard_soon(ears, elsewhere):
    keys = [new_id(), new_id()]
    elsewhere.write(lambda s: remember(s, *keys))
    heard = ears.heard.get(timeout=SOON_S)
    assert heard in (None, frozenset(Change("setting", key) for key in keys))
    assert (heard is None) == (elsewhere.engine.dialect.name == "sqlite")


def test_nothing_is_heard_of_what_was_not_committed(ears, elsewhere):
    def refused(session):
        remember(session, new_id())
        session.flush()
        changes.publish(session)
        raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        elsewhere.write(refused)
    with pytest.raises(queue.Empty):
        ears.heard.get(timeout=WHILE_S)


def test_reading_is_not_heard(ears, elsewhere):
    elsewhere.read(lambda s: s.execute(text("SELECT 1")).all())
    with pytest.raises(queue.Empty):
        ears.heard.get(timeout=WHILE_S)


def test_commits_close_together_arrive_together(ears, elsewhere):
    keys = [new_id() for _ in range(5)]
    for key in keys:
        elsewhere.write(lambda s, key=key: remember(s, key))
    time.sleep(WHILE_S)
    heard = drained(ears.heard)
    assert 1 <= len(heard) <= 3
    if elsewhere.engine.dialect.name == "postgresql":
        assert frozenset().union(*heard) == {Change("setting", key) for key in keys}


@pytest.mark.parametrize(("count", "is_listed"), [(MOST_NOTICES, True), (MOST_NOTICES + 1, False)])
def test_very_many_changes_become_everything(pg_url, pg_work, count, is_listed):
    ears, keys = Ears(), [new_id() for _ in range(count)]
    with watching(pg_url, ears):
        assert ears.heard.get(timeout=5) is None
        outcome = pg_work.write(lambda s: remember(s, *keys))
        heard = ears.heard.get(timeout=SOON_S)
    assert heard == (outcome.changes if is_listed else None)
    assert len(outcome.changes) == count


def test_a_watcher_comes_back_and_says_that_anything_may_have_changed(pg_url, pg_elsewhere):
    ears = Ears()
    with watching(pg_url, ears):
        assert (ears.connected.get(timeout=5), ears.heard.get(timeout=5)) == (True, None)
        with pg_elsewhere.connect() as other:
            theirs = "application_name = 'clinic-scheduler-watcher' AND datname = current_database()"
            other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}"))  # noqa: S608
        assert ears.connected.get(timeout=5) is False
        assert ears.connected.get(timeout=5) is True
        assert ears.heard.get(timeout=5) is None


def test_a_watcher_of_a_file_says_so_too(tmp_path, sqlite_template):
    ears, path = Ears(), tmp_path / "later.db"
    with watching(f"sqlite:///{path}", ears):
        assert ears.connected.get(timeout=5) is False
        shutil.copy(sqlite_template, path)
        while not ears.connected.get(timeout=5):
            assert ears.heard.empty()
        assert ears.heard.get(timeout=SOON_S) is None


def test_a_short_break_after_a_long_one_is_short(pg_url, pg_elsewhere):
    """The pause grows while nothing answers, and starts anew once something did."""
    ears, pauses = Ears(), []
    theirs = "application_name = 'clinic-scheduler-watcher' AND datname = current_database()"

    class Counting(threading.Event):
        def wait(self, timeout=None):
            pauses.append(timeout)
            return super().wait(0.01)

    with watching(pg_url, ears) as watcher:
        watcher._stopping = Counting()
        for _ in range(3):
            assert ears.connected.get(timeout=5) is True
            with pg_elsewhere.connect() as other:
                other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}"))  # noqa: S608
            assert ears.connected.get(timeout=5) is False
    assert set(pauses) == {0.5}


@pytest.mark.parametrize("folder", ["100% sure", "a#b", "what?", "a b", "Praxis Müller", "%41"])
def test_a_file_is_watched_whatever_its_folder_is_called(tmp_path, sqlite_template, folder):
    place = tmp_path / folder
    place.mkdir()
    path, ears = place / "clinic.db", Ears()
    shutil.copy(sqlite_template, path)
    watcher = Watcher(parse("sqlite:///x").set(database=str(path)), ears.heard.put, ears.connected.put)
    watcher.start()
    assert ears.connected.get(timeout=5) is True
    assert ears.heard.get(timeout=5) is None
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE setting SET value = '2'")
        other.commit()
    assert ears.heard.get(timeout=SOON_S) is None
    watcher.stop()


def test_a_watcher_stops_at_once(database_url):
    ears = Ears()
    with watching(database_url, ears) as watcher:
        assert ears.connected.get(timeout=5) is True
        began = time.monotonic()
        watcher.stop()
        assert not watcher.is_alive()
        assert time.monotonic() - began < 1


def test_a_watcher_stops_at_once_while_the_server_is_away(pg_url):
    ears = Ears()
    with watching(parse(pg_url).set(port=1).render_as_string(hide_password=False), ears) as watcher:
        assert ears.connected.get(timeout=5) is False
        began = time.monotonic()
        watcher.stop()
        assert not watcher.is_alive()
        assert time.monotonic() - began < 1


def test_a_watcher_that_never_started_stops_too(tmp_path):
    Watcher(parse(f"sqlite:///{tmp_path / 'x.db'}"), print, print).stop()


KEY = new_id()


@pytest.mark.parametrize(
    ("payloads", "meaning"),
    [
        ([f"booking {KEY}"], frozenset({Change("booking", KEY)})),
        ([f"booking {KEY}"] * 2, frozenset({Change("booking", KEY)})),
        ([f"booking {KEY}", "everything"], None),
        (["booking not-an-id"], None),
        ([""], None),
        ([], frozenset()),
    ],
)
def test_notices_are_understood_or_stand_for_everything(payloads, meaning):
    assert parse_notices(payloads) == meaning
