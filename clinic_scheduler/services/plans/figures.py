"""Figures of treatment plans for the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, PlanState, PlanStrategy
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.plans import rows


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """Plans as they stand, and of those that ended within the days how many were completed.

    `sessions` counts the visits of plans that took place within the days, by strategy.
    """

    active: int
    due: int
    overdue: int
    completed: int
    lapsed: int
    cancelled: int
    sessions: Mapping[str, int]

    @property
    def completion_rate(self) -> float | None:
        """The completed part of all that ended, from 0 to 1; None where none did."""
        ended = self.completed + self.lapsed + self.cancelled
        return self.completed / ended if ended else None


def figures(session: Session, *, actor: Actor, first: date, last: date) -> PlanFigures:
    """The figures of the clinic from the first day to the last, both included."""
    p, s, a = t.TreatmentPlan, t.PlanSession, t.Appointment
    where = clinic(session, actor.clinic_id).where
    since, until = (localtime.midnight(day, where) for day in (first, last + timedelta(days=1)))
    going_on = rows.read(session, actor.clinic_id, p.state == PlanState.ACTIVE)
    ended = dict(
        session.execute(
            select(p.state, func.count())
            .where(p.clinic_id == actor.clinic_id, p.ended_at >= since, p.ended_at < until)
            .group_by(p.state)
        ).all()
    )
    taken = session.execute(
        select(p.strategy, func.count())
        .join(s, s.plan_id == p.id)
        .join(a, a.id == s.appointment_id)
        .where(p.clinic_id == actor.clinic_id, a.status == AppointmentStatus.COMPLETED)
        .where(a.start_at >= since, a.start_at < until)
        .group_by(p.strategy)
    ).all()
    return PlanFigures(
        active=len(going_on),
        due=sum(one.progress.is_due for one in going_on),
        overdue=sum(one.progress.is_overdue for one in going_on),
        completed=ended.get(PlanState.COMPLETED, 0),
        lapsed=ended.get(PlanState.LAPSED, 0),
        cancelled=ended.get(PlanState.CANCELLED, 0),
        sessions={strategy.value: 0 for strategy in PlanStrategy} | dict(taken),
    )
