"""Bringing a book into the database, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce, announced
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import actor as rights
from clinic_scheduler.services import audit, localtime, references
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.taking import claims, visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.visits import NewBooking

from . import lanes, offering, planning
from .book import Book
from .lanes import Lanes, Placed, Slot
from .offering import Offer
from .people import People, people
from .planning import Known, Plan
from .reading import Progress
from .records import Records
from .report import ImportReport, Overlap, RowsRefused

BATCH = 250


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
    blank = ImportReport(
        book.mapping.book,
        book.mapping.clinic_name,
        is_dry_run,
        book.rows,
        refused=book.refused,
        files=book.counts,
    )
    if book.refused and not book.mapping.policy.skips_bad_rows:
        raise RowsRefused(blank)
    before = announced(session)
    with session.begin_nested() as attempt:
        report = _import(session, actor, book, blank, progress)
        if is_dry_run:
            attempt.rollback()
            session.info["changes"] = set(before)
    return report


def _import(
    session: Session, actor: Actor, book: Book, blank: ImportReport, progress: Progress
) -> ImportReport:
    # Two desks importing the same book: the second waits, and finds everything there.
    claims.lock(session, [uuid5(NAMESPACE_OID, f"import {book.mapping.book}")])
    clinic = offering.clinic(session, actor=actor, mapping=book.mapping)
    offer = offering.offer(session, clinic.id, book)
    plan = planning.plan(book, _known(session, clinic.id, book.mapping.book))
    persons = people(session, clinic, plan.lines)
    claims.lock(session, _touched(offer, persons, plan))
    placed = _place(session, clinic, book, offer, persons, plan)
    records = Records(
        clinic,
        offer,
        persons.ids,
        placed,
        plan.made_again,
        book.mapping.policy.past_status,
        claims.now(session),
    )
    references_left = _references(session, len(plan.visits))
    made = [records.booking(*pair) for pair in zip(plan.visits, references_left, strict=True)]
    for first in range(0, len(made), BATCH):
        batch = made[first : first + BATCH]
        _write(session, clinic, batch, actor, records)
        progress(first + len(batch), len(made))
    report = _filled(blank, plan, offer, persons, placed)
    _tell(session, replace(actor, clinic_id=clinic.id), report, [booking for booking, _takings in made])
    return report


def _write(
    session: Session,
    clinic: ClinicFacts,
    batch: Sequence[tuple[NewBooking, list[Taking]]],
    actor: Actor,
    records: Records,
) -> None:
    visits.write(session, clinic, [booking for booking, _takings in batch], actor.user_id)
    taken = [taking for _booking, takings in batch for taking in takings]
    claims.book(session, clinic.id, taken, records.now)


def _known(session: Session, clinic_id: UUID, book: str) -> Known:
    a, b = t.Appointment, t.Booking
    stem = f"{book}/"
    appointments = select(a.origin).where(
        a.clinic_id == clinic_id, a.origin.startswith(stem, autoescape=True)
    )
    bookings = select(b.origin).where(b.clinic_id == clinic_id, b.origin.startswith(stem, autoescape=True))
    return Known(
        frozenset(origin for origin in session.scalars(appointments) if origin),
        frozenset(origin for origin in session.scalars(bookings) if origin),
    )


def _touched(offer: Offer, persons: People, plan: Plan) -> set[UUID]:
    """Whose times change; nobody else can know those who were put on record just now."""
    patients = {persons.ids[visit.person] for visit in plan.visits if visit.person} - persons.new
    return patients | {offer.staff[line.staff].id for line in plan.lines}


def _place(
    session: Session, clinic: ClinicFacts, book: Book, offer: Offer, persons: People, plan: Plan
) -> Mapping[tuple[str, int], Placed]:
    """The lanes of the new lines, beside everything that is booked or held at the time."""
    staff, patients = Lanes(), Lanes()
    taken_by = {person.id: (staff, code) for code, person in offer.staff.items()}
    taken_by |= {identifier: (patients, code) for code, identifier in persons.ids.items()}
    for resource_id, slot in _busy(session, clinic, plan):
        if resource_id in taken_by:
            where, code = taken_by[resource_id]
            where.add(code, slot)
    return lanes.place(
        plan.lines,
        {code: service.minutes for code, service in book.services.items()},
        clinic.where,
        lanes.Taken(staff, patients),
        {code: lanes.Place(person.name, person.capacity) for code, person in offer.staff.items()},
    )


def _busy(session: Session, clinic: ClinicFacts, plan: Plan) -> list[tuple[UUID, Slot]]:
    days = [line.day for line in plan.lines]
    if not days:
        return []
    first, last = (localtime.midnight(day, clinic.where) for day in (min(days), max(days)))
    c = t.Claim
    wanted = select(c.resource_id, c.lane, c.busy_from, c.busy_to).where(
        c.clinic_id == clinic.id,
        c.busy_to > first,
        # A day, and the longest service after its last minute.
        c.busy_from < last + 3 * lanes.DAY,
        or_(c.live_to.is_(None), c.live_to > clock()),
    )
    return [
        (resource_id, Slot(lane, start, end)) for resource_id, lane, start, end in session.execute(wanted)
    ]


def _references(session: Session, count: int) -> list[str]:
    """So many references that no booking has."""
    taken = set(session.scalars(select(t.Booking.reference))) if count else set()
    found: dict[str, None] = {}
    while len(found) < count:
        reference = references.new_reference()
        if reference not in taken:
            found[reference] = None
    return list(found)


def _filled(
    blank: ImportReport,
    plan: Plan,
    offer: Offer,
    persons: People,
    placed: Mapping[tuple[str, int], Placed],
) -> ImportReport:
    lines = plan.lines
    overlaps = [
        Overlap(file, row, p.others, p.reason) for (file, row), p in sorted(placed.items()) if p.reason
    ]
    return replace(
        blank,
        imported=len(lines),
        already=plan.already,
        changed=plan.changed,
        dropped=persons.dropped,
        overlaps=tuple(overlaps),
        patients=len(persons.new),
        guests=sum(not visit.person for visit in plan.visits),
        practitioners=offer.new_staff,
        services=offer.new_services,
        bookings=len(plan.visits),
        appointments=len(lines),
        no_shows=sum(line.is_no_show for line in lines),
        cancelled=sum(line.is_cancelled for line in lines),
        made_again=len({line.what for line in lines if (line.file, line.row) in plan.made_again}),
        gone=len(plan.gone),
    )


def _tell(session: Session, actor: Actor, report: ImportReport, bookings: Sequence[NewBooking]) -> None:
    if not (bookings or report.practitioners or report.services):
        return
    counts: dict[str, str | int | bool | None] = {
        "book": report.book,
        "rows": report.rows,
        "imported": report.imported,
        "refused": len(report.refused),
        "overlaps": len(report.overlaps),
        "patients": report.patients,
        "bookings": report.bookings,
        "appointments": report.appointments,
        "no_shows": report.no_shows,
        "cancelled": report.cancelled,
    }
    audit.record(session, actor, "import.done", "clinic", actor.clinic_id, after=counts)
    announce(session, "clinic", actor.clinic_id)
    announce(session, "booking", *(booking.id for booking in bookings))
    announce(session, "appointment", *(a.id for booking in bookings for a in booking.appointments))
