"""Column types that mean the same on PostgreSQL and in SQLite's STRICT tables, and the database's clock."""

import json
from binascii import unhexlify
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, SafeUUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine, UserDefinedType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime: `timestamptz` on PostgreSQL, microseconds since 1970 in SQLite; always read as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + timedelta(microseconds=value)
        moment: datetime = value
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


class Id(TypeDecorator[UUID]):
    """A UUID; 36 characters of text in SQLite."""

    impl = Uuid()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_TextId() if dialect.name == "sqlite" else Uuid())


class _TextId(UserDefinedType[UUID]):
    """Thousands of ids make up a week, so reading one must cost no more than it has to."""

    def get_col_spec(self, **_kw: Any) -> str:
        return "TEXT"

    def bind_processor(self, dialect: Dialect) -> Callable[[UUID | None], str | None]:
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], UUID | None]:
        return _read_id


_set_int, _set_is_safe = UUID.__dict__["int"].__set__, UUID.__dict__["is_safe"].__set__
_UNKNOWN = SafeUUID.unknown


@lru_cache(maxsize=1 << 14)  # the week on the screen is read again with every change
def _read_id(text: str | None) -> UUID | None:
    """As `UUID(text)`, in half the time for what the program itself wrote."""
    if text is None:
        return None
    if len(text) != 36:
        return UUID(text)
    made = object.__new__(UUID)
    _set_int(made, int.from_bytes(unhexlify(text.replace("-", ""))))
    _set_is_safe(made, _UNKNOWN)
    return made


def document(stored: str | bytes | bytearray) -> Any:
    """The JSON value of a text; the text itself where it is damaged, so that one row does not hide the others."""
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return stored if isinstance(stored, str) else bytes(stored).decode("utf-8", "replace")


class Document(TypeDecorator[Any]):
    """A JSON value: `jsonb` on PostgreSQL, text in SQLite."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - 3 MiB that a file has no use for

        return dialect.type_descriptor(JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return document(value) if isinstance(value, str) and dialect.name == "sqlite" else value


class Day(TypeDecorator[date]):
    """A local calendar day; ISO text in SQLite."""

    impl = Date()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> date | str | None:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false; 0 or 1 in SQLite."""

    impl = Boolean()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> bool | int | None:  # noqa: FBT001
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Count(TypeDecorator[int]):
    """A whole number: `bigint` on PostgreSQL, INTEGER in SQLite."""

    impl = BigInteger()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Numbers(TypeDecorator[frozenset[int]]):
    """A set of numbers from 0 to 62, as the bits of one whole number."""

    impl = BigInteger()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> int | None:
        return None if value is None else sum(1 << number for number in value)

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[int] | None:
        if value is None:
            return None
        return frozenset(number for number in range(value.bit_length()) if value >> number & 1)


class clock(FunctionElement[datetime]):  # noqa: N801  (a SQL function, named like one)
    """The database's clock, the only one that decides an expiry; tests replace the function (or view) behind it."""

    type = Instant()
    inherit_cache = True


@compiles(clock)
def _clock(_element: clock, compiler: SQLCompiler, **_kw: Any) -> str:
    return "(SELECT now FROM clock)" if compiler.dialect.name == "sqlite" else "clinic_clock()"


class microseconds(FunctionElement[int]):  # noqa: N801  (a SQL function, named like one)
    """An instant as microseconds since 1970, on PostgreSQL too: where thousands are read, integers are cheaper."""

    type = BigInteger()
    inherit_cache = True


@compiles(microseconds)
def _microseconds(element: microseconds, compiler: SQLCompiler, **kw: Any) -> str:
    instant = compiler.process(element.clauses, **kw)
    return (
        instant
        if compiler.dialect.name == "sqlite"
        else f"CAST(date_part('epoch', {instant}) * 1000000 AS bigint)"
    )


class Ids(TypeDecorator[Iterable[UUID]]):
    """Many ids in one parameter: on PostgreSQL the text of an array, to be cast to `uuid[]`; JSON in SQLite.

    A driver's array costs as much as the rest of a short statement.
    """

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Iterable[UUID] | None, dialect: Dialect) -> str:
        found = [str(each) for each in value or ()]
        return json.dumps(found) if dialect.name == "sqlite" else f"{{{','.join(found)}}}"


class Instants(TypeDecorator[Iterable[datetime]]):
    """Many instants in one parameter: as in `Ids`, to be cast to `timestamptz[]`; microseconds since 1970 in SQLite."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Iterable[datetime] | None, dialect: Dialect) -> str:
        if dialect.name == "sqlite":
            return json.dumps([(each - EPOCH) // MICROSECOND for each in value or ()])
        return f"{{{','.join(each.isoformat() for each in value or ())}}}"


class among(FunctionElement[bool]):  # noqa: N801
    """Whether a column is one of the ids in a parameter of type `Ids`; the same text however many there are."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # else SQLite is asked whether it equals 1, and looks at every row


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, ids = (compiler.process(part, **kw) for part in element.clauses)
    if compiler.dialect.name == "sqlite":
        return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are names
    # Behind a subquery the planner does not see how many there are, and so keeps one plan instead of making it anew.
    return f"{column} = ANY(CAST((SELECT {ids}) AS uuid[]))"


class holds(FunctionElement[bool]):  # noqa: N801
    """Whether a text holds another, letter by letter and by no index."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True


@compiles(holds)
def _holds(element: holds, compiler: SQLCompiler, **kw: Any) -> str:
    text, piece = (compiler.process(part, **kw) for part in element.clauses)
    return f"{'instr' if compiler.dialect.name == 'sqlite' else 'strpos'}({text}, {piece}) > 0"
