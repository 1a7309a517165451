"""What a desk has to do: people to call back, to offer a time, to confirm with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import TaskKind, TaskState
from clinic_scheduler.db.types import clock

from .base import STRICT, Base, filled, index_of_some, one_of


class DeskTask(Base):
    """One thing to do for somebody, due on a day.

    `text` says what, `note` what came of it so far. Of two tasks with the same `key` only the first is kept, so that
    what causes one may happen again. The person is on record, or only a name and a phone number.
    """

    __tablename__ = "desk_task"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("state", TaskState),
        CheckConstraint("(state = 'open') = (done_at IS NULL)", name="ended"),
        filled("text"),
        Index(None, "clinic_id", "state", "due_on"),
        Index(None, "offer_id"),
        Index(None, "plan_session_id"),
        index_of_some(
            "desk_task_once",
            "clinic_id",
            "key",
            unique=True,
            where="key <> ''",
        ),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=TaskState.OPEN)
    due_on: Mapped[date]
    text: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(default="")
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    person_name: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    offer_id: Mapped[UUID | None] = mapped_column(ForeignKey("waitlist_offer.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id"))
    plan_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_session.id"))
    assigned_to: Mapped[UUID | None]
    assigned_name: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(default="")
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=clock())
    version: Mapped[int] = mapped_column(default=1)
