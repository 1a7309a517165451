"""What reminds of a session that is due: a message to the patient, and a task of the desk."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import MessageState, TaskKind, TaskState
from clinic_scheduler.services import catalogue, messages
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.plans import words
from clinic_scheduler.services.plans.views import Progress
from clinic_scheduler.services.taking import claims

KIND = "next_session"


def queue(
    session: Session, actor: Actor, plan: t.TreatmentPlan, counted: Progress, booking_id: UUID, now: datetime
) -> None:
    """Say that the next session is due, instead of what was to be said of the plan before."""
    withdraw(session, plan.id)
    clinic = catalogue.clinic(session, actor.clinic_id)
    facts = {
        "plan": str(plan.id),
        "session": counted.next_number,
        "sessions": counted.total,
        "due_by": counted.window.latest.isoformat() if counted.window else None,
    }
    messages.queue(session, clinic, booking_id, KIND, now, f"{KIND} {plan.id} {new_id()}", facts)
    _put_down(session, actor, plan, counted)


def _put_down(session: Session, actor: Actor, plan: t.TreatmentPlan, counted: Progress) -> None:
    """Something to do for the desk: book the next session with whoever it is."""
    s = t.PlanSession
    session_id = session.scalar(select(s.id).where(s.plan_id == plan.id, s.number == counted.next_number))
    service = session.scalar(select(t.Service.name).where(t.Service.id == plan.service_id))
    due = f", due by {words.day(counted.window.latest)}" if counted.window else ""
    said = f"{service}: book session {counted.next_number} of {counted.total}{due}"
    about = About(plan.patient_id, plan_session_id=session_id)
    to_do.put_down(session, actor, TaskKind.NEXT_SESSION, said, about=about, key=f"{KIND} {new_id()}")


def withdraw(session: Session, plan_id: UUID) -> None:
    """Take back what was not said or done yet: the session is booked, or not due any more."""
    m, s, a = t.Message, t.PlanSession, t.Appointment
    bookings = session.scalars(
        select(a.booking_id).join(s, s.appointment_id == a.id).where(s.plan_id == plan_id)
    ).all()
    session.execute(
        update(m)
        .where(m.booking_id.in_(bookings), m.kind == KIND, m.state == MessageState.QUEUED)
        .values(state=MessageState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
    _drop(session, session.scalars(select(s.id).where(s.plan_id == plan_id)).all())


def forget(session: Session, session_ids: Sequence[UUID]) -> None:
    """Let no task name these sessions, which are taken out of their plan."""
    task = t.DeskTask
    _drop(session, session_ids)
    session.execute(
        update(task)
        .where(task.plan_session_id.in_(session_ids))
        .values(plan_session_id=None)
        .execution_options(synchronize_session=False)
    )


def _drop(session: Session, session_ids: Sequence[UUID]) -> None:
    task = t.DeskTask
    dropped = session.scalars(
        update(task)
        .where(
            task.plan_session_id.in_(session_ids),
            task.kind == TaskKind.NEXT_SESSION,
            task.state == TaskState.OPEN,
        )
        .values(state=TaskState.DROPPED, done_at=claims.now(session), version=task.version + 1)
        .returning(task.id)
        .execution_options(synchronize_session=False)
    )
    announce(session, "desk_task", *dropped)
