"""Answers kept by request id: a request whose acknowledgement got lost may be asked again."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared, PreparedInsert
from clinic_scheduler.db.trip import Later
from clinic_scheduler.errors import KeyReused

Answer = dict[str, Any]  # JSON
R = t.BookingRequest.__table__
NOTE = PreparedInsert(R, told=R.c.id)
KEEP = Prepared(update(R).where(R.c.id == bindparam("request_id")).values(result=bindparam("answer")))
STORED = select(R.c.fingerprint, R.c.result).where(R.c.id == bindparam("request_id"))


def answer_of(session: Session, request_id: UUID, fingerprint: str) -> Answer | None:
    """The stored answer to this request, or None for a new one, which is now noted down."""
    if NOTE.rows(session, [{"id": request_id, "fingerprint": fingerprint}]):
        return None
    return stored(session, request_id, fingerprint)


def stored(session: Session, request_id: UUID, fingerprint: str) -> Answer | None:
    """The stored answer to this request, or None for one that was never answered.

    Raises:
        KeyReused: the request was another one.
    """
    found = session.execute(STORED, {"request_id": request_id}).one_or_none()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise KeyReused("This confirmation belongs to another booking; please confirm again.")
    answer: Answer | None = found.result
    return answer


def keep_answer(session: Session, request_id: UUID, answer: Answer) -> None:
    """Store what is returned to this request, now and whenever it comes again."""
    KEEP.rows(session, {"request_id": request_id, "answer": answer})


def keep_new(session: Session, request_id: UUID, fingerprint: str, answer: Answer) -> Later[None]:
    """Note a request and its answer in one go, where only another request could have come before.

    Raises:
        KeyReused: one did.
    """
    noted = NOTE.ask(session, [{"id": request_id, "fingerprint": fingerprint, "result": answer}])

    def check() -> None:
        if not noted():
            stored(session, request_id, fingerprint)
            raise KeyReused("This confirmation was answered before; please look whether the visit is booked.")

    return check
