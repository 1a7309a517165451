"""Add-ons: the extras that a service is offered with, and those that were agreed for an appointment."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import PreparedInsert
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.wishes import AddOn

LONGEST = 480  # minutes
AGREED = PreparedInsert(t.AppointmentAddOn.__table__)


def offer(session: Session, services: Mapping[UUID, Sequence[AddOn]]) -> None:
    """Insert the add-ons of services, in this order.

    Raises:
        InvalidInput: a name is blank, or minutes or price are out of range.
    """
    rows = [
        {
            "id": one.id,
            "service_id": service_id,
            "name": persons.clean_name(one.name, field="add_on_name"),
            "minutes": _checked(one).minutes,
            "price_cents": one.price_cents,
            "position": position,
        }
        for service_id, add_ons in services.items()
        for position, one in enumerate(add_ons)
    ]
    if rows:
        session.execute(insert(t.AddOn), rows)


def _checked(one: AddOn) -> AddOn:
    if not 0 <= one.minutes <= LONGEST or one.price_cents < 0:
        raise InvalidInput(
            "An add-on takes up to 8 hours and costs nothing or more; please check it.", "add_on"
        )
    return one


def offered(session: Session, service_ids: Sequence[UUID]) -> Mapping[UUID, tuple[AddOn, ...]]:
    """What each service is offered with, in its order; services without any are missing."""
    a = t.AddOn
    rows = session.execute(
        select(a.service_id, a.id, a.name, a.minutes, a.price_cents)
        .where(a.service_id.in_(service_ids), a.is_active)
        .order_by(a.position, a.name, a.id)
    )
    return _grouped(rows)


def agree(session: Session, appointments: Mapping[UUID, Sequence[AddOn]]) -> None:
    """Insert what was agreed for appointments, as it was agreed."""
    rows = [
        {
            "appointment_id": appointment_id,
            "position": position,
            "add_on_id": one.id,
            "name": one.name,
            "minutes": one.minutes,
            "price_cents": one.price_cents,
        }
        for appointment_id, add_ons in appointments.items()
        for position, one in enumerate(add_ons)
    ]
    if rows:
        AGREED.rows(session, rows)


def agreed(session: Session, appointment_ids: Sequence[UUID]) -> Mapping[UUID, tuple[AddOn, ...]]:
    """What was agreed for each appointment; those without any are missing."""
    a = t.AppointmentAddOn
    rows = session.execute(
        select(a.appointment_id, a.add_on_id, a.name, a.minutes, a.price_cents)
        .where(a.appointment_id.in_(appointment_ids))
        .order_by(a.appointment_id, a.position)
    )
    return _grouped(rows)


def _grouped(rows: object) -> Mapping[UUID, tuple[AddOn, ...]]:
    found: dict[UUID, list[AddOn]] = {}
    for whose, *one in rows:  # type: ignore[attr-defined]
        found.setdefault(whose, []).append(AddOn(*one))
    return {whose: tuple(some) for whose, some in found.items()}
