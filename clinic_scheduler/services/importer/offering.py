"""The clinic of a book: found by its name or made, with the staff and services that are missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services import catalogue, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.setup import NewClinic, NewResource, NewService

from .book import Book
from .rules import BookMapping, StaffRules


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff in the database."""

    id: UUID
    name: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the appointments refer to, by the codes of the book, and how much of it is new."""

    staff: Mapping[str, Person]
    services: Mapping[str, UUID]
    prices: Mapping[str, int]
    new_staff: int
    new_services: int


def clinic(session: Session, *, actor: Actor, mapping: BookMapping) -> ClinicFacts:
    """The clinic of the mapping's name; made where there is none.

    Raises:
        ImportRefused: the one that is there counts its time or money differently.
    """
    named = [
        c for c in catalogue.clinics(session) if persons.folded(c.name) == persons.folded(mapping.clinic_name)
    ]
    if not named:
        made = NewClinic(new_id(), mapping.clinic_name, mapping.zone, mapping.country, mapping.currency)
        setup.create_clinic(session, actor=replace(actor, clinic_id=made.id), clinic=made)
        return catalogue.clinic(session, made.id)
    found = named[0]
    for ours, theirs, what in (
        (found.zone, mapping.zone, "time zone"),
        (found.currency, mapping.currency, "currency"),
    ):
        if ours != theirs:
            raise ImportRefused(
                f"The clinic {found.name} has the {what} {ours}, the mapping says {theirs}; correct the mapping."
            )
    return found


def offer(session: Session, clinic_id: UUID, book: Book) -> Offer:
    """The staff and services of the book; missing ones are added."""
    staff, new_staff = _staff(session, clinic_id, book)
    services = {
        code: (identifier, price)
        for identifier, code, price in session.execute(
            select(t.Service.id, t.Service.code, t.Service.price_cents).where(
                t.Service.clinic_id == clinic_id
            )
        )
    }
    missing = {code: new_id() for code in book.services if code not in services}
    pairs = {(line.service, line.staff) for line in book.lines}
    setup.add_services(session, clinic_id, _new_services(book, missing, pairs, staff), len(services))
    _let_perform(session, pairs, services, staff, new_staff)
    return Offer(
        staff,
        {code: identifier for code, (identifier, _price) in services.items()} | missing,
        {code: price for code, (_id, price) in services.items()}
        | {code: book.services[code].price_cents for code in missing},
        len(new_staff),
        len(missing),
    )


def _staff(session: Session, clinic_id: UUID, book: Book) -> tuple[dict[str, Person], set[str]]:
    """The staff by code, and the codes of those added. Who has no code yet is known by name."""
    r = t.Resource
    wanted = select(r.id, r.code, r.name, r.capacity).where(
        r.clinic_id == clinic_id, r.kind == ResourceKind.PRACTITIONER
    )
    rows = session.execute(wanted).all()
    by_code = {row.code: Person(row.id, row.name, row.capacity) for row in rows if row.code}
    by_name = {
        persons.folded(row.name): Person(row.id, row.name, row.capacity) for row in rows if not row.code
    }
    rules = dict(book.mapping.staff)
    for index, code in enumerate(
        sorted({line.staff for line in book.lines} - rules.keys()), start=len(rules)
    ):
        rules[code] = StaffRules(code, code, "", index % 12, ())
    known = {
        code: by_code.get(code) or by_name.get(persons.folded(rule.name)) for code, rule in rules.items()
    }
    added = {code: rules[code] for code, person in known.items() if person is None}
    new = {code: Person(new_id(), rule.name, 1) for code, rule in added.items()}
    count = session.scalar(
        select(func.count()).where(r.clinic_id == clinic_id, r.kind != ResourceKind.PATIENT)
    )
    setup.add_resources(
        session,
        clinic_id,
        [_resource(new[code].id, rule) for code, rule in added.items()],
        count or 0,
    )
    return {code: person or new[code] for code, person in known.items()}, set(new)


def _resource(identifier: UUID, rule: StaffRules) -> NewResource:
    return NewResource(
        identifier,
        ResourceKind.PRACTITIONER,
        rule.name,
        rule.role,
        rule.code,
        hue=rule.hue,
        hours=rule.hours,
    )


def _new_services(
    book: Book,
    missing: Mapping[str, UUID],
    pairs: Iterable[tuple[str, str]],
    staff: Mapping[str, Person],
) -> list[NewService]:
    """The missing services, performed by whom the book has doing them; each category has its hue."""
    performing: dict[str, dict[UUID, int | None]] = {code: {} for code in missing}
    for service, code in sorted(pairs):
        if service in performing:
            performing[service][staff[code].id] = None
    categories = list(dict.fromkeys(service.category for service in book.services.values()))
    return [
        NewService(
            identifier,
            code,
            book.services[code].name,
            book.services[code].minutes,
            book.services[code].price_cents,
            book.services[code].category,
            hue=categories.index(book.services[code].category) % 12,
            performers=performing[code],
        )
        for code, identifier in missing.items()
    ]


def _let_perform(
    session: Session,
    pairs: Iterable[tuple[str, str]],
    services: Mapping[str, tuple[UUID, int]],
    staff: Mapping[str, Person],
    new_staff: set[str],
) -> None:
    """Let the new staff perform the services that were there already, as the book has it."""
    rows = [
        {"service_id": services[service][0], "practitioner_id": staff[code].id}
        for service, code in sorted(pairs)
        if service in services and code in new_staff
    ]
    if rows:
        session.execute(insert(t.ServicePerformer), rows)
