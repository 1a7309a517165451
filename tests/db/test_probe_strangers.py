"""What is no server, or none to be trusted, is told apart from one that works."""

import datetime as dt
import ssl
import time

import pytest

from clinic_scheduler.db.probe import check_server
from clinic_scheduler.errors import DatabaseUnavailable
from tests.support.strange_servers import refused, speaking


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
