"""The visits of the great book as rows of the tables."""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from benchmarks import _book_visits as book
from benchmarks._book_visits import Slot, Visit
from clinic_scheduler.db.states import AppointmentStatus, ClaimKind, PaymentMethod, PaymentState
from clinic_scheduler.services import references

Row = tuple[object, ...]
COLUMNS = {
    "booking": (
        "id, clinic_id, reference, patient_id, guest_name, guest_phone, guest_email, source, payment_state, "
        "payment_method, total_cents, notes, created_by, created_at, version"
    ),
    "appointment": (
        "id, booking_id, clinic_id, position, service_id, practitioner_id, room_id, equipment_id, status, day, "
        "start_at, end_at, local_start, zone, buffer_before_min, buffer_after_min, price_cents, overlap_reason, "
        "status_reason, cancelled_at, is_late_cancel, version"
    ),
    "claim": (
        "id, clinic_id, resource_id, lane, kind, appointment_id, service_id, part, start_at, end_at, "
        "buffer_before_min, buffer_after_min, live_from, live_to, override_reason"
    ),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of database is told an instant, given in minutes, and nothing at all."""

    moment: Callable[[int], object]
    nothing: object


@lru_cache(maxsize=1 << 18)
def _text(minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%d %H:%M:00+00")


COPIED = Wording(_text, "\\N")
BOUND = Wording(lambda minute: minute * 60_000_000, None)


class Scribe:
    """Writes the rows of each visit as the product would have; ids rise in the order of booking."""

    def __init__(self, wording: Wording) -> None:
        self._moment, self._nothing = wording.moment, wording.nothing
        self._chance = random.Random("ids")  # noqa: S311 - a workload, no secret
        self._count = 0

    def rows(self, visits: Iterable[Visit]) -> Iterator[tuple[str, Row]]:
        """Each row with the name of its table."""
        for visit in visits:
            self._count += 1
            booking_id = self._new_id(visit.created)
            yield "booking", self._booking(booking_id, visit)
            for position, slot in enumerate(visit.slots):
                appointment_id = self._new_id(visit.created)
                yield "appointment", self._appointment(appointment_id, booking_id, position, slot, visit)
                for row in self._claims(appointment_id, position, slot, visit):
                    yield "claim", row

    def _new_id(self, minute: int) -> str:
        """A UUID of version 7, as the product makes them."""
        time, chance = (
            f"{minute * 60_000 + self._count % 60_000:012x}",
            f"{self._chance.getrandbits(72):018x}",
        )
        return f"{time[:8]}-{time[8:]}-7{chance[:3]}-8{chance[3:6]}-{chance[6:]}"

    def _booking(self, booking_id: str, visit: Visit) -> Row:
        is_cancelled = visit.status == AppointmentStatus.CANCELLED
        total = 0 if is_cancelled else sum(book.service_of(slot.service).price_cents for slot in visit.slots)
        is_paid, is_guest = visit.payment == PaymentState.PAID, visit.patient is None
        patient = self._nothing if visit.patient is None else str(patient_id(visit.patient))
        guest = ("Guest of the house", "+493012345678", "") if is_guest else ("", "", "")
        method = PaymentMethod.CARD if is_paid else self._nothing
        known = (
            str(book.CLINIC),
            _reference(self._count),
            patient,
            *guest,
            visit.source,
            visit.payment,
            method,
        )
        return (booking_id, *known, total, visit.notes, str(book.DESK), self._moment(visit.created), 1)

    def _appointment(
        self, appointment_id: str, booking_id: str, position: int, slot: Slot, visit: Visit
    ) -> Row:
        service = book.service_of(slot.service)
        wall = datetime.fromtimestamp(slot.start * 60, book.ZONE).strftime("%Y-%m-%dT%H:%M")
        is_cancelled, given_back = visit.status == AppointmentStatus.CANCELLED, visit.ended or 0
        return (
            appointment_id,
            booking_id,
            str(book.CLINIC),
            position,
            str(service.id),
            str(book.PEOPLE[slot.practitioner]),
            self._nothing if slot.room is None else str(slot.room),
            self._nothing if slot.piece is None else str(slot.piece),
            visit.status,
            wall[:10],
            self._moment(slot.start),
            self._moment(slot.start + service.duration_min),
            wall,
            book.ZONE.key,
            service.buffer_before_min,
            service.buffer_after_min,
            service.price_cents,
            "",
            "Has no time" if is_cancelled else "",
            self._moment(given_back) if is_cancelled else self._nothing,
            int(is_cancelled and slot.start - given_back < 1440),
            1,
        )

    def _claims(self, appointment_id: str, position: int, slot: Slot, visit: Visit) -> Iterator[Row]:
        service = book.service_of(slot.service)
        buffers = service.buffer_before_min, service.buffer_after_min
        taken = [(each, *buffers) for each in (book.PEOPLE[slot.practitioner], slot.room, slot.piece) if each]
        if visit.patient is not None:
            taken.append((patient_id(visit.patient), 0, 0))
        what = appointment_id, str(service.id), position
        when = self._moment(slot.start), self._moment(slot.start + service.duration_min)
        until = self._nothing if visit.ended is None else self._moment(visit.ended)
        for resource_id, before, after in taken:
            whose = self._new_id(visit.created), str(book.CLINIC), str(resource_id), 1, ClaimKind.APPOINTMENT
            yield (*whose, *what, *when, before, after, self._moment(visit.created), until, "")


def patient_id(number: int) -> UUID:
    """The id of a patient and of the resource that visits of theirs claim."""
    return UUID(int=10**12 + number)


def _reference(number: int) -> str:
    """Different for every number, and with the right check sign."""
    signs, rest = references.ALPHABET, number * 1_000_003 % 23**references.LENGTH
    places = []
    for _ in range(references.LENGTH):
        rest, place = divmod(rest, 23)
        places.append(place)
    places.append(sum(weight * place for weight, place in enumerate(places, 1)) % 23)
    text = "".join(signs[place] for place in places)
    return f"{text[:4]}-{text[4:]}"
