"""Treatment plans: courses of many sessions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import PlanSessionState, PlanState, PlanStrategy
from clinic_scheduler.db.types import clock

from .base import STRICT, Base, one_of, within


class TreatmentPlan(Base):
    """A course of one patient; its progress is computed from its sessions, never stored.

    `review` says what happened that somebody has to look at, `state_reason` why it was paused, cancelled or ended.
    Its time stood still until `resumed_on`.
    """

    __tablename__ = "treatment_plan"
    __table_args__ = (
        one_of("strategy", PlanStrategy),
        one_of("state", PlanState),
        Index(None, "patient_id"),
        Index(None, "clinic_id", "state"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    strategy: Mapped[str]
    state: Mapped[str] = mapped_column(default=PlanState.DRAFT)
    notes: Mapped[str] = mapped_column(default="")
    keeps_practitioner: Mapped[bool] = mapped_column(default=False, server_default=false())
    keeps_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    review: Mapped[str] = mapped_column(default="", server_default="")
    state_reason: Mapped[str] = mapped_column(default="", server_default="")
    resumed_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=clock())
    version: Mapped[int] = mapped_column(default=1)


class PlanSession(Base):
    """The n-th session of a plan, with the days allowed since the one before.

    Whoever and wherever is named is wished; what was booked says the appointment. It stays linked when it is missed or
    cancelled, so that taking that back finds its session. `due_on` is the ideal day of one that is not booked.
    """

    __tablename__ = "plan_session"
    __table_args__ = (
        one_of("state", PlanSessionState),
        within("number", 1, 50),
        within("duration_min", 1, 1440),
        CheckConstraint(
            "0 <= min_days AND min_days <= ideal_days AND ideal_days <= max_days", name="gap_order"
        ),
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("appointment_id"),
        Index(None, "state", "due_on"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("treatment_plan.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("resource.id"))
    duration_min: Mapped[int]
    min_days: Mapped[int] = mapped_column(default=0)
    ideal_days: Mapped[int] = mapped_column(default=0)
    max_days: Mapped[int] = mapped_column(default=365)
    state: Mapped[str] = mapped_column(default=PlanSessionState.PLANNED)
    due_on: Mapped[date | None]
    is_locked: Mapped[bool] = mapped_column(default=False)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
