"""What became of the bookings that were begun: conversion, where they were left, and the fate of what they held."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.unfinished import OFFERS, OUTCOMES

from . import reach
from .counts import share
from .period import Period

PATIENT, GUEST = "patient", "guest"
ENDED = tuple(outcome for outcome in SessionOutcome if outcome not in OUTCOMES)
LEFT = tuple(outcome for outcome in ENDED if outcome != SessionOutcome.CONVERTED)


class Holds(NamedTuple):
    """How many holds were taken, and what became of them."""

    taken: int = 0
    converted: int = 0
    lapsed: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The sessions of one kind, user or workstation: how many by outcome, words without any left out."""

    outcomes: Mapping[str, int]
    holds: Holds

    @property
    def begun(self) -> int:
        """How many sessions."""
        return sum(self.outcomes.values())

    @property
    def ended(self) -> int:
        """How many of them are not unfinished any more."""
        return sum(self.outcomes.get(outcome, 0) for outcome in ENDED)

    @property
    def conversion(self) -> float | None:
        """The share that became bookings, of those that ended; None where none has."""
        return share(self.outcomes.get(SessionOutcome.CONVERTED, 0), self.ended)


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions, and by kind, user (id and last name) and workstation; `left` by step, then by outcome."""

    all: Tally
    kinds: Mapping[str, Tally]
    left: Mapping[str, Mapping[str, int]]
    users: Mapping[UUID, Tally]
    names: Mapping[UUID, str]
    workstations: Mapping[str, Tally]


class _Group(NamedTuple):
    kind: str
    outcome: str
    step: str
    user_id: UUID
    workstation: str
    name: str
    sessions: int
    taken: int
    converted: int
    lapsed: int
    released: int


def sessions(session: Session, *, actor: Actor, period: Period) -> Sessions:
    """The sessions that were begun on the days of a period.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    where = reach.place(session, actor)
    b = t.BookingSession
    kind = case((b.patient_id.is_not(None), PATIENT), else_=GUEST)
    parts = (kind, b.outcome, b.step, b.user_id, b.workstation)
    sums = (b.holds_taken, b.holds_converted, b.holds_lapsed, b.holds_released)
    rows = session.execute(
        select(*parts, func.max(b.user_name), func.count(), *(func.sum(column) for column in sums))
        .where(*reach.made(b, actor.clinic_id, period, where), b.workstation != OFFERS)
        .group_by(*parts)
    )
    groups = [_Group(*row[:6], *(int(number) for number in row[6:])) for row in rows]
    return Sessions(
        all=_tally(groups),
        kinds={word: _tally(g for g in groups if g.kind == word) for word in (PATIENT, GUEST)},
        left={step: _left(groups, step) for step in SessionStep},
        users=_by(groups, "user_id"),
        names={group.user_id: group.name for group in sorted(groups, key=lambda g: g.name)},
        workstations=_by(groups, "workstation"),
    )


def _tally(groups: Iterable[_Group]) -> Tally:
    outcomes: Counter[str] = Counter()
    holds = Holds()
    for group in groups:
        outcomes[group.outcome] += group.sessions
        holds = Holds(*(sum(pair) for pair in zip(holds, group[-4:], strict=True)))
    return Tally(dict(outcomes), holds)


def _by(groups: list[_Group], column: str) -> dict[Any, Tally]:
    keys = {getattr(group, column) for group in groups}
    return {key: _tally(g for g in groups if getattr(g, column) == key) for key in keys}


def _left(groups: list[_Group], step: str) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for group in groups:
        if group.step == step and group.outcome in LEFT:
            counted[group.outcome] += group.sessions
    return dict(counted)
