"""Offering a time to somebody who waits: held until a deadline, then accepted, declined, withdrawn or lapsed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import (
    OfferState,
    SessionOutcome,
    SessionStep,
    Source,
    TaskKind,
    TaskState,
    WaitlistState,
)
from clinic_scheduler.errors import ChangedMeanwhile, HoldLapsed, InvalidInput
from clinic_scheduler.services import audit, messages
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts
from clinic_scheduler.services.messages import Recipient
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.plans import linking
from clinic_scheduler.services.taking import booking, claims, holds, on_offer, rules, visits
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.unfinished import at_desk, choices
from clinic_scheduler.services.unfinished.at_desk import AtDesk
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from clinic_scheduler.services.unfinished.unfinished import OFFERS
from clinic_scheduler.services.waitlist import ending, entries, lapsing, listed
from clinic_scheduler.services.waitlist.listed import Entry, Offer
from clinic_scheduler.services.wishes import Opening

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=3)
OFFER, B, T = t.WaitlistOffer, t.BookingSession, t.DeskTask


def offer(
    session: Session,
    *,
    actor: Actor,
    entry_id: UUID,
    opening: Opening,
    lasts: timedelta,
) -> Offer:
    """Hold the visit for somebody who waits, and tell them, or put the call on the list of who cannot be written to.

    Nobody else can take the time before the deadline, which the database's clock decides and which lies no later than
    the visit's beginning. The session that holds it belongs to no desk.

    Raises:
        TimeTaken: the time is not free any more.
        RuleBroken: the clinic's rules forbid it.
        ChangedMeanwhile: the entry was changed, is offered something already, or waits no more.
        InvalidInput: the deadline is too near or too far, or the visit is not what was wished.
        NotFound: a service, practitioner, room or piece of equipment is gone.
    """
    actor.require(BOOK)
    lapsing.lapse_due(session, actor=actor)
    row = entries.locked(session, actor, entry_id)
    if row.state == WaitlistState.OFFERED:
        raise ChangedMeanwhile("This person has an open offer already; wait for the answer, or withdraw it.")
    entry = listed.find(session, actor=actor, entry_id=entry_id)
    offered = _checked(session, actor, entry, opening, lasts)
    now = claims.now(session)
    until = max(now + SHORTEST, min(now + lasts, opening.start))
    offer_id = new_id()
    session_id = _hold(session, actor, offered, entry, opening, until, offer_id)
    session.execute(
        insert(OFFER).values(
            id=offer_id,
            entry_id=entry_id,
            session_id=session_id,
            visit=choices.write(Choices(parts=opening.parts)),
            start_at=opening.start,
            end_at=opening.end,
            made_by=actor.name,
            expires_at=until,
        )
    )
    entries.touch(session, row, WaitlistState.OFFERED)
    _drop_reminders(session, opening)
    _tell(session, actor, offered.clinic, entry, opening, until, offer_id)
    facts: audit.Facts = {
        "entry": str(entry_id),
        "start": opening.start.isoformat(),
        "until": until.isoformat(),
    }
    audit.record(session, actor, "offer.made", "waitlist_offer", offer_id, after=facts)
    return Offer(offer_id, entry_id, OfferState.OPEN, opening.parts, until, actor.name)


def accept(session: Session, *, actor: Actor, offer_id: UUID, request_id: UUID) -> Confirmed:
    """Book what was offered. Asked again with the same `request_id` it returns the first answer.

    Raises:
        HoldLapsed: the deadline is over.
        ChangedMeanwhile: the offer was answered or withdrawn, at another desk perhaps.
        TimeTaken: the person is somewhere else then.
        RuleBroken: somebody is not at work any more then, or the clinic is closed.
    """
    actor.require(BOOK)
    row = ending.locked(session, actor, offer_id)
    if row.state == OfferState.ACCEPTED:
        known = booking.answer(session, session_id=row.session_id, request_id=request_id)
        if known is not None:
            return known
    ending.require_open(row)
    begun = at_desk.find(session, row.session_id)
    if begun is None or not begun.is_unfinished or row.expires_at <= begun.now:
        raise HoldLapsed(
            "This offer has lapsed; if the time is still free, offer it again, else choose another."
        )
    entry = entries.locked(session, actor, row.entry_id)
    named = _named(session, actor, begun, entry.patient_id)
    confirmed = booking.finish(session, actor=actor, begun=named, request_id=request_id)
    ending.answer(session, actor, row, OfferState.ACCEPTED, begun.now)
    entries.touch(session, entry, WaitlistState.BOOKED)
    _note_plan_session(session, actor, row.entry_id, confirmed)
    return confirmed


def decline(
    session: Session, *, actor: Actor, offer_id: UUID, keeps_waiting: bool = True, reason: str = ""
) -> None:
    """Note that the person does not want this time, or none any more; it is free at once.

    Raises:
        ChangedMeanwhile: the offer was answered or has ended.
    """
    to = WaitlistState.WAITING if keeps_waiting else WaitlistState.DECLINED
    _end(session, actor, offer_id, OfferState.DECLINED, to, reason)


def withdraw(session: Session, *, actor: Actor, offer_id: UUID, reason: str = "") -> None:
    """Take an offer back; the person waits on, and the time is free at once.

    Raises:
        ChangedMeanwhile: the offer was answered or has ended.
    """
    _end(session, actor, offer_id, OfferState.WITHDRAWN, WaitlistState.WAITING, reason)


def _end(
    session: Session, actor: Actor, offer_id: UUID, state: OfferState, entry_state: WaitlistState, reason: str
) -> None:
    actor.require(BOOK)
    row = ending.locked(session, actor, offer_id)
    ending.require_open(row)
    ending.close(session, actor, row, state, " ".join(reason.split())[:200])
    entry = entries.locked(session, actor, row.entry_id)
    entries.touch(session, entry, entry_state)


def _checked(session: Session, actor: Actor, entry: Entry, opening: Opening, lasts: timedelta) -> Catalogue:
    if not SHORTEST <= lasts <= LONGEST:
        raise InvalidInput(
            "An offer lasts from five minutes to three days; please choose a deadline in between.", "lasts"
        )
    wished = sorted(wish.service_id for wish in entry.wanted.services)
    if sorted(part.service_id for part in opening.parts) != wished:
        raise InvalidInput("That visit is not what this person waits for; please look for one again.", "time")
    offered = on_offer.catalogue(session, actor.clinic_id, opening.parts)
    rules.check(session, offered, opening.parts, claims.now(session))
    return offered


def _hold(
    session: Session,
    actor: Actor,
    offered: Catalogue,
    entry: Entry,
    opening: Opening,
    until: datetime,
    offer_id: UUID,
) -> UUID:
    """A booking session that holds the visit until the deadline, of nobody's desk, so that no wizard opens it."""
    session_id, now = new_id(), claims.now(session)
    guest = Guest() if entry.patient_id else Guest(entry.name, entry.phone, entry.email)
    chosen = Choices(entry.wanted.services, parts=opening.parts, guest=guest, source=Source.WAITLIST)
    session.execute(
        insert(B).values(
            id=session_id,
            clinic_id=actor.clinic_id,
            user_id=offer_id,
            user_name=f"{actor.name} {OFFERS}",  # so the calendar says why it is held
            workstation=OFFERS,
            step=SessionStep.PAYMENT,
            outcome=SessionOutcome.PARKED,
            choices=choices.write(chosen),
            expires_at=until,
            held_since=now,
            holds_taken=1,
        )
    )
    begun = at_desk.find(session, session_id)
    if begun is None:
        raise AssertionError("the session was just written")
    wanted = visits.held_takings(offered, opening.parts, entry.patient_id)
    queued = holds.ask_queue(session, offered, session_id, (), wanted)()
    planned = holds.plan(session, offered.clinic, begun, wanted, queued)
    holds.take(session, begun, replace(planned, term=holds.Term(planned.term.since, until)))
    announce(session, "booking_session", session_id)
    return session_id


def _tell(
    session: Session,
    actor: Actor,
    clinic: ClinicFacts,
    entry: Entry,
    opening: Opening,
    until: datetime,
    offer_id: UUID,
) -> None:
    if entry.email:
        times = {"start": opening.start.isoformat(), "until": until.isoformat()}
        to = Recipient(entry.email, entry.phone)
        key = ending.message_key(offer_id)
        messages.queue_to(session, clinic, to, None, times, "waitlist_offer", claims.now(session), key)
        return
    start, end = (moment.astimezone(clinic.where) for moment in (opening.start, until))
    to_do.add(
        session,
        actor=actor,
        kind=TaskKind.OFFER,
        text=f"Offer {start:%a %d %b, %H:%M}; the time is held until {end:%H:%M}.",
        about=About(entry.patient_id, entry.name, entry.phone, offer_id=offer_id),
        key=f"offer {offer_id}",
    )


def _drop_reminders(session: Session, opening: Opening) -> None:
    """The time is offered again, so nobody need be reminded of it."""
    about = (
        select(T.offer_id)
        .join(OFFER, OFFER.id == T.offer_id)
        .where(
            T.kind == TaskKind.OFFER,
            T.state == TaskState.OPEN,
            OFFER.state != OfferState.OPEN,
            OFFER.start_at < opening.end,
            OFFER.end_at > opening.start,
        )
    )
    to_do.drop(session, [one for one in session.scalars(about) if one is not None])


def _named(session: Session, actor: Actor, begun: AtDesk, patient_id: UUID | None) -> AtDesk:
    """The session as that of whoever it was offered to."""
    if patient_id is None:
        return begun
    person = patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
    return replace(
        begun,
        patient_id=person.id,
        patient_name=person.name,
        patient_email=person.email,
        patient_phone=person.phone,
    )


def _note_plan_session(session: Session, actor: Actor, entry_id: UUID, confirmed: Confirmed) -> None:
    """Where the wish was for a session of a plan, this is it, unless that was booked in another way meanwhile."""
    wanted = listed.find(session, actor=actor, entry_id=entry_id).wanted.plan_session_id
    if wanted is not None:
        linking.link(session, actor, wanted, confirmed.appointment_ids[0])
