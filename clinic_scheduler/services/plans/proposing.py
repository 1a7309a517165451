"""When the sessions of a plan could be: all of them, or the next ones; with what stands in the way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.db.states import PlanStrategy
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import instead, placing, reading
from clinic_scheduler.services.plans.course import Course
from clinic_scheduler.services.plans.proposals import Aim, Looking, Proposal, Proposed
from clinic_scheduler.services.plans.views import STANDING, PlanView, SessionView
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Part

__all__ = ["Aim", "Looking", "Proposal", "Proposed", "alternatives", "count_now", "propose", "propose_rest"]


def count_now(course: Course, asked: int | None = None) -> int:
    """How many sessions are booked at once: all of an immediate course, one of a sequential, as asked of a flexible."""
    if course.strategy == PlanStrategy.IMMEDIATE:
        return len(course.steps)
    if asked is not None:
        return max(1, min(asked, len(course.steps)))
    return 1


def propose(
    session: Session,
    *,
    actor: Actor,
    course: Course,
    looking: Looking,
    count: int | None = None,
    chosen: Mapping[int, Part] | None = None,
    diaries: Diaries | None = None,
) -> Proposal:
    """A new course with times for its first `count` sessions (see `count_now`); exact for the aim.

    What the desk has `chosen`, by number, stays; the others are placed around it. Adjusting one session is asking again
    with its time among the chosen.

    Raises:
        NotFound: a service is no longer offered.
    """
    now = count_now(course, count)
    numbers = frozenset(step.number for step in course.steps[:now])
    wanted = placing.Wanted(course, looking, numbers, dict(chosen or {}))
    return placing.place(session, actor.clinic_id, wanted, diaries)


def propose_rest(
    session: Session,
    *,
    actor: Actor,
    plan_id: UUID,
    looking: Looking,
    count: int | None = None,
    chosen: Mapping[int, Part] | None = None,
    diaries: Diaries | None = None,
) -> Proposal:
    """Times for the next `count` sessions of a plan that are to be booked (all that its strategy asks for).

    They are placed around what is booked; `looking` is for the plan's patient, whoever it names.

    Raises:
        NotFound: the plan is not in this clinic, or a service is no longer offered.
    """
    return placing.place(
        session,
        actor.clinic_id,
        rest(reading.plan(session, actor=actor, plan_id=plan_id), looking, count, chosen),
        diaries,
    )


def rest(
    plan: PlanView, looking: Looking, count: int | None = None, chosen: Mapping[int, Part] | None = None
) -> placing.Wanted:
    """What is left of a plan, to be placed."""
    course = plan.course()
    to_book = [one for one in plan.sessions if one.is_open]
    now = len(to_book) if course.strategy == PlanStrategy.IMMEDIATE and count is None else count or 1
    numbers = frozenset(one.number for one in to_book[:now])
    booked = {one.number: part for one in plan.sessions if (part := standing(one)) is not None}
    usual = looking.usual_min
    before = [one.start for one in plan.sessions if one.number in booked and one.start]
    if usual is None and before:
        usual = before[-1].hour * 60 + before[-1].minute
    asked = replace(looking, patient_id=plan.patient_id, usual_min=usual)
    window = to_book[0].window if to_book else None
    return placing.Wanted(course, asked, numbers, dict(chosen or {}), booked, window)


def standing(one: SessionView) -> Part | None:
    """The time of a session that is booked or took place."""
    if one.state not in STANDING or one.start is None or one.end is None or one.practitioner_id is None:
        return None
    start, end = one.start.astimezone(UTC), one.end.astimezone(UTC)
    return Part(one.service_id, one.practitioner_id, one.room_id, start, end, 0)


def alternatives(
    session: Session,
    *,
    actor: Actor,
    proposal: Proposal,
    number: int,
    limit: int = 6,
    diaries: Diaries | None = None,
) -> tuple[Part, ...]:
    """Other times for one session of a proposal that keep the gaps to its neighbours, those near its time first."""
    return instead.times(session, actor.clinic_id, proposal, number, limit, diaries)
