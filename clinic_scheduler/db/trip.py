"""How compiled statements reach the database: one by one, `together` in one statement, or several on `one_trip`.

Errors are wrapped as SQLAlchemy does, and who listens to the cursor hears of each statement.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from . import line
from .compiled import Compiled
from .line import Row

T = TypeVar("T")
Later = Callable[[], T]  # the answer to what was asked; within `one_trip` it comes at its end
Step = tuple[Compiled, Row]
PLACE = re.compile(r"\$(\d+)")
WAITING, TRIP = "statements that wait", "statements for one trip"
LAST, CONNECTED = "statements for the trip of the commit", "transaction and connection"


@dataclass(slots=True)
class _Asked:
    """A statement for a server, and its rows once they are there."""

    compiled: Compiled
    text: str
    parameters: Row
    rows: list[Row] | None = None


@contextmanager
def one_trip(session: Session) -> Iterator[None]:
    """Within it a server is asked prepared statements only at the end, all at once and in order.

    An answer that is wanted sooner comes with those before it.
    """
    if TRIP in session.info:
        yield  # goes with the trip around it
        return
    send(session)
    trip: list[_Asked] = []
    session.info[TRIP] = trip
    try:
        yield
        _go(connection_of(session), trip)
    finally:
        del session.info[TRIP]


@contextmanager
def with_the_commit(session: Session) -> Iterator[None]:
    """Within it statements go on the trip of the commit, or before whatever else the session is asked until then.

    They return nothing. A refusal comes as the commit's. What goes by `session.connection()` does not wait for them.
    """
    if TRIP in session.info:
        yield  # goes with the trip around it
        return
    trip = _left(session)
    session.info[TRIP] = trip
    try:
        yield
    finally:
        del session.info[TRIP]
        if trip:
            session.info[LAST] = _begun(session), trip


def _left(session: Session) -> list[_Asked]:
    """What waits for the commit of this transaction; whoever asks sees to it."""
    begun, trip = session.info.pop(LAST, (None, []))
    return trip if begun is _begun(session) else []


def _begun(session: Session) -> SessionTransaction | None:
    """The innermost transaction."""
    return session.get_nested_transaction() or session.get_transaction()


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Within it statements that return nothing wait for the next that does, or for the end.

    They go to PostgreSQL as one statement, in no order: none of them sees what another writes.
    """
    waiting: list[Step] = []
    session.info[WAITING] = waiting
    try:
        yield
        if waiting:
            _run_all(session, connection_of(session), waiting)
    finally:
        del session.info[WAITING]


def send(session: Session) -> None:
    """Send what waits; before a statement that goes by another way, which may need what those write."""
    steps: list[Step] = session.info.get(WAITING, [])
    if steps:
        waiting, steps[:] = steps[:], []
        _run_all(session, connection_of(session), waiting)
    trip: list[_Asked] = session.info.get(TRIP) or _left(session)
    if trip:
        _go(connection_of(session), trip)


@event.listens_for(Session, "do_orm_execute")
def _before_statement(state: ORMExecuteState) -> None:
    if _waits(state.session):
        send(state.session)


@event.listens_for(Session, "before_flush")
@event.listens_for(Session, "before_commit")
def _before_others(session: Session, *_others: object) -> None:
    if _waits(session):
        send(session)


@event.listens_for(Session, "after_transaction_create")
def _before_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if not _waits(session) or transaction.parent is None:
        return
    if transaction.nested:
        raise RuntimeError("what waits would go with the savepoint; send it before")
    send(session)


def _waits(session: Session) -> bool:
    return bool(LAST in session.info or session.info.get(TRIP))


def _nothing() -> list[Row]:
    return []


def connection_of(session: Session) -> Connection:
    """The connection of the session's innermost transaction, for which the session itself looks long."""
    begun = _begun(session)
    known, connection = session.info.get(CONNECTED, (None, None))
    if begun is None or begun is not known:
        connection = session.connection()
        session.info[CONNECTED] = _begun(session), connection
    found: Connection = connection
    return found


def run(session: Session, connection: Connection, compiled: Compiled, parameters: Row) -> Later[list[Row]]:
    """What the statement returns, when its time has come."""
    waiting: list[Step] | None = session.info.get(WAITING)
    if waiting is None:
        return _execute(session, connection, _Asked(compiled, compiled.text, parameters))
    waiting.append((compiled, parameters))
    if not compiled.returns_rows:
        return _nothing
    steps, waiting[:] = waiting[:], []
    return _run_all(session, connection, steps)


def _run_all(session: Session, connection: Connection, steps: Sequence[Step]) -> Later[list[Row]]:
    """What the last of the steps returns."""
    if len(steps) > 1 and connection.dialect.name == "postgresql":
        text = _joined(tuple([(compiled.text, len(given)) for compiled, given in steps]))
        values = tuple([value for _compiled, given in steps for value in given])
        return _execute(session, connection, _Asked(steps[-1][0], text, values))
    for compiled, parameters in steps:
        answer = _execute(session, connection, _Asked(compiled, compiled.text, parameters))
    return answer


def _moved(place: re.Match[str], *, by: int) -> str:
    return f"${int(place[1]) + by}"


@lru_cache(64)
def _joined(texts: tuple[tuple[str, int], ...]) -> str:
    """One statement of several, each with the count of its parameters; foreign keys are looked at after all of it."""
    steps, before = list[str](), 0
    for text, count in texts:
        steps.append(PLACE.sub(partial(_moved, by=before), text))
        before += count
    return "WITH " + ", ".join(f"step_{n} AS ({step})" for n, step in enumerate(steps[:-1])) + f" {steps[-1]}"


def _execute(session: Session, connection: Connection, asked: _Asked) -> Later[list[Row]]:
    session.flush()
    trip: list[_Asked] | None = session.info.get(TRIP)
    if connection.dialect.name != "postgresql":
        asked.rows = _run_here(connection, asked.compiled, asked.text, asked.parameters)
    elif trip is None:
        _go(connection, [*_left(session), asked])
    else:
        trip.append(asked)

    def answer() -> list[Row]:
        if asked.rows is None:
            _go(connection, trip or [])
        if asked.rows is None:
            raise RuntimeError("the trip on which this was asked failed")
        return asked.rows

    return answer


def _run_here(connection: Connection, compiled: Compiled, text: str, parameters: Row) -> list[Row]:
    """What the statement returns in a file."""
    cursor = connection.connection.cursor()
    try:
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, text, parameters, None, False)
        cursor.execute(text, parameters)
        for heard in connection.dispatch.after_cursor_execute:
            heard(connection, cursor, text, parameters, None, False)
        return compiled.read(list(cursor.fetchall())) if compiled.returns_rows else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error
    finally:
        cursor.close()


def _go(connection: Connection, trip: list[_Asked]) -> None:
    """Ask the server what was gathered, which is nothing any more then."""
    asked, trip[:] = trip[:], []
    if not asked:
        return
    for heard in connection.dispatch.before_cursor_execute:
        for one in asked:
            heard(connection, None, one.text, one.parameters, None, False)
    try:
        answers = line.of(connection).trip([(one.text, one.parameters) for one in asked])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, "; ".join(one.text for one in asked), error) from error
    except BaseException:  # Ctrl+C, which a rollback on a closed line would hide
        if connection.connection.dbapi_connection.closed:  # type: ignore[union-attr]
            connection.invalidate()
        raise
    for one, rows in zip(asked, answers, strict=True):
        one.rows = one.compiled.read(rows)
    for heard in connection.dispatch.after_cursor_execute:
        for one in asked:
            heard(connection, None, one.text, one.parameters, None, False)


def _wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if is_lost:
        # As SQLAlchemy does: those that lie idle were lost with it, more than anybody would try in turn.
        connection.engine.pool._invalidate(connection.connection, error)  # noqa: SLF001
        connection.invalidate(error)
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
