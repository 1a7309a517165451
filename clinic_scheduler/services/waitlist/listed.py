"""The waitlist as it stands: who waits for what, since when, and which offer is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import OfferState, WaitlistState
from clinic_scheduler.db.types import clock
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import choices
from clinic_scheduler.services.waitlist import wish
from clinic_scheduler.services.waitlist.wish import Wanted
from clinic_scheduler.services.wishes import Part

MOST = 500
STANDING = (WaitlistState.WAITING, WaitlistState.OFFERED)
W, P, OFFER = t.WaitlistEntry, t.Patient, t.WaitlistOffer


@dataclass(frozen=True, slots=True)
class Offer:
    """A visit proposed to somebody, held until `expires_at`; `parts` are missing from those of older programs."""

    id: UUID
    entry_id: UUID
    state: str
    parts: tuple[Part, ...]
    expires_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who waits. `offer` is the open one; `offers_made` counts those not taken back."""

    id: UUID
    patient_id: UUID | None
    name: str
    phone: str
    email: str
    wanted: Wanted
    state: str
    since: datetime
    version: int
    offers_made: int = 0
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The waitlist at `now` by the database's clock; `is_cut` where more wait than are listed."""

    entries: tuple[Entry, ...]
    now: datetime
    is_cut: bool


def everybody(session: Session, *, actor: Actor, with_ended: bool = False) -> Listed:
    """Who waits: those with an open offer first, its end nearest first; then the most urgent, who waits longest.

    `with_ended` adds those who wait no more, the newest first.
    """
    wanted = _query().where(W.clinic_id == actor.clinic_id)
    if not with_ended:
        wanted = wanted.where(W.state.in_(STANDING))
    is_standing = W.state.in_(STANDING)
    order = (is_standing.desc(), case((is_standing, W.created_at)), W.created_at.desc(), W.id)
    rows = session.execute(wanted.order_by(*order).limit(MOST + 1))
    found = [_read(*row) for row in rows]
    found = sorted(found[:MOST], key=_place)
    return Listed(tuple(found), claims.now(session), len(found) > MOST)


def _place(entry: Entry) -> tuple[Any, ...]:
    if entry.offer is not None:
        return 0, entry.offer.expires_at, entry.id
    if entry.state in STANDING:
        return 1, -entry.wanted.urgency, entry.since, entry.id
    return 2, -entry.since.timestamp(), entry.id


def find(session: Session, *, actor: Actor, entry_id: UUID) -> Entry:
    """One entry, whatever its state.

    Raises:
        NotFound: this clinic has no such entry.
    """
    wanted = _query().where(W.id == entry_id, W.clinic_id == actor.clinic_id)
    row = session.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("That person is no longer on the waitlist; please look at the list again.")
    return _read(*row)


def waiting(session: Session, *, actor: Actor) -> tuple[Entry, ...]:
    """Everybody who waits and has no offer open by the database's clock, the longest first."""
    wanted = _query().where(W.clinic_id == actor.clinic_id, W.state.in_(STANDING), OFFER.id.is_(None))
    return tuple(_read(*row) for row in session.execute(wanted.order_by(W.created_at, W.id)))


def next_deadline(session: Session, *, actor: Actor) -> tuple[datetime | None, datetime]:
    """When the next open offer of the clinic ends or ended, None where none is open; and the database's clock."""
    wanted = (
        select(func.min(OFFER.expires_at), clock())
        .join(W, W.id == OFFER.entry_id)
        .where(OFFER.state == OfferState.OPEN, W.clinic_id == actor.clinic_id)
    )
    ends, now = session.execute(wanted).one()
    return ends, now


def _query() -> Select[Any]:
    other = aliased(OFFER)  # what the desk took back was nobody's turn
    made = (
        select(func.count())
        .where(other.entry_id == W.id, other.state != OfferState.WITHDRAWN)
        .correlate(W)
        .scalar_subquery()
    )
    is_open = (OFFER.entry_id == W.id) & (OFFER.state == OfferState.OPEN) & (OFFER.expires_at > clock())
    return (
        select(W, P.name, P.phone, P.email, made, OFFER)
        .outerjoin(P, P.id == W.patient_id)
        .outerjoin(OFFER, is_open)
    )


def _read(
    row: t.WaitlistEntry,
    name: str | None,
    phone: str | None,
    email: str | None,
    made: int,
    offer: t.WaitlistOffer | None,
) -> Entry:
    bare = Wanted((), row.from_day, row.until_day, urgency=row.urgency, notes=row.notes)
    return Entry(
        row.id,
        row.patient_id,
        row.guest_name if row.patient_id is None else name or "",
        row.guest_phone if row.patient_id is None else phone or "",
        row.guest_email if row.patient_id is None else email or "",
        wish.read(row.wishes, bare),
        row.state,
        row.created_at,
        row.version,
        made,
        read_offer(offer) if offer is not None else None,
    )


def read_offer(row: t.WaitlistOffer) -> Offer:
    """The offer as the desk sees it."""
    return Offer(row.id, row.entry_id, row.state, parts_of(row.visit), row.expires_at, row.made_by)


def parts_of(stored: object) -> tuple[Part, ...]:
    """The visit that was offered."""
    return choices.read(stored)[0].parts if stored else ()
