"""What happened, what is to be sent, what is remembered: audit, outbox, upkeep's turns, settings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic_scheduler.db.states import MessageState
from clinic_scheduler.db.types import Document, clock

from .base import STRICT, Base, filled, one_of


class AuditEntry(Base):
    """One change, who made it and where; append-only, each `hash` covers the entry and the hash before it.

    Every workstation keeps a chain of its own, so that desks do not queue for one.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain", "number"),
        Index(None, "entity_id"),
        Index(None, "clinic_id", "at"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    chain: Mapped[str]
    number: Mapped[int]
    at: Mapped[datetime]
    clinic_id: Mapped[UUID | None]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    before: Mapped[Any | None] = mapped_column(Document)
    after: Mapped[Any | None] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(default="")
    hash: Mapped[str]


class Message(Base):
    """A message of the outbox; sent once it is due, under a lease, with `key` recognised by the receiver."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("state", MessageState),
        filled("key"),
        CheckConstraint("channel IN ('email', 'sms', 'call')", name="channel_word"),
        UniqueConstraint("key"),
        Index(None, "state", "due_at"),
        Index(None, "booking_id"),
        STRICT,
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    booking_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.id"))
    kind: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    payload: Mapped[Any] = mapped_column(Document)
    key: Mapped[str]
    state: Mapped[str] = mapped_column(default=MessageState.QUEUED)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock())


class UpkeepTurn(Base):
    """Whose turn a piece of upkeep is, and what its last run did."""

    __tablename__ = "upkeep_turn"
    name: Mapped[str] = mapped_column(primary_key=True)
    leased_until: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    ran_by: Mapped[str] = mapped_column(default="")
    figures: Mapped[Any | None] = mapped_column(Document)


class Setting(Base):
    """One remembered choice; `scope` is `clinic`, `user` or `workstation` and `owner` whose it is."""

    __tablename__ = "setting"
    __table_args__ = (
        filled("key"),
        CheckConstraint("scope IN ('clinic', 'user', 'workstation')", name="scope_word"),
        STRICT,
    )
    scope: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(Document)
