"""What the list of bookings is asked for: filters, order; and as JSON, to be kept. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from clinic_scheduler.db.states import AppointmentStatus, PaymentState, Source

LONGEST_TEXT = 100
MOST_CHOSEN = 500


class Order(StrEnum):
    """What the lines are sorted by."""

    START = "start"
    CREATED = "created"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which appointments are wanted; what is empty asks for nothing.

    Days are those of the clinic, both included. `text` is looked for in names, phone numbers, e-mail addresses and
    references of the bookings.
    """

    text: str = ""
    first: date | None = None
    last: date | None = None
    service_ids: frozenset[UUID] = frozenset()
    practitioner_ids: frozenset[UUID] = frozenset()
    room_ids: frozenset[UUID] = frozenset()
    statuses: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    payments: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it lets everything through, the days aside."""
        return not self.text.strip() and not any(
            getattr(self, each.name) for each in fields(self) if each.name not in ("text", "first", "last")
        )

    def fits(
        self, day: date, status: str, service_id: UUID, practitioner_id: UUID, room_id: UUID | None
    ) -> bool:
        """Whether an appointment is wanted, as far as it alone can say; the same is asked in SQL (statements.py)."""
        return (
            (self.first is None or day >= self.first)
            and (self.last is None or day <= self.last)
            and (not self.statuses or status in self.statuses)
            and (not self.service_ids or service_id in self.service_ids)
            and (not self.practitioner_ids or practitioner_id in self.practitioner_ids)
            and (not self.room_ids or room_id in self.room_ids)
        )

    def write(self) -> dict[str, Any]:
        """The filter as JSON."""
        written: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, frozenset):
                value = sorted(map(str, value))
            elif isinstance(value, date):
                value = value.isoformat()
            if value:
                written[each.name] = value
        return written

    @classmethod
    def read(cls, stored: object) -> "Filter":
        """The filter from its JSON; what is damaged in it asks for nothing."""
        known: Mapping[str, Any] = stored if isinstance(stored, dict) else {}
        text = known.get("text")
        return cls(
            text=text[:LONGEST_TEXT] if isinstance(text, str) else "",
            first=_day(known.get("first")),
            last=_day(known.get("last")),
            service_ids=_ids(known.get("service_ids")),
            practitioner_ids=_ids(known.get("practitioner_ids")),
            room_ids=_ids(known.get("room_ids")),
            statuses=_words(known.get("statuses"), AppointmentStatus),
            sources=_words(known.get("sources"), Source),
            payments=_words(known.get("payments"), PaymentState),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, and in which order its lines come."""

    filter: Filter = Filter()
    order: Order = Order.START
    is_descending: bool = False


def _day(stored: object) -> date | None:
    try:
        return date.fromisoformat(stored) if isinstance(stored, str) else None
    except ValueError:
        return None


def _ids(stored: object) -> frozenset[UUID]:
    found = set()
    for each in stored[:MOST_CHOSEN] if isinstance(stored, list) else ():
        try:
            found.add(UUID(each))
        except (ValueError, AttributeError, TypeError):
            continue
    return frozenset(found)


def _words(stored: object, known: Iterable[str]) -> frozenset[str]:
    given = stored if isinstance(stored, list) else []
    return frozenset(str(word) for word in known if word in given)
