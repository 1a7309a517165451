"""Which part of the calendar is looked at, and how. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QLocale

DAYS_AT_ONCE = 3
AGENDA_DAYS = 14
COLOURS = ("service", "practitioner", "status")
AXES = ("practitioner", "room")


class Kind(StrEnum):
    """The ways to look at time."""

    DAY = "day"
    DAYS = "days"
    WEEK = "week"
    MONTH = "month"
    AGENDA = "agenda"


def week_start(day: date) -> date:
    """The first day of its week, as the clinic's country counts."""
    starts = QLocale().firstDayOfWeek().value - 1
    return day - timedelta(days=(day.weekday() - starts) % 7)


def month_start(day: date) -> date:
    """The first day of the week in which its month begins."""
    return week_start(day.replace(day=1))


@dataclass(frozen=True, slots=True)
class View:
    """`of` is the one practitioner or room that is looked at, in weeks and so on; None means everybody.

    `columns` are the chosen ones in their order; empty means all, in the clinic's order.
    """

    kind: Kind = Kind.DAY
    by: str = "practitioner"
    of: UUID | None = None
    columns: tuple[UUID, ...] = ()
    colour_by: str = "service"
    zoom: int = 15

    def first(self, day: date) -> date:
        """The first day that is shown when looking at a day."""
        return week_start(day) if self.kind is Kind.WEEK else day

    @property
    def count(self) -> int:
        """How many days are shown."""
        return {Kind.DAYS: DAYS_AT_ONCE, Kind.WEEK: 7, Kind.AGENDA: AGENDA_DAYS}.get(self.kind, 1)

    @property
    def wanted(self) -> tuple[UUID, ...] | None:
        """The columns to show of each day; None means all."""
        if self.of is not None and self.kind is not Kind.DAY:
            return (self.of,)
        return self.columns or None

    def stepped(self, day: date, by: int) -> date:
        """The day to look at after turning pages."""
        if self.kind is Kind.MONTH:
            index = day.year * 12 + day.month - 1 + by
            return date(index // 12, index % 12 + 1, min(day.day, 28))
        return day + timedelta(days=by * self.count)

    def turned(self, by: str) -> "View":
        """Looking at rooms instead of practitioners, or the other way round."""
        return self if by == self.by else replace(self, by=by, of=None, columns=())

    def written(self) -> str:
        """The view as text."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, text: str) -> "View":
        """The view from its text, as far as it can be read."""
        try:
            stored = json.loads(text)
        except ValueError:
            return cls()
        return cls._of(stored) if isinstance(stored, dict) else cls()

    @classmethod
    def _of(cls, stored: Mapping[str, Any]) -> "View":
        try:
            return cls(
                Kind(stored["kind"]),
                stored["by"] if stored["by"] in AXES else AXES[0],
                UUID(stored["of"]) if stored["of"] else None,
                tuple(UUID(one) for one in stored["columns"]),
                stored["colour_by"] if stored["colour_by"] in COLOURS else COLOURS[0],
                int(stored["zoom"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            return cls()
