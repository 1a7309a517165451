"""Telling every desk what changed: NOTIFY and LISTEN on PostgreSQL, `data_version` in SQLite."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import URL, text
from sqlalchemy.orm import Session

from .prepared import Prepared

log = logging.getLogger(__name__)

CHANNEL = "clinic"
NOTIFY = Prepared(text("SELECT pg_notify(:channel, note) FROM unnest(string_to_array(:notes, ',')) AS note"))
POLL_S = 0.5
BATCH_S = 0.05  # so that a change is on every screen within a tenth of a second
PAUSE_S, LONGEST_PAUSE_S = 0.5, 15.0
MOST_NOTICES = 200  # of one transaction; beyond that everybody reloads


class Change(NamedTuple):
    """One row of one topic, for example ("appointment", id)."""

    topic: str
    key: UUID


Heard = Callable[[frozenset[Change] | None], None]  # None: anything may have changed


def announce(session: Session, topic: str, *keys: UUID) -> None:
    """Mark rows as changed; the others hear of it only if the transaction commits."""
    session.info.setdefault("changes", set()).update(Change(topic, key) for key in keys)


def announced(session: Session) -> frozenset[Change]:
    """What this session marked as changed so far."""
    return frozenset(session.info.get("changes", ()))


def publish(session: Session) -> None:
    """Queue the notices with the transaction; SQLite needs none, its file tells."""
    changes = announced(session)
    if not changes or session.get_bind().dialect.name != "postgresql":
        return
    notices = (
        [f"{c.topic} {c.key}" for c in sorted(changes)] if len(changes) <= MOST_NOTICES else ["everything"]
    )
    NOTIFY.ask(session, {"channel": CHANNEL, "notes": ",".join(notices)})


class Watcher(threading.Thread):
    """Calls `heard(changes)` in this thread for what is committed, and `connected(bool)` as the line comes and goes."""

    def __init__(self, url: URL, heard: Heard, connected: Callable[[bool], None]) -> None:
        super().__init__(name="watcher", daemon=True)
        self._url, self._heard, self._connected = url, heard, connected
        self._driver: Any = url.get_dialect().import_dbapi()  # psycopg only where there is a server
        self._stopping = threading.Event()
        self._pause = PAUSE_S

    def stop(self) -> None:
        """Ask the thread to end, and wait for it; it takes less than a second."""
        self._stopping.set()
        if self.is_alive():
            self.join(5)

    def run(self) -> None:
        """Watch until stopped, coming back as often as it takes."""
        watch = self._watch_file if self._url.get_backend_name() == "sqlite" else self._listen
        while not self._stopping.is_set():
            try:
                watch()
            except self._driver.Error as error:
                log.info("watching for changes was interrupted: %s", type(error).__name__)
                self._connected(False)
                self._stopping.wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE_S)

    def _arrived(self) -> None:
        self._pause = PAUSE_S
        self._connected(True)
        self._heard(None)  # whatever was missed while not connected

    def _listen(self) -> None:
        url = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        options = {"autocommit": True, "connect_timeout": 5, "application_name": "clinic-scheduler-watcher"}
        alive = {
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 12_000,
        }
        with self._driver.connect(url, **options, **alive) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._arrived()
            while not self._stopping.is_set():
                first = [note.payload for note in connection.notifies(timeout=0.25, stop_after=1)]
                if first:
                    rest = [note.payload for note in connection.notifies(timeout=BATCH_S)]
                    self._heard(parse_notices(first + rest))

    def _watch_file(self) -> None:
        place = (
            Path(str(self._url.database)).resolve().as_uri()
        )  # which a "#" in a folder's name would cut short
        with closing(sqlite3.connect(f"{place}?mode=ro", uri=True, check_same_thread=False)) as connection:
            seen = self._version(connection)
            self._arrived()
            while not self._stopping.wait(POLL_S):
                version = self._version(connection)
                if version != seen:
                    seen = version
                    self._heard(None)

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA data_version").fetchone()[0])


def parse_notices(payloads: Iterable[str]) -> frozenset[Change] | None:
    """The changes that notices tell of; None when one of them stands for everything."""
    found = set()
    for payload in payloads:
        topic, _space, key = payload.partition(" ")
        try:
            found.add(Change(topic, UUID(key)))
        except ValueError:
            return None
    return frozenset(found)
