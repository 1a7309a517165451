"""Desks that hold, confirm, cancel and crash in any order, beside the plain model of what should come of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import rule

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments, moving
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.wishes import Part
from tests.support.clinics import ANA, BEN, BLUE_ROOM, MASSAGE, RED_ROOM
from tests.support.crashing import Crash
from tests.support.playing import Opened, Playing
from tests.support.steps import ACTORS, COLOUR, LASER, LENGTHS, MINUTE, WAYS, Step, step_of

ALONE = {"start", "cancel", "reopen", "move", "move_again", "swap", "sweep", "wait", "wait_for_an_end"}


class Desks(Playing):
    """Everything that desks do."""

    def parts(self, step: Step) -> tuple[Part, ...]:
        """Parts of a visit, mostly one after another; a quarter of an hour is a slot, from nine on."""
        found, slot = [], step.slot
        for way, shift, visitor in step.lines:
            (service, who), slot = WAYS[way], slot + shift
            start = self.clinic.at("09:00") + 15 * slot * MINUTE
            room = (BLUE_ROOM, RED_ROOM)[slot % 2] if service == MASSAGE else None
            laser = LASER if service == COLOUR else None
            end = start + LENGTHS[service] * MINUTE
            found.append(Part(service, who, room, start, end, 5000, laser, visitor))
            slot += LENGTHS[service] // 15
        return tuple(found)

    def choices(self, session_id: UUID | None, guest: str) -> Choices:
        parts = self.model.sessions[session_id].parts if session_id else ()
        return Choices(parts=parts, guest=Guest(guest))

    @rule(seed=st.integers(0, 2**40))
    def do(self, seed: int) -> None:
        step = step_of(seed)
        note(str(step))
        self.take(step)

    def take(self, step: Step) -> None:
        """One transaction of one desk, or the clock goes on."""
        if not self.model.sessions:
            self.start(step)
        elif step.what in ALONE:
            getattr(self, step.what)(step)
        else:
            getattr(self, step.what)(step, self.session(step))

    def start(self, step: Step) -> None:
        identifier, actor = new_id(), ACTORS[step.m % 3]
        guest = "" if step.patient or step.v % 8 == 0 else "Guest"
        asked = {"patient_id": step.patient, "session_id": identifier, "chosen": self.choices(None, guest)}
        got = self.transact(booking_session.start, step, actor=actor, **asked)
        if not isinstance(got, Crash):
            self.check(got, self.model.start(actor, identifier, step.patient, guest))

    def hold(self, step: Step, one: UUID) -> None:
        actor, version, parts = self.actor(one, step.m), self.version(one, step.v), self.parts(step)
        got = self.transact(booking.hold, step, actor=actor, session_id=one, version=version, parts=parts)
        if not isinstance(got, Crash):
            self.check(got, self.model.hold(actor, one, version, parts))

    def renew(self, step: Step, one: UUID) -> None:
        actor = self.actor(one, step.m)
        self.clock_at(self.model.now + step.n % 4 * MINUTE)
        got = self.transact(booking.renew, step, actor=actor, session_id=one)
        if not isinstance(got, Crash):
            expected = self.model.renew(actor, one)
            self.check(got, expected if isinstance(expected, type) else None)
            assert isinstance(got, Exception) or got == expected

    def come_late(self, step: Step, one: UUID) -> None:
        """Confirm or renew at the very tick at which the hold has ended."""
        ends = [claim.until for claim in self.model.book.held(one) if claim.until]
        if ends:
            self.clock_at(max(ends))
            (self.confirm if step.m % 2 else self.renew)(step, one)

    def linger(self, step: Step, one: UUID) -> None:
        """Go on renewing, as long as a hold may last and longer."""
        for _ in range(9 if self.model.book.held(one) else 0):
            self.clock_at(self.model.now + 14 * MINUTE)
            self.renew(replace(step, crash=None, m=1, n=0), one)

    def release(self, step: Step, one: UUID) -> None:
        actor, version = self.actor(one, step.m), self.version(one, step.v)
        got = self.transact(booking.release, step, actor=actor, session_id=one, version=version)
        if not isinstance(got, Crash):
            self.check(got, self.model.release(actor, one, version))

    def name(self, step: Step, one: UUID) -> None:
        actor, version, guest = (
            self.actor(one, step.m),
            self.version(one, step.v),
            "" if step.patient else "Guest",
        )
        asked = {"version": version, "chosen": self.choices(one, guest), "patient_id": step.patient}
        got = self.transact(booking_session.save, step, actor=actor, session_id=one, step="patient", **asked)
        if not isinstance(got, Crash):
            self.check(got, self.model.save(actor, one, version, step.patient, guest))

    def confirm(self, step: Step, one: UUID) -> None:
        self._confirm(step, one, self.actor(one, step.m), new_id())

    def confirm_again(self, step: Step, one: UUID) -> None:
        """With the request id of an earlier try, which may have been for another session."""
        if self.requests:
            request, of = self.requests[step.n % len(self.requests)]
            self._confirm(step, of if step.m % 4 else one, self.actor(of, step.m), request)

    def _confirm(self, step: Step, one: UUID, actor: Actor, request: UUID) -> None:
        self.requests.append((request, one))
        got = self.transact(booking.confirm, step, actor=actor, session_id=one, request_id=request)
        if isinstance(got, Crash):
            return
        ids = got.appointment_ids if isinstance(got, booking.Confirmed) else ()
        self.check(got, self.model.confirm(actor, one, request, ids))
        assert isinstance(got, Exception) or self.model.answers[request] == (one, ids)

    def park(self, step: Step, one: UUID) -> None:
        self._put_aside(step, one, self.actor(one, step.m))

    def resume(self, step: Step, one: UUID) -> None:
        self._put_aside(step, one, ACTORS[step.m % 3])

    def discard(self, step: Step, one: UUID) -> None:
        self._put_aside(step, one, self.actor(one, step.m))

    def _put_aside(self, step: Step, one: UUID, actor: Actor) -> None:
        got = self.transact(getattr(booking_session, step.what), step, actor=actor, session_id=one)
        if not isinstance(got, Crash):
            self.check(got, getattr(self.model, step.what)(actor, one))

    def cancel(self, step: Step) -> None:
        seen = self.visits(step, "confirmed", 1 + step.m % 2)
        asked = {"appointment_ids": list(seen), "versions": list(seen.values()), "reason": "ill"}
        if seen:
            got = self.transact(appointments.cancel, step, actor=ACTORS[step.m % 3], **asked)
            self.settle(got, lambda: self.model.cancel(seen))

    def reopen(self, step: Step) -> None:
        seen = self.visits(step, "cancelled", 1 + step.m % 2)
        asked = {"appointment_ids": list(seen), "versions": list(seen.values()), "reason": "well again"}
        if seen:
            got = self.transact(appointments.reopen, step, actor=ACTORS[step.m % 3], **asked)
            self.settle(got, lambda: self.model.reopen(seen))

    def move(self, step: Step) -> None:
        """To another time, mostly of the same length, now and then with another practitioner."""
        seen = self.visits(step, "confirmed", 1)
        for one, version in seen.items():
            old = self.model.visits[one].part
            start = self.clinic.at("09:00") + 15 * step.slot * MINUTE
            end = start + (old.end - old.start) + (15 * MINUTE if step.n % 4 == 0 else 0 * MINUTE)
            who = (ANA, BEN)[step.v % 2] if step.n % 3 == 0 else old.practitioner_id
            wanted = Change(one, version, start, end, who)
            self._change(step, [wanted], {one: replace(old, start=start, end=end, practitioner_id=who)})

    def _change(self, step: Step, changes: list[Change], parts: dict[UUID, Part]) -> None:
        request, seen = new_id(), {one.appointment_id: one.version for one in changes}
        asked = {"actor": ACTORS[step.m % 3], "request_id": request, "changes": changes}
        got = self.transact(moving.change, step, **asked)
        if self.settle(got, lambda: self.model.change(seen, parts)):
            self.moved = asked

    def move_again(self, step: Step) -> None:
        """The acknowledgement of the last change got lost, and it is asked for again."""
        if self.moved:
            got = self.transact(moving.change, step, **self.moved)
            self.settle(got, lambda: None)

    def swap(self, step: Step) -> None:
        """Two parts of different visits take each other's time, practitioner and place."""
        seen = self.visits(step, "confirmed", 2)
        if len(seen) < 2:
            return
        pairs = list(seen.items())
        one, other = (self.model.visits[identifier].part for identifier, _version in pairs)
        asked = {"one": dict(pairs[:1]), "other": dict(pairs[1:]), "request_id": new_id()}
        got = self.transact(moving.swap, step, actor=ACTORS[step.m % 3], **asked)
        parts = {pairs[0][0]: _in_place_of(one, other), pairs[1][0]: _in_place_of(other, one)}
        self.settle(got, lambda: self.model.change(seen, parts))

    def sweep(self, step: Step) -> None:
        """One time in three at the very tick at which the first hold has ended."""
        ends = [claim.until for claim in self.model.book.live() if claim.until]
        if ends and step.n % 3 == 1:
            self.clock_at(min(ends))
        got = self.transact(upkeep.sweep, step, actor=ACTORS[step.m % 3])
        if not isinstance(got, Crash):
            assert got is not None
            self.model.sweep()

    def wait(self, step: Step) -> None:
        self.clock_at(
            self.model.now + (0, 0, 1, 2, 5, 8, 14, 40)[step.n % 8] * MINUTE + timedelta(milliseconds=step.m)
        )

    def wait_for_an_end(self, step: Step) -> None:
        """The clock jumps to the tick at which the next hold ends, or beside it."""
        ends = [c.until for c in self.model.book.claims if c.until and c.until > self.model.now]
        if ends:
            self.clock_at(max(self.model.now, min(ends) + timedelta(milliseconds=step.n % 3 - 1)))


def _in_place_of(one: Part, other: Part) -> Part:
    by = other.start - one.start
    return replace(
        one,
        start=one.start + by,
        end=one.end + by,
        practitioner_id=other.practitioner_id,
        room_id=other.room_id if other.room_id and one.room_id else one.room_id,
        equipment_id=other.equipment_id if other.equipment_id and one.equipment_id else one.equipment_id,
    )


def play(opened: Opened, seed: int, count: int) -> None:
    """Take so many steps without hypothesis, which repeats itself a lot."""
    desks, taken = Desks(opened), list[str]()
    try:
        for number in range(count):
            step = step_of(1000 * seed + number)
            taken.append(str(step))
            desks.take(step)
            desks.nothing_differs()
    except Exception as error:
        error.add_note("\n".join(taken))
        raise
    finally:
        desks.teardown()
