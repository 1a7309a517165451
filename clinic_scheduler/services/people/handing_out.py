"""Everything that is kept of one person, to be handed out."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import BOOK, Actor
from clinic_scheduler.services.people import accounts, records


def everything(session: Session, *, actor: Actor, patient_id: UUID) -> dict[str, Any]:
    """Everything that is kept of one person, in JSON's own types; instants are ISO 8601 in UTC, money in cents.

    Raises:
        NotFound: nobody of this clinic has that id.
    """
    actor.require(BOOK)
    row = records.row_of(session, actor, patient_id)
    patient_id = row.id
    b, m, p, w = t.Booking, t.Message, t.Patient, t.WaitlistEntry
    bookings = session.scalars(select(b).where(b.patient_id == patient_id).order_by(b.created_at)).all()
    ids = [one.id for one in bookings]
    messages = session.scalars(select(m).where(m.booking_id.in_(ids)).order_by(m.created_at)).all()
    former = session.scalars(select(p).where(p.merged_into == patient_id).order_by(p.created_at)).all()
    waiting = session.scalars(select(w).where(w.patient_id == patient_id).order_by(w.created_at)).all()
    visits = records.visits(session, patient_id, None)
    audit.record(session, actor, "patient.exported", "patient", patient_id)
    return {
        "person": _person(row),
        "former_records": [_person(one) for one in former],
        "visits": [_plain(asdict(visit)) for visit in visits],
        "bookings": [
            _plain({"reference": one.reference, "source": one.source, "total_cents": one.total_cents})
            | _plain({"payment": one.payment_state, "notes": one.notes, "made_at": one.created_at})
            for one in bookings
        ],
        "plans": [_plain(asdict(plan)) for plan in accounts.plans(session, patient_id, None)],
        "payments": [_plain(asdict(one)) for one in accounts.payments(session, patient_id, None)],
        "waitlist": [
            _plain({"from_day": one.from_day, "until_day": one.until_day, "state": one.state})
            | _plain({"wishes": one.wishes, "notes": one.notes, "made_at": one.created_at})
            for one in waiting
        ],
        "messages": [
            _plain({"kind": one.kind, "channel": one.channel, "recipient": one.recipient})
            | _plain({"state": one.state, "due_at": one.due_at, "sent_at": one.sent_at})
            for one in messages
        ],
    }


def _person(row: t.Patient) -> dict[str, Any]:
    names = ("name", "code", "phone", "email", "birth_date", "alert", "notes")
    return _plain({name: getattr(row, name) for name in names} | {"on_record_since": row.created_at})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Ids as text, days and instants as ISO 8601."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in values.items()
    }
