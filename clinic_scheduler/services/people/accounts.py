"""What else there is of a person beside visits: courses and how far they are, and money."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanSessionState

MOST = 100


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A treatment plan; `due_on` is the day of the next session that has no time yet, where one is known."""

    id: UUID
    service: str
    state: str
    done: int
    booked: int
    total: int
    due_on: date | None
    notes: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that changed hands; a negative amount is a refund."""

    paid_at: datetime
    amount_cents: int
    method: str
    note: str
    reference: str


def plans(session: Session, patient_id: UUID, most: int | None = MOST) -> tuple[PlanLine, ...]:
    """The plans of a person, the newest first."""
    p, one, s = t.TreatmentPlan, t.PlanSession, t.Service

    def count(*states: str) -> ColumnElement[int | None]:
        return func.sum(case((one.state.in_(states), 1), else_=0))

    waiting = (PlanSessionState.PLANNED, PlanSessionState.DUE)
    rows = session.execute(
        select(
            p.id,
            s.name,
            p.state,
            count(PlanSessionState.COMPLETED),
            count(PlanSessionState.BOOKED),
            func.count(one.id),
            func.min(case((one.state.in_(waiting), one.due_on))),
            p.notes,
            p.created_at,
        )
        .join(s, s.id == p.service_id)
        .outerjoin(one, one.plan_id == p.id)
        .where(p.patient_id == patient_id)
        .group_by(p.id, s.name, p.state, p.notes, p.created_at)
        .order_by(p.created_at.desc(), p.id)
        .limit(most)
    )
    return tuple(
        PlanLine(one, service, state, int(done or 0), int(booked or 0), total, due, notes, made)
        for one, service, state, done, booked, total, due, notes, made in rows
    )


def payments(session: Session, patient_id: UUID, most: int | None = MOST) -> tuple[PaymentLine, ...]:
    """The payments of a person, the newest first."""
    b, p = t.Booking, t.Payment
    rows = session.execute(
        select(p.paid_at, p.amount_cents, p.method, p.note, b.reference)
        .join(b, b.id == p.booking_id)
        .where(b.patient_id == patient_id)
        .order_by(p.paid_at.desc(), p.id)
        .limit(most)
    )
    return tuple(PaymentLine(*row) for row in rows)
