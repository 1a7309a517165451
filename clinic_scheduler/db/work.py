"""One unit of work: a transaction that commits whole, or leaves no trace."""

import logging
import math
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from clinic_scheduler.errors import DatabaseBusy, OutcomeUnknown

from .changes import Change, announced, publish
from .engine import Limits
from .line import BEFORE_THE_LAST
from .prepared import Prepared
from .refusals import explained, is_lost, is_repeatable
from .trip import send, with_the_commit

log = logging.getLogger(__name__)
T = TypeVar("T")

ATTEMPTS = 4
COMMIT = Prepared(text("COMMIT"))


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What the work returned, and what it changed."""

    value: T
    changes: frozenset[Change]


class UnitOfWork:
    """Runs `work(session)` in its own transaction; safe to call from any thread."""

    def __init__(self, engine: Engine, limits: Limits | None = None) -> None:
        self._engine, self._limits = engine, limits or Limits()
        self._reader = engine.execution_options(reading=True, **_read_only(engine))
        self._glancer = engine.execution_options(reading=True, **_alone(engine))
        self._watchdog = Watchdog()

    @property
    def engine(self) -> Engine:
        """The engine behind it, for watchers and upgrades."""
        return self._engine

    def close(self) -> None:
        """Close every connection."""
        self._watchdog.stop()
        self._engine.dispose()

    def read(self, work: Callable[[Session], T], *, is_one: bool = False) -> T:
        """What `work` finds in one consistent look; it cannot write.

        Where it `is_one` statement that look is consistent as it is: a server is asked once, not three times. It must
        be one that reads: without a transaction a server would let it write.

        Raises:
            DatabaseUnavailable: no answer within the limits.
        """
        reader = self._glancer if is_one else self._reader
        return self._repeated(work, reader, self._limits.read_ms, may_repeat=True, saves=False).value

    def write(self, work: Callable[[Session], T], *, repeatable: bool = False) -> Outcome[T]:
        """Commit what `work` did. Deadlocks are repeated, so it must have no effect outside the database.

        `repeatable` work carries a request id: it is asked again when the answer to a commit was lost.

        Raises:
            ClinicError: the database refused for a reason that the desk should hear.
            OutcomeUnknown: the answer to the commit was lost and cannot be learnt.
        """
        return self._repeated(work, self._engine, self._limits.call_ms, may_repeat=repeatable)

    def _repeated(
        self,
        work: Callable[[Session], T],
        engine: Engine,
        limit_ms: int,
        *,
        may_repeat: bool,
        saves: bool = True,
    ) -> Outcome[T]:
        give_up = time.monotonic() + limit_ms / 1000
        was_unsure, first_reason = False, None
        for attempt in range(1, ATTEMPTS + 1):
            stage = _Stage()
            try:
                return self._once(work, engine, max(0.5, give_up - time.monotonic()), stage)
            except PoolTimeout as error:
                raise DatabaseBusy(
                    "The database has no free connection; please try again in a moment."
                ) from error
            except DBAPIError as error:
                was_before = getattr(error.orig, BEFORE_THE_LAST, False)  # the last is the commit
                is_unsure = saves and is_lost(error) and stage.is_committing and not was_before
                was_unsure = was_unsure or is_unsure
                again = is_repeatable(error) or (
                    is_lost(error) and stage.is_connected and (may_repeat or not is_unsure)
                )
                if again and attempt < ATTEMPTS and time.monotonic() < give_up:
                    first_reason = first_reason or error
                    _note_repetition(error)
                    time.sleep(_pause(error, attempt))
                    continue
                if was_unsure:  # that a later try reached nobody says nothing about the first
                    raise OutcomeUnknown(
                        "The connection was lost while saving; please check whether it was saved."
                    ) from error
                # A line that we cut at the end of our patience is not the reason; what we waited for is.
                reason = first_reason if first_reason and is_lost(error) else error
                raise explained(reason) from error
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, work: Callable[[Session], T], engine: Engine, seconds: float, stage: "_Stage"
    ) -> Outcome[T]:
        begun = time.monotonic()  # whoever keeps what it reads has to know how old it may be
        with engine.connect() as connection, self._watchdog.limit(connection, seconds):
            stage.is_connected = True
            with Session(
                connection, autoflush=True, expire_on_commit=False, info={"begun": begun}
            ) as session:
                value = work(session)
                session.flush()
                stage.is_committing = True
                _commit(session)
                return Outcome(value, announced(session))


def _commit(session: Session) -> None:
    """Commit; who waits for news hears of it, on the same trip to the server."""
    if not announced(session):
        session.commit()
        return
    with with_the_commit(session):
        publish(session)
        if session.get_bind().dialect.name == "postgresql":
            COMMIT.ask(session, {})
    send(session)
    session.commit()


@dataclass(slots=True)
class _Stage:
    """How far a transaction came; nothing was decided before the commit was sent."""

    is_connected: bool = False
    is_committing: bool = False


def _read_only(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name != "postgresql":
        return {}
    # READ COMMITTED would look anew with every statement.
    return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}


def _alone(engine: Engine) -> dict[str, Any]:
    return {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}


def _note_repetition(error: DBAPIError) -> None:
    reason = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    log.warning("repeating a transaction after %s", reason or "a lost connection")


def _pause(error: DBAPIError, attempt: int) -> float:
    """Seconds until the next try: at once after a serialisation failure, with jitter after a deadlock."""
    state = getattr(error.orig, "sqlstate", None)
    if state == "40001":
        return 0.0
    return random.uniform(0.2, 2.0) if state == "40P01" else random.uniform(0.05, 0.1) * 2**attempt  # noqa: S311


class Watchdog:
    """Cuts connections whose call outlived its limit; no server setting helps against a stalled server."""

    def __init__(self) -> None:
        self._due: dict[int, tuple[float, Any, type[Exception]]] = {}
        self._wake = threading.Condition()
        self._looks_at = math.inf  # when the thread will look next
        self._is_stopped = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Cut the connection's socket unless the block ends within `seconds`. SQLite has limits of its own."""
        if connection.dialect.name == "sqlite":
            yield
            return
        raw = connection.connection.driver_connection
        key, due = id(raw), time.monotonic() + seconds
        driver_error = connection.dialect.loaded_dbapi.Error
        with self._wake:
            self._due[key] = (due, raw, driver_error)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
            if due < self._looks_at:  # waking a thread for each call costs more than many a call
                self._looks_at = due
                self._wake.notify()
        try:
            yield
        finally:
            with self._wake:
                self._due.pop(key, None)

    def stop(self) -> None:
        """End the thread."""
        with self._wake:
            self._is_stopped = True
            self._wake.notify()

    def _run(self) -> None:
        with self._wake:
            while not self._is_stopped:
                now = time.monotonic()
                for key in [key for key, (due, *_line) in self._due.items() if due <= now]:
                    _cut(*self._due.pop(key)[1:])
                self._looks_at = min((due for due, *_line in self._due.values()), default=math.inf)
                self._wake.wait(None if self._looks_at == math.inf else self._looks_at - now)


def _cut(raw: Any, driver_error: type[Exception]) -> None:  # noqa: ANN401 - the driver's connection
    """Shut the connection's socket down, so that whoever waits on it returns at once."""
    log.warning("cutting a connection that did not answer in time")
    try:
        with socket.socket(fileno=socket.dup(raw.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
    except (OSError, driver_error) as error:
        log.info("the connection was gone already: %s", error)
