"""What an absence would mean: whose visits it meets, and where each of them could go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import Catalogue, catalogue
from clinic_scheduler.services.changing import appointments, moving, standing
from clinic_scheduler.services.changing.absence_places import Finder, Proposal
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.taking import claims

PATIENCE = 14  # days after the absence in which another place is looked for
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Affected:
    """A visit that the absence meets, times aware UTC; whoever `has_come` already is not moved."""

    appointment_id: UUID
    version: int
    patient: str
    phone: str
    email: str
    service: str
    start: datetime
    end: datetime
    price_cents: int
    has_come: bool
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The dry run: nothing was changed. Its first proposals do not meet each other."""

    practitioner_id: UUID
    start: datetime
    end: datetime
    affected: tuple[Affected, ...]

    @property
    def minutes(self) -> int:
        """How long the visits are together."""
        return sum((one.end - one.start) // MINUTE for one in self.affected)

    @property
    def cents(self) -> int:
        """What they cost together."""
        return sum(one.price_cents for one in self.affected)

    def count(self, kind: str) -> int:
        """How many visits have their first proposal of that kind; "" counts those without any."""
        first = [one.proposals[0].kind if one.proposals else "" for one in self.affected if not one.has_come]
        return first.count(kind)


def propose(session: Session, *, actor: Actor, practitioner_id: UUID, start: datetime, end: datetime) -> Plan:
    """What would become of every visit of a practitioner that begins before `end` and ends after `start`.

    Raises:
        InvalidInput: the time is over, or is none.
        NotFound: the practitioner is not in this clinic.
    """
    actor.require(BOOK)
    offered, now = catalogue(session, actor.clinic_id), claims.now(session)
    offered.resource(practitioner_id)
    check(start, end, now)
    rows = met(session, actor, practitioner_id, start, end)
    where = offered.clinic.where
    first, last = (localtime.local_day(moment, where) for moment in (max(start, now), end))
    finder = Finder(
        offered, Span(first, (last - first).days + 1 + PATIENCE, where), practitioner_id, (start, end)
    )
    people = _people(session, rows, offered.clinic.country)
    others = _others(session, rows)
    affected = []
    for row in rows:
        has_come, patient_id = row.status not in moving.MOVABLE, people[row.booking_id][3]
        found: tuple[Proposal, ...] = ()
        if not has_come:
            found = finder.proposals(session, row, patient_id, has_others=others[row.booking_id] > 1)
        affected.append(_affected(offered, row, people[row.booking_id], found, has_come=has_come))
    return Plan(practitioner_id, start, end, tuple(affected))


def check(start: datetime, end: datetime, now: datetime) -> None:
    """Refuse a time that cannot be an absence to plan for.

    Raises:
        InvalidInput: it is over, ends before it begins, or is longer than a year.
    """
    if end <= start:
        raise InvalidInput("An absence ends after it begins; please choose a later end.", "until")
    if end <= now:
        raise InvalidInput("That time is over; please choose a later one.", "until")
    if end - start > LONGEST:
        raise InvalidInput("Plan at most a year at once; please choose an earlier end.", "until")


def met(
    session: Session, actor: Actor, practitioner_id: UUID, start: datetime, end: datetime
) -> Sequence[t.Appointment]:
    """The practitioner's visits that are to come in that time."""
    a = t.Appointment
    wanted = select(a).where(
        a.clinic_id == actor.clinic_id,
        a.practitioner_id == practitioner_id,
        a.status.in_(appointments.OPEN),
        a.start_at > start - timedelta(days=1),
        a.start_at < end,
        a.end_at > start,
    )
    return session.scalars(wanted.order_by(a.start_at, a.id)).all()


Person = tuple[str, str, str, UUID | None]  # name, phone, e-mail, patient


def _people(session: Session, rows: Sequence[t.Appointment], country: str) -> Mapping[UUID, Person]:
    b, p = t.Booking, t.Patient
    is_guest = b.patient_id.is_(None)
    found = session.execute(
        select(
            b.id,
            case((is_guest, b.guest_name), else_=p.name),
            case((is_guest, b.guest_phone), else_=p.phone),
            case((is_guest, b.guest_email), else_=p.email),
            b.patient_id,
        )
        .outerjoin(p, p.id == b.patient_id)
        .where(b.id.in_({row.booking_id for row in rows}))
    )
    return {
        booking: (name or "", persons.shown_phone(phone, country) if phone else "", email or "", patient)
        for booking, name, phone, email, patient in found
    }


def _others(session: Session, rows: Sequence[t.Appointment]) -> Mapping[UUID, int]:
    """How many appointments of each visit stand."""
    a, counted = t.Appointment, dict[UUID, int]()
    wanted = select(a.booking_id).where(
        a.booking_id.in_({row.booking_id for row in rows}), a.status.in_(appointments.OPEN)
    )
    for booking_id in session.scalars(wanted):
        counted[booking_id] = counted.get(booking_id, 0) + 1
    return counted


def _affected(
    offered: Catalogue,
    row: t.Appointment,
    person: Person,
    proposals: tuple[Proposal, ...],
    *,
    has_come: bool,
) -> Affected:
    name, phone, email, _patient_id = person
    terms = standing.terms(row)
    known = {service.id: service.name for service in offered.services}
    return Affected(
        row.id,
        row.version,
        name,
        phone,
        email,
        known.get(row.service_id, ""),
        terms.start,
        terms.end,
        row.price_cents,
        has_come,
        proposals,
    )
