"""A plan and its sessions as new rows; their visits are written elsewhere."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import FEW, PreparedInsert
from clinic_scheduler.db.states import PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans.course import Course, Step
from clinic_scheduler.services.wishes import Part

PLANS, SESSIONS = PreparedInsert(t.TreatmentPlan.__table__), PreparedInsert(t.PlanSession.__table__)


def plan(session: Session, actor: Actor, plan_id: UUID, patient_id: UUID, course: Course, notes: str) -> None:
    """Insert an active plan of the course, without its sessions."""
    PLANS.rows(
        session,
        [
            {
                "id": plan_id,
                "clinic_id": actor.clinic_id,
                "patient_id": patient_id,
                "service_id": course.service_id,
                "strategy": PlanStrategy(course.strategy),
                "state": PlanState.ACTIVE,
                "notes": notes,
                "keeps_practitioner": course.keeps_practitioner,
                "keeps_time": course.keeps_time,
                "created_by": actor.user_id,
            }
        ],
    )


def sessions(
    session: Session,
    plan_id: UUID,
    steps: Sequence[Step],
    parts: Mapping[int, Part],
    appointment_ids: Mapping[int, UUID],
) -> None:
    """Insert the sessions of a plan; those with a part have that length, others their own or the service's."""
    service = t.Service
    ids = {step.service_id for step in steps if not step.duration_min and step.number not in parts}
    lasting = select(service.id, service.duration_min).where(service.id.in_(ids))
    usual = dict(session.execute(lasting).all()) if ids else {}
    lengths = {n: (part.end - part.start) // localtime.MINUTE for n, part in parts.items()}
    rows: list[dict[str, object]] = [
        {
            "id": new_id(),
            "plan_id": plan_id,
            "number": step.number,
            "name": step.name,
            "service_id": step.service_id,
            "practitioner_id": step.practitioner_id,
            "room_id": step.room_id,
            "duration_min": step.duration_min or lengths.get(step.number) or usual[step.service_id],
            "min_days": step.gap.min_days,
            "ideal_days": step.gap.ideal_days,
            "max_days": step.gap.max_days,
            "state": PlanSessionState.BOOKED if step.number in parts else PlanSessionState.PLANNED,
            "due_on": None,
            "appointment_id": appointment_ids.get(step.number),
        }
        for step in steps
    ]
    for first in range(0, len(rows), FEW):
        SESSIONS.rows(session, rows[first : first + FEW])
