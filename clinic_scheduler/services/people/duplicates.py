"""Who on record may be the person at the desk, however the name, phone and birth date were typed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select, union, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import likeness, patients, persons
from clinic_scheduler.services.people.likeness import Person, Reason
from clinic_scheduler.services.people.patients import PatientLine

Value = TypeVar("Value")

MOST_LOOKED_AT = 200
MOST_SHOWN = 5
AT_ONCE = 500  # parameters of one statement


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
    if not likeness.traits(clinic_id, asked).telling:
        return ()
    return _judged(asked, patients.lines(session, clinic_id, _alike(clinic_id, asked)))


def of_record(session: Session, *, clinic_id: UUID, patient_id: UUID) -> tuple[PatientLine, ...]:
    """Who else on record may be the same person, likeliest first."""
    own = patients.find(session, clinic_id=clinic_id, patient_id=patient_id)
    found = likely(session, clinic_id=clinic_id, name=own.name, phone=own.phone, birth_date=own.birth_date)
    return tuple(one.line for one in found if one.line.id != own.id)


def of_many(session: Session, clinic_id: UUID, asked: Sequence[Person]) -> list[tuple[Likely, ...]]:
    """For each of many people whose phones are E.164 those on record who share the whole name, phone or birth date.

    A name with a slip of the finger is found where phone or birth date agree; `likely` finds it without.
    """
    wanted = [likeness.traits(clinic_id, person).telling for person in asked]
    kept = t.PatientTrait
    found: dict[int, set[UUID]] = {}
    for some in _batched(sorted({trait for traits in wanted for trait in traits})):
        for trait, patient_id in session.execute(
            select(kept.trait, kept.patient_id).where(kept.trait.in_(some))
        ):
            sharing = found.setdefault(trait, set())
            if len(sharing) < MOST_LOOKED_AT:
                sharing.add(patient_id)
    people: dict[UUID, PatientLine] = {}
    for some_ids in _batched(sorted(set().union(*found.values()))):
        among = select(t.Patient.id).where(t.Patient.id.in_(some_ids))
        people |= {line.id: line for line in patients.lines(session, clinic_id, among)}
    return [
        _judged(
            person, [people[one] for one in set().union(*(found.get(n, ()) for n in traits)) if one in people]
        )
        for person, traits in zip(asked, wanted, strict=True)
    ]


def _judged(asked: Person, lines: Iterable[PatientLine]) -> tuple[Likely, ...]:
    """Those who are alike enough, likeliest first, then by name."""
    found = []
    for line in lines:
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


def _batched(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


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
