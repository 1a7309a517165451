"""A visit that was booked in another way, say from the waitlist, as the session of a plan that it was meant for."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanState
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import keeping, reading, reminding
from clinic_scheduler.services.plans.rows import Clock


def link(session: Session, actor: Actor, plan_session_id: UUID, appointment_id: UUID) -> bool:
    """Let the visit be that session, and the plan follow; whether it is.

    A visit stays on its own where the session was booked otherwise meanwhile or taken out, the plan was stopped, or
    somebody else comes.
    """
    s, a, b = t.PlanSession, t.Appointment, t.Booking
    plan_id = session.scalar(select(s.plan_id).where(s.id == plan_session_id))
    who = session.scalar(
        select(b.patient_id)
        .join(a, a.booking_id == b.id)
        .where(a.id == appointment_id, a.clinic_id == actor.clinic_id)
    )
    p = t.TreatmentPlan
    is_theirs = select(p.id).where(p.id == plan_id, p.clinic_id == actor.clinic_id, p.patient_id == who)
    if plan_id is None or session.scalar(is_theirs) is None:
        return False
    row = keeping.locked(session, actor, plan_id)
    plan = reading.plan(session, actor=actor, plan_id=plan_id)
    one = next((each for each in plan.sessions if each.id == plan_session_id), None)
    if one is None or not one.is_open or row.state not in (PlanState.ACTIVE, PlanState.LAPSED):
        return False
    reminding.withdraw(session, plan_id)
    session.execute(update(s).where(s.id == plan_session_id).values(appointment_id=appointment_id))
    if row.state == PlanState.LAPSED:
        row.state, row.ended_at, row.state_reason = PlanState.ACTIVE, None, ""
    row.review = ""
    facts: audit.Facts = {"sessions": len(plan.sessions), "booked": 1}
    audit.record(session, actor, "plan.booked", "treatment_plan", plan_id, after=facts)
    keeping.settle(session, row, Clock.read(session, actor.clinic_id))
    return True
