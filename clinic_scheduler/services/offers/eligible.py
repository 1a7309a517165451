"""What the search needs of the catalogue: the services wished, and who and what could take part in them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import ResourceKind
from clinic_scheduler.db.types import Ids, among
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.catalogue import (
    Catalogue,
    ClinicFacts,
    Performer,
    ResourceFacts,
    ServiceFacts,
    performer,
    with_add_ons,
)
from clinic_scheduler.services.taking.on_offer import CLINIC, PERFORMER, RESOURCE, SERVICE
from clinic_scheduler.services.wishes import Wish

L, S, R, P = (table.__table__ for table in (t.Clinic, t.Service, t.Resource, t.ServicePerformer))
WANTED = among(S.c.id, bindparam("services", type_=Ids()))
SERVICES = Prepared(
    select(*SERVICE, *CLINIC)
    .join_from(S, L, L.c.id == S.c.clinic_id)
    .where(WANTED, S.c.is_active, L.c.id == bindparam("clinic"))
)
# Who of them is there is looked at afterwards: a filter would let either database go through all patients in search of
# one practitioner more.
PERFORMERS = Prepared(
    select(R.c.kind, R.c.is_active, R.c.clinic_id, S.c.id, *PERFORMER)
    .join_from(P, S, S.c.id == P.c.service_id)
    .join(R, R.c.id == P.c.practitioner_id)
    .where(WANTED, S.c.clinic_id == bindparam("clinic"))
    .order_by(R.c.position, R.c.name)
)
PLACES = Prepared(
    select(*RESOURCE)
    .where(R.c.clinic_id == bindparam("clinic"), R.c.is_active)
    .where(or_(R.c.kind == ResourceKind.ROOM, R.c.kind == ResourceKind.EQUIPMENT))
    .order_by(R.c.position, R.c.name)
)


def catalogue(session: Session, clinic_id: UUID, wishes: Sequence[Wish]) -> Catalogue:
    """The clinic's catalogue as far as these wishes reach; its practitioners stand only in the services.

    Raises:
        NotFound: a service is gone or no longer offered.
    """
    ids = list({wish.service_id for wish in wishes})
    asked = {"clinic": clinic_id, "services": ids}
    rows = SERVICES.rows(session, asked)
    if len(rows) < len(ids):
        raise NotFound("That service is no longer offered; please choose another.")
    performing: dict[UUID, list[Performer]] = {}
    for kind, is_active, whose, service_id, *own in PERFORMERS.rows(session, asked):
        if is_active and kind == ResourceKind.PRACTITIONER and whose == clinic_id:
            performing.setdefault(service_id, []).append(performer(*own))
    services = tuple(ServiceFacts(*(*row[: len(SERVICE)], tuple(performing.get(row[0], ())))) for row in rows)
    if any(wish.add_on_ids for wish in wishes):
        services = with_add_ons(session, services)
    places: list[ResourceFacts] = []
    if any(s.needs_room or s.equipment_kind for s in services) or any(wish.room_id for wish in wishes):
        places = [ResourceFacts(*row) for row in PLACES.rows(session, {"clinic": clinic_id})]
    return Catalogue(
        ClinicFacts(*rows[0][len(SERVICE) :]),
        (),
        tuple(place for place in places if place.kind == ResourceKind.ROOM),
        tuple(place for place in places if place.kind == ResourceKind.EQUIPMENT),
        services,
    )
