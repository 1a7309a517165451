"""Trying a server before anything is entrusted to it, and saying in words what is wrong."""

import logging
import re
import socket
import threading
import time
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from clinic_scheduler.errors import ClinicError, DatabaseUnavailable, InvalidInput

from . import schema
from .engine import open_engine, parse
from .refusals import explained
from .work import Watchdog

log = logging.getLogger(__name__)

OLDEST: Final = 15
LIMIT_S: Final = 5.0
REACH_S: Final = 3.0

# Before the session begins libpq hands over words and no code. They are English unless the server speaks
# another language; then the server's own words are shown.
WORDS: Final[tuple[tuple[str, str, str], ...]] = (
    ("certificate file .* does not exist", "certificate",
     "This computer has no certificate to check the server's with; choose the file of its authority."),
    ("could not read root certificate|could not load .*certificate", "certificate",
     "That file is no certificate; choose the one of the authority that signed the server's."),
    ("certificate for .* does not match host name", "host",
     "The server's certificate is made out to another name; type the name that stands in it."),
    ("SSL error", "certificate",  # libpq says no more
     "The server's certificate was not signed by that authority or has expired; choose the right file, or ask for it."),
    ("server does not support SSL", "tls",
     "The server offers no encryption; ask whoever looks after it to switch it on."),
    ("invalid response to SSL negotiation", "port",
     "What answers there is no PostgreSQL server; check the address and the port."),
    ("no password supplied", "password", "The server asks for a password; please type it."),
    ("password authentication failed|authentication failed for user", "password",
     "The server refused that user or password; please check both."),
    ("no pg_hba.conf entry|pg_hba.conf rejects", "user",
     "The server lets this user in from here neither this way nor to that database; ask whoever looks after it."),
    ("role .* is not permitted to log in", "user", "That user may not sign in; ask whoever looks after the server."),
    ("role .* does not exist", "user", "The server knows no user of that name; please check it."),
    ("database .* does not exist", "database",
     "There is no database of that name on the server; please check the name."),
    ("permission denied for database|not currently accepting connections", "database",
     "The server does not let this user into that database; ask whoever looks after it."),
    ("too many clients|too many connections|remaining connection slots", "",
     "The server has no connection left; please try again in a moment."),
    ("is starting up|is shutting down|in recovery mode", "",
     "The server is just starting or stopping; please try again in a moment."),
    ("session is read-only|hot standby", "host",
     "None of these servers can be written to at the moment; check their names, or try again later."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server that can be used. `version` is PostgreSQL's; `may_create`: this login may make the tables."""

    version: int
    schema: Literal["missing", "current", "older"]
    may_create: bool

    @property
    def step(self) -> Literal["connect", "create", "update", "none"]:
        """What comes next; "none" where somebody else has to do it first."""
        if self.schema == "current":
            return "connect"
        if not self.may_create:
            return "none"
        return "create" if self.schema == "missing" else "update"

    @property
    def sentence(self) -> str:
        """What was found, for the desk."""
        found = {
            "connect": "The connection works (PostgreSQL {0}).",
            "create": "The connection works, but the database is empty; its tables can be created now.",
            "update": "The connection works, but the tables are of an older version; they can be updated now.",
        }
        if self.step in found:
            return found[self.step].format(self.version)
        if self.schema == "missing":
            return (
                "The database is empty and your login may not create its tables; ask whoever looks after it."
            )
        return "The tables are of an older version and your login may not update them; ask whoever made them."


def check_server(url: str, password: str = "", limit_s: float = LIMIT_S) -> ServerState:
    """What stands behind a PostgreSQL URL; changes nothing, and answers within the limit whatever happens.

    Raises:
        InvalidInput: with the field: host, port, database, user, password, certificate, tls.
        NewerDatabase: a newer version of the program upgraded the database.
        ClinicError: anything else that is in the way.
    """
    parsed = parse(url)
    if parsed.get_backend_name() != "postgresql":
        raise InvalidInput("That is no address of a PostgreSQL server; please check it.", "host")
    attempt = _Attempt(parsed.set(password=password) if password else parsed, limit_s)
    # A name server or a server that stalls cannot be interrupted, only left behind.
    attempt.start()
    attempt.join(limit_s)
    if attempt.error is not None:
        raise attempt.error
    if attempt.state is None:
        raise DatabaseUnavailable(
            f"The server did not answer within {limit_s:g} seconds; check its name and the network, then try again."
        )
    return attempt.state


class _Attempt(threading.Thread):
    """One try; exactly one of `state` and `error` is set at its end."""

    def __init__(self, url: URL, limit_s: float) -> None:
        super().__init__(name="server-check", daemon=True)
        self.state: ServerState | None = None
        self.error: Exception | None = None
        self._url = url
        self._due = time.monotonic() + limit_s

    def run(self) -> None:
        try:
            _reach(_places(self._url))
            self.state = self._look()
        except DBAPIError as error:
            self.error = _refusal(error)
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits for this thread
            self.error = error

    def _look(self) -> ServerState:
        engine = open_engine(self._url.render_as_string(hide_password=False))
        watchdog = Watchdog()
        try:
            with (
                engine.connect() as connection,
                watchdog.limit(connection, max(0.1, self._due - time.monotonic())),
            ):
                return _state(connection)
        finally:
            watchdog.stop()
            engine.dispose()


def _places(url: URL) -> list[tuple[str, int]]:
    if url.host:
        return [(url.host, url.port or 5432)]
    hosts, ports = url.query.get("host", "localhost"), url.query.get("port", "5432")
    if not isinstance(hosts, str) or not isinstance(ports, str):
        raise InvalidInput("Write several hosts as host=one,two and port=5432,5432.", "host")
    names = hosts.split(",")
    numbers = ports.split(",") if "," in ports else [ports] * len(names)
    return [(name, int(number)) for name, number in zip(names, numbers, strict=True)]


def _reach(places: list[tuple[str, int]]) -> None:
    """Refuse unless one of the places answers the telephone; libpq says why not only in the system's language."""
    refused: ClinicError | None = None
    for host, port in places:
        if host.startswith("/"):
            return
        try:
            with socket.create_connection((host, port), REACH_S):
                return
        except OSError as error:
            refused = refused or _unreachable(host, port, error)
        except UnicodeError:
            refused = refused or InvalidInput(f"{host} cannot be the name of a server.", "host")
    if refused:
        raise refused


def _unreachable(host: str, port: int, error: OSError) -> ClinicError:
    if isinstance(error, socket.gaierror):
        return InvalidInput(f"No server is known by the name {host}; please check it.", "host")
    if isinstance(error, ConnectionRefusedError):
        return InvalidInput(
            f"No database server listens at {host}, port {port}; check both, or have the server started.",
            "port",
        )
    if isinstance(error, TimeoutError):
        return InvalidInput(
            f"{host} does not answer; check its name and the network, then try again.", "host"
        )
    return InvalidInput(f"{host} cannot be reached from here; check its name and the network.", "host")


def _state(connection: Connection) -> ServerState:
    version = int((connection.dialect.server_version_info or (0,))[0])
    if version < OLDEST:
        raise InvalidInput(
            f"That server is PostgreSQL {version}; the program needs {OLDEST} or newer. Have it upgraded.",
            "host",
        )
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise InvalidInput(f"That database keeps its text as {encoding}; ask for one in UTF8.", "database")
    if connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
        raise DatabaseUnavailable("The server is read-only at the moment; type the name of the main one.")
    found = schema.state(connection)
    if not found.revision:
        return ServerState(version, "missing", _may_create(connection))
    if found.is_current:
        return ServerState(version, "current", may_create=False)
    return ServerState(version, "older", _may_update(connection))


def _may_create(connection: Connection) -> bool:
    """Whether this login may make tables and the one extension they need."""
    is_offered, has_schema, has_extension = connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist'), "
            "coalesce(has_schema_privilege(current_schema(), 'CREATE'), false), "
            "has_database_privilege(current_database(), 'CREATE') "
            "OR EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist')"
        )
    ).one()
    if not is_offered:
        raise DatabaseUnavailable(
            "The server lacks PostgreSQL's extension btree_gist; ask whoever looks after it to install it."
        )
    return bool(has_schema and has_extension)


def _may_update(connection: Connection) -> bool:
    """Whether this login owns the tables."""
    owned = text(
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('alembic_version')"
    )
    return bool(connection.execute(owned).scalar())


def _refusal(error: DBAPIError) -> Exception:
    """The refusal behind a connection that failed."""
    if not isinstance(error, OperationalError) or getattr(error.orig, "sqlstate", None):
        return explained(error)
    words = str(error.orig)
    for pattern, field, sentence in WORDS:
        if re.search(pattern, words):
            return InvalidInput(sentence, field)
    log.info("a connection failed for a reason without words of ours")
    answer = re.search(r" failed: \w+: +(.+)", words)
    if answer:
        return DatabaseUnavailable(f"The server refused: {answer[1][:200]}")
    return DatabaseUnavailable("The server broke the connection off; check the address and try again.")
