"""A statement compiled once for one kind of database, for the driver's own cursor."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnDefault, Dialect, TextClause
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows

from .line import Row

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text for one kind of database; `order` are the names of its parameters, which have places in it."""

    text: str
    fixed: Values
    processors: Mapping[str, Processor]
    order: tuple[str, ...]
    returns_rows: bool
    results: tuple[tuple[int, Processor], ...]

    @classmethod
    def of(cls, statement: ClauseElement, dialect: Dialect) -> Self:
        """The statement in the words of that database."""
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
        given, known = dict(self.fixed), self.processors
        for name, value in values.items():
            given[name] = known[name](value) if name in known else value
        return tuple([given[name] for name in self.order])

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


def _defaults(compiled: SQLCompiler) -> Values:
    """The plain defaults of columns that are not given."""
    found = {column.key: column.default for column in compiled.insert_prefetch}
    return {key: default.arg for key, default in found.items() if isinstance(default, ColumnDefault)}


def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with $1 and so on for its named parameters, and those in this order."""
    places = dict[str, int]()

    def number(found: re.Match[str]) -> str:
        return f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%"

    return re.sub(r"%\((\w+)\)s|%%", number, text), tuple(places)
