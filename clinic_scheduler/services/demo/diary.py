"""The demo's diary: who and what is free on each day while visits are being made up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.states import Source
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue, Performer, ResourceFacts, ServiceFacts
from clinic_scheduler.services.search import question
from clinic_scheduler.services.search.question import Question, Wait, in_sequence
from clinic_scheduler.services.search.visits import best
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.hours import Span
from clinic_scheduler.services.times.timelines import Timeline
from clinic_scheduler.services.wishes import Part

HISTORY_DAYS, AHEAD_DAYS = 77, 84  # courses began before the two weeks and go on after them


class Fate(Enum):
    """What becomes of a visit once its time has come."""

    COMES = auto()
    STAYS_AWAY = auto()
    CANCELS = auto()


@dataclass(frozen=True, slots=True)
class Slot:
    """A service with somebody at a time, in minutes of the day."""

    service: ServiceFacts
    performer: Performer
    room_id: UUID | None
    start: int

    @property
    def end(self) -> int:
        """When it is over."""
        return self.start + self.performer.duration_min


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit made up; `luck` decides what else is told about it, whatever the clock says."""

    id: UUID
    appointment_ids: tuple[UUID, ...]
    patient_id: UUID
    day: date
    parts: tuple[Part, ...]
    fate: Fate
    source: Source
    luck: int

    @property
    def start(self) -> datetime:
        """When the patient comes."""
        return self.parts[0].start

    @property
    def end(self) -> datetime:
        """When the patient goes."""
        return self.parts[-1].end


@dataclass(slots=True)
class Diary:
    """The free minutes of each practitioner and room on each local day, and the visits so far."""

    offered: Catalogue
    today: date
    rng: Random
    new_id: Callable[[], UUID]
    free: dict[tuple[UUID, date], Timeline]
    visited: set[tuple[UUID, date]] = field(default_factory=set)
    drafts: list[Draft] = field(default_factory=list)

    def service(self, code: str) -> ServiceFacts:
        """The service of that code."""
        return next(service for service in self.offered.services if service.code == code)

    def window(self) -> Iterator[date]:
        """The two weeks either side of today."""
        return localtime.days(self.today - timedelta(days=14), 29)

    def knows(self, day: date) -> bool:
        """Whether the diary reaches that day."""
        return -HISTORY_DAYS <= (day - self.today).days <= AHEAD_DAYS

    def first(self, service: ServiceFacts, day: date, practitioner_id: UUID, after: int = 0) -> Slot | None:
        """The earliest start with this practitioner from minute `after` on, in the usual room where it is free."""
        performer = service.performer(practitioner_id)
        before = service.buffer_before_min
        length = before + performer.duration_min + service.buffer_after_min
        own = timelines.starts(self.free[practitioner_id, day], length) << before & self._grid(day, after)
        found = []
        for place, room in enumerate(self._rooms(service, practitioner_id)):
            starts = own & timelines.starts(self.free[room.id, day], length) << before if room else own
            start = timelines.first_from(starts, 0)
            if start is not None:
                found.append((start, place, room))
        if not found:
            return None
        start, _place, room = min(found, key=lambda one: one[:2])
        return Slot(service, performer, room.id if room else None, start)

    def visit(
        self, services: Sequence[ServiceFacts], day: date, *, after: int, longest_wait: int
    ) -> tuple[Slot, ...]:
        """Services one after the other that are over soonest, from minute `after` on; empty where nothing fits."""
        parts = tuple(self._part(service, day) for service in services)
        asked = Question(
            parts,
            ((0, localtime.day_length(day, self.offered.clinic.where)),),
            self._grid(day, after),
            in_sequence(range(len(parts))),
            Wait(0, longest_wait),
        )
        return tuple(
            Slot(service, service.performer(part.practitioner_id), part.room_id, part.start)
            for found in best(asked, 1)
            for service, part in zip(services, found.parts, strict=True)
        )

    def _part(self, service: ServiceFacts, day: date) -> question.Part:
        rooms = [question.Place(room.id, self.free[room.id, day]) for room in self.offered.rooms_for(service)]
        return question.Part(
            tuple(
                question.Performer(
                    performer.practitioner_id,
                    self.free[performer.practitioner_id, day],
                    performer.duration_min,
                )
                for performer in service.performers
            ),
            service.buffer_before_min,
            service.buffer_after_min,
            tuple(rooms) if service.needs_room else None,
        )

    def _grid(self, day: date, after: int) -> Timeline:
        length = localtime.day_length(day, self.offered.clinic.where)
        return timelines.grid(0, length, self.offered.clinic.step_min) & ~timelines.between(0, after)

    def _rooms(self, service: ServiceFacts, practitioner_id: UUID) -> Sequence[ResourceFacts | None]:
        """The rooms that would do, the practitioner's usual one first."""
        if not service.needs_room:
            return (None,)
        rooms = self.offered.rooms_for(service)
        index = [p.id for p in self.offered.practitioners].index(practitioner_id) + 1
        return [rooms[(index + offset) % len(rooms)] for offset in range(len(rooms))]

    def somebody(self, pool: Sequence[UUID], weights: Sequence[float], day: date) -> UUID:
        """Somebody of the pool who does not come on that day already; `weights` add up as they go."""
        while True:
            found = self.rng.choices(pool, cum_weights=weights)[0]
            if (found, day) not in self.visited:
                return found

    def enter(
        self,
        day: date,
        slots: Sequence[Slot],
        patient_id: UUID,
        *,
        source: Source,
        fate: Fate = Fate.COMES,
    ) -> Draft:
        """Write a visit down; one that is cancelled leaves its time to others."""
        midnight = localtime.midnight(day, self.offered.clinic.where)
        parts = tuple(
            Part(
                slot.service.id,
                slot.performer.practitioner_id,
                slot.room_id,
                midnight + slot.start * localtime.MINUTE,
                midnight + slot.end * localtime.MINUTE,
                slot.performer.price_cents,
            )
            for slot in slots
        )
        if fate is not Fate.CANCELS:
            self.keep(day, slots)
        self.visited.add((patient_id, day))
        draft = Draft(
            self.new_id(),
            tuple(self.new_id() for _ in parts),
            patient_id,
            day,
            parts,
            fate,
            source,
            self.rng.getrandbits(32),
        )
        self.drafts.append(draft)
        return draft

    def keep(self, day: date, slots: Sequence[Slot]) -> None:
        """Let nobody else have the times of a visit."""
        for slot in slots:
            service = slot.service
            taken = timelines.between(
                slot.start - service.buffer_before_min, slot.end + service.buffer_after_min
            )
            for identifier in (slot.performer.practitioner_id, slot.room_id):
                if identifier is not None:
                    self.free[identifier, day] &= ~taken


def empty(
    session: Session, offered: Catalogue, today: date, rng: Random, new_id: Callable[[], UUID]
) -> Diary:
    """The diary of a clinic that nobody has come to yet."""
    where = offered.clinic.where
    span = Span(today - timedelta(days=HISTORY_DAYS), HISTORY_DAYS + AHEAD_DAYS + 1, where)
    ids = [resource.id for resource in (*offered.practitioners, *offered.rooms)]
    opened = hours.open_times(session, offered.clinic.id, ids, span)
    return Diary(
        offered,
        today,
        rng,
        new_id,
        {
            (identifier, day): _of_day(opened[identifier].open, span, day)
            for identifier in ids
            for day in span.days()
        },
    )


def _of_day(whole: Timeline, span: Span, day: date) -> Timeline:
    start = span.minute(localtime.midnight(day, span.where))
    return whole >> start & timelines.between(0, localtime.day_length(day, span.where))


def running_sums(weights: Iterable[float]) -> list[float]:
    """Weights as `random.choices` wants them for many draws."""
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums
