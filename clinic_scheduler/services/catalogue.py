"""What a clinic has and offers: its rules, people, rooms and services."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import add_ons, localtime
from clinic_scheduler.services.times.timelines import Interval
from clinic_scheduler.services.wishes import AddOn

LONGEST = 1440


@dataclass(frozen=True, slots=True)
class ClinicFacts:
    """A clinic's rules; money is in the smallest unit of `currency`."""

    id: UUID
    name: str
    zone: str
    country: str
    currency: str
    hold_min: int
    step_min: int
    notice_min: int
    horizon_days: int
    cancel_notice_hours: int
    is_demo: bool

    @property
    def where(self) -> ZoneInfo:
        """The clinic's time zone."""
        return localtime.zone(self.zone)


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """A practitioner, room or piece of equipment."""

    id: UUID
    kind: str
    name: str
    role: str
    room_kind: str
    equipment_kind: str
    capacity: int
    hue: int


@dataclass(frozen=True, slots=True)
class Performer:
    """Who performs a service, with that person's own duration and price.

    In the minutes of `away`, counted from the start, this practitioner is free while the patient stays.
    """

    practitioner_id: UUID
    duration_min: int
    price_cents: int
    away: Interval | None = None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What can be booked. `performers` are in the order of the practitioners.

    `room_id` names the one room where it takes place, else any of `room_kind` will do.
    """

    id: UUID
    code: str
    name: str
    category: str
    duration_min: int
    buffer_before_min: int
    buffer_after_min: int
    price_cents: int
    room_kind: str
    room_id: UUID | None
    equipment_kind: str
    sessions: int
    hue: int
    performers: tuple[Performer, ...]
    add_ons: tuple[AddOn, ...] = ()

    @property
    def needs_room(self) -> bool:
        """Whether it takes place in a room that is booked with it."""
        return bool(self.room_kind or self.room_id)

    def chosen(self, add_on_ids: Sequence[UUID]) -> tuple[AddOn, ...]:
        """Those of its add-ons, in their order, that are among the ids; what is no longer offered is left out."""
        return tuple(one for one in self.add_ons if one.id in add_on_ids)

    def performer(self, practitioner_id: UUID) -> Performer:
        """How this practitioner performs it.

        Raises:
            NotFound: that practitioner does not.
        """
        for performer in self.performers:
            if performer.practitioner_id == practitioner_id:
                return performer
        raise NotFound(f"That practitioner does not perform {self.name}; please choose another.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything active, in the clinic's order."""

    clinic: ClinicFacts
    practitioners: tuple[ResourceFacts, ...]
    rooms: tuple[ResourceFacts, ...]
    equipment: tuple[ResourceFacts, ...]
    services: tuple[ServiceFacts, ...]

    def service(self, service_id: UUID) -> ServiceFacts:
        """The service of that id.

        Raises:
            NotFound: it is gone or no longer offered.
        """
        for service in self.services:
            if service.id == service_id:
                return service
        raise NotFound("That service is no longer offered; please choose another.")

    def resource(self, resource_id: UUID) -> ResourceFacts:
        """The practitioner, room or piece of equipment of that id.

        Raises:
            NotFound: it is gone or no longer active.
        """
        for resource in (*self.practitioners, *self.rooms, *self.equipment):
            if resource.id == resource_id:
                return resource
        raise NotFound("That practitioner or room is no longer available; please choose another.")

    def rooms_for(self, service: ServiceFacts, room_id: UUID | None = None) -> tuple[ResourceFacts, ...]:
        """The rooms where a service can take place, or the wished one of them; none if it needs no room."""
        only = room_id or service.room_id
        kind = service.room_kind
        return tuple(
            room
            for room in self.rooms
            if (only is None or room.id == only)
            and (room.id == service.room_id or kind in ("", room.room_kind))
            if service.needs_room or room_id
        )

    def equipment_for(self, service: ServiceFacts) -> tuple[ResourceFacts, ...]:
        """The pieces of equipment of which a service takes one; none if it needs none."""
        kind = service.equipment_kind
        return tuple(piece for piece in self.equipment if kind and piece.equipment_kind == kind)


def clinics(session: Session) -> tuple[ClinicFacts, ...]:
    """Every clinic of this database, oldest first."""
    return tuple(
        _clinic(row) for row in session.scalars(select(t.Clinic).order_by(t.Clinic.created_at, t.Clinic.id))
    )


def clinic(session: Session, clinic_id: UUID) -> ClinicFacts:
    """One clinic's rules.

    Raises:
        NotFound: it is not in this database.
    """
    row = session.get(t.Clinic, clinic_id)
    if row is None:
        raise NotFound("That clinic is not in this database.")
    return _clinic(row)


def catalogue(session: Session, clinic_id: UUID) -> Catalogue:
    """All that the desk chooses from."""
    kinds = (ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.EQUIPMENT)
    wanted = select(t.Resource).where(
        t.Resource.clinic_id == clinic_id, t.Resource.kind.in_(kinds), t.Resource.is_active
    )
    resources = [
        _resource(row) for row in session.scalars(wanted.order_by(t.Resource.position, t.Resource.name))
    ]
    practitioners = tuple(r for r in resources if r.kind == ResourceKind.PRACTITIONER)
    return Catalogue(
        clinic(session, clinic_id),
        practitioners,
        tuple(r for r in resources if r.kind == ResourceKind.ROOM),
        tuple(r for r in resources if r.kind == ResourceKind.EQUIPMENT),
        _services(session, clinic_id, {p.id: index for index, p in enumerate(practitioners)}),
    )


def _services(session: Session, clinic_id: UUID, order: dict[UUID, int]) -> tuple[ServiceFacts, ...]:
    rows = session.scalars(
        select(t.Service)
        .where(t.Service.clinic_id == clinic_id, t.Service.is_active)
        .order_by(t.Service.position, t.Service.name)
    ).all()
    performing: dict[UUID, list[t.ServicePerformer]] = {row.id: [] for row in rows}
    for performer in session.scalars(
        select(t.ServicePerformer).where(t.ServicePerformer.service_id.in_(performing))
    ):
        if performer.practitioner_id in order:
            performing[performer.service_id].append(performer)
    found = (
        _service(row, sorted(performing[row.id], key=lambda p: order[p.practitioner_id])) for row in rows
    )
    return with_add_ons(session, tuple(found))


def with_add_ons(session: Session, services: Sequence[ServiceFacts]) -> tuple[ServiceFacts, ...]:
    """The services with the add-ons that they are offered with."""
    found = add_ons.offered(session, [service.id for service in services])
    return tuple(replace(one, add_ons=found.get(one.id, ())) for one in services)


def longer(own: Performer, extras: Sequence[AddOn]) -> Performer:
    """How somebody performs a service with these add-ons; no service lasts longer than a day."""
    minutes = min(LONGEST, own.duration_min + sum(one.minutes for one in extras))
    cents = own.price_cents + sum(one.price_cents for one in extras)
    return replace(own, duration_min=minutes, price_cents=cents)


def _clinic(row: t.Clinic) -> ClinicFacts:
    return ClinicFacts(
        row.id,
        row.name,
        row.zone,
        row.country,
        row.currency,
        row.hold_min,
        row.step_min,
        row.notice_min,
        row.horizon_days,
        row.cancel_notice_hours,
        row.is_demo,
    )


def _resource(row: t.Resource) -> ResourceFacts:
    return ResourceFacts(
        row.id, row.kind, row.name, row.role, row.room_kind, row.equipment_kind, row.capacity, row.hue
    )


def _service(row: t.Service, performers: list[t.ServicePerformer]) -> ServiceFacts:
    return ServiceFacts(
        row.id,
        row.code,
        row.name,
        row.category,
        row.duration_min,
        row.buffer_before_min,
        row.buffer_after_min,
        row.price_cents,
        row.room_kind,
        row.room_id,
        row.equipment_kind,
        row.sessions,
        row.hue,
        tuple(_performer(row, performer) for performer in performers),
    )


def _performer(row: t.Service, own: t.ServicePerformer) -> Performer:
    duration = own.duration_min or row.duration_min
    price = row.price_cents if own.price_cents is None else own.price_cents
    return performer(own.practitioner_id, duration, price, row.gap_start_min, row.gap_end_min)


def performer(
    practitioner_id: UUID, duration_min: int, price_cents: int, gap_start: int | None, gap_end: int | None
) -> Performer:
    """Who performs a service with that gap; somebody too quick for it stays with the patient."""
    away = None
    if gap_start is not None and gap_end is not None and gap_end < duration_min:
        away = (gap_start, gap_end)
    return Performer(practitioner_id, duration_min, price_cents, away)
