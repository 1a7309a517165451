"""What diaries are made from: hours, absences and claims of many resources, read in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.services.localtime import DAY_MIN, Span
from clinic_scheduler.services.taking.claims import LONGEST_BUSY
from clinic_scheduler.services.times import diary_sql
from clinic_scheduler.services.times.diary_sql import NO_DAY, SHIFT
from clinic_scheduler.services.times.timelines import Interval

LENGTH = (1 << SHIFT) - 1


class Weekly(NamedTuple):
    """Hours on weekdays (bit 0 is Monday) or a break in them, in wall minutes; days are ordinals, both included."""

    weekdays: int
    start_min: int
    end_min: int
    is_break: int = 0
    first_day: int = 0
    last_day: int = NO_DAY
    every_weeks: int = 1
    week: int = 0
    label: str = ""


class Special(NamedTuple):
    """Other hours on the day of that ordinal; without times it is a day off."""

    day: int
    start_min: int | None
    end_min: int | None
    reason: str = ""


class Reason(NamedTuple):
    """Why a resource takes nobody in [start, end): break, time_off or closure, and the words for it."""

    start: int
    end: int
    kind: str
    text: str


class Held(NamedTuple):
    """A hold from tick `start` to `end`, half-open; `session_id` is missing for anything else that will end."""

    start: int
    end: int
    lane: int
    session_id: UUID | None
    until: datetime


@dataclass(slots=True)
class Rules:
    """All that says when one resource is open; `shut` are closures and its times off, in minutes of the span."""

    weekly: list[Weekly] = field(default_factory=list)
    special: list[Special] = field(default_factory=list)
    shut: list[Reason] = field(default_factory=list)


@dataclass(slots=True)
class Rows:
    """What was read of one resource; `taken` are the busy ticks of appointments and blocks by lane."""

    rules: Rules = field(default_factory=Rules)
    capacity: int = 1
    is_patient: bool = False
    taken: list[tuple[int, list[Interval]]] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)


ALWAYS = Weekly(0b1111111, 0, DAY_MIN)


def rules(session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span) -> list[Rules]:
    """The rules of each resource, in the order asked."""
    return ask_rules(session, clinic_id, resource_ids, span)()


def ask_rules(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span
) -> Later[list[Rules]]:
    """As `rules`, for `one_trip`."""
    asked = _ask(session, clinic_id, resource_ids, span, None)

    def read() -> list[Rules]:
        rows, _now = asked()
        return [row.rules for row in rows]

    return read


def everything(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int
) -> tuple[list[Rows], datetime]:
    """The rows of each resource, in the order asked, and the database's clock."""
    return _ask(session, clinic_id, resource_ids, span, tick)()


def _ask(
    session: Session, clinic_id: UUID, resource_ids: Sequence[UUID], span: Span, tick: int | None
) -> Later[tuple[list[Rows], datetime]]:
    dialect = session.get_bind().dialect.name
    asked: dict[str, object] = {
        "ids": resource_ids,
        "clinic": clinic_id,
        "start": span.start,
        "end": span.end,
        "before": span.first - timedelta(days=1),
        "last": span.first + timedelta(days=span.count),
    }
    if tick is not None:
        asked |= {"low": span.start - LONGEST_BUSY, "size": tick * 60}
    found = diary_sql.statement(dialect, has_claims=tick is not None).ask(session, asked)
    return lambda: _by_resource(found(), len(resource_ids))


def _by_resource(found: Iterable[Sequence[Any]], count: int) -> tuple[list[Rows], datetime]:
    rows, closures, now = [Rows() for _ in range(count)], list[Reason](), EPOCH
    for what, n, *values in found:
        if what == "closure":
            closures.append(Reason(values[0], values[1], what, values[-1]))
        elif what == "now":
            now = EPOCH + values[0] * MICROSECOND
        else:
            _add(rows[n], what, values)
    for row in rows:
        row.rules.shut[:0] = () if row.is_patient else closures
    return rows, now


def _add(row: Rows, what: str, values: Sequence[Any]) -> None:
    a, b, c, *_rest, who, words = values
    if what == "hours":
        row.rules.weekly.append(Weekly._make((*values[:8], words)))
    elif what == "claims":
        times = [(at >> SHIFT, (at >> SHIFT) + (at & LENGTH)) for at in map(int, words.split(" "))]
        if b is None:
            row.taken.append((a, times))
        else:
            session_id, until = UUID(who) if who else None, EPOCH + b * MICROSECOND
            row.holds += [Held(start, end, a, session_id, until) for start, end in times]
    elif what == "resource":
        row.capacity, row.is_patient = a, bool(c)
        if b:
            row.rules.weekly.append(ALWAYS)
    elif what == "special":
        row.rules.special.append(Special(a, b, c, words))
    else:
        row.rules.shut.append(Reason(a, b, what, words))
