"""Bringing a book into the database, whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce, announced
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import AppointmentStatus, Source
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import actor as rights
from clinic_scheduler.services import audit, claims, localtime, references, visits
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.visits import NewAppointment, NewBooking

from . import lanes, offering, planning
from .book import Book
from .lanes import Lanes, Placed, Slot
from .lines import Line
from .offering import Offer
from .people import People, contact, people
from .planning import Known, Plan, PlannedVisit
from .reading import Progress
from .report import ImportReport, Overlap, RowsRefused

BATCH = 250
GUEST = "Guest (imported)"


def import_book(
    session: Session, *, actor: Actor, book: Book, is_dry_run: bool = False, progress: Progress
) -> ImportReport:
    """Import what the database does not have yet; `progress` hears bookings written and those in all.

    A dry run does everything and takes it back.

    Raises:
        RowsRefused: rows could not be understood; carries the report.
        ImportRefused: the clinic and the mapping do not agree.
        NotPermitted: the actor may not set up clinics.
    """
    actor.require(rights.SET_UP)
    if book.refused and not book.mapping.policy.skips_bad_rows:
        raise RowsRefused(_empty_report(book, is_dry_run=is_dry_run))
    before = announced(session)
    with session.begin_nested() as attempt:
        report = _imported(session, actor, book, progress)
        if is_dry_run:
            attempt.rollback()
            session.info["changes"] = set(before)
    return replace(report, is_dry_run=is_dry_run)


def _imported(session: Session, actor: Actor, book: Book, progress: Progress) -> ImportReport:
    # Two desks importing the same book: the second waits, and finds everything there.
    claims.lock(session, [uuid5(NAMESPACE_OID, f"import {book.mapping.book}")])
    clinic = offering.clinic(session, actor=actor, mapping=book.mapping)
    actor = replace(actor, clinic_id=clinic.id)
    offer = offering.offer(session, clinic.id, book)
    plan = planning.plan(book, _known(session, clinic.id, book.mapping.book))
    persons = people(session, clinic, plan.lines)
    claims.lock(session, _touched(offer, persons, plan))
    placed = _place(session, clinic, book, offer, persons, plan)
    writer = _Writer(clinic, book, offer, persons, placed, plan.made_again, claims.now(session))
    bookings = list(writer.bookings(plan.visits, _References(session)))
    for first in range(0, len(bookings), BATCH):
        batch = bookings[first : first + BATCH]
        visits.write(session, clinic, batch, actor.user_id)
        claims.book(session, clinic.id, [taking for b in batch for taking in writer.takings(b)], writer.now)
        progress(first + len(batch), len(bookings))
    report = _report(clinic, book, plan, offer, persons, placed)
    _tell(session, actor, report, bookings)
    return report


def _known(session: Session, clinic_id: UUID, book: str) -> Known:
    found = []
    for table in (t.Appointment, t.Booking):
        wanted = select(table.origin).where(
            table.clinic_id == clinic_id, table.origin.startswith(f"{book}/", autoescape=True)
        )
        found.append(frozenset(origin for origin in session.scalars(wanted) if origin))
    return Known(*found)


def _touched(offer: Offer, persons: People, plan: Plan) -> set[UUID]:
    """Whose times change; nobody else can know those who were put on record just now."""
    people_ids = {persons.ids[visit.person] for visit in plan.visits if visit.person} - persons.new
    return people_ids | {offer.staff[line.staff].id for line in plan.lines}


def _place(
    session: Session, clinic: ClinicFacts, book: Book, offer: Offer, persons: People, plan: Plan
) -> Mapping[tuple[str, int], Placed]:
    staff, folk = Lanes[str](), Lanes[str]()
    codes = {person.id: (staff, code) for code, person in offer.staff.items()}
    codes |= {identifier: (folk, code) for code, identifier in persons.ids.items()}
    days = [line.day for line in plan.lines]
    if days:
        first, last = (localtime.midnight(day, clinic.where) for day in (min(days), max(days)))
        c = t.Claim
        wanted = select(c.resource_id, c.lane, c.busy_from, c.busy_to).where(
            c.clinic_id == clinic.id,
            c.busy_to > first,
            c.busy_from < last + 3 * lanes.DAY,
            or_(c.live_to.is_(None), c.live_to > clock()),
        )
        for resource_id, lane, start, end in session.execute(wanted):
            if resource_id in codes:
                where, code = codes[resource_id]
                where.add(code, Slot(lane, start, end))
    return lanes.place(
        plan.lines,
        {code: service.minutes for code, service in book.services.items()},
        clinic.where,
        staff,
        folk,
        {code: person.capacity for code, person in offer.staff.items()},
        {code: person.name for code, person in offer.staff.items()},
    )
