"""What is asked of appointments that stand, and what comes back; both as JSON too, to be answered twice alike."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Literal
from uuid import UUID

from clinic_scheduler.services.taking.requests import Answer


class Kept(Enum):
    """The place stays the one it is; None would be no place at all."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT
Place = UUID | None | Literal[Kept.KEPT]


@dataclass(frozen=True, slots=True)
class Terms:
    """When an appointment is (half-open, aware UTC), with whom, where and for how much."""

    start: datetime
    end: datetime
    practitioner_id: UUID
    room_id: UUID | None
    equipment_id: UUID | None
    price_cents: int


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the appointment that the screen showed in that `version`; what is not named stays.

    A start without an end keeps the length. A new price goes with a new practitioner only.
    """

    appointment_id: UUID
    version: int
    start: datetime | None = None
    end: datetime | None = None
    practitioner_id: UUID | None = None
    room_id: Place = KEPT
    equipment_id: Place = KEPT
    price_cents: int | None = None

    def applied(self, terms: Terms) -> Terms:
        """The terms it makes of these."""
        start = self.start or terms.start
        return Terms(
            start=start,
            end=self.end or start + (terms.end - terms.start),
            practitioner_id=self.practitioner_id or terms.practitioner_id,
            room_id=terms.room_id if self.room_id is KEPT else self.room_id,
            equipment_id=terms.equipment_id if self.equipment_id is KEPT else self.equipment_id,
            price_cents=terms.price_cents if self.price_cents is None else self.price_cents,
        )

    @classmethod
    def back(cls, appointment_id: UUID, version: int, before: Terms, after: Terms) -> "Change":
        """What leads from `after`, which has that version, back to `before`."""
        return cls(
            appointment_id,
            version,
            before.start,
            before.end,
            before.practitioner_id,
            before.room_id,
            before.equipment_id,
            before.price_cents if before.price_cents != after.price_cents else None,
        )

    def write(self) -> list[str | int | None]:
        """The change as JSON."""
        return [
            str(self.appointment_id),
            self.version,
            self.start.isoformat() if self.start else None,
            self.end.isoformat() if self.end else None,
            str(self.practitioner_id) if self.practitioner_id else None,
            *(
                KEPT.value if place is KEPT else str(place) if place else None
                for place in (self.room_id, self.equipment_id)
            ),
            self.price_cents,
        ]

    @classmethod
    def read(cls, stored: list[str | int | None]) -> "Change":
        """The change from its JSON."""
        appointment, version, start, end, who, room, equipment, price = stored
        return cls(
            UUID(str(appointment)),
            int(version or 0),
            datetime.fromisoformat(str(start)) if start else None,
            datetime.fromisoformat(str(end)) if end else None,
            UUID(str(who)) if who else None,
            _place(room),
            _place(equipment),
            None if price is None else int(price),
        )


def _place(stored: str | int | None) -> Place:
    if stored == KEPT.value:
        return KEPT
    return UUID(str(stored)) if stored else None


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed. `undo` is the change that puts everything back, unless somebody else changes it before."""

    undo: tuple[Change, ...]

    @property
    def versions(self) -> dict[UUID, int]:
        """The new version of each appointment that was changed."""
        return {change.appointment_id: change.version for change in self.undo}

    def write(self) -> Answer:
        """The outcome as JSON."""
        return {"undo": [change.write() for change in self.undo]}

    @classmethod
    def read(cls, stored: Answer) -> "Changed":
        """The outcome from its JSON."""
        return cls(tuple(Change.read(change) for change in stored["undo"]))
