"""A desk that plans: each call is one transaction, as one click is."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import creating, proposing, reading
from clinic_scheduler.services.plans.course import Course, Gap, Step
from clinic_scheduler.services.plans.creating import Placed, Terms
from clinic_scheduler.services.plans.proposals import Looking, Proposal
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.wishes import Part
from tests.support.clinics import EMMA, GAIT

WEEKLY = Gap(5, 7, 14)


def course(count: int, strategy: str, gap: Gap = WEEKLY, service: UUID = GAIT, **more: Any) -> Course:
    """A course of so many sessions alike."""
    steps = tuple(Step(number, service, gap) for number in range(1, count + 1))
    return Course(service, strategy, steps, **more)


def propose(
    work: UnitOfWork, actor: Actor, wanted: Course, first: date, count: int | None = None, **looking: Any
) -> Proposal:
    asked = Looking(first, **{"patient_id": EMMA, **looking})
    return work.read(lambda s: proposing.propose(s, actor=actor, course=wanted, looking=asked, count=count))


def create(
    work: UnitOfWork,
    actor: Actor,
    wanted: Course,
    parts: dict[int, Part],
    patient: UUID = EMMA,
    request: UUID | None = None,
    terms: Terms = creating.AS_USUAL,
) -> Placed:
    asked = request or new_id()
    return work.write(
        lambda s: creating.create(
            s, actor=actor, request_id=asked, patient_id=patient, course=wanted, parts=parts, terms=terms
        )
    ).value


def book(
    work: UnitOfWork,
    actor: Actor,
    plan: PlanView,
    parts: dict[int, Part],
    request: UUID | None = None,
    terms: Terms = creating.AS_USUAL,
) -> Placed:
    asked = request or new_id()
    return work.write(
        lambda s: creating.book(
            s, actor=actor, request_id=asked, plan_id=plan.id, version=plan.version, parts=parts, terms=terms
        )
    ).value


def rest(
    work: UnitOfWork, actor: Actor, plan_id: UUID, first: date, count: int | None = None, **looking: Any
) -> Proposal:
    asked = Looking(first, **looking)
    return work.read(
        lambda s: proposing.propose_rest(s, actor=actor, plan_id=plan_id, looking=asked, count=count)
    )


def look(work: UnitOfWork, actor: Actor, plan_id: UUID) -> PlanView:
    return work.read(lambda s: reading.plan(s, actor=actor, plan_id=plan_id))


def rows(work: UnitOfWork, plan_id: UUID) -> list[tuple[int, str, bool]]:
    """Number, state and whether there is an appointment, of each session as it is stored."""
    p = t.PlanSession
    found = work.read(
        lambda s: s.execute(
            select(p.number, p.state, p.appointment_id).where(p.plan_id == plan_id).order_by(p.number)
        ).all()
    )
    return [(number, state, held is not None) for number, state, held in found]
