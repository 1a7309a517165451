"""Statements for the few transactions whose speed is promised: compiled once, run on the driver's own cursor.

SQLAlchemy spends three times as long on a statement of one row as driver and server together, and psycopg as long as
the server on finding the parameters of a long one, unless they are numbered as the server wants them. Values are
converted as SQLAlchemy does; there are no ORM objects. What does not depend on each other's answer goes to a server on
one trip (`trip.py`).
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import Column, Dialect, Table, bindparam
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql import ClauseElement

from .compiled import Compiled, Values
from .line import Row
from .trip import Later, connection_of, run, send

FEW = 24  # the claims of eight services with a room each


class Prepared:
    """A statement of named parameters; one for each kind of database where they differ."""

    def __init__(self, statement: ClauseElement, **others: ClauseElement) -> None:
        self._statement, self._others = statement, others
        self._compiled = lru_cache(2)(self._compile)

    def rows(self, session: Session, values: Values) -> list[Row]:
        """What the statement returns, as plain tuples."""
        return self.ask(session, values)()

    def ask(self, session: Session, values: Values) -> Later[list[Row]]:
        """As `rows`, where the answer is not needed at once."""
        connection = connection_of(session)
        compiled = self._compiled(connection.dialect)
        return run(session, connection, compiled, compiled.parameters(values))

    def _compile(self, dialect: Dialect) -> Compiled:
        return Compiled.of(self._others.get(dialect.name, self._statement), dialect)


class PreparedInsert:
    """An insert of rows of the same columns.

    With `told` it skips rows that clash, and returns that column of the others.
    """

    def __init__(self, table: Table, *, told: Column[Any] | None = None) -> None:
        self._table, self._told = table, told
        self._compiled = lru_cache(64)(self._compile)

    def rows(self, session: Session, rows: Sequence[dict[str, Any]]) -> list[Row]:
        """Insert the rows; what the statement returns."""
        return self.ask(session, rows)()

    def ask(self, session: Session, rows: Sequence[dict[str, Any]]) -> Later[list[Row]]:
        """As `rows`, where the answer is not needed at once."""
        connection = connection_of(session)
        dialect = connection.dialect
        if len(rows) > FEW:
            send(session)
            inserted = session.execute(self._finished(insert_into(self._table, dialect)), rows)
            told = [tuple(row) for row in inserted] if self._told is not None else []
            return lambda: told
        compiled = self._compiled(dialect, tuple(rows[0]), len(rows))
        values = {f"{key}_{n}": value for n, row in enumerate(rows) for key, value in row.items()}
        return run(session, connection, compiled, compiled.parameters(values))

    def _compile(self, dialect: Dialect, keys: Sequence[str], count: int) -> Compiled:
        columns = self._table.c
        rows = [{key: bindparam(f"{key}_{n}", type_=columns[key].type) for key in keys} for n in range(count)]
        return Compiled.of(self._finished(insert_into(self._table, dialect).values(rows)), dialect)

    def _finished(self, statement: Any) -> Any:  # noqa: ANN401 - both kinds of insert, which share no base
        return statement if self._told is None else statement.on_conflict_do_nothing().returning(self._told)


def insert_into(table: Table | type[DeclarativeBase], dialect: Dialect) -> Any:  # noqa: ANN401 - as above
    """An insert that can deal with rows that clash; the other kind of database is not loaded for it."""
    return import_module(f"sqlalchemy.dialects.{dialect.name}").insert(table)
