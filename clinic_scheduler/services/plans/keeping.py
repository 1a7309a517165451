"""A plan and its sessions as they are kept: locked to be changed, brought in line with their appointments."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import PlanSessionState, PlanState
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import deriving, rows
from clinic_scheduler.services.plans.deriving import Facts, Plan
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import OPEN, Progress


def locked(session: Session, actor: Actor, plan_id: UUID, version: int | None = None) -> t.TreatmentPlan:
    """The plan, kept from others until the transaction ends.

    Raises:
        NotFound: it is not in this clinic.
        ChangedMeanwhile: it was changed since it was seen in that `version`.
    """
    p = t.TreatmentPlan
    plan = session.scalars(
        select(p)
        .where(p.id == plan_id, p.clinic_id == actor.clinic_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if plan is None:
        raise NotFound("That plan is no longer there; please refresh the list.")
    if version is not None and plan.version != version:
        raise ChangedMeanwhile("Somebody else changed this plan meanwhile; please look at it again.")
    return plan


def of_plans(session: Session, plan_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    """The sessions of each plan in order, with what their appointments say."""
    s, a = t.PlanSession, t.Appointment
    found = session.execute(
        select(*s.__table__.columns, a.status, a.day, a.start_at)
        .outerjoin(a, a.id == s.appointment_id)
        .where(s.plan_id.in_(plan_ids))
        .order_by(s.plan_id, s.number)
    )
    of: dict[UUID, list[Any]] = {}
    for row in found:
        of.setdefault(row.plan_id, []).append(row)
    return of


def settle(session: Session, plan: t.TreatmentPlan, clock: Clock) -> Progress:
    """Bring the plan and its sessions in line with the appointments, tell every desk; its progress then."""
    session.flush()
    sessions = of_plans(session, [plan.id]).get(plan.id, [])
    facts = [rows.facts(row) for row in sessions]
    state = deriving.state_after(Plan(plan.strategy, plan.state, plan.resumed_on), facts)
    if state != plan.state:
        plan.state = state
        plan.ended_at = clock.now if state == PlanState.COMPLETED else None
    said = Plan(plan.strategy, plan.state, plan.resumed_on)
    counted = deriving.progress(said, facts, clock.now, clock.today)
    _write(session, said, sessions, facts, counted)
    plan.version += 1
    session.flush()
    announce(session, "treatment_plan", plan.id)
    return counted


def _write(
    session: Session, plan: Plan, sessions: Sequence[Any], facts: Sequence[Facts], counted: Progress
) -> None:
    """Keep the state and the due day of each session where they changed."""
    for row, one in zip(sessions, facts, strict=True):
        state, due_on = _standing(plan, facts, one, counted)
        if (state, due_on) != (row.state, row.due_on):
            session.execute(
                update(t.PlanSession).where(t.PlanSession.id == row.id).values(state=state, due_on=due_on)
            )


def _standing(plan: Plan, facts: Sequence[Facts], one: Facts, counted: Progress) -> tuple[str, date | None]:
    state = one.state
    if state not in OPEN:
        return state, None
    window = deriving.next_window(plan, facts, one.number)
    if state != PlanSessionState.MISSED:
        is_next = counted.is_due and one.number == counted.next_number
        state = PlanSessionState.DUE if is_next else PlanSessionState.PLANNED
    return state, window.ideal if window else None
