"""Making two records of one person one: everything goes over to the record that stays, for good.

Claims never change hands: those of the record that goes are closed, and taken anew for the one that stays. The record
that goes is kept as it was, out of sight, and points to the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import MessageState
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import MERGE, Actor
from clinic_scheduler.services.people import (
    alone,
    likeness,
    merge_claims,
    merge_preview,
    name_index,
    patients,
    records,
)
from clinic_scheduler.services.people.likeness import Person
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import rules
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.unfinished import choices, naming
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES

FIELDS = ("name", "phone", "email", "birth_date", "code", "alert", "notes")
JOINED = ("alert", "notes")
LONGEST = {"alert": records.LONGEST_ALERT, "notes": records.LONGEST_NOTES}


class Side(StrEnum):
    """Whose value of a field the record has from now on."""

    KEPT = "kept"
    GONE = "gone"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Seen:
    """A record as the screen showed it."""

    patient_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Merged:
    """The record that stays; `clash` says why an unfinished booking does not hold the person's time any more."""

    line: PatientLine
    clash: str = ""


def merge(
    session: Session,
    *,
    actor: Actor,
    kept: Seen,
    gone: Seen,
    sides: Mapping[str, Side],
    override: Override | None = None,
) -> Merged:
    """Let `kept` go on for both. A field that `sides` does not name keeps its value, or gets one if it has none.

    Raises:
        TimeTaken: both have visits at one time; an override has to name that, with a reason.
        ChangedMeanwhile: a record changed since it was shown, or both have an unfinished booking.
        NotPermitted: the person may not merge, or not override.
        NotFound, InvalidInput: it is one record, or one of them is not there; a text would be too long.
    """
    actor.require(MERGE)
    if kept.patient_id == gone.patient_id:
        raise InvalidInput("That is the same record; please pick another one.", "other")
    allowed = rules.permitted(actor, override)
    ids = (kept.patient_id, gone.patient_id)
    begun, now = alone.wait(session, ids)
    rows = alone.records(session, actor, {one.patient_id: one.version for one in (kept, gone)})
    stays, goes = rows[kept.patient_id], rows[gone.patient_id]
    if len(begun) > 1:
        where = merge_preview.unfinished(session, *ids) or "two desks"
        raise ChangedMeanwhile(
            f"Both have an unfinished booking ({where}); finish or discard one of them first."
        )
    values = chosen(_values(stays), _values(goes), sides)
    moved = _hand_over(session, ids)
    merge_claims.retake(session, actor, ids, now, allowed)
    _write(session, actor, stays, goes, values, now)
    clash = _go_on(session, actor, begun, ids, now)
    _redirect(session, kept.patient_id, values)
    _note(session, actor, ids, moved, allowed)
    return Merged(patients.find(session, clinic_id=actor.clinic_id, patient_id=kept.patient_id), clash)


def chosen(kept: Mapping[str, Any], gone: Mapping[str, Any], sides: Mapping[str, Side]) -> dict[str, Any]:
    """The values the record gets: what each side has, and whose was chosen; an empty one gives way unless chosen.

    Raises:
        InvalidInput: both texts together are longer than is kept.
    """
    found: dict[str, Any] = {}
    for field in FIELDS:
        mine, theirs = kept[field], gone[field]
        side = sides.get(field) or (Side.BOTH if field in JOINED else Side.KEPT if mine else Side.GONE)
        if side == Side.BOTH and field in JOINED:
            parts = list(dict.fromkeys(text for text in (mine, theirs) if text))
            found[field] = ("; " if field == "alert" else "\n").join(parts)
            if len(found[field]) > LONGEST[field]:
                raise InvalidInput(
                    f"Both texts together are longer than the {LONGEST[field]} characters that are kept; "
                    "please choose one of them.",
                    field,
                )
        else:
            found[field] = theirs if side == Side.GONE else mine
    return found


def _values(row: t.Patient) -> dict[str, Any]:
    return {field: getattr(row, field) for field in FIELDS}


def _hand_over(session: Session, ids: Sequence[UUID]) -> dict[str, int]:
    """Give the record that stays all rows of the other; how many there were of each kind."""
    kept_id, gone_id = ids
    a, b, s = t.Appointment, t.Booking, t.BookingSession
    bookings = session.scalars(select(b.id).where(b.patient_id == gone_id)).all()
    visits = session.scalars(select(a.id).where(a.booking_id.in_(bookings))).all()
    # A new version, so that a desk which still shows the old owner looks again before it changes the visit.
    session.execute(update(a).where(a.id.in_(visits)).values(version=a.version + 1))
    session.execute(update(b).where(b.id.in_(bookings)).values(patient_id=kept_id, version=b.version + 1))
    ended = update(s).where(s.patient_id == gone_id, s.outcome.not_in(OUTCOMES))
    session.execute(ended.values(patient_id=kept_id))
    announce(session, "booking", *bookings)
    announce(session, "appointment", *visits)
    counts = {"visits": len(visits), "bookings": len(bookings)}
    for word, table in (("plans", t.TreatmentPlan), ("wishes", t.WaitlistEntry), ("tasks", t.DeskTask)):
        owned = table.__table__
        rows = session.scalars(select(owned.c.id).where(owned.c.patient_id == gone_id)).all()
        session.execute(update(owned).where(owned.c.id.in_(rows)).values(patient_id=kept_id))
        announce(session, owned.name, *rows)
        counts[word] = len(rows)
    return counts


def _write(
    session: Session,
    actor: Actor,
    stays: t.Patient,
    goes: t.Patient,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    """Give the record that stays its values, and take the other out of sight."""
    p, kept_id, gone_id = t.Patient, stays.id, goes.id
    codes = {stays.code, goes.code} - {values["code"]}
    version = stays.version
    session.execute(update(p).where(p.merged_into == gone_id).values(merged_into=kept_id))
    session.execute(update(p).where(p.id == kept_id).values(code=""))
    session.execute(
        update(p)
        .where(p.id == gone_id)
        .values(erased_at=now, merged_into=kept_id, code=next(iter(codes), ""), version=p.version + 1)
    )
    session.execute(
        update(p).where(p.id == kept_id).values(**values, version=version + 1, traits=likeness.WAY)
    )
    line = PatientLine(kept_id, *(values[name] for name in ("name", "phone", "email", "birth_date", "alert")))
    session.execute(
        update(p).where(p.id == kept_id).values(search=patients.whole_search(session, line, values["code"]))
    )
    session.execute(delete(t.PatientTrait).where(t.PatientTrait.patient_id.in_((kept_id, gone_id))))
    person = Person(line.name, line.phone, line.birth_date)
    patients.keep_traits(session, [(actor.clinic_id, kept_id, person)])
    name_index.fill_in(session, 2)


def _go_on(
    session: Session, actor: Actor, begun: Sequence[t.BookingSession], ids: Sequence[UUID], now: datetime
) -> str:
    """Let the unfinished booking of the record that goes be the other's, with the time it holds."""
    kept_id, gone_id = ids
    clash = ""
    for row in begun:
        if row.patient_id == gone_id:
            read, _damaged = choices.read(row.choices)
            clash = naming.name(session, actor, row, read.parts, kept_id, now).clash
            row.patient_id = kept_id
            session.flush()
            announce(session, "booking_session", row.id)
    return clash


def _redirect(session: Session, kept_id: UUID, values: Mapping[str, Any]) -> None:
    """Send what still waits to the address that was chosen."""
    m, b = t.Message, t.Booking
    for channel, address in (("email", values["email"]), ("sms", values["phone"])):
        if address:
            session.execute(
                update(m)
                .where(
                    m.booking_id.in_(select(b.id).where(b.patient_id == kept_id)),
                    m.state == MessageState.QUEUED,
                    m.channel == channel,
                )
                .values(recipient=address)
                .execution_options(synchronize_session=False)
            )


def _note(
    session: Session, actor: Actor, ids: Sequence[UUID], moved: Mapping[str, int], override: Override | None
) -> None:
    kept_id, gone_id = ids
    reason = override.reason if override else ""
    facts: audit.Facts = {"from": str(gone_id), **moved}
    audit.record(session, actor, "patient.merged", "patient", kept_id, after=facts, reason=reason)
    audit.record(session, actor, "patient.merged_away", "patient", gone_id, after={"into": str(kept_id)})
    announce(session, "patient", kept_id, gone_id)
