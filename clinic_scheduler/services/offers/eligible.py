"""What the search needs of the catalogue: the services wished, and who and what could take part in them."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import (
    Catalogue,
    ClinicFacts,
    Performer,
    ResourceFacts,
    ServiceFacts,
    performer,
)
from clinic_scheduler.services.wishes import Wish

L, S, R, P = (table.__table__ for table in (t.Clinic, t.Service, t.Resource, t.ServicePerformer))
CLINIC = [L.c[field.name] for field in fields(ClinicFacts)]
SERVICE = [S.c[field.name] for field in fields(ServiceFacts) if field.name != "performers"]
SERVICES = (
    select(*SERVICE, *CLINIC)
    .join_from(S, L, L.c.id == S.c.clinic_id)
    .where(S.c.id.in_(bindparam("services", expanding=True)), S.c.is_active, L.c.id == bindparam("clinic"))
)
PERFORMERS = (
    select(
        S.c.id,
        P.c.practitioner_id,
        func.coalesce(P.c.duration_min, S.c.duration_min),
        func.coalesce(P.c.price_cents, S.c.price_cents),
        S.c.gap_start_min,
        S.c.gap_end_min,
    )
    .join_from(P, S, S.c.id == P.c.service_id)
    .join(R, R.c.id == P.c.practitioner_id)
    .where(S.c.id.in_(bindparam("services", expanding=True)), R.c.is_active)
    .where(R.c.clinic_id == bindparam("clinic"), R.c.kind == ResourceKind.PRACTITIONER)
    .order_by(R.c.position, R.c.name)
)
PLACES = (
    select(*(R.c[field.name] for field in fields(ResourceFacts)))
    .where(R.c.clinic_id == bindparam("clinic"), R.c.is_active)
    .where(R.c.kind.in_((ResourceKind.ROOM, ResourceKind.EQUIPMENT)))
    .order_by(R.c.position, R.c.name)
)


def catalogue(session: Session, clinic_id: UUID, wishes: Sequence[Wish]) -> Catalogue:
    """The clinic's catalogue as far as these wishes reach; its practitioners stand only in the services.

    Raises:
        NotFound: a service is gone or no longer offered.
    """
    ids = list({wish.service_id for wish in wishes})
    asked = {"clinic": clinic_id, "services": ids}
    rows = [tuple(row) for row in session.execute(SERVICES, asked)]
    if len(rows) < len(ids):
        raise NotFound("That service is no longer offered; please choose another.")
    performing: dict[UUID, list[Performer]] = {}
    for service_id, *own in session.execute(PERFORMERS, asked):
        performing.setdefault(service_id, []).append(performer(*own))
    services = tuple(_service(row[: len(SERVICE)], tuple(performing.get(row[0], ()))) for row in rows)
    places: list[ResourceFacts] = []
    if any(s.needs_room or s.equipment_kind for s in services) or any(wish.room_id for wish in wishes):
        places = [ResourceFacts(*row) for row in session.execute(PLACES, asked)]
    return Catalogue(
        _clinic(rows[0][len(SERVICE) :]),
        (),
        tuple(place for place in places if place.kind == ResourceKind.ROOM),
        tuple(place for place in places if place.kind == ResourceKind.EQUIPMENT),
        services,
    )


def _service(columns: tuple[Any, ...], performers: tuple[Performer, ...]) -> ServiceFacts:
    return ServiceFacts(*(*columns, performers))


def _clinic(columns: tuple[Any, ...]) -> ClinicFacts:
    return ClinicFacts(*columns)
