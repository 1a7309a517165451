"""What a visit is wished to be, and what it then is: services, people, places and times."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AddOn:
    """An extra of a service, with the minutes and money that it adds."""

    id: UUID
    name: str
    minutes: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Wish:
    """One service of a visit; nobody named means anyone who performs it, no room any of its kind.

    `preferred_id` is who comes first where the visit is ranked by that. `visitor` tells people who come together
    apart; 0 is who the booking is for.
    """

    service_id: UUID
    practitioner_ids: tuple[UUID, ...] = ()
    room_id: UUID | None = None
    preferred_id: UUID | None = None
    visitor: int = 0
    add_on_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One service of a visit at its time, half-open, aware UTC; `visitor` as in `Wish`.

    `beside` numbers the parts of the visit that it may overlap on purpose, in the same room if both need one. Times and
    price include the `add_ons`. A price that somebody permitted changed has its reason, and `listed_cents` before it.
    """

    service_id: UUID
    practitioner_id: UUID
    room_id: UUID | None
    start: datetime
    end: datetime
    price_cents: int
    equipment_id: UUID | None = None
    visitor: int = 0
    beside: frozenset[int] = frozenset()
    add_ons: tuple[AddOn, ...] = ()
    listed_cents: int | None = None
    price_reason: str = ""

    @property
    def resource_ids(self) -> tuple[UUID, ...]:
        """Whom and what it takes but for the patient."""
        wanted = (self.practitioner_id, self.room_id, self.equipment_id)
        return tuple(identifier for identifier in wanted if identifier is not None)


@dataclass(frozen=True, slots=True)
class Opening:
    """A computed offer of a whole visit; never stored."""

    parts: tuple[Part, ...]
    waiting_min: int

    @property
    def start(self) -> datetime:
        """When the visit begins."""
        return min(part.start for part in self.parts)

    @property
    def end(self) -> datetime:
        """When the last service ends."""
        return max(part.end for part in self.parts)
