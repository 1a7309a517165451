"""Booking at its core: hold, renew, release, confirm; each all or nothing in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.errors import ChangedMeanwhile, HoldLapsed, InvalidInput, TimeTaken

from . import audit, booking_session, choices, claims, holds, messages, references, requests, rules, visits
from .actor import BOOK, Actor
from .catalogue import Catalogue, ClinicFacts, catalogue
from .holds import Fate
from .requests import Answer
from .unfinished import OUTCOMES, Unfinished, is_at
from .visits import NewBooking
from .wishes import Part


@dataclass(frozen=True, slots=True)
class Held:
    """Times held for a booking session, all until `until` by the database's clock."""

    session: Unfinished
    until: datetime


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A finished booking."""

    booking_id: UUID
    reference: str
    appointment_ids: tuple[UUID, ...]

    def write(self) -> Answer:
        """The booking as JSON."""
        appointments = [str(identifier) for identifier in self.appointment_ids]
        return {"booking": str(self.booking_id), "reference": self.reference, "appointments": appointments}

    @classmethod
    def read(cls, stored: Answer) -> "Confirmed":
        """The booking from its JSON."""
        appointments = tuple(UUID(identifier) for identifier in stored["appointments"])
        return cls(UUID(stored["booking"]), stored["reference"], appointments)


def hold(session: Session, *, actor: Actor, session_id: UUID, version: int, parts: Sequence[Part]) -> Held:
    """Take the times of a whole visit for the session, instead of what it held before, or none of them.

    All holds of the session end together, a clinic's `hold_min` from now.

    Raises:
        TimeTaken: one of the times is not free.
        ChangedMeanwhile: the booking is at another desk or has ended.
        InvalidInput: there is no part, or one lies in the past.
    """
    actor.require(BOOK)
    row = booking_session.own(session, actor, session_id, version)
    offered = catalogue(session, actor.clinic_id)
    wanted = visits.held_takings(offered, parts, row.patient_id)
    old = claims.live_holds(session, session_id)
    claims.lock(session, [*(taking.resource_id for taking in wanted), *(claim.resource_id for claim in old)])
    now = claims.now(session)
    rules.check(session, offered, parts, now)
    until = now + timedelta(minutes=offered.clinic.hold_min)
    claims.release(session, old, now)
    claims.hold(session, actor.clinic_id, session_id, wanted, until, now)
    chosen, _damaged = choices.read(row.choices)
    row.choices = choices.write(replace(chosen, parts=tuple(parts)))
    row.version, row.updated_at, row.expires_at = version + 1, now, now + booking_session.LIFETIME
    _count(row, holds.fate(was_live=bool(old)))
    row.holds_taken, row.held_since = row.holds_taken + 1, now
    session.flush()
    announce(session, "booking_session", session_id)
    return Held(booking_session.find(session, actor=actor, session_id=session_id), until)


def renew(session: Session, *, actor: Actor, session_id: UUID) -> datetime | None:
    """Give all live holds of the session one new end; None where nothing lives any more, or not at this desk."""
    row = booking_session.locked(session, actor, session_id)
    if row is None or not is_at(row, actor):
        return None
    clinic = catalogue(session, actor.clinic_id).clinic
    held = claims.live_holds(session, session_id)
    claims.lock(session, [claim.resource_id for claim in held])
    until = claims.now(session) + timedelta(minutes=clinic.hold_min)
    if not claims.renew(session, session_id, until):
        return None
    announce(session, "booking_session", session_id)
    return until


def release(session: Session, *, actor: Actor, session_id: UUID, version: int) -> Unfinished:
    """Give the held times back and go on choosing."""
    row = booking_session.own(session, actor, session_id, version)
    held = claims.live_holds(session, session_id)
    claims.lock(session, [claim.resource_id for claim in held])
    claims.release(session, held, claims.now(session))
    _count(row, holds.fate(was_live=bool(held)))
    chosen, _damaged = choices.read(row.choices)
    row.choices, row.version = choices.write(replace(chosen, parts=())), version + 1
    session.flush()
    announce(session, "booking_session", session_id)
    return booking_session.find(session, actor=actor, session_id=session_id)


def confirm(session: Session, *, actor: Actor, session_id: UUID, request_id: UUID) -> Confirmed:
    """Turn the session into a booking. Asked again with the same `request_id` it returns the first answer.

    Holds that lapsed are taken again where the time is still free.

    Raises:
        HoldLapsed: all holds had lapsed and a time was given away.
        TimeTaken: the patient, named since the hold, is elsewhere then.
        InvalidInput: no time was chosen, or nobody is named.
        KeyReused: the request id belongs to another booking.
        ChangedMeanwhile: the booking is at another desk or has ended.
    """
    actor.require(BOOK)
    fingerprint = hashlib.sha256(f"confirm {session_id}".encode()).hexdigest()
    answered = requests.answer_of(session, request_id, fingerprint)
    if answered is not None:
        return Confirmed.read(answered)
    row = _session_to_confirm(session, actor, session_id)
    chosen, damaged = choices.read(row.choices)
    if damaged:
        raise InvalidInput(
            "Part of this booking was damaged and is gone; please look through it again.", damaged[0]
        )
    offered = catalogue(session, actor.clinic_id)
    booking = _booking(offered, row, chosen)
    _secure_times(session, offered, row, booking)
    visits.write(session, offered.clinic, [booking], actor.user_id)
    appointments = {part: appointment.id for part, appointment in enumerate(booking.appointments)}
    claims.convert(session, session_id, appointments)
    _keep_records(session, actor, offered.clinic, row, booking)
    confirmed = Confirmed(booking.id, booking.reference, tuple(appointments.values()))
    requests.keep_answer(session, request_id, confirmed.write())
    return confirmed


def _count(row: t.BookingSession, fate: Fate) -> None:
    for column, value in holds.ended(fate).items():
        setattr(row, column, value)
    row.held_since = None


def _session_to_confirm(session: Session, actor: Actor, session_id: UUID) -> t.BookingSession:
    row = booking_session.locked(session, actor, session_id)
    if row is None or row.outcome not in OUTCOMES or row.workstation != actor.workstation:
        raise ChangedMeanwhile("This booking was finished, discarded or taken over at another desk.")
    return row


def _booking(offered: Catalogue, row: t.BookingSession, chosen: choices.Choices) -> NewBooking:
    if not chosen.parts:
        raise InvalidInput("Please choose a time first.", "time")
    if row.patient_id is None and not chosen.guest.name:
        raise InvalidInput("Please choose a patient, or give a guest's name.", "patient")
    return NewBooking(
        id=new_id(),
        reference=references.new_reference(),
        source=chosen.source,
        appointments=tuple(visits.appointment(offered, part) for part in chosen.parts),
        patient_id=row.patient_id,
        guest_name="" if row.patient_id else chosen.guest.name,
        guest_phone="" if row.patient_id else chosen.guest.phone,
        guest_email="" if row.patient_id else chosen.guest.email,
        session_id=row.id,
        notes=chosen.notes,
        payment_state=chosen.payment_state,
        payment_method=chosen.payment_method or None,
    )


def _secure_times(session: Session, offered: Catalogue, row: t.BookingSession, booking: NewBooking) -> None:
    """Make sure that every part is held for exactly this visit and patient; take again what lapsed."""
    wanted = [
        taking
        for part, a in enumerate(booking.appointments)
        for taking in visits.takings(a, part, booking.patient_id)
    ]
    old = claims.live_holds(session, row.id)
    claims.lock(session, [*(taking.resource_id for taking in wanted), *(claim.resource_id for claim in old)])
    now = claims.now(session)
    old = claims.live_holds(session, row.id)
    held = {(claim.resource_id, claim.part, claim.start_at, claim.end_at) for claim in old}
    needed = {(taking.resource_id, taking.part, taking.start, taking.end) for taking in wanted}
    until = now + timedelta(minutes=offered.clinic.hold_min)
    if held == needed and claims.renew(session, row.id, until) == len(old):
        return
    if not old:
        rules.check_time([a.start for a in booking.appointments if a.start], now)
    claims.release(session, old, now)
    try:
        claims.hold(session, offered.clinic.id, row.id, wanted, until, now)
    except TimeTaken as taken:
        if old:
            raise
        raise HoldLapsed(f"The hold had expired. {taken}") from taken


def _keep_records(
    session: Session, actor: Actor, clinic: ClinicFacts, row: t.BookingSession, booking: NewBooking
) -> None:
    now = claims.now(session)
    row.outcome, row.step, row.ended_at, row.choices = SessionOutcome.CONVERTED, SessionStep.PAYMENT, now, {}
    row.version += 1
    _count(row, Fate.CONVERTED)
    session.flush()
    if booking.payment_state == "paid" and booking.payment_method:
        session.execute(
            insert(t.Payment).values(
                id=new_id(),
                booking_id=booking.id,
                amount_cents=booking.total_cents,
                method=booking.payment_method,
                created_by=actor.user_id,
            )
        )
    messages.queue(session, clinic, booking.id, "confirmation", now, f"confirmation {booking.id}")
    audit.record(
        session,
        actor,
        "booking.confirmed",
        "booking",
        booking.id,
        after={
            "reference": booking.reference,
            "appointments": len(booking.appointments),
            "total_cents": booking.total_cents,
        },
    )
    announce(session, "booking", booking.id)
    announce(session, "booking_session", row.id)
    announce(session, "appointment", *(appointment.id for appointment in booking.appointments))
