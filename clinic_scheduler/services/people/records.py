"""One person's record: who it is, what was booked, what is to be known; and changing it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import accounts, likeness, name_index, patients, persons
from clinic_scheduler.services.people.accounts import PaymentLine, PlanLine
from clinic_scheduler.services.people.likeness import Person
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import claims

MOST_VISITS = 300
LONGEST_ALERT, LONGEST_NOTES = 200, 4000


@dataclass(frozen=True, slots=True)
class PastVisit:
    """One appointment; `start` is local wall time, missing where it was never told."""

    appointment_id: UUID
    day: date
    start: datetime | None
    service: str
    practitioner: str
    status: str
    reference: str
    price_cents: int


@dataclass(frozen=True, slots=True)
class Record:
    """A person with the newest visits first; the counts are of all there ever were."""

    line: PatientLine
    notes: str
    version: int
    visits: tuple[PastVisit, ...]
    ahead: int
    came: int
    missed: int
    cancelled: int
    code: str = ""
    plans: tuple[PlanLine, ...] = ()
    payments: tuple[PaymentLine, ...] = ()

    @property
    def missed_on(self) -> tuple[date, ...]:
        """The days of the newest visits to which the person did not come, the latest first."""
        return tuple(visit.day for visit in self.visits if visit.status == AppointmentStatus.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Written:
    """What can be changed of a record, as it was typed."""

    name: str
    phone: str
    email: str
    birth_date: date | None
    alert: str
    notes: str


def of(session: Session, *, actor: Actor, patient_id: UUID) -> Record:
    """The record of one person.

    Raises:
        NotFound: nobody of this clinic has that id, or the person was erased.
    """
    row = row_of(session, actor, patient_id)
    patient_id = row.id
    line = patients.find(session, clinic_id=actor.clinic_id, patient_id=patient_id)
    a, b = t.Appointment, t.Booking
    of_patient = (
        select(a.status, func.count()).join(b, b.id == a.booking_id).where(b.patient_id == patient_id)
    )
    counts: dict[str, int] = dict(session.execute(of_patient.group_by(a.status)).all())
    return Record(
        line,
        row.notes,
        row.version,
        tuple(visits(session, patient_id, MOST_VISITS)),
        ahead(session, patient_id),
        counts.get(AppointmentStatus.COMPLETED, 0),
        counts.get(AppointmentStatus.NO_SHOW, 0),
        counts.get(AppointmentStatus.CANCELLED, 0),
        row.code,
        accounts.plans(session, patient_id),
        accounts.payments(session, patient_id),
    )


def ahead(session: Session, patient_id: UUID) -> int:
    """How many appointments of the person stand and are still to come."""
    a, b = t.Appointment, t.Booking
    standing = (AppointmentStatus.PENDING, AppointmentStatus.CONFIRMED)
    found = session.scalar(
        select(func.count())
        .select_from(a)
        .join(b, b.id == a.booking_id)
        .where(b.patient_id == patient_id, a.status.in_(standing), a.start_at > claims.now(session))
    )
    return found or 0


def patient_of(session: Session, *, actor: Actor, booking_id: UUID) -> UUID | None:
    """Who comes to a visit; None for a guest."""
    b = t.Booking
    return session.scalar(select(b.patient_id).where(b.id == booking_id, b.clinic_id == actor.clinic_id))


def register(session: Session, *, actor: Actor, patient_id: UUID, written: Written) -> Record:
    """Put somebody on record with all that was written; the id, made by the caller, lets a repetition be recognised.

    Raises:
        InvalidInput: with the field that cannot be used.
    """
    patients.register(
        session,
        actor=actor,
        name=written.name,
        phone=written.phone,
        email=written.email,
        birth_date=written.birth_date,
        patient_id=patient_id,
    )
    if written.alert or written.notes:
        version = row_of(session, actor, patient_id).version
        return change(session, actor=actor, patient_id=patient_id, version=version, written=written)
    return of(session, actor=actor, patient_id=patient_id)


def change(session: Session, *, actor: Actor, patient_id: UUID, version: int, written: Written) -> Record:
    """Keep what was written; searches and likely duplicates follow.

    Raises:
        InvalidInput: with the field that cannot be used.
        ChangedMeanwhile: somebody else changed the record since it was shown.
        NotFound: nobody of this clinic has that id.
        NotPermitted: the person may not book.
    """
    actor.require(BOOK)
    row = row_of(session, actor, patient_id, is_locked=True)
    patient_id = row.id
    if row.version != version:
        raise ChangedMeanwhile("Somebody else changed this record meanwhile; please look at it again.")
    country = clinic(session, actor.clinic_id).country
    line = PatientLine(
        patient_id,
        persons.clean_name(written.name),
        persons.clean_phone(written.phone, country),
        persons.clean_email(written.email),
        patients.clean_birth_date(written.birth_date),
        clean_text(written.alert, LONGEST_ALERT, "alert"),
    )
    new: dict[str, Any] = {name: value for name, value in asdict(line).items() if name != "id"}
    new["notes"] = clean_text(written.notes, LONGEST_NOTES, "notes")
    changed = sorted(name for name, value in new.items() if value != getattr(row, name))
    if changed:
        session.execute(
            update(t.Patient)
            .where(t.Patient.id == patient_id)
            .values(
                **new,
                search=patients.whole_search(session, line, row.code),
                traits=likeness.WAY,
                version=version + 1,
            )
        )
        session.execute(delete(t.PatientTrait).where(t.PatientTrait.patient_id == patient_id))
        person = Person(line.name, line.phone, line.birth_date)
        patients.keep_traits(session, [(actor.clinic_id, patient_id, person)])
        name_index.fill_in(session, 1)
        audit.record(
            session, actor, "patient.changed", "patient", patient_id, after={"fields": ", ".join(changed)}
        )
        announce(session, "patient", patient_id)
    return of(session, actor=actor, patient_id=patient_id)


def row_of(session: Session, actor: Actor, patient_id: UUID, *, is_locked: bool = False) -> t.Patient:
    """The row of a person on record, by whichever of the records that were merged.

    Raises:
        NotFound: nobody of this clinic has that id, or the person was erased.
    """
    p = t.Patient
    wanted: Select[t.Patient] = select(p).where(
        p.id == patients.current(session, patient_id), p.clinic_id == actor.clinic_id, p.erased_at.is_(None)
    )
    if is_locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound("That patient is not on record; search again.")
    return row


def visits(session: Session, patient_id: UUID, most: int | None) -> list[PastVisit]:
    """The visits of a person, the newest first."""
    a, b, s, r = t.Appointment, t.Booking, t.Service, t.Resource
    rows = session.execute(
        select(a.id, a.day, a.local_start, s.name, r.name, a.status, b.reference, a.price_cents)
        .join(b, b.id == a.booking_id)
        .join(s, s.id == a.service_id)
        .join(r, r.id == a.practitioner_id)
        .where(b.patient_id == patient_id)
        .order_by(a.day.desc(), a.local_start.desc(), a.id)
        .limit(most)
    )
    return [
        PastVisit(one, day, datetime.fromisoformat(wall) if wall else None, service, who, status, code, cents)
        for one, day, wall, service, who, status, code, cents in rows
    ]


def clean_text(text: str, longest: int, field: str) -> str:
    """The text without NUL and outer blanks.

    Raises:
        InvalidInput: it is longer than is kept.
    """
    kept = text.replace("\0", "").strip()
    if len(kept) > longest:
        raise InvalidInput(f"At most {longest} characters are kept here; please shorten the text.", field)
    return kept
