"""Giving up plans that nobody went on with; a part of upkeep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanState
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import deriving, keeping, reminding, rows
from clinic_scheduler.services.plans.deriving import LAPSE_AFTER, Plan
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import OPEN

MOST = 200  # in one run
WHY = "nobody booked the next session"


def lapse(session: Session, actor: Actor, now: datetime) -> int:
    """Let plans lapse whose next session is long overdue; how many.

    What a desk is just changing is left to the next run. Booking a session brings a lapsed plan back.
    """
    p, s = t.TreatmentPlan, t.PlanSession
    late = select(s.plan_id).where(s.state.in_(OPEN), s.due_on < now.date() - LAPSE_AFTER)
    plans = session.scalars(
        select(p)
        .where(p.state == PlanState.ACTIVE, p.id.in_(late))
        .order_by(p.id)
        .limit(MOST)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    sessions = keeping.of_plans(session, [plan.id for plan in plans]) if plans else {}
    return sum(_lapse(session, actor, plan, sessions.get(plan.id, [])) for plan in plans)


def _lapse(session: Session, actor: Actor, plan: t.TreatmentPlan, sessions: Sequence[Any]) -> bool:
    """Whether the plan lapsed."""
    clock = Clock.read(session, plan.clinic_id)
    facts, said = [rows.facts(row) for row in sessions], Plan(plan.strategy, plan.state, plan.resumed_on)
    if not deriving.has_lapsed(deriving.progress(said, facts, clock.now, clock.today), clock.today):
        return False
    plan.state, plan.state_reason, plan.ended_at = PlanState.LAPSED, WHY, clock.now
    reminding.withdraw(session, plan.id)
    audit.record(session, actor, "plan.lapsed", "treatment_plan", plan.id, reason=WHY)
    keeping.settle(session, plan, clock)
    return True
