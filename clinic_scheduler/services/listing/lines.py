"""The lines of the list, page by page: a visit each, with all its parts and how far its course of treatment is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.types import Ids, among
from clinic_scheduler.services import catalogue
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons

from . import searching
from .asked import Asked, Filter
from .courses import Course, of_appointments
from .statements import Key, Question, stages

PAGE = 100
_A, _B, _P, _S = t.Appointment, t.Booking, t.Patient, t.Service
_WHO, _ROOM = aliased(t.Resource), aliased(t.Resource)
_IS_GUEST = _B.patient_id.is_(None)
_BOOKINGS = bindparam("bookings", type_=Ids())
# Made once: made anew they would take longer than the database, and keep the window waiting for its turn.
VISITS = Prepared(
    select(
        _B.id,
        _B.reference,
        case((_IS_GUEST, _B.guest_name), else_=_P.name),
        _IS_GUEST,
        case((_IS_GUEST, _B.guest_phone), else_=_P.phone),
        case((_IS_GUEST, _B.guest_email), else_=_P.email),
        _B.source,
        _B.payment_state,
        _B.total_cents,
        _B.created_at,
        _B.notes,
    )
    .outerjoin(_P, _P.id == _B.patient_id)
    .where(among(_B.id, _BOOKINGS))
)
PARTS = Prepared(
    select(
        _A.id,
        _A.booking_id,
        _A.version,
        _S.name,
        _WHO.name,
        _ROOM.name,
        _A.day,
        _A.start_at,
        _A.end_at,
        _A.status,
        _A.status_reason,
        _A.is_late_cancel,
        _A.price_cents,
        _A.service_id,
        _A.practitioner_id,
        _A.room_id,
    )
    .join(_S, _S.id == _A.service_id)
    .join(_WHO, _WHO.id == _A.practitioner_id)
    .outerjoin(_ROOM, _ROOM.id == _A.room_id)
    .where(among(_A.booking_id, _BOOKINGS))
    .order_by(_A.booking_id, _A.position)
)


@dataclass(frozen=True, slots=True)
class Part:
    """One appointment; times are local wall time, missing where never told. `is_wanted` says that the filter fits it.

    `counter` is its place in a course of treatment, such as "3/6".
    """

    id: UUID
    version: int
    service: str
    practitioner: str
    room: str
    day: date
    start: datetime | None
    end: datetime | None
    status: str
    status_reason: str
    is_late_cancel: bool
    price_cents: int
    counter: str
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """What stands on a booking; `phone` is E.164."""

    id: UUID
    reference: str
    patient: str
    is_guest: bool
    phone: str
    email: str
    source: str
    payment_state: str
    total_cents: int
    created_at: datetime
    notes: str


@dataclass(frozen=True, slots=True)
class Line:
    """A visit in the list; `lead` is the first part that is wanted, by which it stands where it stands."""

    key: Key
    visit: Visit
    lead: Part
    parts: tuple[Part, ...]
    course: Course | None


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in the order asked for. `has_more` in the direction that was read; `is_cut`: see `searching.Found`."""

    lines: tuple[Line, ...]
    has_more: bool
    is_cut: bool = False


def question(session: Session, actor: Actor, asked: Asked) -> tuple[Question, bool]:
    """What is asked in full, with whoever the text means; and whether that is too many."""
    clinic = catalogue.clinic(session, actor.clinic_id)
    text = asked.filter.text
    if not persons.folded(text):
        return Question(asked, clinic, None), False
    found = searching.bookings(session, clinic.id, text)
    return Question(asked, clinic, found.booking_ids), found.is_cut


def page(
    session: Session,
    *,
    actor: Actor,
    asked: Asked,
    after: Key | None = None,
    is_back: bool = False,
    limit: int = PAGE,
) -> Page:
    """The lines after that place, or from the beginning; `is_back` those before it, or from the end."""
    wanted, is_cut = question(session, actor, asked)
    rows = walk(session, wanted, after, limit + 1, is_back=is_back)
    has_more = len(rows) > limit
    rows = rows[:limit][::-1] if is_back else rows[:limit]
    return Page(tuple(filled(session, asked.filter, rows, wanted.clinic)), has_more, is_cut)


Row = tuple[Key, UUID]  # the appointment's place, and its booking


def walk(
    session: Session,
    wanted: Question,
    after: Key | None,
    limit: int,
    *,
    is_back: bool = False,
    is_folded: bool = True,
) -> list[Row]:
    """The next places in reading direction, stage by stage."""
    numbers = list(range(len(stages(wanted.asked.order))))
    if wanted.asked.is_descending != is_back:
        numbers.reverse()
    if after is not None:
        numbers = numbers[numbers.index(after.stage) :]
    found: list[Row] = []
    for number in numbers:
        beyond = after if after is not None and after.stage == number else None
        query = wanted.page(number, beyond, limit - len(found), is_back=is_back, is_folded=is_folded)
        for value, appointment_id, booking_id in session.execute(query):
            found.append((Key(number, value, appointment_id), booking_id))
        if len(found) >= limit:
            break
    return found


def filled(session: Session, wanted: Filter, rows: Sequence[Row], clinic: ClinicFacts) -> Iterator[Line]:
    """The lines of those places, in their order."""
    bookings = list(dict.fromkeys(booking for _key, booking in rows))
    visits = dict(_visits(session, bookings, clinic))
    parts, courses = _parts(session, wanted, bookings, clinic.where)
    for key, booking in rows:
        known = parts[booking]
        lead = next(part for part in known if part.id == key.id)
        yield Line(key, visits[booking], lead, tuple(known), courses.get(key.id))


def _visits(
    session: Session, booking_ids: Sequence[UUID], clinic: ClinicFacts
) -> Iterator[tuple[UUID, Visit]]:
    for row in VISITS.rows(session, {"bookings": list(booking_ids)}):
        made = Visit(
            id=row[0],
            reference=row[1],
            patient=row[2] or "",
            is_guest=bool(row[3]),
            phone=row[4] or "",
            email=row[5] or "",
            source=row[6],
            payment_state=row[7],
            total_cents=row[8],
            created_at=row[9].astimezone(clinic.where),
            notes=row[10],
        )
        yield made.id, made


def _parts(
    session: Session, wanted: Filter, booking_ids: Sequence[UUID], where: ZoneInfo
) -> tuple[Mapping[UUID, list[Part]], Mapping[UUID, Course]]:
    rows = PARTS.rows(session, {"bookings": list(booking_ids)})
    courses = of_appointments(session, [row[0] for row in rows])
    found: dict[UUID, list[Part]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(_part(row, wanted, courses.get(row[0]), where))
    return found, courses


def _part(row: tuple[Any, ...], wanted: Filter, course: Course | None, where: ZoneInfo) -> Part:
    start, end = (one.astimezone(where) if one else None for one in row[7:9])
    return Part(
        id=row[0],
        version=row[2],
        service=row[3],
        practitioner=row[4],
        room=row[5] or "",
        day=row[6],
        start=start,
        end=end,
        status=row[9],
        status_reason=row[10],
        is_late_cancel=bool(row[11]),
        price_cents=row[12],
        counter=course.counter(row[0]) if course else "",
        is_wanted=wanted.fits(start.date() if start else row[6], row[9], *row[13:16]),
    )
