"""Where a server is and how to reach it: what may be typed, and the URL made of it."""

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.errors import InvalidInput

translate = QCoreApplication.translate

Tls = Literal["verify-full", "require", "disable"]  # libpq's own words for sslmode
PORT: Final = 5432
LONGEST: Final = 200
_DIGITS: Final = re.compile(r"[0-9]{1,5}")
_NO_HOST: Final = frozenset(" /\\@?#&=<>\"'`()[]")


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """A server as typed. `hosts` and `port` may name several, separated by commas.

    `prepare`: the person agreed that missing or older tables are made new. The password is kept out of
    every text of this object.
    """

    hosts: str
    database: str
    user: str
    password: str = field(default="", repr=False)
    port: str = str(PORT)
    tls: Tls = "verify-full"
    certificate: str = ""
    prepare: bool = False

    @property
    def url(self) -> str:
        """The address without the password."""
        return server_url(self)


def server_url(choice: ServerChoice) -> str:
    """The SQLAlchemy URL of a choice, without its password; several hosts mean the one that can be written to.

    Raises:
        InvalidInput: a host or port cannot be one.
    """
    places = addresses(choice.hosts, choice.port)
    query: dict[str, str] = {"sslmode": choice.tls}
    if choice.tls == "verify-full" and choice.certificate.strip():
        query["sslrootcert"] = choice.certificate.strip()
    host, port = places[0]
    # A folder of a socket, a scoped address or several hosts have no place in front of the path. What else
    # can be a host needs no quoting.
    if len(places) > 1 or host.startswith("/") or "%" in host:
        query["host"] = ",".join(name for name, _ in places)
        query["port"] = ",".join(str(number) for _, number in places)
        place = ""
    else:
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if len(places) > 1:
        query["target_session_attrs"] = "read-write"
    user, name = quote(choice.user.strip(), safe=""), quote(choice.database.strip(), safe="")
    return f"postgresql+psycopg://{user}@{place}/{name}?{urlencode(query, quote_via=quote, safe='')}"


def choice_of(url: str) -> ServerChoice | None:
    """The choice that a server's URL was made of; None for any other URL."""
    parts = urlsplit(url)
    if not parts.scheme.startswith("postgresql"):
        return None
    query = dict(parse_qsl(parts.query))
    user, _at, place = parts.netloc.rpartition("@")
    hosts, port = query.get("host", ""), query.get("port", str(PORT)).partition(",")[0]
    if not hosts:
        address, colon, number = place.rpartition(":")
        hosts, port = (address, number) if colon and number.isdigit() else (place, str(PORT))
    elif "," in query.get("port", ""):
        pairs = zip(hosts.split(","), query["port"].split(","), strict=False)
        hosts = ", ".join(
            f"[{host}]:{number}" if ":" in host else f"{host}:{number}" for host, number in pairs
        )
    tls: Tls = next((known for known in get_args(Tls) if known == query.get("sslmode")), "verify-full")
    return ServerChoice(
        hosts=hosts.strip("[]") if hosts.startswith("[") and hosts.endswith("]") else hosts,
        database=unquote(parts.path.lstrip("/")),
        user=unquote(user.partition(":")[0]),
        port=port,
        tls=tls,
        certificate=query.get("sslrootcert", ""),
    )


def local_url(path: Path) -> str:
    """The SQLAlchemy URL of a database file."""
    return f"sqlite:///{quote(path.absolute().as_posix(), safe='/:')}"


def addresses(hosts: str, port: str) -> tuple[tuple[str, int], ...]:
    """Every host with its port; a host may carry its own, as in "db1, db2:5433, [::1]:5434".

    Raises:
        InvalidInput: with the field, host or port.
    """
    usual = _port(port, "port")
    return tuple(_address(one.strip(), usual) for one in hosts.split(","))


def is_local(hosts: str) -> bool:
    """Whether every host is this computer; a host that cannot be one is not."""
    try:
        return all(_is_here(host) for host, _ in addresses(hosts, str(PORT)))
    except InvalidInput:
        return False


def problems(choice: ServerChoice) -> dict[str, str]:
    """A sentence for each field that cannot be used, in the order of the form."""
    found: dict[str, str] = {}
    for hosts, port in ((choice.hosts, str(PORT)), ("localhost", choice.port)):
        try:
            addresses(hosts, port)
        except InvalidInput as error:
            found[error.field] = str(error)
    if not choice.database.strip():
        found["database"] = translate("server", "Please type the name of the database.")
    elif not _can_be_name(choice.database):
        found["database"] = translate(
            "server", "That cannot be the name of a database; please type it again."
        )
    if not choice.user.strip():
        found["user"] = translate("server", "Please type your user name on the server.")
    elif not _can_be_name(choice.user):
        found["user"] = translate("server", "That cannot be a user name; please type it again.")
    if len(choice.password) > 1000 or re.search("[\0\ud800-\udfff]", choice.password):
        found["password"] = translate("server", "That cannot be a password; please type it again.")
    if choice.tls == "disable" and "host" not in found and not is_local(choice.hosts):
        found["tls"] = translate(
            "server", "Patients' data must be encrypted on the way to another computer; choose encryption."
        )
    if choice.tls == "verify-full" and not _is_certificate(choice.certificate.strip()):
        found["certificate"] = translate("server", "There is no such file; choose it with the button.")
    return found


def _address(text: str, usual: int) -> tuple[str, int]:
    if text.startswith("/"):
        return text, usual
    host, separator, port = text, "", ""
    if text.startswith("[") and "]" in text:
        host, separator, port = text[1:].partition("]")
        separator = separator and port[:1]
        port = port[1:]
    elif text.count(":") == 1:
        host, separator, port = text.partition(":")
    if not _can_be_host(host):
        raise InvalidInput(
            translate("server", "Type the server's name or address, such as db.example.org or 192.0.2.10.")
            if text
            else translate("server", "Please type the server's name or address."),
            "host",
        )
    return host, _port(port, "host") if separator else usual


def _can_be_host(host: str) -> bool:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return False
        return True
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return 0 < len(host) <= 253 and host.isprintable() and _NO_HOST.isdisjoint(host) and "%" not in host


def _port(text: str, where: str) -> int:
    text = text.strip()
    if not _DIGITS.fullmatch(text) or not 1 <= int(text) <= 65535:
        raise InvalidInput(translate("server", "A port is a number from 1 to 65535; 5432 is usual."), where)
    return int(text)


def _is_here(host: str) -> bool:
    if host.startswith("/") or host.rstrip(".").casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _can_be_name(text: str) -> bool:
    return len(text) <= LONGEST and text.strip().isprintable()


def _is_certificate(path: str) -> bool:
    try:
        return not path or Path(path).is_file()
    except (OSError, ValueError):
        return False
