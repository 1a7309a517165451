"""What became of the bookings that were begun: conversion, where they were left, and the fate of what they held.

A booking session counts on the local day of the clinic on which it was begun, whatever happened later.

- Its *kind* is patient where it was for somebody on record when last saved, else guest, also where nobody was named.
- Its *outcome* is converted (it became a booking), discarded (thrown away), expired (left until its time was over),
  abandoned (a newer one of the same patient took over), or open or parked while it is unfinished.
- *Conversion* is the share of the converted among those that have ended; unfinished ones say nothing yet.
- It was *left* at the step it had reached when it ended in another way than converted.
- A *hold* is one pick of a visit with all its parts. It ends as converted (booked), released (given back while it
  lived) or lapsed (it ran out first); what is neither is still held, or lapsed and not swept yet.
- User and workstation are those who had the session last.
- What holds a time that was offered from the waitlist is no booking that somebody began, and does not count here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.unfinished.unfinished import OFFERS, OUTCOMES

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
        return self.outcomes.get(SessionOutcome.CONVERTED, 0) / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class Figures:
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


def sessions(session: Session, *, clinic_id: UUID, first: date, until: date) -> Figures:
    """The figures of the clinic's local days from `first` up to, not including, `until`.

    Raises:
        NotFound: there is no such clinic.
    """
    where = clinic(session, clinic_id).where
    b = t.BookingSession
    kind = case((b.patient_id.is_not(None), PATIENT), else_=GUEST)
    parts = (kind, b.outcome, b.step, b.user_id, b.workstation)
    sums = (b.holds_taken, b.holds_converted, b.holds_lapsed, b.holds_released)
    rows = session.execute(
        select(*parts, func.max(b.user_name), func.count(), *(func.sum(column) for column in sums))
        .where(
            b.clinic_id == clinic_id,
            b.workstation != OFFERS,
            b.created_at >= localtime.midnight(first, where),
            b.created_at < localtime.midnight(until, where),
        )
        .group_by(*parts)
    )
    groups = [_Group(*row[:6], *(int(number) for number in row[6:])) for row in rows]
    return Figures(
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
