"""A server is tried in seconds, and what is wrong with it is said at the field that can be corrected."""

import socket

import pytest
from sqlalchemy import create_engine, make_url, text

from clinic_scheduler.db import probe
from clinic_scheduler.db.probe import ServerState, check_server
from clinic_scheduler.errors import NewerDatabase
from tests.support.pg_server import postgres
from tests.support.strange_servers import refused

PASSWORD = "correct horse"
CREATED = (
    f"CREATE ROLE careful LOGIN PASSWORD '{PASSWORD}'",
    "CREATE ROLE guest LOGIN",
    "CREATE ROLE retired NOLOGIN",
    "CREATE DATABASE empty",
    "CREATE DATABASE private",
    "REVOKE CONNECT ON DATABASE private FROM PUBLIC",
    "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0",
)
RULES = (
    "host all careful 127.0.0.1/32 scram-sha-256",
    "host all stranger 127.0.0.1/32 reject",
    "host all all 127.0.0.1/32 trust",
)


@pytest.fixture(scope="module")
def server():
    """A server of its own, since it changes who may sign in and how."""
    with postgres() as url:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in CREATED:
                connection.execute(text(statement))
            file = connection.execute(text("SHOW hba_file")).scalar_one()
            connection.execute(text(f"COPY (SELECT unnest(ARRAY{list(RULES)})) TO '{file}'"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield make_url(url)


def address(server, **changes):
    return server.set(**{"database": "empty", **changes}).render_as_string(hide_password=False)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_an_empty_database_can_be_filled_by_its_owner(server):
    found = check_server(address(server))
    assert (found.schema, found.may_create, found.step) == ("missing", True, "create")
    assert found.version >= probe.OLDEST
    assert "empty" in found.sentence


def test_a_login_without_rights_is_told_whom_to_ask(server):
    found = check_server(address(server, username="guest"))
    assert (found.schema, found.may_create, found.step) == ("missing", False, "none")
    assert "ask" in found.sentence


def test_a_current_database_can_be_opened(pg_url):
    found = check_server(pg_url)
    assert (found.schema, found.step) == ("current", "connect")
    assert str(found.version) in found.sentence


def test_the_check_leaves_no_trace(pg_url):
    before = _tables(pg_url)
    check_server(pg_url)
    assert _tables(pg_url) == before


def _tables(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*), max(xmin::text) FROM pg_class")).one()
    engine.dispose()
    return found


def _stamp(url, revision):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def test_older_tables_can_be_updated_by_their_owner(pg_url):
    _stamp(pg_url, "0001")
    assert check_server(pg_url).step == "update"


def test_a_newer_database_is_refused(pg_url):
    _stamp(pg_url, "9999")
    with pytest.raises(NewerDatabase, match="needs Clinic Scheduler"):
        check_server(pg_url)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"database": "nowhere"}, "database", "no database of that name"),
        ({"database": "private", "username": "guest"}, "database", "not let this user"),
        ({"database": "latin"}, "database", "LATIN1"),
        ({"username": "ghost"}, "user", "no user of that name"),
        ({"username": "retired"}, "user", "may not sign in"),
        ({"username": "stranger"}, "user", "ask whoever looks after it"),
        ({"username": "careful"}, "password", "asks for a password"),
        ({"query": {"sslmode": "require"}}, "tls", "offers no encryption"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(server, changes, field, words):
    at, sentence = refused(address(server, **changes))
    assert at == field
    assert words in sentence


def test_a_wrong_password_is_refused_and_the_right_one_taken(server):
    url = address(server, username="careful")
    assert refused(url, "wrong")[0] == "password"
    assert check_server(url, PASSWORD).schema == "missing"


def test_no_sentence_holds_the_password(server):
    _, sentence = refused(address(server, username="careful"), "hunter2 %&@/")
    assert "hunter2" not in sentence


def test_a_server_that_is_too_old_is_refused(server, monkeypatch):
    monkeypatch.setattr(probe, "OLDEST", 99)
    field, sentence = refused(address(server))
    assert field == "host"
    assert "needs 99 or newer" in sentence


def test_a_port_where_nobody_listens_is_refused(server):
    field, sentence = refused(address(server, port=free_port()))
    assert field == "port"
    assert "listens" in sentence


def test_an_unknown_name_is_refused(server):
    field, sentence = refused(address(server, host="no-such-server.invalid"))
    assert field == "host"
    assert "no-such-server.invalid" in sentence


def test_the_first_of_several_servers_may_be_down(server):
    query = {"host": "127.0.0.1,127.0.0.1", "port": f"{free_port()},{server.port}"}
    query["target_session_attrs"] = "read-write"
    found = check_server(address(server.set(host=None, port=None), query=query))
    assert found.schema == "missing"


def test_a_file_is_no_server(sqlite_url):
    assert refused(sqlite_url)[0] == "host"


def test_every_state_has_a_sentence():
    states = [
        ServerState(18, schema, may_create)
        for schema in ("missing", "current", "older")
        for may_create in (True, False)
    ]
    assert len({state.sentence for state in states}) == 5
    assert all(isinstance(state, ServerState) and state.sentence.endswith(".") for state in states)
