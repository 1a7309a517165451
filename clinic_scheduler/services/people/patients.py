"""People on record: finding and registering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import AppointmentStatus, ResourceKind
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import audit, localtime
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import finding, likeness, name_index, persons
from clinic_scheduler.services.people.likeness import Person

LONGEST_SEARCH = 100
P, INTO = t.Patient.__table__, t.Patient.__table__.alias("goes_on_as")
FIND = Prepared(
    select(P.c.id, P.c.name, P.c.phone, P.c.email, P.c.birth_date, P.c.alert).where(
        P.c.id
        == select(func.coalesce(INTO.c.merged_into, INTO.c.id))
        .where(INTO.c.id == bindparam("patient"))
        .scalar_subquery(),
        P.c.clinic_id == bindparam("clinic"),
        P.c.erased_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A person in a list; `phone` is E.164."""

    id: UUID
    name: str
    phone: str
    email: str
    birth_date: date | None
    alert: str


def search(session: Session, *, clinic_id: UUID, text: str, limit: int = 20) -> tuple[PatientLine, ...]:
    """People whose name, phone, e-mail or code holds every word of `text`, by name.

    From three letters on, those come first in whom each word begins a name or number.
    """
    words = [
        tuple(dict.fromkeys((word, _as_dialled(word))))
        for word in persons.folded(text[:LONGEST_SEARCH]).split()
    ]
    if not words:
        return ()
    return tuple(PatientLine(*row) for row in finding.first(session, clinic_id, words, limit))


def expected(session: Session, *, clinic_id: UUID, limit: int = 50) -> tuple[PatientLine, ...]:
    """The people who have a visit today at the clinic, in the order of their visits."""
    p, a, b = t.Patient, t.Appointment, t.Booking
    ((now,),) = session.execute(select(clock())).all()
    first = func.min(a.start_at)
    today = (
        _lines()
        .join(b, b.patient_id == p.id)
        .join(a, a.booking_id == b.id)
        .where(
            a.clinic_id == clinic_id,
            a.day == localtime.local_day(now, clinic(session, clinic_id).where),
            a.status != AppointmentStatus.CANCELLED,
            p.erased_at.is_(None),
        )
        .group_by(p.id, p.name, p.phone, p.email, p.birth_date, p.alert)
        .order_by(first, p.name, p.id)
    )
    return _read(session, today.limit(limit))


def current(session: Session, patient_id: UUID | None) -> UUID | None:
    """The record that goes on for the one of that id: itself, or the one it was merged into."""
    if patient_id is None:
        return None
    into = session.scalar(select(t.Patient.merged_into).where(t.Patient.id == patient_id))
    return into or patient_id


def find(session: Session, *, clinic_id: UUID, patient_id: UUID) -> PatientLine:
    """One person, by whichever of the records that were merged.

    Raises:
        NotFound: nobody of this clinic has that id.
    """
    found = FIND.rows(session, {"clinic": clinic_id, "patient": patient_id})
    if not found:
        raise NotFound("That patient is not on record; search again.")
    return PatientLine(*found[0])


def lines(session: Session, clinic_id: UUID, among: Select[UUID]) -> tuple[PatientLine, ...]:
    """The clinic's people among those ids, without the erased, in no order."""
    p, ids = t.Patient, among.subquery()
    wanted = _lines().add_columns(p.clinic_id, p.erased_at).join(ids, ids.c[0] == p.id)
    # Asked for in SQL, the clinic would lead SQLite to read all its people.
    return tuple(
        PatientLine(*row[:6]) for row in session.execute(wanted) if row[6] == clinic_id and row[7] is None
    )


def register(
    session: Session,
    *,
    actor: Actor,
    name: str,
    phone: str = "",
    email: str = "",
    birth_date: date | None = None,
    patient_id: UUID | None = None,
) -> PatientLine:
    """Put a person on record; `patient_id` made by the caller lets a repeated commit be recognised.

    Raises:
        InvalidInput: with the field that cannot be used.
    """
    actor.require(BOOK)
    country = clinic(session, actor.clinic_id).country
    line = PatientLine(
        patient_id or new_id(),
        persons.clean_name(name),
        persons.clean_phone(phone, country),
        persons.clean_email(email),
        clean_birth_date(birth_date),
        "",
    )
    if session.get(t.Patient, line.id) is not None:
        return line
    write(session, actor.clinic_id, [line])
    audit.record(session, actor, "patient.registered", "patient", line.id)
    announce(session, "patient", line.id)
    return line


def write(
    session: Session,
    clinic_id: UUID,
    lines: Sequence[PatientLine],
    codes: Mapping[UUID, str] | None = None,
    notes: Mapping[UUID, str] | None = None,
) -> None:
    """Insert people whose values are clean already, each with the resource that appointments claim."""
    if not lines:
        return
    codes, notes = codes or {}, notes or {}
    session.execute(
        insert(t.Resource),
        [{"id": line.id, "clinic_id": clinic_id, "kind": ResourceKind.PATIENT, "name": ""} for line in lines],
    )
    session.execute(
        insert(t.Patient),
        [
            {
                "id": line.id,
                "clinic_id": clinic_id,
                "code": codes.get(line.id, ""),
                "name": line.name,
                "phone": line.phone,
                "email": line.email,
                "birth_date": line.birth_date,
                "alert": line.alert,
                "notes": notes.get(line.id, ""),
                "search": search_text(line, codes.get(line.id, "")),
                "traits": likeness.WAY,
            }
            for line in lines
        ],
    )
    people = [(clinic_id, line.id, Person(line.name, line.phone, line.birth_date)) for line in lines]
    keep_traits(session, people)
    name_index.fill_in(session, len(people))


def keep_traits(session: Session, people: Sequence[tuple[UUID, UUID, Person]]) -> None:
    """Insert what each person, of a clinic and with an id, is found by as a likely duplicate."""
    rows = [
        {"trait": trait, "patient_id": patient_id}
        for clinic_id, patient_id, person in people
        for kinds in (likeness.traits(clinic_id, person),)
        for trait in sorted(kinds.telling | kinds.edges)
    ]
    if rows:
        session.connection().execute(
            insert(t.PatientTrait), rows
        )  # so many that the ORM's bookkeeping would show


def search_text(line: PatientLine, code: str = "") -> str:
    """What searches look in: name first, then phone with and without its country code, e-mail and code."""
    national = persons.shown_phone(line.phone, "ZZ").partition(" ")[2] if line.phone else ""
    digits = "".join(c for c in national if c.isdigit())
    return persons.folded(f"{line.name} {line.phone} {digits and '0' + digits} {line.email} {code}") + " "


def whole_search(session: Session, line: PatientLine, code: str) -> str:
    """What searches look in for somebody on record: the names and numbers of merged records too."""
    p = t.Patient
    former = session.scalars(select(p.search).where(p.merged_into == line.id).order_by(p.id)).all()
    return search_text(line, code) + "".join(former)


def _as_dialled(word: str) -> str:
    digits = "".join(c for c in word if c.isdigit())
    return digits.removeprefix("00") if digits and not any(c.isalpha() for c in word) else word


def clean_birth_date(value: date | None) -> date | None:
    """The day, if somebody could have been born on it.

    Raises:
        InvalidInput: it lies ahead, or too far back.
    """
    if value is not None and (value.year < 1900 or value > date.today()):  # noqa: DTZ011  (a day's difference is no matter)
        raise InvalidInput("That birth date cannot be right; please check the year.", "birth_date")
    return value


def _lines() -> Select[UUID, str, str, str, date | None, str]:
    p = t.Patient
    return select(p.id, p.name, p.phone, p.email, p.birth_date, p.alert)


def _read(session: Session, wanted: Select[UUID, str, str, str, date | None, str]) -> tuple[PatientLine, ...]:
    return tuple(PatientLine(*row) for row in session.execute(wanted))
