"""A server is tried in seconds, and what is wrong with it is said at the field that can be corrected."""

import datetime as dt
import socket
import ssl
import threading
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from clinic_scheduler.db import probe
from clinic_scheduler.db.probe import ServerState, check_server
from clinic_scheduler.errors import ClinicError, DatabaseUnavailable, NewerDatabase
from tests.support.pg_server import postgres

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


def refused(url, password="", limit_s=5.0):
    with pytest.raises(ClinicError) as caught:
        check_server(url, password, limit_s)
    return getattr(caught.value, "field", ""), str(caught.value)


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


@contextmanager
def speaking(answer):
    """A server that hands every caller's connection to `answer`."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    is_over = threading.Event()

    def serve():
        while not is_over.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            with caller:
                caller.settimeout(10)
                try:
                    answer(caller, is_over)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"postgresql://anna@127.0.0.1:{listener.getsockname()[1]}/clinic"
    finally:
        is_over.set()
        thread.join()
        listener.close()


def test_a_stalled_server_is_left_after_the_limit():
    def stall(_caller, is_over):
        is_over.wait(10)

    with speaking(stall) as url:
        started = time.monotonic()
        _, sentence = refused(f"{url}?sslmode=disable", limit_s=1.0)
        assert time.monotonic() - started < 2
    assert "did not answer" in sentence


def test_something_else_that_listens_is_no_server():
    def speak_http(caller, _is_over):
        if caller.recv(100):
            caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with speaking(speak_http) as url:
        field, sentence = refused(f"{url}?sslmode=require")
    assert field == "port"
    assert "no PostgreSQL" in sentence


def test_a_server_of_another_language_speaks_for_itself():
    words = "Datenbank »clinic« existiert nicht"

    def refuse(caller, _is_over):
        if caller.recv(1000):
            body = f"SFATAL\0VFATAL\0C3D000\0M{words}\0\0".encode()
            caller.sendall(b"E" + (len(body) + 4).to_bytes(4) + body)

    with speaking(refuse) as url, pytest.raises(DatabaseUnavailable, match=words):
        check_server(f"{url}?sslmode=disable")


def test_a_line_that_breaks_is_a_refusal():
    def hang_up(caller, _is_over):
        caller.recv(1000)

    with speaking(hang_up) as url:
        assert "broke the connection off" in refused(f"{url}?sslmode=disable")[1]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


class Authority:
    """Signs certificates for servers."""

    def __init__(self, folder, name="authority"):
        self.name = name
        self.x509 = pytest.importorskip("cryptography.x509", reason="needs the package cryptography")
        self.ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
        self.folder = folder
        self.key = self.ec.generate_private_key(self.ec.SECP256R1())
        self.root = self.signed(name, self.key.public_key(), days=10, is_authority=True)
        self.file = self.written("root.crt", self.root)

    def signed(self, name, public_key, *, days, is_authority=False):
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - an optional package

        x509, now = self.x509, dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, self.name)])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=20))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def written(self, name, *parts):
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an optional package

        pem = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        path = self.folder / name
        path.write_bytes(
            b"".join(
                part.public_bytes(pem)
                if hasattr(part, "public_bytes")
                else part.private_bytes(pem, pkcs8, plain)
                for part in parts
            )
        )
        return path

    def server(self, name, days):
        key = self.ec.generate_private_key(self.ec.SECP256R1())
        file = self.written(f"{name}{days}.pem", self.signed(name, key.public_key(), days=days), key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)

        def answer(caller, _is_over):
            if caller.recv(8):
                caller.sendall(b"S")
                with context.wrap_socket(caller, server_side=True) as line:
                    line.recv(1000)

        return answer


def query(file):
    return f"sslmode=verify-full&sslrootcert={file}&sslcert=&sslkey="


def test_a_certificate_of_another_name_is_refused(authority):
    with speaking(authority.server("elsewhere.example", 10)) as url:
        field, sentence = refused(f"{url}?{query(authority.file)}")
    assert field == "host"
    assert "another name" in sentence


def test_an_expired_certificate_is_refused(authority):
    with speaking(authority.server("localhost", -1)) as url:
        field, sentence = refused(f"{url.replace('127.0.0.1', 'localhost')}?{query(authority.file)}")
    assert field == "certificate"
    assert "expired" in sentence


def test_a_certificate_of_a_strange_authority_is_refused(authority, tmp_path):
    stranger = Authority(tmp_path, "stranger")
    with speaking(stranger.server("localhost", 10)) as url:
        field, sentence = refused(f"{url.replace('127.0.0.1', 'localhost')}?{query(authority.file)}")
    assert field == "certificate"
    assert "not signed by that authority" in sentence


def test_a_missing_or_damaged_file_of_the_authority_is_named(authority, tmp_path):
    damaged = tmp_path / "damaged.crt"
    damaged.write_text("no certificate")
    for file in (tmp_path / "missing.crt", damaged):
        with speaking(authority.server("localhost", 10)) as url:
            assert refused(f"{url}?{query(file)}")[0] == "certificate"


def test_every_state_has_a_sentence():
    states = [
        ServerState(18, schema, may_create)
        for schema in ("missing", "current", "older")
        for may_create in (True, False)
    ]
    assert len({state.sentence for state in states}) == 5
    assert all(isinstance(state, ServerState) and state.sentence.endswith(".") for state in states)
