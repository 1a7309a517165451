"""What a course consists of: its sessions and the days between them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from clinic_scheduler.db.states import PlanStrategy
from clinic_scheduler.services.setup import Gap

__all__ = ["ANY_GAP", "MOST_DAYS", "MOST_SESSIONS", "Course", "Gap", "Step", "Window", "window"]

MOST_SESSIONS = 50
MOST_DAYS = 730
ANY_GAP = Gap(1, 7, 365)


@dataclass(frozen=True, slots=True)
class Step:
    """The `number`-th session of a course. `gap` is since the session before, and means nothing for the first.

    Without a length it takes as long as whoever performs it needs; nobody named means anyone, no room any of its kind.
    """

    number: int
    service_id: UUID
    gap: Gap = ANY_GAP
    name: str = ""
    duration_min: int | None = None
    practitioner_id: UUID | None = None
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it is to be, booked or not: `service_id` is what the plan is called after.

    It is wished with one practitioner (`keeps_practitioner`), and on one weekday and time (`keeps_time`).
    """

    service_id: UUID
    strategy: str
    steps: tuple[Step, ...]
    keeps_practitioner: bool = False
    keeps_time: bool = False

    def gap(self, step: Step) -> Gap:
        """The days before a session that are insisted on: a flexible course knows no most."""
        if self.strategy == PlanStrategy.FLEXIBLE:
            return replace(step.gap, max_days=MOST_DAYS)
        return step.gap

    def step(self, number: int) -> Step:
        """The session of that number, which is there."""
        return next(step for step in self.steps if step.number == number)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a session may be, both ends included, and the one that would be best."""

    earliest: date
    ideal: date
    latest: date

    def has(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.earliest <= day <= self.latest


def window(before: date, gap: Gap) -> Window:
    """The days for a session that follows one on the day `before`; each session has a day of its own."""
    least, ideal, most = spaced(gap)
    return Window(*(before + timedelta(days=days) for days in (least, ideal, most)))


def spaced(gap: Gap) -> tuple[int, int, int]:
    """The days of a gap; two sessions are never on one day."""
    least = max(1, gap.min_days)
    ideal = max(least, gap.ideal_days)
    return least, ideal, max(ideal, gap.max_days)


def broken(
    gaps: Mapping[int, Gap], days: Mapping[int, date], resumed_on: date | None = None
) -> Iterator[tuple[int, int]]:
    """The sessions (by number) that come too soon or too late after the one before, with the days between them.

    Only neighbours that both have a day can break a gap; in between lies what was skipped or is not booked yet. The
    time in which a plan rested makes no session late.
    """
    for before, number in pairwise(sorted(gaps)):
        if before in days and number in days:
            between = (days[number] - days[before]).days
            least, _ideal, most = spaced(gaps[number])
            rested = resumed_on is not None and days[before] < resumed_on <= days[number]
            if between < least or (between > most and not rested):
                yield number, between
