"""The demo's diary: who and what is free on each day while visits are being made up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.states import Source
from clinic_scheduler.services import hours, localtime, timelines, visits_search
from clinic_scheduler.services.catalogue import Catalogue, ResourceFacts, ServiceFacts
from clinic_scheduler.services.hours import Span
from clinic_scheduler.services.timelines import Timeline
from clinic_scheduler.services.visits_search import Candidate, Step
from clinic_scheduler.services.wishes import Part

HISTORY_DAYS, AHEAD_DAYS = 77, 84  # courses began before the two weeks and go on after them


class Fate(Enum):
    """What becomes of a visit once its time has come."""

    COMES = auto()
    STAYS_AWAY = auto()
    CANCELS = auto()


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

    def step(
        self, service: ServiceFacts, day: date, *, practitioner_id: UUID | None = None, after: int = 0
    ) -> Step:
        """The starts of a service on a day from minute `after` on, on the clinic's grid."""
        before = service.buffer_before_min
        grid = timelines.grid(
            0, localtime.day_length(day, self.offered.clinic.where), self.offered.clinic.step_min
        ) & ~timelines.between(0, after)
        found = []
        for performer in service.performers:
            if practitioner_id not in {None, performer.practitioner_id}:
                continue
            length = before + performer.duration_min + service.buffer_after_min
            own = timelines.starts(self.free[performer.practitioner_id, day], length) << before & grid
            for room in self._rooms(service, performer.practitioner_id):
                starts = own
                if room:
                    starts &= timelines.starts(self.free[room.id, day], length) << before
                if starts:
                    found.append(
                        Candidate(
                            performer.practitioner_id,
                            room.id if room else None,
                            performer.duration_min,
                            performer.price_cents,
                            starts,
                        )
                    )
        return Step(service.id, before, service.buffer_after_min, tuple(found))

    def _rooms(self, service: ServiceFacts, practitioner_id: UUID) -> Sequence[ResourceFacts | None]:
        """The rooms that would do, the practitioner's usual one first."""
        if not service.room_kind:
            return (None,)
        rooms = self.offered.rooms_for(service)
        index = [p.id for p in self.offered.practitioners].index(practitioner_id) + 1
        return [rooms[(index + offset) % len(rooms)] for offset in range(len(rooms))]

    def single(self, step: Step) -> visits_search.Chain | None:
        """The earliest start of one service, in the usual room where it is free."""
        best = min(
            ((timelines.first_from(c.starts, 0) or 0, index) for index, c in enumerate(step.candidates)),
            default=None,
        )
        if best is None:
            return None
        start, chosen = best[0], step.candidates[best[1]]
        return visits_search.Chain(((start, chosen),), start + chosen.duration_min, 0)

    def somebody(self, pool: Sequence[UUID], weights: Sequence[float], day: date) -> UUID:
        """Somebody of the pool who does not come on that day already; `weights` add up as they go."""
        while True:
            found = self.rng.choices(pool, cum_weights=weights)[0]
            if (found, day) not in self.visited:
                return found

    def enter(
        self,
        day: date,
        steps: Sequence[Step],
        chain: visits_search.Chain,
        patient_id: UUID,
        *,
        source: Source,
        fate: Fate = Fate.COMES,
    ) -> Draft:
        """Write a visit down; one that is cancelled leaves its time to others."""
        midnight = localtime.midnight(day, self.offered.clinic.where)
        parts = tuple(
            Part(
                step.service_id,
                c.practitioner_id,
                c.room_id,
                midnight + start * localtime.MINUTE,
                midnight + (start + c.duration_min) * localtime.MINUTE,
                c.price_cents,
            )
            for step, (start, c) in zip(steps, chain.choices, strict=True)
        )
        if fate is not Fate.CANCELS:
            self.keep(day, steps, chain)
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

    def keep(self, day: date, steps: Sequence[Step], chain: visits_search.Chain) -> None:
        """Let nobody else have the times of a visit."""
        for step, (start, c) in zip(steps, chain.choices, strict=True):
            taken = timelines.between(
                start - step.buffer_before_min, start + c.duration_min + step.buffer_after_min
            )
            for identifier in (c.practitioner_id, c.room_id):
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
