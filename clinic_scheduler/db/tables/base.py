"""What every table shares: names of constraints, strictness in SQLite, checks of state words."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase

from clinic_scheduler.db.types import Count, Day, Flag, Id, Instant, Numbers

NAMES = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "ck": "%(table_name)s_%(constraint_name)s",
}
STRICT = {"sqlite_strict": True}


class Base(DeclarativeBase):
    """All tables; SQLite checks the types of its columns too."""

    metadata = MetaData(naming_convention=NAMES)
    if TYPE_CHECKING:
        __table__: ClassVar[Table]
    __table_args__: Any = STRICT
    type_annotation_map: ClassVar = {
        UUID: Id(),
        datetime: Instant(),
        date: Day(),
        bool: Flag(),
        int: Count(),
        frozenset[int]: Numbers(),
        str: Text(),
    }


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A check that `column` holds one of the state words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


def within(column: str, low: int, high: int) -> CheckConstraint:
    """A check that `column` lies between two numbers, both included."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")


def filled(column: str) -> CheckConstraint:
    """A check that a text is not blank."""
    return CheckConstraint(f"trim({column}) <> ''", name=f"{column}_filled")


def gap_checks() -> tuple[CheckConstraint, CheckConstraint]:
    """Checks of a processing gap, which is given whole or not at all and lies after the start."""
    return (
        CheckConstraint("(gap_start_min IS NULL) = (gap_end_min IS NULL)", name="gap_pair"),
        CheckConstraint(
            "gap_start_min IS NULL OR (0 < gap_start_min AND gap_start_min < gap_end_min)", name="gap_within"
        ),
    )


def index_of_some(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows alone that fulfil a condition.

    It is given in the words of SQLite, and means both: tables are made by migrations, and for the other's words
    SQLAlchemy would load all it knows of PostgreSQL, which is 3 MiB, at a desk that has a file.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where)
