"""Who has which time when, in plain Python: claims with the interval in which they count, and what they are for."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.wishes import Part

UNFINISHED = ("open", "parked")


class Facts(NamedTuple):
    """What must be known of a service: buffers and, in minutes from the start, when its practitioner is away."""

    before: int
    after: int
    away: tuple[int, int] | None = None
    performers: frozenset[UUID] = frozenset()


class Time(NamedTuple):
    """A resource's time, with what it takes beyond because of buffers; `part` is the line of the visit."""

    resource: UUID
    start: datetime
    end: datetime
    busy_from: datetime
    busy_to: datetime
    part: int

    def clashes(self, other: "Time") -> bool:
        """Whether only one of them can be had."""
        is_same = self.resource == other.resource
        return is_same and self.busy_from < other.busy_to and other.busy_from < self.busy_to

    def touches(self, other: "Time") -> bool:
        """Whether they have a moment of the same resource in common, apart from buffers."""
        return self.resource == other.resource and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Claimed:
    """A claim: by a session's hold, or by an appointment."""

    time: Time
    since: datetime
    until: datetime | None
    session: UUID | None
    appointment: UUID | None = None


@dataclass
class Sitting:
    """An act of booking. `picked` is since when its present hold counts; the rest of the names count holds."""

    desk: str
    user: UUID
    patient: UUID | None
    guest: str
    expires: datetime
    outcome: str = "open"
    version: int = 1
    parts: tuple[Part, ...] = ()
    picked: datetime | None = None
    taken: int = 0
    converted: int = 0
    released: int = 0
    lapsed: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether a hold of it is not counted as ended yet, though it may have run out."""
        return self.taken > self.converted + self.released + self.lapsed

    @property
    def is_unfinished(self) -> bool:
        """Whether it goes on."""
        return self.outcome in UNFINISHED

    def is_at(self, actor: Actor) -> bool:
        """Whether it is at this desk, with this user."""
        return (self.desk, self.user) == (actor.workstation, actor.user_id)

    def may_be_opened_by(self, actor: Actor) -> bool:
        """A patient's anywhere, a guest's at the same desk or by the same user."""
        return bool(self.patient) or self.desk == actor.workstation or self.user == actor.user_id


@dataclass
class Visit:
    """One appointment; `position` is its line in the visit."""

    part: Part
    position: int
    patient: UUID | None
    status: str = "confirmed"
    version: int = 1


@dataclass
class Ledger:
    """All claims; `now` stands still but for being set."""

    now: datetime
    claims: list[Claimed] = field(default_factory=list)

    def live(self) -> list[Claimed]:
        """What counts."""
        return [c for c in self.claims if c.until is None or c.until > self.now]

    def held(self, session: UUID) -> list[Claimed]:
        """The live holds of a session."""
        return [c for c in self.live() if c.session == session and not c.appointment]

    def of(self, appointments: Collection[UUID]) -> list[Claimed]:
        """The live claims of appointments."""
        return [c for c in self.claims if c.appointment in appointments and c.until is None]

    def is_free(self, wanted: Sequence[Time], given_up: Collection[Claimed]) -> bool:
        """Whether all of it can be had once the claims that are given up are gone."""
        others = [c.time for c in self.live() if c not in given_up]
        return not any(
            one.clashes(other) for number, one in enumerate(wanted) for other in (*others, *wanted[:number])
        )

    def hold(self, wanted: Iterable[Time], session: UUID, until: datetime) -> None:
        """Take times until an end."""
        self.claims += [Claimed(time, self.now, until, session) for time in wanted]

    def book(self, wanted: Iterable[Time], appointment: UUID) -> None:
        """Take times for an appointment."""
        self.claims += [Claimed(time, self.now, None, None, appointment) for time in wanted]

    def convert(self, session: UUID, appointments: Sequence[UUID]) -> None:
        """Make the holds of a session the claims of its appointments."""
        for claim in self.held(session):
            made = replace(claim, until=None, appointment=appointments[claim.time.part])
            self.claims[self.claims.index(claim)] = made

    def prolong(self, some: Sequence[Claimed], until: datetime) -> None:
        """Give claims another end."""
        self.claims = [replace(c, until=until) if c in some else c for c in self.claims]

    def free(self, some: Sequence[Claimed]) -> None:
        """Close claims; what was taken in this very tick never was."""
        self.claims = [c for c in self.claims if c not in some or c.since < self.now]
        self.prolong(some, self.now)

    def forget(self) -> None:
        """Drop the holds that are over."""
        live = self.live()
        self.claims = [c for c in self.claims if c.appointment or c in live]


def times(facts: Facts, part: Part, patient: UUID | None, number: int) -> list[Time]:
    """Everything that one part of a visit takes."""
    before, after = timedelta(minutes=facts.before), timedelta(minutes=facts.after)
    whole = (part.start, part.end, part.start - before, part.end + after)
    pieces = [whole]
    if facts.away:
        leaves, returns = (part.start + timedelta(minutes=minute) for minute in facts.away)
        pieces = [
            (part.start, leaves, part.start - before, leaves),
            (returns, part.end, returns, part.end + after),
        ]
    found = [Time(part.practitioner_id, *piece, number) for piece in pieces]
    found += [Time(place, *whole, number) for place in (part.room_id, part.equipment_id) if place]
    if patient and part.visitor == 0:
        found.append(Time(patient, part.start, part.end, part.start, part.end, number))
    return found
