"""Which addresses and files the program opens, and which it refuses in words."""

import os
import socket
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from clinic_scheduler.db import engine
from clinic_scheduler.db.engine import APPLICATION_ID, CACHE_KIB, Limits, inspect_file, open_engine, parse
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ClinicError, DatabaseUnavailable, InvalidInput


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@h:5433/d", "postgresql+psycopg"),
        ("sqlite:///clinic.db", "sqlite+pysqlite"),
        ("sqlite:////var/clinic.db", "sqlite+pysqlite"),
    ],
)
def test_an_address_is_opened_with_our_driver(url, driver):
    assert parse(url).drivername == driver


def test_what_stands_in_an_address_is_kept():
    parsed = parse("postgresql://u:s%40crt@h1:5433/d?sslmode=verify-full")
    assert (parsed.username, parsed.password, parsed.host, parsed.port) == ("u", "s@crt", "h1", 5433)
    assert parsed.query == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "clinic.db",
        "./data/clinic.db",
        "http://example.com",
        "mysql://u@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql",
        "postgresql://u@h:port/d",
        "oracle://x",
        "'; DROP TABLE claim",
        "x" * 10_000,
    ],
)
def test_what_is_no_address_of_ours_is_refused(url):
    with pytest.raises(ClinicError):
        open_engine(url)


def test_a_missing_file_may_be_made(tmp_path):
    inspect_file(tmp_path / "clinic.db")


def refused(kind, path):
    with pytest.raises(kind) as error:
        inspect_file(path)
    return str(error.value)


def test_a_missing_folder_is_named(tmp_path):
    assert "nowhere does not exist" in refused(DatabaseUnavailable, tmp_path / "nowhere" / "clinic.db")


def test_a_folder_is_no_file(tmp_path):
    assert "is a folder" in refused(InvalidInput, tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "clinic.db").touch()
    assert "is empty" in refused(InvalidInput, tmp_path / "clinic.db")


@pytest.mark.parametrize(
    "content", [b"hello", b"\0" * 100, b"SQLite format 2\0", b"SQLite", b"%PDF-1.7" * 100]
)
def test_what_is_no_database_is_refused(tmp_path, content):
    (tmp_path / "clinic.db").write_bytes(content)
    assert "is no database" in refused(InvalidInput, tmp_path / "clinic.db")


@pytest.mark.parametrize(("identifier", "is_ours"), [(0, True), (APPLICATION_ID, True), (0x0F055112, False)])
def test_another_programs_database_is_refused(tmp_path, identifier, is_ours):
    path = tmp_path / "clinic.db"
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA application_id = {identifier}")
        file.execute("CREATE TABLE x (y)")
    if is_ours:
        inspect_file(path)
    else:
        assert "another program" in refused(InvalidInput, path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_file_that_cannot_be_written_is_refused(tmp_path):
    path = tmp_path / "clinic.db"
    path.write_bytes(b"SQLite format 3\0")
    path.chmod(0o400)
    assert "permissions" in refused(DatabaseUnavailable, path)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs a file that nobody can open")
def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with closing(socket.socket(socket.AF_UNIX)) as place:
        place.bind(str(tmp_path / "s"))
        assert "permissions" in refused(DatabaseUnavailable, tmp_path / "s")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_share_is_refused(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(engine, "_file_system", lambda _folder: kind)
    assert "network share" in refused(InvalidInput, tmp_path / "clinic.db")


@pytest.mark.skipif(not os.path.exists("/proc/mounts"), reason="needs /proc")  # noqa: PTH110 - evaluated at import
def test_the_file_system_of_a_folder_is_found(tmp_path):
    assert engine._file_system(engine.Path("/proc/self")) == "proc"
    assert engine._file_system(engine.Path("/sys")) != engine._file_system(engine.Path("/proc"))
    assert engine._file_system(tmp_path)


@pytest.mark.parametrize("length", [16, 40, 100, 1_000, 5_000, 50_000])
def test_half_a_file_is_refused_in_words(sqlite_template, tmp_path, length):
    path = tmp_path / "clinic.db"
    path.write_bytes(sqlite_template.read_bytes()[:length])
    with pytest.raises(ClinicError):
        looked_at(path)


def looked_at(path):
    work = UnitOfWork(open_engine(f"sqlite:///{path}", Limits(lock_ms=200)))
    try:
        return work.read(lambda s: s.execute(text("SELECT count(*) FROM claim")).scalar())
    finally:
        work.close()


def test_a_file_of_noise_behind_a_good_head_is_refused_in_words(sqlite_template, tmp_path):
    path = tmp_path / "clinic.db"
    path.write_bytes(sqlite_template.read_bytes()[:100] + b"\xa5" * 100_000)
    with pytest.raises(DatabaseUnavailable, match="damaged"):
        looked_at(path)


def test_every_connection_to_a_file_is_safe(sqlite_work):
    def settings(session):
        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "busy_timeout",
            "cache_size",
        )
        return {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in names}

    assert sqlite_work.read(settings) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "busy_timeout": Limits().lock_ms,
        "cache_size": -CACHE_KIB,
    }


def test_every_connection_to_a_server_has_its_limits(pg_work):
    def settings(session):
        wanted = "SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"
        names = ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]
        names += ["client_connection_check_interval", "synchronous_commit", "TimeZone", "tcp_user_timeout"]
        return {name: value for name, value in session.execute(text(wanted), {"names": names}).all()}  # noqa: C416

    found = pg_work.read(settings)
    found.pop("tcp_user_timeout")  # the client's end has it
    assert found == {
        "lock_timeout": "4000",
        "statement_timeout": "8000",
        "idle_in_transaction_session_timeout": "15000",
        "client_connection_check_interval": "1000",
        "synchronous_commit": "on",
        "TimeZone": "UTC",
    }


def test_what_the_address_says_comes_before_our_own(pg_url):
    unit = UnitOfWork(open_engine(f"{pg_url}?application_name=somebody"))
    assert unit.read(lambda s: s.execute(text("SHOW application_name")).scalar()) == "somebody"
    unit.close()
