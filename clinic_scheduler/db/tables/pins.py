"""Visits set aside to be moved, seen at every desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.types import clock

from .base import STRICT, Base


class Pin(Base):
    """An appointment on the pinboard. It keeps its time until it is put elsewhere, so nothing can get lost."""

    __tablename__ = "pin"
    __table_args__ = (UniqueConstraint("appointment_id"), Index(None, "clinic_id", "pinned_at"), STRICT)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    pinned_by: Mapped[UUID]
    pinned_by_name: Mapped[str]
    workstation: Mapped[str]
    pinned_at: Mapped[datetime] = mapped_column(default=clock())
