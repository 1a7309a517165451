"""Which rows a period reaches, found by the indexes there are."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, literal, or_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import Day, Instant
from clinic_scheduler.services.actor import FIGURES, Actor
from clinic_scheduler.services.catalogue import clinic

from .period import Period

MARGIN = timedelta(days=2)  # no zone's day lies further from the same day in UTC


def place(session: Session, actor: Actor) -> ZoneInfo:
    """The time zone of the actor's clinic, whose figures the actor may see.

    Raises:
        NotPermitted: with whom to ask.
        NotFound: there is no such clinic.
    """
    actor.require(FIGURES)
    return clinic(session, actor.clinic_id).where


def appointments(clinic_id: UUID, period: Period, *, untimed: bool = False) -> list[ColumnElement[bool]]:
    """Those of a period by their local day; `untimed` are the imported ones instead whose time was never told.

    Asked for both at once SQLite would look through all the years.
    """
    a = t.Appointment.__table__.c
    first, until = (_written(day, Day()) for day in (period.first, period.until))
    found = [a.clinic_id == clinic_id, a.day >= first, a.day < until]
    if untimed:
        return [*found, a.start_at.is_(None)]
    low, high = (datetime.combine(day, time(), UTC) for day in (period.first, period.until))
    return [
        *found,
        a.start_at >= _written(low - MARGIN, Instant()),
        a.start_at < _written(high + MARGIN, Instant()),
    ]


def _written(value: date | datetime, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Spelt out: the plan that PostgreSQL keeps for parameters takes every period for a short one."""
    return literal(value, kind, literal_execute=True)


def listed(clinic_id: UUID, period: Period) -> list[ColumnElement[bool]]:
    """Both kinds together: as fast on PostgreSQL, but for SQLite some hundred milliseconds more."""
    *of_the_days, low, high = appointments(clinic_id, period)
    return [*of_the_days, or_(and_(low, high), t.Appointment.__table__.c.start_at.is_(None))]


def made(table: Any, clinic_id: UUID, period: Period, where: ZoneInfo) -> list[ColumnElement[bool]]:  # noqa: ANN401
    """Those that were made on the days of a period; `table` is an entity with `clinic_id` and `created_at`."""
    begin, end = period.instants(where)
    return [table.clinic_id == clinic_id, table.created_at >= begin, table.created_at < end]
