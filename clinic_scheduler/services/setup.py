"""Making a clinic: the clinic itself, its people, rooms, services and hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import PlanStrategy, ResourceKind
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import add_ons, audit, localtime
from clinic_scheduler.services.actor import SET_UP, Actor
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.wishes import AddOn

BEGINNING = date(2000, 1, 1)
CURRENCIES = frozenset(
    {
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "CAD",
        "AUD",
        "NZD",
        "PLN",
        "CZK",
        "SEK",
        "NOK",
        "DKK",
        "JPY",
        "INR",
        "BRL",
        "ZAR",
    }
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly open time in minutes of wall time; `weekday` 0 is Monday. A break carries its label.

    Alternating weeks are said by `every_weeks` and `week`, as in the table.
    """

    weekday: int
    start_min: int
    end_min: int
    is_break: bool = False
    label: str = ""
    valid_from: date = BEGINNING
    valid_until: date | None = None
    every_weeks: int = 1
    week: int = 0


@dataclass(frozen=True, slots=True)
class NewResource:
    """A practitioner, room or piece of equipment, with its weekly hours (none: whenever the clinic is open)."""

    id: UUID
    kind: str
    name: str
    role: str = ""
    code: str = ""
    room_kind: str = ""
    hue: int = 0
    hours: tuple[Hours, ...] = ()
    equipment_kind: str = ""
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Days between two sessions of a plan."""

    min_days: int
    ideal_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class NewService:
    """What can be booked; `performers` maps practitioners to their own duration, or None for the usual one.

    `away` is the processing gap: from and until so many minutes after the start the practitioner is free.
    """

    id: UUID
    code: str
    name: str
    duration_min: int
    price_cents: int = 0
    category: str = ""
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    room_kind: str = ""
    hue: int = 0
    sessions: int = 1
    strategy: str = PlanStrategy.SEQUENTIAL
    gap: Gap | None = None
    performers: Mapping[UUID, int | None] = field(default_factory=dict)
    room_id: UUID | None = None
    equipment_kind: str = ""
    away: tuple[int, int] | None = None
    add_ons: tuple[AddOn, ...] = ()


@dataclass(frozen=True, slots=True)
class NewClinic:
    """A clinic to be made; `zone` is an IANA name, `country` ISO 3166 alpha-2, `currency` ISO 4217."""

    id: UUID
    name: str
    zone: str
    country: str
    currency: str
    resources: tuple[NewResource, ...] = ()
    services: tuple[NewService, ...] = ()
    hold_min: int = 15
    step_min: int = 5
    is_demo: bool = False
    notice_min: int = 0
    horizon_days: int = 365


def week(
    start_min: int, end_min: int, *, weekdays: Sequence[int] = range(5), lunch: tuple[int, int] | None = None
) -> tuple[Hours, ...]:
    """The same hours on several weekdays, with a break in the middle where `lunch` gives one."""
    opened = tuple(Hours(day, start_min, end_min) for day in weekdays)
    return opened + (
        tuple(Hours(day, *lunch, is_break=True, label="Lunch") for day in weekdays) if lunch else ()
    )


def create_clinic(session: Session, *, actor: Actor, clinic: NewClinic) -> UUID:
    """Make a clinic with all that it has, in one go.

    Raises:
        InvalidInput: with the field that cannot be used.
    """
    actor.require(SET_UP)
    name = persons.clean_name(clinic.name, field="clinic_name")
    localtime.zone(clinic.zone)
    if len(clinic.country) != 2 or not clinic.country.isalpha():
        raise InvalidInput("A country is given by its two letters, such as DE; please choose one.", "country")
    if clinic.currency not in CURRENCIES:
        raise InvalidInput("That currency is not known; please choose one from the list.", "currency")
    session.execute(
        insert(t.Clinic).values(
            id=clinic.id,
            name=name,
            zone=clinic.zone,
            country=clinic.country.upper(),
            currency=clinic.currency,
            hold_min=clinic.hold_min,
            step_min=clinic.step_min,
            notice_min=clinic.notice_min,
            horizon_days=clinic.horizon_days,
            is_demo=clinic.is_demo,
        )
    )
    add_resources(session, clinic.id, clinic.resources)
    add_services(session, clinic.id, clinic.services)
    audit.record(session, actor, "clinic.created", "clinic", clinic.id)
    announce(session, "clinic", clinic.id)
    return clinic.id


def add_resources(
    session: Session, clinic_id: UUID, resources: Sequence[NewResource], first_position: int = 0
) -> None:
    """Insert resources in this order, with their hours.

    Raises:
        InvalidInput: a name is blank or hours end before they begin.
    """
    if not resources:
        return
    session.execute(
        insert(t.Resource),
        [
            {
                "id": r.id,
                "clinic_id": clinic_id,
                "kind": ResourceKind(r.kind),
                "name": persons.clean_name(r.name, field="resource_name"),
                "role": r.role,
                "code": r.code,
                "room_kind": r.room_kind,
                "equipment_kind": r.equipment_kind,
                "capacity": r.capacity,
                "hue": r.hue,
                "position": position,
            }
            for position, r in enumerate(resources, start=first_position)
        ],
    )
    rows = [_hours_row(r.id, hours) for r in resources for hours in r.hours]
    if rows:
        session.execute(insert(t.WorkingHours), rows)


def _hours_row(resource_id: UUID, hours: Hours) -> dict[str, object]:
    if not 0 <= hours.start_min < hours.end_min <= 2880:
        raise InvalidInput("Working hours must end after they begin; please check the times.", "hours")
    return {
        "id": new_id(),
        "resource_id": resource_id,
        "weekday": hours.weekday,
        "start_min": hours.start_min,
        "end_min": hours.end_min,
        "is_break": hours.is_break,
        "label": hours.label,
        "valid_from": hours.valid_from,
        "valid_until": hours.valid_until,
        "every_weeks": hours.every_weeks,
        "week": hours.week,
    }


def add_services(
    session: Session, clinic_id: UUID, services: Sequence[NewService], first_position: int = 0
) -> None:
    """Insert services in this order, with who performs them and the gaps of plans.

    Raises:
        InvalidInput: a duration or price is out of range.
    """
    if not services:
        return
    session.execute(
        insert(t.Service),
        [_service_row(clinic_id, s, i) for i, s in enumerate(services, start=first_position)],
    )
    performers = [
        {"service_id": s.id, "practitioner_id": who, "duration_min": minutes}
        for s in services
        for who, minutes in s.performers.items()
    ]
    if performers:
        session.execute(insert(t.ServicePerformer), performers)
    add_ons.offer(session, {s.id: s.add_ons for s in services})
    gaps = [
        {
            "service_id": s.id,
            "step": 0,
            "min_days": s.gap.min_days,
            "ideal_days": s.gap.ideal_days,
            "max_days": s.gap.max_days,
        }
        for s in services
        if s.gap
    ]
    if gaps:
        session.execute(insert(t.ServiceGap), gaps)


def _service_row(clinic_id: UUID, service: NewService, position: int) -> dict[str, object]:
    if not 1 <= service.duration_min <= 1440:
        raise InvalidInput(
            "A service lasts from 1 minute to 24 hours; please check its duration.", "duration"
        )
    if service.price_cents < 0:
        raise InvalidInput("A price cannot be negative; please check it.", "price")
    leaves, returns = service.away or (None, None)
    if leaves is not None and returns is not None and not 0 < leaves < returns < service.duration_min:
        raise InvalidInput("A processing gap lies within the service; please check its times.", "gap")
    return {
        "id": service.id,
        "clinic_id": clinic_id,
        "code": service.code,
        "name": persons.clean_name(service.name, field="service_name"),
        "category": service.category,
        "duration_min": service.duration_min,
        "buffer_before_min": service.buffer_before_min,
        "buffer_after_min": service.buffer_after_min,
        "price_cents": service.price_cents,
        "room_kind": service.room_kind,
        "room_id": service.room_id,
        "equipment_kind": service.equipment_kind,
        "gap_start_min": leaves,
        "gap_end_min": returns,
        "sessions": service.sessions,
        "strategy": PlanStrategy(service.strategy),
        "hue": service.hue,
        "position": position,
    }
