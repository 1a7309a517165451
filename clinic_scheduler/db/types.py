"""Column types that mean the same on PostgreSQL and in SQLite's STRICT tables, and the database's clock."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

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
        moment: datetime = EPOCH + value * MICROSECOND if dialect.name == "sqlite" else value
        return moment.astimezone(UTC)


class Id(TypeDecorator[UUID]):
    """A UUID; 36 characters of text in SQLite."""

    impl = Uuid()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | str | None:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return UUID(value) if value is not None and dialect.name == "sqlite" else value


def document(stored: str | bytes | bytearray) -> Any:
    """The JSON value of a text; the text itself where it is damaged, so that one row does not hide the others."""
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return stored if isinstance(stored, str) else bytes(stored).decode("utf-8", "replace")


class Document(TypeDecorator[Any]):
    """A JSON value: `jsonb` on PostgreSQL, text in SQLite."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else JSONB(none_as_null=True))

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


class clock(FunctionElement[datetime]):  # noqa: N801  (a SQL function, named like one)
    """The database's clock, the only one that decides an expiry; tests replace the function (or view) behind it."""

    type = Instant()
    inherit_cache = True


@compiles(clock)
def _clock(_element: clock, compiler: SQLCompiler, **_kw: Any) -> str:
    return "(SELECT now FROM clock)" if compiler.dialect.name == "sqlite" else "clinic_clock()"
