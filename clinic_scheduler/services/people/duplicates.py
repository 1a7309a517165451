"""Who on record may be the person at the desk, however the name, phone and birth date were typed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select, union, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import likeness, patients, persons
from clinic_scheduler.services.people.likeness import Person, Reason
from clinic_scheduler.services.people.patients import PatientLine

MOST_LOOKED_AT = 200
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody on record, and why that may be the person; the weightiest reason first."""

    line: PatientLine
    reasons: tuple[Reason, ...]


def likely(
    session: Session, *, clinic_id: UUID, name: str, phone: str = "", birth_date: date | None = None
) -> tuple[Likely, ...]:
    """The few people on record of the clinic who are most alike, likeliest first, then by name."""
    asked = Person(name, _as_stored(session, clinic_id, phone), birth_date)
    found = []
    if not likeness.traits(clinic_id, asked).telling:
        return ()
    for line in patients.lines(session, clinic_id, _alike(clinic_id, asked)):
        other = Person(line.name, line.phone, line.birth_date)
        if reasons := likeness.reasons(asked, other):
            rank = -likeness.likelihood(reasons, asked, other)
            found.append((rank, line.name, line.id, Likely(line, reasons)))
    return tuple(one for *_rank, one in sorted(found, key=lambda each: each[:3])[:MOST_SHOWN])


def _as_stored(session: Session, clinic_id: UUID, phone: str) -> str:
    try:
        return persons.clean_phone(phone, clinic(session, clinic_id).country)
    except InvalidInput:
        return phone


def fill_in(session: Session, most: int) -> int:
    """Make the traits of people whom a desk with an older program put on record; of how many."""
    p = t.Patient
    rows = session.execute(
        select(p.clinic_id, p.id, p.name, p.phone, p.birth_date)
        .where(p.traits == 0)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    patients.keep_traits(session, [(row.clinic_id, row.id, Person(*row[2:])) for row in rows])
    session.execute(
        update(p)
        .where(p.id.in_([row.id for row in rows]))
        .values(traits=likeness.WAY)
        .execution_options(synchronize_session=False)
    )
    return len(rows)


def _alike(clinic_id: UUID, asked: Person) -> Select[UUID]:
    """The ids of those who share a telling trait, and of those who share the most edges of the name."""
    found = likeness.traits(clinic_id, asked)
    telling = set(found.telling)
    if asked.birth_date and (other := likeness.swapped(asked.birth_date)):
        telling |= likeness.traits(clinic_id, Person("", birth_date=other)).telling
    kept = t.PatientTrait
    ways = [select(kept.patient_id).where(kept.trait == trait) for trait in sorted(telling)]
    if found.edges:
        by_name = select(kept.patient_id).where(kept.trait.in_(found.edges)).group_by(kept.patient_id)
        ways.append(by_name.order_by(func.count().desc(), kept.patient_id))
    some = (way.limit(MOST_LOOKED_AT).subquery() for way in ways)
    return select(union(*(select(way.c.patient_id) for way in some)).subquery().c.patient_id)
