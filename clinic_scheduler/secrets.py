"""Passwords: in the system's keyring, or in memory until the program ends; never in a file of ours.

The keyring may ask the person to unlock it, so nothing here is called on the GUI thread.
"""

import importlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)
T = TypeVar("T")

SERVICE: Final = "org.clinicscheduler.ClinicScheduler"
# keyring's own scale: what it recommends has 1 and more, plain files and stand-ins have less.
# https://keyring.readthedocs.io/en/latest/#writing-your-own-keyring-backend
RECOMMENDED: Final = 1.0


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(frozen=True, slots=True)
class KeyringState:
    """Whether passwords outlive the program, and the sentence that says so."""

    is_kept: bool
    text: str


KEPT: Final = KeyringState(is_kept=True, text="The password is kept in the system keyring.")
MISSING: Final = KeyringState(
    is_kept=False, text="No system keyring was found: the password is kept until the program ends."
)
SILENT: Final = KeyringState(
    is_kept=False,
    text="The system keyring is locked or does not answer: the password is kept until the program ends.",
)


class Secrets:
    """The passwords of one purpose, by name; safe to call from any thread."""

    def __init__(self, purpose: str = "db") -> None:
        self._service = f"{SERVICE}/{purpose}"
        self._lock = threading.RLock()
        self._session: dict[str, str] = {}
        self._backend: Backend | None = None
        self._state: KeyringState | None = None

    @property
    def state(self) -> KeyringState:
        """Whether the keyring is used; the first call looks for it, a refusal of the keyring changes it."""
        with self._lock:
            if self._state is None:
                self._backend = usable_backend()
                self._state = KEPT if self._backend else MISSING
            return self._state

    @property
    def is_kept(self) -> bool:
        """Whether passwords outlive the program."""
        return self.state.is_kept

    def get(self, name: str) -> str | None:
        """The secret of that name; None where none is known (any more), so ask for it."""
        with self._lock:
            if name in self._session:
                return self._session[name]
            return self._asked(lambda keyring: keyring.get_password(self._service, name), None)

    def put(self, name: str, secret: str) -> None:
        """Keep a secret: in the keyring where that works, else until the program ends."""
        with self._lock:
            self._session[name] = secret
            if self._asked(lambda keyring: self._stored(keyring, name, secret), otherwise=False):
                del self._session[name]

    def forget(self, name: str) -> None:
        """Remove a secret, if it is there."""
        with self._lock:
            self._session.pop(name, None)
            self._asked(lambda keyring: self._removed(keyring, name), otherwise=False)

    def _stored(self, keyring: Backend, name: str, secret: str) -> bool:
        keyring.set_password(self._service, name, secret)
        # Some backends drop what they are given without a word.
        return keyring.get_password(self._service, name) == secret

    def _removed(self, keyring: Backend, name: str) -> bool:
        if keyring.get_password(self._service, name) is not None:
            keyring.delete_password(self._service, name)
        return True

    def _asked(self, question: Callable[[Backend], T], otherwise: T) -> T:
        """What the keyring answers, or `otherwise`; how it went becomes the state."""
        if self.state is MISSING or self._backend is None:
            return otherwise
        try:
            answer = question(self._backend)
        except Exception as error:  # noqa: BLE001 - backends raise whatever their system raises
            log.warning("the keyring refused: %s", type(error).__name__)
            self._state = SILENT
            return otherwise
        self._state = SILENT if answer is False else KEPT
        return answer


def usable_backend() -> Backend | None:
    """The best keyring that keeps secrets encrypted, or None."""
    try:
        # Imported here and not above: it searches every installed package, and most starts need no password.
        keyring = importlib.import_module("keyring")
        chosen = keyring.get_keyring()
        # The chainer would fall back to a plain file as soon as the real keyring is locked.
        offered = list(getattr(chosen, "backends", [chosen]))
        fit = [backend for backend in offered if _is_fit(backend)]
        return max(fit, key=lambda backend: float(backend.priority), default=None)
    except Exception as error:  # noqa: BLE001 - backends raise whatever their system raises
        log.warning("no keyring: %s", type(error).__name__)
        return None


def account(url: str) -> str:
    """The name of a database's password: "alice@host:5432/clinic" for a URL without one."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    if not host:  # several hosts, or one that no URL can name, stand in the query
        query = dict(pair.partition("=")[::2] for pair in parts.query.split("&"))
        hosts, ports = unquote(query.get("host", "")).split(","), unquote(query.get("port", "")).split(",")
        host = ",".join(f"{one}:{port}" for one, port in zip(hosts, ports, strict=False))
    elif ":" not in host.rpartition("]")[2]:
        host += ":5432"
    return f"{unquote(user.partition(':')[0])}@{unquote(host)}{unquote(parts.path)}"


def _is_fit(backend: object) -> bool:
    priority = getattr(backend, "priority", 0)
    return float(priority) >= RECOMMENDED and not type(backend).__module__.startswith("keyrings.alt")
