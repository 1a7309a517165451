"""Erasing a person for good: who it was goes, the figures stay.

Visits, money and states remain under a nameless record. Whatever says who it was is taken out: names, numbers and
addresses, notes, what was typed as a reason, what was sent (docs/decisions/006-erasing-a-person.md).
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import FINAL, OfferState
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import ERASE, Actor
from clinic_scheduler.services.catalogue import clinic
from clinic_scheduler.services.people import alone, blacking_out, merge_preview, persons
from clinic_scheduler.services.people.blacking_out import Traces
from clinic_scheduler.services.people.merge_preview import Half, Meeting
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.waitlist import ending


@dataclass(frozen=True, slots=True)
class Erasure:
    """What would become of a record; while there are visits `ahead`, or an unfinished booking, nothing would."""

    half: Half
    ahead: tuple[Meeting, ...]
    unfinished: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What stays of a person whom nobody can name any more, and how many typed reasons were blacked out."""

    visits: int
    payments: int
    paid_cents: int
    reasons: int


def preview(session: Session, *, actor: Actor, patient_id: UUID) -> Erasure:
    """What would be erased and what would stay; nothing is changed.

    Raises:
        NotPermitted: the person may not erase anybody.
        NotFound: nobody of this clinic has that id.
    """
    actor.require(ERASE)
    half = merge_preview.half(session, actor, patient_id)
    s = t.BookingSession
    begun = session.execute(
        select(s.user_name, s.workstation).where(
            s.patient_id == half.line.id, s.ended_at.is_(None), s.expires_at > claims.now(session)
        )
    ).one_or_none()
    return Erasure(half, _ahead(session, actor, half.line.id), f"{begun[0]} at {begun[1]}" if begun else "")


def erase(session: Session, *, actor: Actor, patient_id: UUID, version: int, typed_name: str) -> Erased:
    """Take out for good who this person is; `typed_name` confirms it.

    Raises:
        InvalidInput: the name is not the one on record.
        ChangedMeanwhile: there are visits ahead, or an unfinished booking; or the record changed since it was shown.
        NotPermitted: the person may not erase anybody.
        NotFound: nobody of this clinic has that id.
    """
    actor.require(ERASE)
    _take_back_offers(session, actor, patient_id)
    begun, _now = alone.wait(session, [patient_id])
    row = alone.records(session, actor, {patient_id: version})[patient_id]
    if persons.folded(typed_name) != persons.folded(row.name):
        raise InvalidInput("That is not the name on record; type it as it stands above.", "confirmation")
    if begun:
        where = f"{begun[0].user_name} at {begun[0].workstation}"
        raise ChangedMeanwhile(f"There is an unfinished booking ({where}); finish or discard it first.")
    if ahead := _ahead(session, actor, patient_id):
        raise ChangedMeanwhile(_refusal(ahead))
    half = merge_preview.half(session, actor, patient_id)
    traces = Traces.of(session, patient_id)
    reasons = audit.black_out(session, actor, traces.everything)
    blacking_out.scrub(session, traces)
    figures = {"visits": half.visits, "payments": half.payments, "paid_cents": half.paid_cents}
    audit.record(
        session, actor, "patient.erased", "patient", patient_id, after={**figures, "reasons": reasons}
    )
    for topic, ids in traces.changed.items():
        announce(session, topic, *ids)
    return Erased(**figures, reasons=reasons)


def _take_back_offers(session: Session, actor: Actor, patient_id: UUID) -> None:
    """Withdraw what is offered to the person, before all else, as whoever ends an offer does: its time is free."""
    w = t.WaitlistEntry
    waiting = select(w.id).where(w.patient_id == patient_id, w.clinic_id == actor.clinic_id)
    for entry_id in session.scalars(waiting.order_by(w.id)).all():
        for offer in ending.open_offers(session, entry_id):
            ending.close(session, actor, offer, OfferState.WITHDRAWN)


def _ahead(session: Session, actor: Actor, patient_id: UUID) -> tuple[Meeting, ...]:
    a, b = t.Appointment, t.Booking
    ids = session.scalars(
        select(a.id)
        .join(b, b.id == a.booking_id)
        .where(b.patient_id == patient_id, a.status.not_in(FINAL), a.end_at > claims.now(session))
    ).all()
    zone = clinic(session, actor.clinic_id).zone
    return tuple(merge_preview.meetings(session, ids, zone).values())


def _refusal(ahead: tuple[Meeting, ...]) -> str:
    first = ahead[0]
    at = f"{first.start:%a} {first.start.day} {first.start:%b %Y at %H:%M}, {first.service}"
    if len(ahead) == 1:
        return f"There is a visit ahead: {at}. Cancel it first, or wait until it is over."
    return f"There are {len(ahead)} visits ahead, the first {at}. Cancel them first, or wait until they are over."
