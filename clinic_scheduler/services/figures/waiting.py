"""What became of the wishes on the waitlist, and of the times that were offered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import OfferState, WaitlistState
from clinic_scheduler.services.actor import Actor

from . import reach
from .counts import share
from .period import Period

ENDED = (WaitlistState.BOOKED, WaitlistState.DECLINED, WaitlistState.EXPIRED, WaitlistState.WITHDRAWN)
ANSWERED = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Wishes and offers by state, words without any left out."""

    wishes: Mapping[str, int]
    offers: Mapping[str, int]

    @property
    def wished(self) -> int:
        return sum(self.wishes.values())

    @property
    def offered(self) -> int:
        return sum(self.offers.values())

    @property
    def fill_rate(self) -> float | None:
        """None where no wish has ended."""
        ended = sum(self.wishes.get(state, 0) for state in ENDED)
        return share(self.wishes.get(WaitlistState.BOOKED, 0), ended)

    @property
    def accepted_rate(self) -> float | None:
        """None where no offer has ended."""
        answered = sum(self.offers.get(state, 0) for state in ANSWERED)
        return share(self.offers.get(OfferState.ACCEPTED, 0), answered)


def waiting(session: Session, *, actor: Actor, period: Period) -> Waiting:
    """The wishes that were written down, and the offers that were made, on the days of a period.

    Raises:
        NotPermitted: the actor may not see figures.
    """
    where = reach.place(session, actor)
    entry, offer = t.WaitlistEntry, t.WaitlistOffer
    begin, end = period.instants(where)
    wishes = select(entry.state, func.count()).where(*reach.made(entry, actor.clinic_id, period, where))
    offers = (
        select(offer.state, func.count())
        .join(entry, entry.id == offer.entry_id)
        .where(entry.clinic_id == actor.clinic_id, offer.created_at >= begin, offer.created_at < end)
    )
    return Waiting(
        dict(session.execute(wishes.group_by(entry.state)).all()),
        dict(session.execute(offers.group_by(offer.state)).all()),
    )
