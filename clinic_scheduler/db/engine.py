"""Engines with every limit set: a desk never waits for ever, and SQLite never loses a commit."""

import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from clinic_scheduler.errors import DatabaseUnavailable, InvalidInput

from . import line
from .types import document

CACHE_KIB = (
    16_000  # of a file's pages, once they were read; two hundred thousand people are searched in so many
)
APPLICATION_ID = 0x434C4E43  # "CLNC", https://www.sqlite.org/pragma.html#pragma_application_id
NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "sshfs",
    "fuse.sshfs",
    "afs",
    "webdav",
    "davfs",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each thing may take, in milliseconds."""

    connect_ms: int = 3_000
    lock_ms: int = 4_000
    statement_ms: int = 8_000
    idle_ms: int = 15_000
    call_ms: int = 10_000
    read_ms: int = 3_000


UPKEEP_LIMITS = Limits(statement_ms=120_000, call_ms=150_000, idle_ms=60_000)
MIGRATION_LIMITS = Limits(lock_ms=30_000, statement_ms=600_000, call_ms=900_000, idle_ms=600_000)


def parse(url: str) -> URL:
    """The URL, with psycopg 3 for any kind of PostgreSQL.

    Raises:
        InvalidInput: it names no database that the program knows.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InvalidInput(
            "That is no database address; try postgresql://user@host/name or sqlite:///file.", "database"
        ) from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite+pysqlite")
    raise InvalidInput(
        "The program works with PostgreSQL and with SQLite files; choose one of them.", "database"
    )


def open_engine(url: str, limits: Limits | None = None) -> Engine:
    """An engine for `url`; nothing is connected yet.

    Raises:
        InvalidInput: the URL or the file cannot be used.
    """
    parsed, limits = parse(url), limits or Limits()
    return _sqlite(parsed, limits) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed, limits)


def _postgresql(url: URL, limits: Limits) -> Engine:
    settings = {
        "lock_timeout": limits.lock_ms,
        "statement_timeout": limits.statement_ms,
        "idle_in_transaction_session_timeout": limits.idle_ms,
        "client_connection_check_interval": 1_000,
        "synchronous_commit": "on",
        "timezone": "UTC",
    }
    arguments: dict[str, Any] = {
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "connect_timeout": max(2, limits.connect_ms // 1000),
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 8_000,
        "application_name": "clinic-scheduler",
    }
    for given in url.query:
        arguments.pop(given, None)
    engine = create_engine(
        url,
        connect_args=arguments,
        pool_size=6,
        max_overflow=4,
        pool_timeout=10,
        pool_recycle=1800,
        hide_parameters=True,
        json_deserializer=document,
    )
    event.listen(engine, "rollback", _keep_prepared)
    return engine


def _keep_prepared(connection: Connection) -> None:
    """Roll back before SQLAlchemy does, which then finds nothing left to undo."""
    if not connection.invalidated and connection.connection.is_valid:
        line.of(connection).roll_back()


def _sqlite(url: URL, limits: Limits) -> Engine:
    file = _SqliteFile(Path(str(url.database)), limits)
    inspect_file(file.path)
    engine = create_engine(
        url, creator=file.connect, pool_size=6, max_overflow=4, pool_use_lifo=True, hide_parameters=True
    )
    event.listen(engine, "connect", file.prepare)
    event.listen(engine, "begin", file.begin)
    return engine


class _SqliteFile:
    """What SQLite has to be told at each connection and transaction."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._wait_s = limits.lock_ms / 1000
        self._was_there = path.exists()

    def connect(self) -> sqlite3.Connection:
        """A connection; only the first may make the file, a later one would put an empty one in its place."""
        mode = "rw" if self._was_there else "rwc"
        place = f"{self.path.resolve().as_uri()}?mode={mode}"
        made = sqlite3.connect(place, uri=True, timeout=self._wait_s, check_same_thread=False)
        self._was_there = True
        return made

    def prepare(self, connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        # SQLAlchemy's recipe for pysqlite: the driver starts no transaction of its own, the begin event does.
        connection.isolation_level = None
        # Without recursive_triggers INSERT OR REPLACE deletes past the triggers that forbid it.
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "recursive_triggers=ON",
            f"cache_size=-{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        self._write_ahead(connection)
        with suppress(PermissionError):  # the file is somebody else's, who may have opened it to a group
            if self.path.stat().st_mode & 0o077:
                self.path.chmod(0o600)
        record.info["inode"] = self.path.stat().st_ino

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        """Switch the file to WAL; while another desk does just that, SQLite refuses at once instead of waiting."""
        give_up = time.monotonic() + self._wait_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL").close()
            except sqlite3.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.02)
            else:
                return

    def begin(self, connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("reading", False)
        if connection.connection.info.get("reading") != is_reading:
            connection.exec_driver_sql(f"PRAGMA query_only = {int(is_reading)}")
            connection.connection.info["reading"] = is_reading
        if is_reading:
            connection.exec_driver_sql("BEGIN")
            return
        # SQLite goes on writing to a file that was deleted or replaced, and nothing of it would be kept.
        if not self.path.exists() or self.path.stat().st_ino != connection.connection.info["inode"]:
            raise DatabaseUnavailable(
                f"The file {self.path} was moved or deleted; put it back, then start the program again."
            )
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def inspect_file(path: Path) -> None:
    """Refuse a file that is not (or cannot be) a database of this program; a missing file is fine.

    Raises:
        InvalidInput: with what is wrong and what to do.
        DatabaseUnavailable: the folder or file cannot be reached or written.
    """
    folder = path.parent
    if not folder.is_dir():
        raise DatabaseUnavailable(f"The folder {folder} does not exist; create it or choose another place.")
    if _file_system(folder.resolve()) in NETWORK_FILE_SYSTEMS:
        raise InvalidInput(
            "A database file on a network share would be damaged; use PostgreSQL to share a clinic.",
            "database",
        )
    if not path.exists():
        return
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder; choose a file.", "database")
    try:
        with path.open("rb+") as file:
            head = file.read(72)
    except OSError:
        raise DatabaseUnavailable(
            f"The file {path} cannot be read and written; check its permissions."
        ) from None
    if not head:
        raise InvalidInput(
            f"The file {path} is empty; restore a backup, or delete it to start anew.", "database"
        )
    if not head.startswith(b"SQLite format 3\0"):
        raise InvalidInput(f"The file {path} is no database; choose another file.", "database")
    if int.from_bytes(head[68:72]) not in (0, APPLICATION_ID):
        raise InvalidInput(f"The file {path} belongs to another program; choose another file.", "database")


def _file_system(folder: Path) -> str:
    """The type of the file system a folder lies on, as /proc/mounts names it; empty where that is unknown."""
    best, kind = "", ""
    try:
        mounts = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    for mount in mounts:
        _device, point, name, *_rest = mount.split(" ")
        place = point.replace("\\040", " ")
        if (folder == Path(place) or Path(place) in folder.parents) and len(place) >= len(best):
            best, kind = place, name
    return kind
