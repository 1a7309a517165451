"""Whatever was typed, the URL names exactly that and holds no password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from clinic_scheduler.db.engine import open_engine, parse
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.secrets import account
from clinic_scheduler.ui.start.server import (
    ServerChoice,
    addresses,
    is_local,
    local_url,
    problems,
    server_url,
)

NAMES = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=60)


def connected(choice):
    """What the driver is given."""
    url = parse(server_url(choice))
    return url.get_dialect()().create_connect_args(url)[1]


@given(
    user=NAMES,
    database=NAMES,
    password=st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40),
)
def test_any_name_arrives_as_it_was_typed(user, database, password):
    choice = ServerChoice("db.example.org", database, user, f"PASS{password}", tls="require")
    assert problems(choice) == {}
    given = connected(choice)
    assert (given["user"], given["dbname"], given["host"], given["port"]) == (
        user,
        database,
        "db.example.org",
        5432,
    )
    assert "password" not in given
    assert "PASS" not in server_url(choice) + repr(choice)
    assert account(server_url(choice)) == f"{user}@db.example.org:5432/{database}"


@pytest.mark.parametrize(
    ("hosts", "host", "port"),
    [
        ("localhost", "localhost", 5432),
        (" db:5433 ", "db", 5433),
        ("::1", "::1", 5432),
        ("[2001:db8::1]:5433", "2001:db8::1", 5433),
        ("fe80::1%eth0", "fe80::1%eth0", "5432"),
        ("/var/run/postgresql", "/var/run/postgresql", "5432"),
        ("bücher.example", "bücher.example", 5432),
        ("db1, db2:5433 ,::1", "db1,db2,::1", "5432,5433,5432"),
    ],
)
def test_every_way_to_name_a_server_reaches_the_driver(hosts, host, port):
    given = connected(ServerChoice(hosts, "clinic", "alice"))
    assert (given["host"], given["port"]) == (host, port)
    assert given["sslmode"] == "verify-full"
    assert given.get("target_session_attrs") == ("read-write" if "," in hosts else None)


def test_a_certificate_is_named_only_where_it_is_checked():
    choice = ServerChoice("db", "clinic", "alice", certificate="/etc/ssl/our ca&1.crt")
    assert connected(choice)["sslrootcert"] == "/etc/ssl/our ca&1.crt"
    unchecked = ServerChoice("db", "clinic", "alice", certificate="/etc/ssl/ca.crt", tls="require")
    assert "sslrootcert" not in connected(unchecked)


@pytest.mark.parametrize(
    "hosts", ["localhost", "127.0.0.1", "::1", "[::1]:5433", "/run/pg", "localhost,127.0.0.2", "LOCALHOST."]
)
def test_this_computer_is_known(hosts):
    assert is_local(hosts)


@pytest.mark.parametrize(
    "hosts", ["db", "localhost,db", "192.0.2.1", "", "localhost.example.org", "::ffff:192.0.2.1"]
)
def test_another_computer_is_not_taken_for_this_one(hosts):
    assert not is_local(hosts)


@pytest.mark.parametrize(
    "hosts", ["", ",", "a b", "http://db", "[::1", "::1]", "db:", "db:0", "db:99999", "\ud800", "a" * 300]
)
def test_what_is_no_host_is_refused(hosts):
    with pytest.raises(InvalidInput) as caught:
        addresses(hosts, "5432")
    assert caught.value.field == "host"


@pytest.mark.parametrize("name", ["clinic.db", "my clinic?.db", "50%20.db", "a#b&c=d.db", "Ö.db"])
def test_a_file_is_opened_where_it_was_said_to_lie(tmp_path, name):
    url = local_url(tmp_path / name)
    assert make_url(url).database == str(tmp_path / name)
    engine = open_engine(url)
    with engine.connect():
        assert (tmp_path / name).exists()
    engine.dispose()


@pytest.mark.parametrize("password", ["a\0b", "\ud800", "x" * 1001])
def test_what_is_no_password_is_refused(password):
    assert set(problems(ServerChoice("db", "clinic", "alice", password))) == {"password"}


def test_a_relative_file_is_made_absolute():
    assert make_url(local_url(Path("clinic.db"))).database == str(Path.cwd() / "clinic.db")
