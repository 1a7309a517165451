"""What runs out by itself: offers at their deadline, wishes after their last day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import OfferState, SessionOutcome, TaskKind, WaitlistState
from clinic_scheduler.services import audit, catalogue, localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES
from clinic_scheduler.services.waitlist import ending

MOST = 500
OFFER, B, W = t.WaitlistOffer, t.BookingSession, t.WaitlistEntry


def lapse_due(session: Session, *, actor: Actor) -> tuple[UUID, ...]:
    """End every offer of the clinic whose deadline is over, and let its person wait on; the offers, by their deadline.

    The time was free from the second of the deadline; this says so. What another desk is just changing is left to it.
    """
    sessions = expire(session, actor, claims.now(session), clinic_id=actor.clinic_id)
    for row in session.scalars(
        select(B)
        .where(B.id.in_(sessions.values()), B.outcome.in_(OUTCOMES))
        .order_by(B.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        end(session, row, SessionOutcome.EXPIRED, claims.now(session))
    return tuple(sessions)


def expire(
    session: Session, actor: Actor, now: datetime, *, clinic_id: UUID | None = None, most: int = MOST
) -> dict[UUID, UUID]:
    """End the offers that nobody took, and let their people wait on; the sessions that hold their times, by offer."""
    wanted = (
        select(OFFER, W)
        .join(B, B.id == OFFER.session_id)
        .join(W, W.id == OFFER.entry_id)
        .where(OFFER.state == OfferState.OPEN, OFFER.expires_at <= now, B.outcome != SessionOutcome.CONVERTED)
        .order_by(OFFER.expires_at, OFFER.id)
        .limit(most)
        .with_for_update(of=[OFFER, B], skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if clinic_id is not None:
        wanted = wanted.where(W.clinic_id == clinic_id)
    due = session.execute(wanted).all()
    if not due:
        return {}
    offers = [row for row, _entry in due]
    for row in offers:
        row.state, row.answered_at = OfferState.EXPIRED, row.expires_at
    session.flush()
    _wait_on(session, [row.entry_id for row in offers])
    ending.unsay(session, [row.id for row in offers])
    for row, entry in due:
        audit.record(session, actor, "offer.lapsed", "waitlist_offer", row.id, after={"state": row.state})
        if entry.clinic_id == actor.clinic_id:
            _remind(session, actor, row, entry, now)
    return {row.id: row.session_id for row in offers}


def _wait_on(session: Session, entry_ids: Sequence[UUID]) -> None:
    is_open = exists().where(OFFER.entry_id == W.id, OFFER.state == OfferState.OPEN)
    waiting = session.scalars(
        update(W)
        .where(W.id.in_(entry_ids), W.state == WaitlistState.OFFERED, ~is_open)
        .values(state=WaitlistState.WAITING, version=W.version + 1)
        .returning(W.id)
        .execution_options(synchronize_session=False)
    )
    announce(session, "waitlist_entry", *waiting)


def _remind(
    session: Session, actor: Actor, row: t.WaitlistOffer, entry: t.WaitlistEntry, now: datetime
) -> None:
    """A task to offer the time to the next, if it is still ahead."""
    if row.start_at is None or row.start_at <= now:
        return
    name = entry.guest_name
    if entry.patient_id is not None:
        person = session.get(t.Patient, entry.patient_id)
        name = person.name if person else ""
    start = row.start_at.astimezone(catalogue.clinic(session, actor.clinic_id).where)
    to_do.put_down(
        session,
        actor,
        TaskKind.OFFER,
        f"The offer of {start:%a %d %b, %H:%M} to {name} lapsed; offer the time to the next.",
        about=About(offer_id=row.id),
        key=f"next {row.id}",
    )


def expire_wishes(session: Session, actor: Actor, now: datetime) -> int:
    """End the wishes whose last day is over, in every clinic's own time; how many."""
    ended = 0
    for clinic_id, zone in session.execute(select(t.Clinic.id, t.Clinic.zone)).all():
        today = localtime.local_day(now, localtime.zone(zone))
        rows = session.scalars(
            update(W)
            .where(W.clinic_id == clinic_id, W.state == WaitlistState.WAITING, W.until_day < today)
            .values(state=WaitlistState.EXPIRED, version=W.version + 1)
            .returning(W.id)
            .execution_options(synchronize_session=False)
        ).all()
        announce(session, "waitlist_entry", *rows)
        for entry_id in rows:
            facts: audit.Facts = {"state": WaitlistState.EXPIRED}
            audit.record(session, actor, "waitlist.expired", "waitlist_entry", entry_id, after=facts)
        ended += len(rows)
    return ended
