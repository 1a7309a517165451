"""What follows for a plan when a visit of it is completed, missed, cancelled or put back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import keeping, proposing, reading, reminding
from clinic_scheduler.services.plans.proposals import Looking, Proposal
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.times.diaries import Diaries

FALLEN: Mapping[str, str] = MappingProxyType(
    {AppointmentStatus.NO_SHOW: "missed", AppointmentStatus.CANCELLED: "cancelled"}
)


@dataclass(frozen=True, slots=True)
class NextOffer:
    """The session that comes next in a plan, to be offered while the patient stands at the desk."""

    plan: PlanView
    number: int
    proposal: Proposal


def follow(session: Session, actor: Actor, rows: Sequence[t.Appointment]) -> None:
    """Bring plans in line with appointments whose status was just changed and flushed; part of that transaction."""
    s, changed = t.PlanSession, {row.id: row for row in rows}
    found = session.execute(
        select(s.plan_id, s.number, s.appointment_id).where(s.appointment_id.in_(changed))
    ).all()
    if not found:
        return
    clock = Clock.read(session, actor.clinic_id)
    for plan_id in sorted({plan_id for plan_id, *_rest in found}):
        own = {number: changed[one] for of, number, one in found if of == plan_id and one is not None}
        _follow(session, actor, keeping.locked(session, actor, plan_id), own, clock)


def moved(session: Session, actor: Actor, appointment_ids: Collection[UUID]) -> None:
    """Bring plans in line with appointments that were just moved and flushed: what comes next is due from there on."""
    s = t.PlanSession
    plan_ids = session.scalars(
        select(s.plan_id).where(s.appointment_id.in_(appointment_ids)).distinct()
    ).all()
    if plan_ids:
        clock = Clock.read(session, actor.clinic_id)
        for plan_id in sorted(plan_ids):
            keeping.settle(session, keeping.locked(session, actor, plan_id), clock)


def _follow(
    session: Session, actor: Actor, plan: t.TreatmentPlan, own: Mapping[int, t.Appointment], clock: Clock
) -> None:
    before = plan.state
    plan.review = _review(session, plan, own)
    counted = keeping.settle(session, plan, clock)
    if plan.state != before:
        audit.record(
            session,
            actor,
            f"plan.{plan.state}",
            "treatment_plan",
            plan.id,
            before={"state": before},
            after={"state": plan.state},
        )
    completed = [row for row in own.values() if row.status == AppointmentStatus.COMPLETED]
    if completed and counted.is_due and plan.strategy == PlanStrategy.SEQUENTIAL:
        reminding.queue(session, actor, plan, counted, completed[-1].booking_id, clock.now)
    else:
        reminding.withdraw(session, plan.id)


def _review(session: Session, plan: t.TreatmentPlan, own: Mapping[int, t.Appointment]) -> str:
    """What has to be looked at: sessions that fell out just now, or whatever had before, unless all are back."""
    if plan.state not in (PlanState.ACTIVE, PlanState.PAUSED):
        return plan.review
    fallen = {number: FALLEN[row.status] for number, row in sorted(own.items()) if row.status in FALLEN}
    if fallen:
        return " ".join(f"Session {number} was {what}." for number, what in fallen.items())
    s, a = t.PlanSession, t.Appointment
    left = session.scalar(
        select(s.number)
        .join(a, a.id == s.appointment_id)
        .where(s.plan_id == plan.id, a.status.in_(FALLEN))
        .limit(1)
    )
    return plan.review if left is not None else ""


def offer_after(
    session: Session, *, actor: Actor, appointment_ids: Sequence[UUID], diaries: Diaries | None = None
) -> tuple[NextOffer, ...]:
    """The next sessions of sequential plans of which these appointments were just completed, with times for them."""
    s = t.PlanSession
    plan_ids = session.scalars(
        select(s.plan_id).where(s.appointment_id.in_(appointment_ids)).distinct()
    ).all()
    today = Clock.read(session, actor.clinic_id).today
    offers = []
    for plan_id in sorted(plan_ids):
        plan = reading.plan(session, actor=actor, plan_id=plan_id)
        counted = plan.progress
        done = {one.appointment_id for one in plan.sessions if one.state == PlanSessionState.COMPLETED}
        if counted.is_due and plan.strategy == PlanStrategy.SEQUENTIAL and done.intersection(appointment_ids):
            number = counted.next_number or 0
            proposal = proposing.propose_rest(
                session, actor=actor, plan_id=plan_id, looking=Looking(today), count=1, diaries=diaries
            )
            offers.append(NextOffer(plan, number, proposal))
    return tuple(offers)
