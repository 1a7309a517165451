"""Who is asked first for a free time: a total order in words that can be said to whoever asks. Pure.

Everybody ranked fits: the whole wish was found free by the search. Of these, one by one until two differ:

1. who was not offered this very time before;
2. who is more urgent;
3. whose visit leaves less of the free time empty, in three grades, so that five minutes decide nothing;
4. who was made fewer offers, so that whoever had a turn lets the others have theirs;
5. who waits longer; and then the order of adding, so that no two desks see another order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum
from typing import Any
from uuid import UUID


class Fit(IntEnum):
    """How much of the free time a visit uses."""

    ALL = 0
    MOST = 1
    SOME = 2


class Criterion(Enum):
    """By what one stands before another, in the order in which they decide."""

    NEW = "new"
    URGENCY = "urgency"
    FIT = "fit"
    OFFERS = "offers"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could come. `used` is the share of the free time that the visit uses, from 0 to 1."""

    entry_id: UUID
    urgency: int
    used: float
    offers_made: int
    since: datetime
    was_offered: bool = False

    @property
    def fit(self) -> Fit:
        """The grade of the share used."""
        if self.used >= 0.9:
            return Fit.ALL
        return Fit.MOST if self.used >= 0.5 else Fit.SOME


def key(one: Candidate) -> tuple[Any, ...]:
    """Sorted by this the first is asked first; no two people have the same."""
    return (*_criteria(one).values(), one.entry_id.bytes)


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, who is asked first in front."""
    return tuple(sorted(candidates, key=key))


def decided_by(one: Candidate, other: Candidate) -> Criterion:
    """What puts one of two before the other; waiting, down to the order of adding, if all else is equal."""
    theirs = _criteria(other)
    differing = (criterion for criterion, value in _criteria(one).items() if value != theirs[criterion])
    return next(differing, Criterion.WAITING)


def _criteria(one: Candidate) -> dict[Criterion, Any]:
    return {
        Criterion.NEW: one.was_offered,
        Criterion.URGENCY: -one.urgency,
        Criterion.FIT: one.fit,
        Criterion.OFFERS: one.offers_made,
        Criterion.WAITING: one.since,
    }
