"""How an offer ends: its time is free, its message unsent, its task dropped, and the desk hears of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import MessageState, OfferState, SessionOutcome
from clinic_scheduler.errors import ChangedMeanwhile, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES

OFFER, W = t.WaitlistOffer, t.WaitlistEntry
ENDED = {
    OfferState.ACCEPTED: "accepted",
    OfferState.DECLINED: "declined",
    OfferState.EXPIRED: "over",
    OfferState.WITHDRAWN: "withdrawn",
}


def locked(session: Session, actor: Actor, offer_id: UUID) -> t.WaitlistOffer:
    """The offer of this clinic, locked, in whatever state.

    Whoever changes an offer locks it before its session, that before its entry, and that before any claim.

    Raises:
        NotFound: there is none.
    """
    wanted = (
        select(OFFER)
        .join(W, W.id == OFFER.entry_id)
        .where(OFFER.id == offer_id, W.clinic_id == actor.clinic_id)
    )
    row = session.scalars(
        wanted.with_for_update(of=OFFER).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("That offer does not exist any more; please look at the waitlist again.")
    return row


def open_offers(session: Session, entry_id: UUID) -> Sequence[t.WaitlistOffer]:
    """The open offers of an entry, locked, also those that have lapsed unnoticed."""
    wanted = select(OFFER).where(OFFER.entry_id == entry_id, OFFER.state == OfferState.OPEN).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def require_open(row: t.WaitlistOffer) -> None:
    """Refuse an offer that has ended.

    Raises:
        ChangedMeanwhile: it has.
    """
    if row.state != OfferState.OPEN:
        raise ChangedMeanwhile(
            f"This offer is {ENDED[OfferState(row.state)]} by now; please look at the waitlist again."
        )


def close(session: Session, actor: Actor, row: t.WaitlistOffer, state: OfferState, reason: str = "") -> None:
    """End a locked offer that was not accepted; its time is free at once. The entry is the caller's."""
    now = claims.now(session)
    begun = session.get(t.BookingSession, row.session_id, with_for_update=True, populate_existing=True)
    if begun is not None and begun.outcome in OUTCOMES:
        has_lapsed = row.expires_at <= now
        end(session, begun, SessionOutcome.EXPIRED if has_lapsed else SessionOutcome.DISCARDED, now)
    answer(session, actor, row, state, now, reason)


def answer(
    session: Session, actor: Actor, row: t.WaitlistOffer, state: OfferState, now: datetime, reason: str = ""
) -> None:
    """Note what became of an offer, and call off what was to be done about it."""
    row.state, row.answered_at = state, now
    session.flush()
    unsay(session, [row.id])
    action = "lapsed" if state == OfferState.EXPIRED else str(state)
    audit.record(
        session, actor, f"offer.{action}", "waitlist_offer", row.id, after={"state": state}, reason=reason
    )
    announce(session, "waitlist_entry", row.entry_id)


def unsay(session: Session, offer_ids: Sequence[UUID]) -> None:
    """Withdraw the messages of offers that were not sent yet, and drop the calls."""
    m = t.Message
    session.execute(
        update(m)
        .where(or_(*(m.key == message_key(one) for one in offer_ids)), m.state == MessageState.QUEUED)
        .values(state=MessageState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
    to_do.drop(session, offer_ids)


def message_key(offer_id: UUID) -> str:
    """What an offer's message is recognised by."""
    return f"waitlist offer {offer_id}"
