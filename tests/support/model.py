"""What the bookings of a few desks should come to, in plain Python.

Each method does what one transaction should do and returns the refusal it should end with, having changed nothing,
or None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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
from tests.support import ledger
from tests.support.ledger import Facts, Ledger, Sitting, Time, Visit

HOLD, LIFETIME, GRACE = timedelta(minutes=15), timedelta(hours=2), timedelta(minutes=5)
LONGEST_HOLD = timedelta(hours=2)
Refusal = type[ClinicError] | None


@dataclass
class Model:
    """All of it. `services` and `opened` are the rules of the clinic."""

    book: Ledger
    services: dict[UUID, Facts]
    opened: tuple[tuple[datetime, datetime], ...]
    sessions: dict[UUID, Sitting] = field(default_factory=dict)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    answers: dict[UUID, tuple[UUID, tuple[UUID, ...]]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The clock."""
        return self.book.now

    def start(self, actor: Actor, identifier: UUID, patient: UUID | None, guest: str) -> Refusal:
        """Begin a booking; an older one of that patient ends."""
        self._abandon_other(patient, identifier)
        expires = self.now + LIFETIME
        self.sessions[identifier] = Sitting(actor.workstation, actor.user_id, patient, guest, expires)
        return None

    def save(self, actor: Actor, identifier: UUID, version: int, patient: UUID | None, guest: str) -> Refusal:
        """Name the patient, whose time is held too where it is free, or the guest."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        if patient != one.patient:
            self._abandon_other(patient, identifier)
            self.book.free([c for c in self.book.held(identifier) if c.time.resource == one.patient])
            self._hold_patient(identifier, one, patient)
        one.patient, one.guest, one.outcome = patient, guest, "open"
        self._touch(one)
        return None

    def hold(self, actor: Actor, identifier: UUID, version: int, parts: Sequence[Part]) -> Refusal:
        """Take the times of the parts instead of what was held."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        refused = self._pick(identifier, one, parts)
        if not refused:
            one.version += 1
        return refused

    def renew(self, actor: Actor, identifier: UUID) -> Refusal | datetime:
        """The new end of all the session's holds, taken again if they had lapsed; None where there are none."""
        one, held = self.sessions[identifier], self.book.held(identifier)
        if not one.is_unfinished or not one.is_at(actor):
            return None
        if held:
            last = (one.picked or self.now) + LONGEST_HOLD
            ends = max(claim.until for claim in held if claim.until)
            if last <= ends:
                return InvalidInput
            self.book.prolong(held, max(ends, min(self.now + HOLD, last)))
            one.expires = self.now + LIFETIME
        elif one.parts:
            refused = self._pick(identifier, one, one.parts)
            if refused:
                return HoldLapsed if refused is TimeTaken else refused
        return max((c.until for c in self.book.held(identifier) if c.until), default=None)

    def release(self, actor: Actor, identifier: UUID, version: int) -> Refusal:
        """Give the held times back."""
        if not self._is_own(actor, identifier, version):
            return ChangedMeanwhile
        one = self.sessions[identifier]
        self._give_up(identifier, one)
        one.parts, one.version = (), one.version + 1
        return None

    def confirm(self, actor: Actor, identifier: UUID, request: UUID, ids: Sequence[UUID]) -> Refusal:
        """Make a booking of it; `ids` are those of the appointments that the program made, none if it refused."""
        one, answer = self.sessions[identifier], self.answers.get(request)
        if not one.is_unfinished and answer:
            return None if answer[0] == identifier else KeyReused
        held, wanted = self.book.held(identifier), self.times(one.parts, one.patient)
        refused = self._unconfirmable(actor, identifier, one, wanted)
        if refused or answer:
            return refused or KeyReused
        assert len(ids) == len(one.parts), "nothing is in the way of this booking"
        if {claim.time for claim in held} != set(wanted):
            self.book.free(held)
            self.book.hold(wanted, identifier, self.now + HOLD)
        if not held:
            one.lapsed, one.taken = one.lapsed + one.goes_on, one.taken + 1
        one.converted += 1
        for position, (part, appointment) in enumerate(zip(one.parts, ids, strict=True)):
            self.visits[appointment] = Visit(part, position, one.patient)
        self.book.convert(identifier, ids)
        one.outcome, one.version, one.picked = "converted", one.version + 1, None
        self.answers[request] = (identifier, tuple(ids))
        return None

    def _unconfirmable(self, actor: Actor, identifier: UUID, one: Sitting, wanted: Sequence[Time]) -> Refusal:
        if not one.is_unfinished or one.desk != actor.workstation:
            return ChangedMeanwhile
        held = self.book.held(identifier)
        is_over = not held and any(time.start < self.now - GRACE for time in wanted)
        if is_over or not one.parts or not (one.patient or one.guest):
            return InvalidInput
        if {claim.time for claim in held} != set(wanted) and not self.book.is_free(wanted, held):
            return TimeTaken if held else HoldLapsed
        return None

    def park(self, actor: Actor, identifier: UUID) -> Refusal:
        """Put it into the tray."""
        one = self.sessions[identifier]
        if one.is_at(actor) and one.outcome == "open":
            one.outcome, one.version = "parked", one.version + 1
        return None

    def resume(self, actor: Actor, identifier: UUID) -> Refusal:
        """Go on with it at this desk."""
        one = self.sessions[identifier]
        if not one.is_unfinished or one.expires <= self.now or not one.may_be_opened_by(actor):
            return NotFound
        one.desk, one.user, one.outcome = actor.workstation, actor.user_id, "open"
        self._touch(one)
        return None

    def discard(self, actor: Actor, identifier: UUID) -> Refusal:
        """Throw it away, unless another desk goes on with it."""
        one = self.sessions[identifier]
        if one.is_unfinished and one.may_be_opened_by(actor):
            if one.outcome == "open" and one.desk != actor.workstation:
                return ChangedMeanwhile
            self._end(identifier, "discarded")
        return None

    def sweep(self) -> None:
        """Clear away what has expired."""
        for identifier, one in self.sessions.items():
            if one.is_unfinished and one.expires <= self.now:
                self._end(identifier, "expired")
            elif one.is_unfinished and not self.book.held(identifier):
                self._give_up(identifier, one)
        self.book.forget()

    def cancel(self, seen: Mapping[UUID, int]) -> Refusal:
        """Cancel appointments, all or none."""
        if any(self.visits[one].status != "confirmed" for one in seen) or not self._are_current(seen):
            return ChangedMeanwhile
        self.book.free(self.book.of(seen))
        for one in seen:
            self.visits[one].status, self.visits[one].version = "cancelled", self.visits[one].version + 1
        return None

    def reopen(self, seen: Mapping[UUID, int]) -> Refusal:
        """Put cancelled appointments back where they were, all or none."""
        if not self._are_current(seen):
            return ChangedMeanwhile
        if any(self.visits[one].status != "cancelled" for one in seen):
            return InvalidInput
        wanted = {one: self.times_of(self.visits[one]) for one in seen}
        if not self.book.is_free([time for some in wanted.values() for time in some], ()):
            return TimeTaken
        for one, some in wanted.items():
            self.book.book(some, one)
            self.visits[one].status, self.visits[one].version = "confirmed", self.visits[one].version + 1
        return None

    def change(self, seen: Mapping[UUID, int], parts: Mapping[UUID, Part]) -> Refusal:
        """Give appointments other times, people and places, all or none."""
        if not self._are_current(seen):
            return ChangedMeanwhile
        if any(self.visits[one].status != "confirmed" for one in seen):
            return InvalidInput
        parts = {one: part for one, part in parts.items() if part != self.visits[one].part}
        refused = self._forbidden(list(parts.values())) if parts else None
        if refused:
            return refused
        after = {one: self.times_of(replace(self.visits[one], part=part)) for one, part in parts.items()}
        left = [c for c in self.book.of(parts) if c.time not in after[c.appointment or UUID(int=0)]]
        stay = [c.time for c in self.book.of(parts) if c not in left]
        new = {one: [time for time in some if time not in stay] for one, some in after.items()}
        if not self.book.is_free([time for some in new.values() for time in some], left):
            return TimeTaken
        self.book.free(left)
        for one, part in parts.items():
            self.book.book(new[one], one)
            self.visits[one].part, self.visits[one].version = part, self.visits[one].version + 1
        return None

    def times(self, parts: Sequence[Part], patient: UUID | None) -> list[Time]:
        """Everything that the parts of one visit take."""
        return [
            time
            for number, part in enumerate(parts)
            for time in ledger.times(self.services[part.service_id], part, patient, number)
        ]

    def times_of(self, visit: Visit) -> list[Time]:
        """Everything that an appointment takes."""
        facts = self.services[visit.part.service_id]
        return ledger.times(facts, visit.part, visit.patient, visit.position)

    def _is_own(self, actor: Actor, identifier: UUID, version: int) -> bool:
        one = self.sessions[identifier]
        return one.is_unfinished and one.expires > self.now and one.is_at(actor) and one.version == version

    def _are_current(self, seen: Mapping[UUID, int]) -> bool:
        return all(self.visits[one].version == version for one, version in seen.items())

    def _forbidden(self, parts: Sequence[Part]) -> Refusal:
        if min(part.start for part in parts) < self.now - GRACE:
            return InvalidInput
        if any(part.practitioner_id not in self.services[part.service_id].performers for part in parts):
            return NotFound
        fits = all(any(opens <= p.start and p.end <= closes for opens, closes in self.opened) for p in parts)
        return None if fits else InvalidInput

    def _pick(self, identifier: UUID, one: Sitting, parts: Sequence[Part]) -> Refusal:
        refused, held = self._forbidden(parts), self.book.held(identifier)
        wanted = self.times(parts, one.patient)
        if refused or not self.book.is_free(wanted, held):
            return refused or TimeTaken
        goes_on = any(claim.time.touches(time) for claim in held for time in wanted)
        since = one.picked if goes_on and one.picked else self.now
        self._give_up(identifier, one)
        one.picked, one.taken, one.parts = since, one.taken + 1, tuple(parts)
        self.book.hold(wanted, identifier, min(self.now + HOLD, since + LONGEST_HOLD))
        one.expires = self.now + LIFETIME
        return None

    def _hold_patient(self, identifier: UUID, one: Sitting, patient: UUID | None) -> None:
        """As long as the rest is held, where all of it is free."""
        held = self.book.held(identifier)
        wanted = [time for time in self.times(one.parts, patient) if time.resource == patient]
        if held and wanted and self.book.is_free(wanted, ()):
            self.book.hold(wanted, identifier, min(claim.until for claim in held if claim.until))

    def _give_up(self, identifier: UUID, one: Sitting) -> None:
        """End the present hold: given back while it lived, or lapsed before."""
        held = self.book.held(identifier)
        one.released, one.lapsed = one.released + bool(held), one.lapsed + (one.goes_on and not held)
        self.book.free(held)
        one.picked = None

    def _abandon_other(self, patient: UUID | None, keep: UUID) -> None:
        for identifier, one in self.sessions.items():
            if patient and identifier != keep and one.patient == patient and one.is_unfinished:
                self._end(identifier, "abandoned")

    def _end(self, identifier: UUID, outcome: str) -> None:
        one = self.sessions[identifier]
        self._give_up(identifier, one)
        one.outcome, one.version = outcome, one.version + 1

    def _touch(self, one: Sitting) -> None:
        one.version, one.expires = one.version + 1, self.now + LIFETIME
