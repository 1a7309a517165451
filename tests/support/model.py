"""Who has which time when, in plain Python: what the bookings of a few desks should come to.

Each method does what one transaction should do and returns the refusal it should end with, having changed nothing,
or None. The clock stands still but for `now` being set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from clinic_scheduler.errors import (
    ChangedMeanwhile,
    ClinicError,
    HoldLapsed,
    InvalidInput,
    KeyReused,
    NotFound,
    TimeTaken,
)
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.wishes import Part

HOLD, LIFETIME, GRACE = timedelta(minutes=15), timedelta(hours=2), timedelta(minutes=5)
UNFINISHED = ("open", "parked")
Refusal = type[ClinicError] | None


class Facts(NamedTuple):
    """What the model must know of a service: buffers and, in minutes from the start, when its practitioner is away."""

    before: int
    after: int
    away: tuple[int, int] | None = None
    performers: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Time:
    """A resource's time, with what it takes beyond because of buffers; `part` is the line of the visit."""

    resource: UUID
    start: datetime
    end: datetime
    busy_from: datetime
    busy_to: datetime
    part: int


@dataclass(frozen=True)
class Claimed:
    """A claim: by a session's hold, or by an appointment."""

    time: Time
    session: UUID
    since: datetime
    until: datetime | None
    appointment: UUID | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it counts."""
        return self.until is None or self.until > now


@dataclass
class Sitting:
    """An act of booking."""

    desk: str
    user: UUID
    patient: UUID | None
    guest: str
    expires: datetime
    outcome: str = "open"
    version: int = 1
    parts: tuple[Part, ...] = ()


@dataclass
class Visit:
    """One appointment."""

    part: Part
    patient: UUID | None
    status: str = "confirmed"
    version: int = 1


@dataclass
class Model:
    """All of it. `services` and `is_open` are the rules of the clinic."""

    now: datetime
    services: dict[UUID, Facts]
    opened: tuple[tuple[datetime, datetime], ...]
    sessions: dict[UUID, Sitting] = field(default_factory=dict)
    claims: list[Claimed] = field(default_factory=list)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    answers: dict[UUID, tuple[UUID, tuple[UUID, ...]]] = field(default_factory=dict)

    def start(self, actor: Actor, identifier: UUID, patient: UUID | None, guest: str) -> Refusal:
        """Begin a booking; an older one of that patient ends."""
        if patient:
            self._abandon_other(patient, identifier)
        self.sessions[identifier] = Sitting(
            actor.workstation, actor.user_id, patient, guest, self.now + LIFETIME
        )
        return None

    def save(self, actor: Actor, identifier: UUID, version: int, patient: UUID | None, guest: str) -> Refusal:
        """Name the patient or guest."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        if patient and patient != one.patient:
            self._abandon_other(patient, identifier)
        one.patient, one.guest, one.outcome = patient, guest, "open"
        self._touch(one)
        return None

    def hold(self, actor: Actor, identifier: UUID, version: int, parts: Sequence[Part]) -> Refusal:
        """Take the times of the parts instead of what was held."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        refused = self._forbidden(parts)
        if refused:
            return refused
        wanted = self.times(parts, one.patient)
        if self._clash(wanted, besides=identifier):
            return TimeTaken
        self._free(self.held(identifier))
        self._take(wanted, identifier, self.now + HOLD)
        one.parts = tuple(parts)
        self._touch(one)
        return None

    def renew(self, actor: Actor, identifier: UUID) -> datetime | None:
        """The new end of all the session's holds, None where there are none or they are elsewhere."""
        one, held = self.sessions[identifier], self.held(identifier)
        if (one.desk, one.user) != (actor.workstation, actor.user_id) or not held:
            return None
        self._change(held, until=self.now + HOLD)
        return self.now + HOLD

    def release(self, actor: Actor, identifier: UUID, version: int) -> Refusal:
        """Give the held times back."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        self._free(self.held(identifier))
        one.parts, one.version = (), one.version + 1
        return None

    def confirm(self, actor: Actor, identifier: UUID, request: UUID, ids: Sequence[UUID]) -> Refusal:
        """Make a booking of it; `ids` are those of the appointments that the program made, none if it refused."""
        if request in self.answers:
            return None if self.answers[request][0] == identifier else KeyReused
        one = self.sessions[identifier]
        if one.outcome not in UNFINISHED or one.desk != actor.workstation:
            return ChangedMeanwhile
        if not one.parts or not (one.patient or one.guest):
            return InvalidInput
        wanted, held = self.times(one.parts, one.patient), self.held(identifier)
        if {claim.time for claim in held} != set(wanted):
            if not held and min(part.start for part in one.parts) < self.now - GRACE:
                return InvalidInput
            if self._clash(wanted, besides=identifier):
                return TimeTaken if held else HoldLapsed
            self._free(held)
            self._take(wanted, identifier, self.now + HOLD)
        for part, appointment in zip(one.parts, ids, strict=True):
            self.visits[appointment] = Visit(part, one.patient)
        for claim in self.held(identifier):
            self._change([claim], until=None, appointment=ids[claim.time.part])
        one.outcome, one.version, self.answers[request] = (
            "converted",
            one.version + 1,
            (identifier, tuple(ids)),
        )
        return None

    def park(self, actor: Actor, identifier: UUID) -> None:
        """Put it into the tray."""
        one = self.sessions[identifier]
        if (one.desk, one.user) == (actor.workstation, actor.user_id) and one.outcome == "open":
            one.outcome, one.version = "parked", one.version + 1

    def resume(self, actor: Actor, identifier: UUID) -> Refusal:
        """Go on with it at this desk."""
        one = self.sessions[identifier]
        if one.outcome not in UNFINISHED or one.expires <= self.now or not _may_open(one, actor):
            return NotFound
        one.desk, one.user, one.outcome = actor.workstation, actor.user_id, "open"
        self._touch(one)
        return None

    def discard(self, actor: Actor, identifier: UUID) -> None:
        """Throw it away."""
        one = self.sessions[identifier]
        if one.outcome in UNFINISHED and _may_open(one, actor):
            self._end(identifier, "discarded")

    def cancel(self, ids: Sequence[UUID], versions: Sequence[int]) -> Refusal:
        """Cancel appointments, all or none."""
        wanted = [(self.visits[one], version) for one, version in zip(ids, versions, strict=True)]
        if any(visit.status != "confirmed" or visit.version != version for visit, version in wanted):
            return ChangedMeanwhile
        for visit, _version in wanted:
            visit.status, visit.version = "cancelled", visit.version + 1
        self._free([claim for claim in self.claims if claim.appointment in ids and claim.until is None])
        return None

    def sweep(self) -> None:
        """Clear away what has expired."""
        self.claims = [c for c in self.claims if c.appointment or c.lives(self.now)]
        for one in self.sessions.values():
            if one.outcome in UNFINISHED and one.expires <= self.now:
                one.outcome, one.version = "expired", one.version + 1

    def held(self, identifier: UUID) -> list[Claimed]:
        """The live holds of a session."""
        return [c for c in self.claims if c.session == identifier and not c.appointment and c.lives(self.now)]

    def times(self, parts: Iterable[Part], patient: UUID | None) -> list[Time]:
        """Everything that the parts take."""
        found = []
        for number, part in enumerate(parts):
            facts = self.services[part.service_id]
            before, after = timedelta(minutes=facts.before), timedelta(minutes=facts.after)
            whole = (part.start, part.end, part.start - before, part.end + after)
            pieces = [whole]
            if facts.away:
                leaves, returns = (part.start + timedelta(minutes=minute) for minute in facts.away)
                pieces = [
                    (part.start, leaves, part.start - before, leaves),
                    (returns, part.end, returns, part.end + after),
                ]
            found += [Time(part.practitioner_id, *piece, number) for piece in pieces]
            found += [Time(place, *whole, number) for place in (part.room_id, part.equipment_id) if place]
            if patient and part.visitor == 0:
                found.append(Time(patient, part.start, part.end, part.start, part.end, number))
        return found

    def _is_own(self, actor: Actor, identifier: UUID, version: int) -> bool:
        one = self.sessions[identifier]
        is_here = (one.desk, one.user) == (actor.workstation, actor.user_id)
        return one.outcome in UNFINISHED and one.expires > self.now and is_here and one.version == version

    def _forbidden(self, parts: Sequence[Part]) -> Refusal:
        for part in parts:
            if part.practitioner_id not in self.services[part.service_id].performers:
                return NotFound
        if min(part.start for part in parts) < self.now - GRACE:
            return InvalidInput
        fits = all(any(opens <= p.start and p.end <= closes for opens, closes in self.opened) for p in parts)
        return None if fits else InvalidInput

    def _clash(self, wanted: Sequence[Time], besides: UUID) -> bool:
        others = [
            claim.time
            for claim in self.claims
            if claim.lives(self.now) and (claim.appointment or claim.session != besides)
        ]
        return any(
            one.resource == other.resource and one.busy_from < other.busy_to and other.busy_from < one.busy_to
            for number, one in enumerate(wanted)
            for other in (*others, *wanted[:number])
        )

    def _take(self, wanted: Sequence[Time], identifier: UUID, until: datetime) -> None:
        self.claims += [Claimed(time, identifier, self.now, until) for time in wanted]

    def _free(self, some: Sequence[Claimed]) -> None:
        """Close claims; what was taken in this very tick never was."""
        self._change([c for c in some if c.since < self.now], until=self.now)
        self.claims = [c for c in self.claims if c not in some or c.since < self.now]

    def _change(self, some: Sequence[Claimed], **values: object) -> None:
        self.claims = [replace(c, **values) if c in some else c for c in self.claims]  # type: ignore[arg-type]

    def _abandon_other(self, patient: UUID, keep: UUID) -> None:
        for identifier, one in self.sessions.items():
            if identifier != keep and one.patient == patient and one.outcome in UNFINISHED:
                self._end(identifier, "abandoned")

    def _end(self, identifier: UUID, outcome: str) -> None:
        one = self.sessions[identifier]
        self._free(self.held(identifier))
        one.outcome, one.version = outcome, one.version + 1

    def _touch(self, one: Sitting) -> None:
        one.version, one.expires = one.version + 1, self.now + LIFETIME


def _may_open(one: Sitting, actor: Actor) -> bool:
    return bool(one.patient) or one.desk == actor.workstation or one.user == actor.user_id
