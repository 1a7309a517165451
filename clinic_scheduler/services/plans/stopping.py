"""Pausing a plan, going on with it, cancelling it, and changing its strategy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.changing import moving, reasons, taking_back
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.plans import keeping, reminding, rows
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.views import OPEN
from clinic_scheduler.services.taking import claims


@dataclass(frozen=True, slots=True)
class Stopped:
    """A plan after the change; `back` puts back the visits that were cancelled with it (`taking_back.put`)."""

    plan_id: UUID
    version: int
    back: tuple[Put, ...] = ()


def pause(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, reason: str, cancels_visits: bool = False
) -> Stopped:
    """Let a plan rest: nothing of it becomes due or overdue. Visits to come stay, unless they are cancelled with it.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
        InvalidInput: it is not active, or there is no reason.
    """
    reason = reasons.required(reason)
    plan = _locked(session, actor, plan_id, version, "pause", (PlanState.ACTIVE,), frees_times=cancels_visits)
    return _stop(session, actor, plan, PlanState.PAUSED, reason, cancels_visits=cancels_visits)


def resume(session: Session, *, actor: Actor, plan_id: UUID, version: int) -> Stopped:
    """Go on with a plan that was paused, lapsed or cancelled; what is open is due from today on.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
        InvalidInput: it goes on already, or is completed.
    """
    stopped = (PlanState.PAUSED, PlanState.LAPSED, PlanState.CANCELLED)
    plan = _locked(session, actor, plan_id, version, "resume", stopped)
    before, clock = plan.state, Clock.read(session, actor.clinic_id)
    s = t.PlanSession
    session.execute(
        update(s)
        .where(s.plan_id == plan_id, s.state == PlanSessionState.CANCELLED)
        .values(state=PlanSessionState.PLANNED)
    )
    plan.state, plan.state_reason, plan.ended_at = PlanState.ACTIVE, "", None
    plan.resumed_on = clock.today
    return _written(session, actor, plan, "resumed", before, "", clock)


def cancel(
    session: Session, *, actor: Actor, plan_id: UUID, version: int, reason: str, cancels_visits: bool
) -> Stopped:
    """End a plan. Visits to come are cancelled with it, or stay as visits on their own.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
        InvalidInput: it has ended already, or there is no reason.
    """
    reason = reasons.required(reason)
    going_on = (PlanState.DRAFT, PlanState.ACTIVE, PlanState.PAUSED, PlanState.LAPSED)
    plan = _locked(session, actor, plan_id, version, "cancel", going_on, frees_times=cancels_visits)
    return _stop(session, actor, plan, PlanState.CANCELLED, reason, cancels_visits=cancels_visits)


def change_strategy(session: Session, *, actor: Actor, plan_id: UUID, version: int, strategy: str) -> Stopped:
    """Go on in another strategy; what is booked stays booked.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
        InvalidInput: it has ended, or there is no such strategy.
    """
    if strategy not in set(PlanStrategy):
        raise InvalidInput("Please choose how the sessions are booked.", "strategy")
    going_on = (PlanState.DRAFT, PlanState.ACTIVE, PlanState.PAUSED, PlanState.LAPSED)
    plan = _locked(session, actor, plan_id, version, "change", going_on)
    before, plan.strategy = plan.strategy, PlanStrategy(strategy)
    audit.record(
        session,
        actor,
        "plan.strategy_changed",
        "treatment_plan",
        plan_id,
        before={"strategy": before},
        after={"strategy": strategy},
    )
    keeping.settle(session, plan, Clock.read(session, actor.clinic_id))
    return Stopped(plan_id, plan.version)


def reviewed(session: Session, *, actor: Actor, plan_id: UUID, version: int) -> Stopped:
    """Note that somebody looked at what had happened.

    Raises:
        ChangedMeanwhile: it was changed since it was seen.
    """
    actor.require(BOOK)
    plan = keeping.locked(session, actor, plan_id, version)
    plan.review = ""
    audit.record(session, actor, "plan.reviewed", "treatment_plan", plan_id)
    keeping.settle(session, plan, Clock.read(session, actor.clinic_id))
    return Stopped(plan_id, plan.version)


def _locked(
    session: Session,
    actor: Actor,
    plan_id: UUID,
    version: int,
    verb: str,
    states: Sequence[str],
    *,
    frees_times: bool = False,
) -> t.TreatmentPlan:
    actor.require(BOOK)
    _lock_visits(session, plan_id, frees_times=frees_times)
    plan = keeping.locked(session, actor, plan_id, version)
    if plan.state not in states:
        raise InvalidInput(f"This plan is {plan.state}; there is nothing to {verb}.", "plan")
    return plan


def _lock_visits(session: Session, plan_id: UUID, *, frees_times: bool) -> None:
    """Queue for the visits, and for whoever has a time in them, before the plan, as a changed status does."""
    a, s = t.Appointment, t.PlanSession
    found = session.scalars(
        select(a.id)
        .join(s, s.appointment_id == a.id)
        .where(s.plan_id == plan_id)
        .order_by(a.id)
        .with_for_update(of=a)
    ).all()
    if frees_times and found:
        claims.lock(session, [claim.resource_id for claim in claims.of_appointments(session, found)])


def _stop(
    session: Session,
    actor: Actor,
    plan: t.TreatmentPlan,
    state: PlanState,
    reason: str,
    *,
    cancels_visits: bool,
) -> Stopped:
    clock, before = Clock.read(session, actor.clinic_id), plan.state
    plan.state, plan.state_reason = state, reason
    if state == PlanState.CANCELLED:
        plan.ended_at, plan.review = clock.now, ""
    session.flush()
    back = _cancel_visits(session, actor, plan.id, reason, clock) if cancels_visits else ()
    session.refresh(plan)
    if state == PlanState.CANCELLED:
        _leave_open_ones(session, plan.id)
    else:
        plan.review = ""
    reminding.withdraw(session, plan.id)
    stopped = _written(session, actor, plan, state.value, before, reason, clock)
    return replace(stopped, back=back)


def _cancel_visits(
    session: Session, actor: Actor, plan_id: UUID, reason: str, clock: Clock
) -> tuple[Put, ...]:
    """Cancel what of the plan is still to come; what brings it back."""
    a, s = t.Appointment, t.PlanSession
    coming = session.execute(
        select(a.id, a.version, a.status)
        .join(s, s.appointment_id == a.id)
        .where(s.plan_id == plan_id, a.start_at > clock.now, a.status.in_(moving.MOVABLE))
        .order_by(a.id)
    ).all()
    if not coming:
        return ()
    wanted = [Put(identifier, version, AppointmentStatus.CANCELLED) for identifier, version, _was in coming]
    return tuple(taking_back.apply(session, actor, wanted, reason))


def _leave_open_ones(session: Session, plan_id: UUID) -> None:
    """Sessions without a visit that stands end with the plan."""
    open_ones = [
        row.id
        for row in keeping.of_plans(session, [plan_id]).get(plan_id, [])
        if rows.facts(row).state in OPEN
    ]
    session.execute(
        update(t.PlanSession)
        .where(t.PlanSession.id.in_(open_ones))
        .values(state=PlanSessionState.CANCELLED, due_on=None)
    )


def _written(
    session: Session, actor: Actor, plan: t.TreatmentPlan, what: str, before: str, reason: str, clock: Clock
) -> Stopped:
    audit.record(
        session,
        actor,
        f"plan.{what}",
        "treatment_plan",
        plan.id,
        before={"state": before},
        after={"state": plan.state},
        reason=reason,
    )
    keeping.settle(session, plan, clock)
    return Stopped(plan.id, plan.version)
