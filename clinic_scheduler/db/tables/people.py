"""Patients, and what they wait for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import OfferState, WaitlistState
from clinic_scheduler.db.types import Document, clock

from .base import STRICT, Base, index_of_some, one_of, within


class Patient(Base):
    """A person on record; shares its id with the resource that its appointments claim.

    `search` is the folded text that searches look in; `phone` is E.164. `traits` is in which way its `PatientTrait`s
    were made, 0 before that. `first_visit_at` is the beginning of the first visit that was neither cancelled nor
    missed, kept by triggers on the claims (migration 0012). `erased_at` is since when nobody is on record here any
    more: the person was erased, or another record goes on for both, `merged_into`; nothing new can be booked for
    such a one (migration 0025).
    """

    __tablename__ = "patient"
    __table_args__ = (
        CheckConstraint("erased_at IS NOT NULL OR trim(name) <> ''", name="name_filled"),
        index_of_some(
            "patient_code_key",
            "clinic_id",
            "code",
            unique=True,
            where="code <> ''",
        ),
        Index(None, "clinic_id", "search"),
        Index(None, "clinic_id", "name", "id"),
        Index(None, "phone"),
        index_of_some(
            "patient_merged_into",
            "merged_into",
            where="merged_into IS NOT NULL",
        ),
        index_of_some("patient_without_traits", "id", where="traits = 0"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    code: Mapped[str] = mapped_column(default="")
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    notes: Mapped[str] = mapped_column(default="")
    alert: Mapped[str] = mapped_column(default="")
    search: Mapped[str]
    erased_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    first_visit_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock())
    version: Mapped[int] = mapped_column(default=1)
    traits: Mapped[int] = mapped_column(default=0, server_default="0")


class PatientTrait(Base):
    """What people alike have in common, as a number (services/people/likeness.py)."""

    __tablename__ = "patient_trait"
    __table_args__ = STRICT | {"sqlite_with_rowid": False}
    trait: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), primary_key=True)


class WaitlistEntry(Base):
    """A wish for one or more services; `wishes` holds practitioners, weekdays and times."""

    __tablename__ = "waitlist_entry"
    __table_args__ = (
        one_of("state", WaitlistState),
        within("urgency", 0, 3),
        CheckConstraint("patient_id IS NOT NULL OR trim(guest_name) <> ''", name="who"),
        CheckConstraint("from_day <= until_day", name="order"),
        Index(None, "clinic_id", "state", "until_day"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    guest_name: Mapped[str] = mapped_column(default="")
    guest_phone: Mapped[str] = mapped_column(default="")
    guest_email: Mapped[str] = mapped_column(default="", server_default="")
    wishes: Mapped[Any] = mapped_column(Document)
    from_day: Mapped[date]
    until_day: Mapped[date]
    urgency: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=WaitlistState.WAITING)
    created_at: Mapped[datetime] = mapped_column(default=clock())
    version: Mapped[int] = mapped_column(default=1)


class WaitlistOffer(Base):
    """A timed proposal; its time is held by the booking session until `expires_at`.

    `visit` is what was offered, as the choices of a booking are kept (services/unfinished/choices.py), also after the
    session has forgotten it.
    """

    __tablename__ = "waitlist_offer"
    __table_args__ = (
        one_of("state", OfferState),
        Index(None, "entry_id"),
        Index(None, "session_id"),
        Index(None, "state", "expires_at"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("waitlist_entry.id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("booking_session.id"))
    state: Mapped[str] = mapped_column(default=OfferState.OPEN)
    visit: Mapped[Any | None] = mapped_column(Document)
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    made_by: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=clock())
