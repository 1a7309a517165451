"""What a picked visit needs to know of the catalogue, read in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.line import Row
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.trip import Later
from clinic_scheduler.db.types import Ids, among
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.catalogue import (
    Catalogue,
    ClinicFacts,
    Performer,
    ResourceFacts,
    ServiceFacts,
    performer,
)
from clinic_scheduler.services.wishes import Part

L, S, R, P = (table.__table__ for table in (t.Clinic, t.Service, t.Resource, t.ServicePerformer))
CLINIC = [L.c[field.name] for field in fields(ClinicFacts)]
SERVICE = [S.c[field.name] for field in fields(ServiceFacts) if field.name not in {"performers", "add_ons"}]
RESOURCE = [R.c[field.name] for field in fields(ResourceFacts)]
PERFORMER = [
    P.c.practitioner_id,
    func.coalesce(P.c.duration_min, S.c.duration_min),
    func.coalesce(P.c.price_cents, S.c.price_cents),
    S.c.gap_start_min,
    S.c.gap_end_min,
]
OFFERED = Prepared(
    select(*CLINIC, *SERVICE, *RESOURCE, *PERFORMER)
    .join_from(S, L, L.c.id == S.c.clinic_id)
    .outerjoin(
        R,
        and_(
            among(R.c.id, bindparam("resources", type_=Ids())),
            # As it stands, lest SQLite goes through everybody of the clinic, patients too, for these few.
            case((R.c.clinic_id == L.c.id, R.c.is_active), else_=False),
        ),
    )
    .outerjoin(P, and_(P.c.service_id == S.c.id, P.c.practitioner_id == R.c.id))
    .where(
        among(S.c.id, bindparam("services", type_=Ids())), S.c.clinic_id == bindparam("clinic"), S.c.is_active
    )
)


def catalogue(session: Session, clinic_id: UUID, parts: Sequence[Part]) -> Catalogue:
    """The clinic's catalogue with nothing but what the parts name and what of it is still on offer.

    Raises:
        InvalidInput: there is no part.
        NotFound: a service, practitioner, room or piece of equipment is gone.
    """
    return ask_catalogue(session, clinic_id, parts)()


def ask_catalogue(session: Session, clinic_id: UUID, parts: Sequence[Part]) -> Later[Catalogue]:
    """As `catalogue`, for `one_trip`."""
    if not parts:
        raise InvalidInput("Please choose a time first.", "time")
    wanted = {identifier for part in parts for identifier in part.resource_ids}
    services = {part.service_id for part in parts}
    asked = OFFERED.ask(session, {"clinic": clinic_id, "services": services, "resources": wanted})
    return lambda: _complete(asked(), services, wanted)


def _complete(rows: Sequence[Row], services: Iterable[UUID], wanted: Iterable[UUID]) -> Catalogue:
    if not rows:
        raise NotFound("That service is no longer offered; please choose another.")
    found = _assemble(rows)
    for identifier in services:
        found.service(identifier)
    for identifier in wanted:
        found.resource(identifier)
    return found


def _assemble(rows: Sequence[Row]) -> Catalogue:
    clinic, service = len(CLINIC), len(CLINIC) + len(SERVICE)
    resource = service + len(RESOURCE)
    lines: dict[tuple[Any, ...], list[Performer]] = {}
    resources: dict[UUID, ResourceFacts] = {}
    for row in rows:
        performers = lines.setdefault(row[clinic:service], [])
        if row[service] is not None:
            resources[row[service]] = ResourceFacts(*row[service:resource])
        if row[resource] is not None:
            performers.append(performer(*row[resource:]))
    practitioners, rooms, equipment = (
        tuple(found for found in resources.values() if found.kind == kind)
        for kind in (ResourceKind.PRACTITIONER, ResourceKind.ROOM, ResourceKind.EQUIPMENT)
    )
    services = tuple(ServiceFacts(*(*line, tuple(performers))) for line, performers in lines.items())
    return Catalogue(ClinicFacts(*rows[0][:clinic]), practitioners, rooms, equipment, services)
