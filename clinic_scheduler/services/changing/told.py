"""What patients were last told of their visits, so that second thoughts send one message or none.

A message says what is true when it is sent; what waits in the outbox need not be said twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import FINAL, AppointmentStatus, MessageState
from clinic_scheduler.services import messages
from clinic_scheduler.services.catalogue import ClinicFacts

Facts = list[str]  # of an appointment, as far as a patient cares: start, end, practitioner


def facts(row: t.Appointment) -> Facts:
    """What the patient would be told of an appointment."""
    times = (moment.isoformat() if moment else "" for moment in (row.start_at, row.end_at))
    return [*times, str(row.practitioner_id)]


def queue_change(
    session: Session, clinic: ClinicFacts, booking_id: UUID, now: datetime, before: Mapping[UUID, Facts]
) -> None:
    """Queue the news of a change, instead of earlier news that was not sent yet.

    None where all is again as it was last told, or a confirmation still waits that will say it.
    """
    told = {str(identifier): known for identifier, known in before.items()}
    for payload in _withdraw(session, booking_id, "change").values():
        told |= payload.get("told", {})
    rows = session.scalars(
        select(t.Appointment).where(
            t.Appointment.id.in_([UUID(identifier) for identifier in told]),
            t.Appointment.status != AppointmentStatus.CANCELLED,
        )
    )
    news = {str(row.id): told[str(row.id)] for row in rows if facts(row) != told[str(row.id)]}
    if news and not _waits(session, booking_id, "confirmation"):
        key = f"change {booking_id} {new_id()}"
        messages.queue(session, clinic, booking_id, "change", now, key, {"told": news})


def queue_cancellation(session: Session, clinic: ClinicFacts, booking_id: UUID, now: datetime) -> None:
    """Queue the news of a cancellation; where nothing of the visit is left, other news is withdrawn."""
    withdrawn = _withdrawn_before(_withdraw(session, booking_id, "cancellation"))
    if not _has(session, booking_id, t.Appointment.status.not_in(FINAL)):
        gone = _withdraw(session, booking_id, "change", "confirmation", "reminder")
        withdrawn += sorted(str(identifier) for identifier in gone)
    key = f"cancellation {booking_id} {new_id()}"
    messages.queue(session, clinic, booking_id, "cancellation", now, key, {"withdrawn": withdrawn})


def queue_reopening(session: Session, clinic: ClinicFacts, booking_id: UUID, now: datetime) -> None:
    """Confirm a visit again, unless the patient has not been told of the cancellation yet.

    What the cancellation had withdrawn then waits again.
    """
    if not _waits(session, booking_id, "cancellation"):
        key = f"confirmation {booking_id} {new_id()}"
        messages.queue(session, clinic, booking_id, "confirmation", now, key)
        return
    _queue_again(session, _withdrawn_before(_withdraw(session, booking_id, "cancellation")))
    if _has(session, booking_id, t.Appointment.status == AppointmentStatus.CANCELLED):
        queue_cancellation(session, clinic, booking_id, now)


def _withdraw(session: Session, booking_id: UUID, *kinds: str) -> dict[UUID, Any]:
    """The payloads of messages that were not sent yet and now will not be."""
    m = t.Message
    rows = session.execute(
        update(m)
        .where(m.booking_id == booking_id, m.kind.in_(kinds), m.state == MessageState.QUEUED)
        .values(state=MessageState.CANCELLED)
        .returning(m.id, m.payload)
        .execution_options(synchronize_session=False)
    )
    return dict(rows.all())


def _withdrawn_before(cancellations: Mapping[UUID, Any]) -> list[str]:
    """The messages that were not sent because of these cancellations."""
    return [one for payload in cancellations.values() for one in payload.get("withdrawn", ())]


def _queue_again(session: Session, message_ids: Sequence[str]) -> None:
    m = t.Message
    session.execute(
        update(m)
        .where(m.id.in_([UUID(one) for one in message_ids]), m.state == MessageState.CANCELLED)
        .values(state=MessageState.QUEUED)
        .execution_options(synchronize_session=False)
    )


def _waits(session: Session, booking_id: UUID, kind: str) -> bool:
    m = t.Message
    wanted = select(m.id).where(m.booking_id == booking_id, m.kind == kind, m.state == MessageState.QUEUED)
    return session.execute(wanted.limit(1)).first() is not None


def _has(session: Session, booking_id: UUID, condition: ColumnElement[bool]) -> bool:
    wanted = select(t.Appointment.id).where(t.Appointment.booking_id == booking_id, condition)
    return session.execute(wanted.limit(1)).first() is not None
