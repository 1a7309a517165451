"""Clearing up what has run out; safe on every workstation at once."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.states import ClaimKind, OfferState, SessionOutcome

from . import claims
from .actor import Actor
from .unfinished import OUTCOMES

TURN = timedelta(minutes=1)
KEEP_REQUESTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did, by the database's clock at `at`."""

    at: datetime
    holds: int
    sessions: int
    offers: int


def sweep(session: Session, *, actor: Actor) -> Swept | None:
    """Remove holds, unfinished bookings and offers that have expired; None while another desk is at it.

    Housekeeping only: an expired hold blocks nobody even before it is removed.
    """
    now = claims.now(session)
    if not _take_turn(session, "sweep", actor, now):
        return None
    holds = session.execute(
        delete(t.Claim)
        .where(t.Claim.kind == ClaimKind.HOLD, t.Claim.live_to <= now)
        .returning(t.Claim.resource_id)
        .execution_options(synchronize_session=False)
    ).all()
    announce(session, "time", *(row.resource_id for row in holds))
    offers = session.execute(
        update(t.WaitlistOffer)
        .where(t.WaitlistOffer.state == OfferState.OPEN, t.WaitlistOffer.expires_at <= now)
        .values(state=OfferState.EXPIRED)
        .returning(t.WaitlistOffer.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(delete(t.BookingRequest).where(t.BookingRequest.created_at < now - KEEP_REQUESTS))
    swept = Swept(now, len(holds), _expire_sessions(session, now), len(offers))
    figures = {key: value for key, value in asdict(swept).items() if key != "at"}
    session.execute(
        update(t.UpkeepTurn)
        .where(t.UpkeepTurn.name == "sweep")
        .values(leased_until=None, ran_at=now, ran_by=actor.workstation, figures=figures)
    )
    return swept


def _take_turn(session: Session, name: str, actor: Actor, now: datetime) -> bool:
    """Lease the piece of upkeep for a minute; false while somebody else's lease runs."""
    on_server = session.get_bind().dialect.name == "postgresql"
    # The upsert would wait for the other desk.
    trying = text("SELECT pg_try_advisory_xact_lock(3, hashtext(:name))")
    if on_server and not session.execute(trying, {"name": name}).scalar_one():
        return False
    upsert = pg_insert if on_server else sqlite_insert
    lease = {"leased_until": now + TURN, "ran_by": actor.workstation}
    taken = session.execute(
        upsert(t.UpkeepTurn)
        .values(name=name, **lease)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=lease,
            where=t.UpkeepTurn.leased_until.is_(None) | (t.UpkeepTurn.leased_until <= now),
        )
        .returning(t.UpkeepTurn.name)
    ).scalar_one_or_none()
    return taken is not None


def _expire_sessions(session: Session, now: datetime) -> int:
    """End every session whose time is over; how many."""
    ended = session.execute(
        update(t.BookingSession)
        .where(t.BookingSession.outcome.in_(OUTCOMES), t.BookingSession.expires_at <= now)
        .values(
            outcome=SessionOutcome.EXPIRED, ended_at=now, choices={}, version=t.BookingSession.version + 1
        )
        .returning(t.BookingSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    announce(session, "booking_session", *(row.id for row in ended))
    return len(ended)
