"""What of a visit is refused without asking the database: a time that is over or absurd, the wrong person or place."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import Catalogue

GRACE = timedelta(minutes=5)  # passes while a visit is being booked
LONGEST = timedelta(hours=24)
FIRST_YEAR, LAST_YEAR = 1970, 2200


def time(starts: Iterable[datetime], now: datetime) -> None:
    """Refuse a visit that should have begun.

    Raises:
        InvalidInput: its time is over.
    """
    if min(starts, default=now) < now - GRACE:
        raise InvalidInput("That time is over; please choose a later one.", "time")


def length(start: datetime, end: datetime) -> None:
    """Refuse what no day of a clinic holds.

    Raises:
        InvalidInput: it ends before it starts, lasts too long, or lies too far away.
    """
    if not (FIRST_YEAR <= start.year <= LAST_YEAR and FIRST_YEAR <= end.year <= LAST_YEAR):
        raise InvalidInput("That date is out of reach; please choose another.", "time")
    if end <= start:
        raise InvalidInput("A visit ends after it begins; please choose a later end.", "time")
    if end - start > LONGEST:
        raise InvalidInput("No visit lasts longer than 24 hours; please choose a shorter time.", "time")


def fit(
    offered: Catalogue,
    service_id: UUID,
    practitioner_id: UUID,
    room_id: UUID | None,
    equipment_id: UUID | None,
) -> None:
    """Refuse a practitioner, room or equipment that the service cannot have.

    Raises:
        NotFound: one of them is gone, or that practitioner does not perform it.
        InvalidInput: it needs another room or other equipment.
    """
    service = offered.service(service_id)
    service.performer(practitioner_id)
    for name, place_id, fitting, is_needed in (
        ("room", room_id, offered.rooms_for(service, room_id), service.needs_room),
        ("equipment", equipment_id, offered.equipment_for(service), bool(service.equipment_kind)),
    ):
        if is_needed and place_id is None:
            raise InvalidInput(f"{service.name} needs {_a(name)}; please choose one.", name)
        if place_id is not None and place_id not in {place.id for place in fitting}:
            raise InvalidInput(f"{service.name} does not go with that {name}; please choose another.", name)


def _a(name: str) -> str:
    return name if name == "equipment" else f"a {name}"
