"""A desk with a waitlist: each call is one transaction; and what rivals in processes of their own do with an offer."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.waitlist import entries, listed, matching, offering
from clinic_scheduler.services.waitlist.listed import Entry, Offer
from clinic_scheduler.services.waitlist.matching import Match, Matches
from clinic_scheduler.services.waitlist.wish import Wanted
from clinic_scheduler.services.wishes import Opening, Wish
from tests.support.clinics import PHYSIO, TestClinic

HOUR = timedelta(hours=1)
NORA = Guest("Nora Falk", "+49301234567", "")


def wanted(clinic: TestClinic, *services: UUID, days: int = 6, **more: Any) -> Wanted:
    """A wish for services in that week, with anyone."""
    wishes = tuple(Wish(service) for service in services or (PHYSIO,))
    return Wanted(wishes, clinic.monday, clinic.monday + timedelta(days=days), **more)


def add(work: UnitOfWork, actor: Actor, wish: Wanted, patient: UUID | None = None) -> Entry:
    guest = Guest() if patient else NORA
    return work.write(
        lambda s: entries.add(s, actor=actor, wanted=wish, patient_id=patient, guest=guest)
    ).value


def find(work: UnitOfWork, actor: Actor, entry: Entry) -> Entry:
    return work.read(lambda s: listed.find(s, actor=actor, entry_id=entry.id))


def matches(work: UnitOfWork, actor: Actor, *times: FreeTime) -> Matches:
    return work.read(lambda s: matching.matches(s, actor=actor, times=times))


def cancel(work: UnitOfWork, actor: Actor, booked: Confirmed) -> tuple[FreeTime, ...]:
    """Cancel a whole visit that nobody changed; the times that it leaves."""
    ids = booked.appointment_ids
    versions = [1] * len(ids)
    work.write(lambda s: appointments.cancel(s, actor=actor, appointment_ids=ids, versions=versions))
    return work.read(lambda s: matching.freed(s, actor=actor, appointment_ids=ids))


def offer(work: UnitOfWork, actor: Actor, match: Match, lasts: timedelta = HOUR) -> Offer:
    def make(session: Session) -> Offer:
        return offering.offer(
            session, actor=actor, entry_id=match.entry.id, opening=match.opening, lasts=lasts
        )

    return work.write(make).value


def accept(work: UnitOfWork, actor: Actor, made: Offer, request: UUID | None = None) -> Confirmed:
    asked = request or new_id()
    return work.write(
        lambda s: offering.accept(s, actor=actor, offer_id=made.id, request_id=asked), repeatable=True
    ).value


def decline(work: UnitOfWork, actor: Actor, made: Offer, *, keeps_waiting: bool = True) -> None:
    work.write(lambda s: offering.decline(s, actor=actor, offer_id=made.id, keeps_waiting=keeps_waiting))


def states(work: UnitOfWork) -> tuple[list[str], list[str]]:
    """The words of all offers, and of all entries, sorted."""
    return work.read(
        lambda s: (
            sorted(s.scalars(select(t.WaitlistOffer.state))),
            sorted(s.scalars(select(t.WaitlistEntry.state))),
        )
    )


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a rival needs to know."""

    entry_id: UUID
    opening: Opening
    offer_id: UUID | None = None


def rival_offers(session: Session, actor: Actor, ticket: Any) -> UUID:
    return offering.offer(
        session, actor=actor, entry_id=ticket.entry_id, opening=ticket.opening, lasts=HOUR
    ).id


def rival_accepts(session: Session, actor: Actor, ticket: Any) -> UUID:
    return offering.accept(session, actor=actor, offer_id=ticket.offer_id, request_id=new_id()).booking_id


def rival_declines(session: Session, actor: Actor, ticket: Any) -> None:
    offering.decline(session, actor=actor, offer_id=ticket.offer_id)
