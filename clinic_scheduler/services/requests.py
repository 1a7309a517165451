"""Answers kept by request id: a request whose acknowledgement got lost may be asked again."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import KeyReused

Answer = dict[str, Any]  # JSON


def answer_of(session: Session, request_id: UUID, fingerprint: str) -> Answer | None:
    """The stored answer to this request, or None for a new one, which is now noted down."""
    upsert = pg_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    noted = session.execute(
        upsert(t.BookingRequest)
        .values(id=request_id, fingerprint=fingerprint)
        .on_conflict_do_nothing()
        .returning(t.BookingRequest.id)
    ).scalar_one_or_none()
    if noted is not None:
        return None
    stored = session.execute(
        select(t.BookingRequest.fingerprint, t.BookingRequest.result).where(t.BookingRequest.id == request_id)
    ).one()
    if stored.fingerprint != fingerprint:
        raise KeyReused("This confirmation belongs to another booking; please confirm again.")
    answer: Answer | None = stored.result
    return answer


def keep_answer(session: Session, request_id: UUID, answer: Answer) -> None:
    """Store what is returned to this request, now and whenever it comes again."""
    session.execute(update(t.BookingRequest).where(t.BookingRequest.id == request_id).values(result=answer))
