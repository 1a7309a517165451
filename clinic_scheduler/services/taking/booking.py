"""Booking at its core: hold, renew, release, confirm; each all or nothing in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import PreparedInsert
from clinic_scheduler.db.trip import one_trip, together, with_the_commit
from clinic_scheduler.errors import ChangedMeanwhile, HoldLapsed, TimeTaken
from clinic_scheduler.services import audit, catalogue, messages
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts
from clinic_scheduler.services.taking import agreed, claims, holds, on_offer, prices, requests, rules, visits
from clinic_scheduler.services.taking.holds import Plan
from clinic_scheduler.services.taking.requests import Answer
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.taking.visits import NewBooking
from clinic_scheduler.services.unfinished import at_desk, booking_session, choices
from clinic_scheduler.services.unfinished.at_desk import AtDesk, HeldTime
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.services.wishes import Part

PAID = PreparedInsert(t.Payment.__table__)


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


def hold(
    session: Session,
    *,
    actor: Actor,
    session_id: UUID,
    version: int,
    parts: Sequence[Part],
    override: Override | None = None,
) -> Held:
    """Take the times of a whole visit for the session, instead of what it held before, or none of them.

    All holds of the session end together, a clinic's `hold_min` from now, and no later than `holds.LONGEST_HOLD` after
    the first of them was taken, unless it keeps nothing of the times that it had.

    Raises:
        TimeTaken: one of the times is not free.
        RuleBroken: a rule forbids one, and the override does not name it.
        NotPermitted: the person may not book, or not override.
        ChangedMeanwhile: the booking is at another desk or has ended.
        InvalidInput: there is no part, or one lies in the past.
        NotFound: a service, practitioner, room or piece of equipment is gone.
    """
    actor.require(BOOK)
    allowed = rules.permitted(actor, override)
    with one_trip(session):
        found = at_desk.ask(session, session_id)
        offered = on_offer.ask_catalogue(session, actor.clinic_id, parts)
    begun = at_desk.checked(found(), actor, version)
    chosen, _damaged = choices.read(begun.choices)
    held = _pick(session, begun, offered(), replace(chosen, parts=tuple(parts)), version + 1, allowed)
    if allowed:
        named = {"rules": ", ".join(sorted(allowed.rules))}
        audit.record(
            session,
            actor,
            "session.overridden",
            "booking_session",
            session_id,
            after=named,
            reason=allowed.reason,
        )
    return held


def _pick(
    session: Session,
    begun: AtDesk,
    offered: Catalogue,
    chosen: Choices,
    version: int,
    override: Override | None = None,
) -> Held:
    parts, now = chosen.parts, begun.now
    wanted = visits.held_takings(offered, parts, begun.patient_id)
    with one_trip(session):
        queued = holds.ask_queue(session, offered, begun.id, begun.holds, wanted)
        opened = rules.ask_opened(session, begun.clinic_id, offered.clinic.where, parts, now)
    broken = rules.weigh(offered, parts, now, opened(), override, is_walk_in=chosen.is_walk_in)
    if override:
        wanted = rules.marked(wanted, broken, override.reason)
    expires = begun.now + booking_session.LIFETIME
    with with_the_commit(session), together(session):
        planned = holds.plan(session, offered.clinic, begun, wanted, queued(), override)
        times = {"at": begun.now, "since": planned.term.since, "expiry": expires}
        kept = {"of_session": begun.id, "chosen": choices.write(chosen), "next": version, **times}
        holds.PICKED_ANEW[holds.fate(was_live=bool(begun.holds))].rows(session, kept)
        holds.take(session, begun, planned)
    announce(session, "booking_session", begun.id)
    return Held(_seen(begun, chosen, version, expires, planned), planned.term.until)


def _seen(begun: AtDesk, chosen: Choices, version: int, expires: datetime, planned: Plan) -> Unfinished:
    return Unfinished(
        id=begun.id,
        patient_id=begun.patient_id,
        patient_name=begun.patient_name or "",
        choices=chosen,
        step=begun.step,
        outcome=begun.outcome,
        user_id=begun.user_id,
        user_name=begun.user_name,
        workstation=begun.workstation,
        version=version,
        expires_at=expires,
        updated_at=begun.now,
        now=planned.now,
        held_until=planned.term.until,
    )


def renew(session: Session, *, actor: Actor, session_id: UUID) -> datetime | None:
    """Give all holds of the session one new end, or take its times again where they lapsed and are still free.

    None where nothing is picked, or the booking is not at this desk any more.

    Raises:
        HoldLapsed: they had lapsed and a time was given away.
        InvalidInput: they have lasted as long as a hold may.
    """
    begun = at_desk.find(session, session_id)
    if begun is None or not begun.is_unfinished or not begun.is_at(actor):
        return None
    term = holds.renew(session, catalogue.clinic(session, begun.clinic_id), begun) if begun.holds else None
    if term is None:
        return _take_again(session, begun)
    expires = begun.now + booking_session.LIFETIME
    session.execute(holds.RENEWED, {"of_session": begun.id, "since": term.since, "expiry": expires})
    announce(session, "booking_session", begun.id)
    return term.until


def _take_again(session: Session, begun: AtDesk) -> datetime | None:
    chosen, _damaged = choices.read(begun.choices)
    if not chosen.parts:
        return None
    try:
        offered = on_offer.catalogue(session, begun.clinic_id, chosen.parts)
        return _pick(session, replace(begun, holds=()), offered, chosen, begun.version).until
    except TimeTaken as taken:
        raise HoldLapsed(f"The hold had expired. {taken}") from taken


def release(session: Session, *, actor: Actor, session_id: UUID, version: int) -> Unfinished:
    """Give the held times back and go on choosing."""
    actor.require(BOOK)
    begun = at_desk.own(session, actor, session_id, version)
    now = claims.lock(session, [held.resource_id for held in begun.holds])
    claims.release(session, begun.holds, now)
    chosen, _damaged = choices.read(begun.choices)
    kept = {"choices": choices.write(replace(chosen, parts=())), "version": version + 1, "held_since": None}
    fate = holds.fate(was_live=bool(begun.holds))
    session.execute(holds.SESSION.values(kept | holds.ended(fate)), {"of_session": session_id})
    announce(session, "booking_session", session_id)
    return booking_session.find(session, actor=actor, session_id=session_id)


def confirm(session: Session, *, actor: Actor, session_id: UUID, request_id: UUID) -> Confirmed:
    """Turn the session into a booking. Asked again with the same `request_id` it returns the first answer.

    Prices, lengths and buffers are those that were agreed when the time was picked. Holds that lapsed are taken again
    where the time is still free.

    Raises:
        HoldLapsed: all holds had lapsed and a time was given away.
        TimeTaken: the patient, named since the hold, is elsewhere then.
        InvalidInput: no time was chosen, or nobody is named.
        RuleBroken: somebody is not at work any more then, or the clinic is closed.
        NotFound: a service, practitioner, room or piece of equipment is gone.
        KeyReused: the request id belongs to another booking.
        ChangedMeanwhile: the booking is at another desk or has ended.
    """
    actor.require(BOOK)
    begun = at_desk.find(session, session_id)
    if begun is None or not begun.is_unfinished:
        known = answer(session, session_id=session_id, request_id=request_id)
        if known is not None:
            return known
    if begun is None or not begun.may_be_confirmed_by(actor):
        raise ChangedMeanwhile("This booking was finished, discarded or taken over at another desk.")
    return finish(session, actor=actor, begun=begun, request_id=request_id)


def answer(session: Session, *, session_id: UUID, request_id: UUID) -> Confirmed | None:
    """What this request was answered when it came before; None for a new one.

    Raises:
        KeyReused: the request id belongs to another booking.
    """
    stored = requests.stored(session, request_id, _fingerprint(session_id))
    return Confirmed.read(stored) if stored is not None else None


def _fingerprint(session_id: UUID) -> str:
    return hashlib.sha256(f"confirm {session_id}".encode()).hexdigest()


def finish(session: Session, *, actor: Actor, begun: AtDesk, request_id: UUID) -> Confirmed:
    """As `confirm`, where whoever calls locked the session and answers for its being confirmed by `actor`."""
    chosen = agreed.chosen(begun)
    last = begun.holds or at_desk.last_holds(session, begun.id)
    bound, judged_at = agreed.under_rules(chosen, last), agreed.moment(begun)
    with one_trip(session):
        asked = on_offer.ask_catalogue(session, begun.clinic_id, chosen.parts)
        locked = claims.ask_lock(session, agreed.touched(begun, chosen))
        opened = rules.ask_opened(session, begun.clinic_id, begun.where, bound, judged_at) if bound else None
        tail = audit.ask_tail(session, actor)
    offered = asked()
    if opened:
        rules.weigh(offered, bound, judged_at, opened(), is_walk_in=chosen.is_walk_in)
    booking, paid = agreed.booking(offered, begun, chosen, last), prices.paid_cents(chosen)
    wanted = visits.booked_takings(booking)
    was_held = holds.secure(session, offered, begun, last, wanted, locked())
    confirmed = Confirmed(booking.id, booking.reference, tuple(a.id for a in booking.appointments))
    with one_trip(session):
        with together(session):
            visits.write(session, offered.clinic, [booking], actor.user_id)
            holds.convert(session, begun, was_held=was_held)
            _note_payment(session, actor, booking, paid)
            _tell(session, offered.clinic, begun, booking)
            audit.append(session, actor, [_happened(booking, last)], tail())
            is_new = requests.keep_new(session, request_id, _fingerprint(begun.id), confirmed.write())
        converted = claims.ask_convert(session, begun.id, booking.id)
    is_new()
    prices.record_changes(session, actor, chosen.parts, confirmed.appointment_ids)
    if converted() != len(wanted):
        raise HoldLapsed("The hold ran out while the booking was saved; please confirm again.")
    announce(session, "booking", booking.id)
    announce(session, "booking_session", begun.id)
    announce(session, "appointment", *confirmed.appointment_ids)
    return confirmed


def _note_payment(session: Session, actor: Actor, booking: NewBooking, cents: int) -> None:
    if cents and booking.payment_method:
        payment = {
            "id": new_id(),
            "booking_id": booking.id,
            "amount_cents": cents,
            "method": booking.payment_method,
            "created_by": actor.user_id,
        }
        PAID.rows(session, [payment])


def _tell(session: Session, clinic: ClinicFacts, begun: AtDesk, booking: NewBooking) -> None:
    to, key = agreed.recipient(begun, booking), f"confirmation {booking.id}"
    told = {"reference": booking.reference}
    messages.queue_to(session, clinic, to, booking.id, told, "confirmation", begun.now, key)


def _happened(booking: NewBooking, last: Sequence[HeldTime]) -> audit.Happened:
    reason = next((held.override_reason for held in last if held.override_reason), "")
    facts: audit.Facts = {
        "reference": booking.reference,
        "appointments": len(booking.appointments),
        "total_cents": booking.total_cents,
    }
    return audit.Happened("booking.confirmed", "booking", booking.id, after=facts, reason=reason)
