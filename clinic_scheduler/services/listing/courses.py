"""Courses of treatment as the list shows them: how far they are, and their sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import PlanSessionState
from clinic_scheduler.db.types import Ids, among


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One session of a plan; without an appointment it has no time yet, and `day` is when it is due."""

    number: int
    name: str
    state: str
    appointment_id: UUID | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """A treatment plan with its sessions in order."""

    id: UUID
    state: str
    sessions: tuple[PlannedSession, ...]

    @property
    def done(self) -> int:
        """How many sessions are completed."""
        return sum(one.state == PlanSessionState.COMPLETED for one in self.sessions)

    def counter(self, appointment_id: UUID) -> str:
        """The place of an appointment in it, such as "3/6"."""
        number = next(one.number for one in self.sessions if one.appointment_id == appointment_id)
        return f"{number}/{len(self.sessions)}"


_S, _A, _PLAN = t.PlanSession, t.Appointment, t.TreatmentPlan
BELONGING = Prepared(
    select(_S.appointment_id, _S.plan_id).where(
        among(_S.appointment_id, bindparam("appointments", type_=Ids()))
    )
)
SESSIONS = Prepared(
    select(_S.plan_id, _PLAN.state, _S.number, _S.name, _S.state, _S.appointment_id, _S.due_on, _A.day)
    .join(_PLAN, _PLAN.id == _S.plan_id)
    .outerjoin(_A, _A.id == _S.appointment_id)
    .where(among(_S.plan_id, bindparam("plans", type_=Ids())))
    .order_by(_S.plan_id, _S.number)
)


def of_appointments(session: Session, appointment_ids: Sequence[UUID]) -> Mapping[UUID, Course]:
    """The course of each appointment that belongs to one."""
    belonging: dict[UUID, UUID] = dict(BELONGING.rows(session, {"appointments": list(appointment_ids)}))
    if not belonging:
        return {}
    sessions: dict[UUID, list[PlannedSession]] = {}
    states: dict[UUID, str] = {}
    rows = SESSIONS.rows(session, {"plans": list(set(belonging.values()))})
    for plan, plan_state, number, name, state, appointment_id, due_on, day in rows:
        states[plan] = plan_state
        sessions.setdefault(plan, []).append(
            PlannedSession(number, name, state, appointment_id, day or due_on)
        )
    made = {plan: Course(plan, states[plan], tuple(found)) for plan, found in sessions.items()}
    return {appointment: made[plan] for appointment, plan in belonging.items()}
