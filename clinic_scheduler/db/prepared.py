"""Statements for the few transactions whose speed is promised: compiled once, run on the driver's own cursor.

SQLAlchemy spends three times as long on a statement of one row as driver and server together, and psycopg as long as
the server on finding the parameters of a long one, unless they are numbered as the server wants them. Values are
converted and errors wrapped as SQLAlchemy does, and who listens to the cursor hears of it; there are no ORM objects.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Self

from sqlalchemy import Column, ColumnDefault, Connection, Dialect, Table, TextClause, bindparam
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows

Row = tuple[Any, ...]
Values = Mapping[str, Any]
Processor = Callable[[Any], Any]
INSERTS = {"postgresql": pg_insert, "sqlite": sqlite_insert}
PLACE = re.compile(r"\$(\d+)")
WAITING = "statements that wait"
FEW = 24  # the claims of eight services with a room each


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The text for one kind of database; `order` are the names of its parameters, which have places in it."""

    text: str
    fixed: Values
    processors: Mapping[str, Processor]
    order: tuple[str, ...]
    returns_rows: bool
    results: tuple[tuple[int, Processor], ...]

    @classmethod
    def of(cls, statement: ClauseElement, dialect: Dialect) -> Self:
        compiled = statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"not a statement: {statement}")
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        found = {name: kind.dialect_impl(dialect).bind_processor(dialect) for name, kind in types.items()}
        processors = {name: processor for name, processor in found.items() if processor}
        known = {
            name: bind.effective_value for bind, name in compiled.bind_names.items() if not bind.required
        }
        given = {**known, **_defaults(compiled)}
        fixed = {
            name: processors[name](value) if name in processors else value for name, value in given.items()
        }
        string, order = compiled.string, tuple(compiled.positiontup or ())
        if dialect.name == "postgresql":
            string, order = _numbered(string)
        told = statement.exported_columns if isinstance(statement, ReturnsRows) else ()
        columns = [column.type.dialect_impl(dialect) for column in told]
        read = ((n, kind.result_processor(dialect, None)) for n, kind in enumerate(columns))
        results = tuple((n, found) for n, found in read if found)
        returns_rows = bool(columns) or isinstance(statement, TextClause)
        return cls(string, fixed, processors, order, returns_rows, results)

    def parameters(self, values: Values) -> Row:
        """The values as the driver takes them."""
        known = self.processors
        given = {name: known[name](value) if name in known else value for name, value in values.items()}
        given = {**self.fixed, **given}
        return tuple(given[name] for name in self.order)

    def read(self, rows: list[Row]) -> list[Row]:
        """The rows with the values as the tables' types read them."""
        if not self.results:
            return rows
        read = []
        for row in rows:
            values = list(row)
            for n, processor in self.results:
                values[n] = processor(values[n])
            read.append(tuple(values))
        return read


Step = tuple[_Compiled, Row]


class Prepared:
    """A statement of named parameters; one for each kind of database where they differ."""

    def __init__(self, statement: ClauseElement, **others: ClauseElement) -> None:
        self._statement, self._others = statement, others
        self._compiled = lru_cache(2)(self._compile)

    def rows(self, session: Session, values: Values) -> list[Row]:
        """What the statement returns, as plain tuples."""
        compiled = self._compiled(session.get_bind().dialect)
        return _run(session, compiled, compiled.parameters(values))

    def _compile(self, dialect: Dialect) -> _Compiled:
        return _Compiled.of(self._others.get(dialect.name, self._statement), dialect)


class PreparedInsert:
    """An insert of rows of the same columns.

    With `told` it skips rows that clash, and returns that column of the others.
    """

    def __init__(self, table: Table, *, told: Column[Any] | None = None) -> None:
        self._table, self._told = table, told
        self._compiled = lru_cache(64)(self._compile)

    def rows(self, session: Session, rows: Sequence[dict[str, Any]]) -> list[Row]:
        """Insert the rows; what the statement returns."""
        dialect = session.get_bind().dialect
        if len(rows) > FEW:
            inserted = session.execute(self._finished(INSERTS[dialect.name](self._table)), rows)
            return [tuple(row) for row in inserted] if self._told is not None else []
        compiled = self._compiled(dialect, tuple(rows[0]), len(rows))
        values = {f"{key}_{n}": value for n, row in enumerate(rows) for key, value in row.items()}
        return _run(session, compiled, compiled.parameters(values))

    def _compile(self, dialect: Dialect, keys: Sequence[str], count: int) -> _Compiled:
        columns = self._table.c
        rows = [{key: bindparam(f"{key}_{n}", type_=columns[key].type) for key in keys} for n in range(count)]
        return _Compiled.of(self._finished(INSERTS[dialect.name](self._table).values(rows)), dialect)

    def _finished(self, statement: Any) -> Any:  # noqa: ANN401 - both kinds of insert, which share no base
        return statement if self._told is None else statement.on_conflict_do_nothing().returning(self._told)


def _defaults(compiled: SQLCompiler) -> Values:
    """The plain defaults of columns that are not given."""
    found = {column.key: column.default for column in compiled.insert_prefetch}
    return {key: default.arg for key, default in found.items() if isinstance(default, ColumnDefault)}


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Within it statements that return nothing wait for the next that does, or for the end.

    They go to PostgreSQL as one statement, in no order: none of them sees what another writes.
    """
    waiting: list[Step] = []
    session.info[WAITING] = waiting
    try:
        yield
        _run_all(session, waiting)
    finally:
        del session.info[WAITING]


def _run(session: Session, compiled: _Compiled, parameters: Row) -> list[Row]:
    waiting: list[Step] | None = session.info.get(WAITING)
    if waiting is None:
        return _run_all(session, [(compiled, parameters)])
    waiting.append((compiled, parameters))
    if not compiled.returns_rows:
        return []
    steps, waiting[:] = waiting[:], []
    return _run_all(session, steps)


def _run_all(session: Session, steps: Sequence[Step]) -> list[Row]:
    """What the last of the steps returns."""
    if len(steps) > 1 and session.get_bind().dialect.name == "postgresql":
        text = _joined(tuple((compiled.text, len(given)) for compiled, given in steps))
        values = tuple(value for _compiled, given in steps for value in given)
        return _execute(session, steps[-1][0], text, values)
    rows: list[Row] = []
    for compiled, parameters in steps:
        rows = _execute(session, compiled, compiled.text, parameters)
    return rows


def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with $1 and so on for its named parameters, and those in this order."""
    places = dict[str, int]()

    def number(found: re.Match[str]) -> str:
        return f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%"

    return re.sub(r"%\((\w+)\)s|%%", number, text), tuple(places)


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


def _execute(session: Session, compiled: _Compiled, text: str, parameters: Row) -> list[Row]:
    session.flush()
    connection = session.connection()
    cursor = _cursor(connection)
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


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - either driver's
    if connection.dialect.name != "postgresql":
        return connection.connection.cursor()
    psycopg: Any = connection.dialect.loaded_dbapi
    return psycopg.RawCursor(connection.connection.driver_connection)


def _wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if is_lost:
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
