"""The demo's courses: some nearly done, some begun, one given up; every session that has a time is a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanSessionState, PlanState, PlanStrategy, Source
from clinic_scheduler.services.catalogue import ServiceFacts
from clinic_scheduler.services.setup import Gap

from .clinic import IMPLANT, OFFERS, PHYSIO_COURSE
from .diary import Diary, Draft
from .people import People

PHYSIO_COURSES, IMPLANTS = 22, 12
ENDED = (PlanState.COMPLETED, PlanState.LAPSED, PlanState.CANCELLED)
REASONS = {
    PlanState.PAUSED: "in hospital until further notice",
    PlanState.LAPSED: "nobody booked the next session",
    PlanState.CANCELLED: "moved to another town",
}
GAPS = {offer.code: offer.gap for offer in OFFERS if offer.gap}


@dataclass(frozen=True, slots=True)
class Course:
    """A treatment plan and the visits of its first sessions; the later ones have no time yet."""

    id: UUID
    session_ids: tuple[UUID, ...]
    patient_id: UUID
    practitioner_id: UUID
    service: ServiceFacts
    strategy: PlanStrategy
    gap: Gap
    state: PlanState
    visits: tuple[Draft, ...]


def make_up(diary: Diary, people: People) -> list[Course]:
    """Enter the visits of every course, before the days fill up."""
    patients = diary.rng.sample([line.id for line in (*people.regulars, *people.adults)], 40)
    ana, ben, _chloe, kaya, *_rest = [p.id for p in diary.offered.practitioners]
    physio, implant = diary.service(PHYSIO_COURSE), diary.service(IMPLANT)
    found = []
    for number in range(PHYSIO_COURSES):
        first = diary.today - timedelta(days=7 * (number % 9) + diary.rng.randrange(5))
        who = ben if number % 4 == 3 else ana
        found.append(_course(diary, physio, who, patients.pop(), first))
    for number in range(IMPLANTS):
        first = diary.today + timedelta(days=4 * number - 36)
        found.append(_course(diary, implant, kaya, patients.pop(), first))
    # What does not go to plan: three sessions, then silence.
    for state, days in ((PlanState.PAUSED, 34), (PlanState.LAPSED, 55), (PlanState.CANCELLED, 48)):
        first = diary.today - timedelta(days=days)
        found.append(_course(diary, physio, ana, patients.pop(), first, state))
    return found


def _course(
    diary: Diary,
    service: ServiceFacts,
    practitioner_id: UUID,
    patient_id: UUID,
    first: date,
    state: PlanState = PlanState.ACTIVE,
) -> Course:
    gap = GAPS[service.code]
    strategy = PlanStrategy.IMMEDIATE if service.code == IMPLANT else PlanStrategy.SEQUENTIAL
    usual = diary.rng.randrange(8 * 60, 16 * 60, 15)
    visits: list[Draft] = []
    low, ideal, high = first, first, first + timedelta(days=6)
    while len(visits) < (service.sessions if state == PlanState.ACTIVE else 3):
        visit = _visit(diary, service, practitioner_id, patient_id, _by_wish(low, ideal, high), usual)
        if visit is None:
            break
        visits.append(visit)
        low, ideal, high = (
            visit.day + timedelta(days=days) for days in (gap.min_days, gap.ideal_days, gap.max_days)
        )
        # One after the other: the next is booked when this one is done.
        if strategy == PlanStrategy.SEQUENTIAL and visit.day >= diary.today:
            break
    return Course(
        diary.new_id(),
        tuple(diary.new_id() for _ in range(service.sessions)),
        patient_id,
        practitioner_id,
        service,
        strategy,
        gap,
        state,
        tuple(visits),
    )


def _by_wish(low: date, ideal: date, high: date) -> list[date]:
    """The days from `low` to `high`, those near the ideal one first."""
    days = [low + timedelta(days=offset) for offset in range((high - low).days + 1)]
    return sorted(days, key=lambda day: (abs(day - ideal), day))


def _visit(
    diary: Diary,
    service: ServiceFacts,
    practitioner_id: UUID,
    patient_id: UUID,
    days: Sequence[date],
    usual: int,
) -> Draft | None:
    """The next session on the best day, at the usual time or the first after it."""
    for day in days:
        if not diary.knows(day) or (patient_id, day) in diary.visited:
            continue
        for after in (usual, 0):
            if slot := diary.first(service, day, practitioner_id, after):
                return diary.enter(day, [slot], patient_id, source=Source.PLAN)
    return None


def write(session: Session, clinic_id: UUID, courses: Sequence[Course], now: datetime, by: UUID) -> None:
    """Insert the plans and their sessions; the appointments are there already."""
    session.execute(
        insert(t.TreatmentPlan),
        [
            {
                "id": course.id,
                "clinic_id": clinic_id,
                "patient_id": course.patient_id,
                "service_id": course.service.id,
                "strategy": course.strategy,
                "state": _state(course, now),
                "state_reason": REASONS.get(_state(course, now), ""),
                "ended_at": course.visits[-1].end if _state(course, now) in ENDED else None,
                "keeps_practitioner": True,
                "created_by": by,
                "created_at": min(now, course.visits[0].start - timedelta(days=4)),
            }
            for course in courses
        ],
    )
    session.execute(insert(t.PlanSession), [row for course in courses for row in _sessions(course, now)])


def _state(course: Course, now: datetime) -> PlanState:
    is_done = len(course.visits) == course.service.sessions and course.visits[-1].end <= now
    return PlanState.COMPLETED if is_done else course.state


def _sessions(course: Course, now: datetime) -> list[dict[str, object]]:
    minutes = course.service.performer(course.practitioner_id).duration_min
    gap, rows = course.gap, []
    due, is_next = course.visits[-1].day, course.visits[-1].end <= now
    for index, identifier in enumerate(course.session_ids):
        visit = course.visits[index] if index < len(course.visits) else None
        if visit:
            state = PlanSessionState.COMPLETED if visit.end <= now else PlanSessionState.BOOKED
        else:
            due += timedelta(days=gap.ideal_days)
            state = PlanSessionState.DUE if is_next else PlanSessionState.PLANNED
            is_next = False
            if course.state == PlanState.CANCELLED:
                state = PlanSessionState.CANCELLED
        rows.append(
            {
                "id": identifier,
                "plan_id": course.id,
                "number": index + 1,
                "service_id": course.service.id,
                "practitioner_id": course.practitioner_id,
                "duration_min": minutes,
                "min_days": gap.min_days if index else 0,
                "ideal_days": gap.ideal_days if index else 0,
                "max_days": gap.max_days if index else 365,
                "state": state,
                "due_on": None if visit else due,
                "appointment_id": visit.appointment_ids[0] if visit else None,
            }
        )
    return rows
