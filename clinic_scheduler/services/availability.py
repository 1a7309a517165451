"""Free times of services and whole visits, computed from hours, claims and holds; never stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import ClaimKind
from clinic_scheduler.db.types import clock

from . import claims, hours, localtime, timelines, visits_search
from .catalogue import Catalogue, ServiceFacts, catalogue
from .hours import Span
from .timelines import Timeline
from .visits_search import Candidate, Step
from .wishes import Opening, Part, Wish


@dataclass(frozen=True, slots=True)
class Within:
    """Where to look: `days` local days from `first`, at most `limit` answers.

    The holds of `session_id` are no obstacle; `patient_id` must be free too.
    """

    first: date
    days: int = 14
    session_id: UUID | None = None
    patient_id: UUID | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FreeTime:
    """The free minutes of each resource over a span; `patient` is free unless it says otherwise."""

    span: Span
    free: Mapping[UUID, Timeline]
    patient: Timeline
    grid: Timeline


def free_starts(session: Session, *, clinic_id: UUID, wish: Wish, within: Within) -> tuple[Opening, ...]:
    """The free starts of one service, earliest first."""
    return free_visits(session, clinic_id=clinic_id, wishes=(wish,), within=within)


def free_visits(
    session: Session, *, clinic_id: UUID, wishes: Sequence[Wish], within: Within, max_wait_min: int = 30
) -> tuple[Opening, ...]:
    """Whole visits in the order wished, one for each possible start, earliest end first.

    Each is the one with the earliest end, then the least waiting, of all that start then. Waiting between two
    services is at most `max_wait_min`.

    Raises:
        NotFound: a service or practitioner is no longer there.
    """
    offered = catalogue(session, clinic_id)
    wanted = [(offered.service(wish.service_id), wish) for wish in wishes]
    if not wanted:
        return ()
    free = free_time(session, offered, _resources(offered, wanted), within)
    steps = tuple(_step(offered, service, wish, free) for service, wish in wanted)
    found = visits_search.earliest_visits(steps, max_wait_min, within.limit)
    return tuple(_opening(free.span, steps, chain) for chain in found)


def free_time(session: Session, offered: Catalogue, resource_ids: Sequence[UUID], within: Within) -> FreeTime:
    """The free minutes of resources from now on, with everybody else's holds taken out."""
    span, patient_id = Span(within.first, within.days, offered.clinic.where), within.patient_id
    opened = hours.open_times(session, offered.clinic.id, resource_ids, span)
    busy = _busy(session, [*resource_ids, *([patient_id] if patient_id else [])], span, within.session_id)
    ahead = ~timelines.between(0, max(0, span.minute_up(claims.now(session))))
    grid = 0
    for day in span.days():
        start = span.minute(localtime.midnight(day, span.where))
        grid |= timelines.grid(start, localtime.day_length(day, span.where), offered.clinic.step_min)
    whole = timelines.between(0, span.length)
    return FreeTime(
        span,
        {
            identifier: opened[identifier].open & ~busy.get(identifier, 0) & ahead
            for identifier in resource_ids
        },
        whole & ahead & ~(busy.get(patient_id, 0) if patient_id else 0),
        grid,
    )


def _busy(
    session: Session, resource_ids: Sequence[UUID], span: Span, session_id: UUID | None
) -> dict[UUID, Timeline]:
    wanted = select(t.Claim.resource_id, t.Claim.busy_from, t.Claim.busy_to).where(
        t.Claim.resource_id.in_(resource_ids),
        t.Claim.busy_from < span.end,
        t.Claim.busy_from > span.start - claims.LONGEST_BUSY,
        t.Claim.busy_to > span.start,
        or_(t.Claim.live_to.is_(None), t.Claim.live_to > clock()),
    )
    if session_id is not None:
        wanted = wanted.where(or_(t.Claim.kind != ClaimKind.HOLD, t.Claim.session_id != session_id))
    found: dict[UUID, Timeline] = {}
    for identifier, start, end in session.execute(wanted):
        found[identifier] = found.get(identifier, 0) | timelines.between(
            span.minute(start), span.minute_up(end)
        )
    return found


def _resources(offered: Catalogue, steps: Iterable[tuple[ServiceFacts, Wish]]) -> tuple[UUID, ...]:
    wanted: dict[UUID, None] = {}
    for service, wish in steps:
        wanted.update(
            (performer.practitioner_id, None)
            for performer in service.performers
            if _is_wished(wish, performer.practitioner_id)
        )
        wanted.update((room.id, None) for room in offered.rooms_for(service))
    return tuple(wanted)


def _is_wished(wish: Wish, practitioner_id: UUID) -> bool:
    return not wish.practitioner_ids or practitioner_id in wish.practitioner_ids


def _step(offered: Catalogue, service: ServiceFacts, wish: Wish, free: FreeTime) -> Step:
    """The starts of one service with each practitioner and room; a start includes its buffers' room."""
    rooms = offered.rooms_for(service)
    candidates = []
    for performer in service.performers:
        if not _is_wished(wish, performer.practitioner_id):
            continue
        length = service.buffer_before_min + performer.duration_min + service.buffer_after_min
        patient = timelines.starts(free.patient, performer.duration_min)
        own = (
            timelines.starts(free.free[performer.practitioner_id], length) << service.buffer_before_min
            & patient
            & free.grid
        )
        for room in rooms if service.needs_room else (None,):
            possible = (
                own
                if room is None
                else own & timelines.starts(free.free[room.id], length) << service.buffer_before_min
            )
            if possible:
                candidates.append(
                    Candidate(
                        performer.practitioner_id,
                        room.id if room else None,
                        performer.duration_min,
                        performer.price_cents,
                        possible,
                    )
                )
    return Step(service.id, service.buffer_before_min, service.buffer_after_min, tuple(candidates))


def _opening(span: Span, steps: Sequence[Step], chain: visits_search.Chain) -> Opening:
    parts = tuple(
        Part(
            step.service_id,
            c.practitioner_id,
            c.room_id,
            span.moment(start),
            span.moment(start + c.duration_min),
            c.price_cents,
        )
        for step, (start, c) in zip(steps, chain.choices, strict=True)
    )
    return Opening(parts, chain.waiting)
