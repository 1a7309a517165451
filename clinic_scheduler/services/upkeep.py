"""Clearing up what has run out; safe on every workstation at once."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.prepared import insert_into
from clinic_scheduler.db.states import ClaimKind, SessionOutcome
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import duplicates, name_index
from clinic_scheduler.services.plans import giving_up
from clinic_scheduler.services.taking import claims, holds
from clinic_scheduler.services.taking.holds import Fate
from clinic_scheduler.services.unfinished.ending import end
from clinic_scheduler.services.unfinished.unfinished import OUTCOMES
from clinic_scheduler.services.waitlist import lapsing

log = logging.getLogger(__name__)

TURN = timedelta(minutes=1)
KEEP_REQUESTS = timedelta(days=7)
KEEP_REPLACED = timedelta(days=1)
MOST, MOST_CLAIMS, MOST_PEOPLE = (
    500,
    5_000,
    2_000,
)  # in one run, so that it keeps nobody waiting; the next does the rest


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did, by the database's clock at `at`: holds that had lapsed, sessions and offers that expired.

    `emptied` are replaced bookings whose choices nobody may look at any more, `people` those whose traits were made,
    `indexed` those put into the index of names, `plans` those that lapsed.
    """

    at: datetime
    holds: int
    sessions: int
    offers: int
    emptied: int
    people: int
    indexed: int
    plans: int


def sweep(session: Session, *, actor: Actor) -> Swept | None:
    """End unfinished bookings and offers that have expired, count and clear away holds; None while another desk does.

    Housekeeping only: an expired hold blocks nobody even before it is removed. What a desk is just changing is left to
    the next run. Of an expired booking stay outcome, step and counters; its choices go.
    """
    now = claims.now(session)
    if not _take_turn(session, "sweep", actor, now):
        return None
    lapsed = _count_lapsed(session, now)
    offering = tuple(lapsing.expire(session, actor, now, most=MOST).values())
    lapsing.expire_wishes(session, actor, now)
    ended = _expire_sessions(session, now, offering)
    swept = Swept(
        now,
        lapsed,
        ended,
        len(offering),
        _empty_replaced(session, now),
        duplicates.fill_in(session, MOST_PEOPLE),
        name_index.fill_in(session, MOST_PEOPLE),
        giving_up.lapse(session, actor, now),
    )
    _remove_claims(session, now)
    session.execute(delete(t.BookingRequest).where(t.BookingRequest.created_at < now - KEEP_REQUESTS))
    figures = {key: value for key, value in asdict(swept).items() if key != "at"}
    session.execute(
        update(t.UpkeepTurn)
        .where(t.UpkeepTurn.name == "sweep")
        .values(leased_until=None, ran_at=now, ran_by=actor.workstation, figures=figures)
    )
    log.info("swept %s", figures)
    return swept


def _take_turn(session: Session, name: str, actor: Actor, now: datetime) -> bool:
    """Lease the piece of upkeep for a minute; false while somebody else's lease runs."""
    on_server = session.get_bind().dialect.name == "postgresql"
    # The upsert would wait for the other desk.
    trying = text("SELECT pg_try_advisory_xact_lock(3, hashtext(:name))")
    if on_server and not session.execute(trying, {"name": name}).scalar_one():
        return False
    lease = {"leased_until": now + TURN, "ran_by": actor.workstation}
    taken = session.execute(
        insert_into(t.UpkeepTurn, session.get_bind().dialect)
        .values(name=name, **lease)
        .on_conflict_do_update(
            index_elements=["name"],
            set_=lease,
            where=t.UpkeepTurn.leased_until.is_(None) | (t.UpkeepTurn.leased_until <= now),
        )
        .returning(t.UpkeepTurn.name)
    ).scalar_one_or_none()
    return taken is not None


def _count_lapsed(session: Session, now: datetime) -> int:
    """Count the holds that ran out, each on its session; how many."""
    b = t.BookingSession
    is_held = b.holds_taken > b.holds_converted + b.holds_lapsed + b.holds_released
    is_live = exists().where(
        t.Claim.session_id == b.id, t.Claim.kind == ClaimKind.HOLD, t.Claim.live_to > now
    )
    # First the lock, then the look: a desk may just be picking anew.
    locked = session.scalars(
        select(b.id)
        .where(b.outcome.in_(OUTCOMES), is_held, ~is_live)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    ).all()
    counted = session.execute(
        update(b)
        .where(b.id.in_(locked), is_held, ~is_live)
        .values(held_since=None, **holds.ended(Fate.LAPSED))
        .returning(b.id)
        .execution_options(synchronize_session=False)
    )
    return len(counted.all())


def _expire_sessions(session: Session, now: datetime, offering: Sequence[UUID]) -> int:
    """End every session whose time, or whose offer's time, is over; how many."""
    b = t.BookingSession
    rows = session.scalars(
        select(b)
        .where(b.outcome.in_(OUTCOMES), (b.expires_at <= now) | b.id.in_(offering))
        .limit(MOST)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    held = [claim for row in rows for claim in claims.live_holds(session, row.id)]
    claims.lock(session, [claim.resource_id for claim in held])  # all at once, in one order
    for row in rows:
        end(session, row, SessionOutcome.EXPIRED, claims.now(session))
    return len(rows)


def _empty_replaced(session: Session, now: datetime) -> int:
    """Forget what was chosen in bookings that newer ones took over from; how many."""
    b = t.BookingSession
    emptied = session.execute(
        update(b)
        .where(b.outcome == SessionOutcome.ABANDONED, b.ended_at < now - KEEP_REPLACED, b.choices != {})
        .values(choices={}, set_aside=None)
        .returning(b.id)
        .execution_options(synchronize_session=False)
    )
    return len(emptied.all())


def _remove_claims(session: Session, now: datetime) -> None:
    """Remove the claims of holds that are over, whether they ran out or were given back."""
    gone = (
        select(t.Claim.id)
        .where(t.Claim.kind == ClaimKind.HOLD, t.Claim.live_to <= now)
        .limit(MOST_CLAIMS)
        .with_for_update(skip_locked=True)
    )
    removed = session.scalars(
        delete(t.Claim)
        .where(t.Claim.id.in_(gone))
        .returning(t.Claim.resource_id)
        .execution_options(synchronize_session=False)
    )
    announce(session, "time", *removed)
