"""A session's hold: one pick with all its parts, taken and renewed as a whole, and counted when it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, update
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.states import SessionOutcome, SessionStep
from clinic_scheduler.db.trip import Later, one_trip
from clinic_scheduler.errors import HoldLapsed, InvalidInput, TimeTaken
from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts
from clinic_scheduler.services.taking import claims, overlaps
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.overlaps import Seat
from clinic_scheduler.services.taking.rules import Override
from clinic_scheduler.services.unfinished import at_desk
from clinic_scheduler.services.unfinished.at_desk import AtDesk, HeldTime

LONGEST_HOLD = timedelta(hours=2)  # as long as an unfinished booking lives untouched
SPARE = timedelta(seconds=10)  # no confirm takes that long


class Fate(StrEnum):
    """How a hold ended; each is the column that counts it."""

    CONVERTED = "holds_converted"
    LAPSED = "holds_lapsed"
    RELEASED = "holds_released"


@dataclass(frozen=True, slots=True)
class Term:
    """From when a hold counts towards the longest one, and until when it lasts."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """A session whose turn it is at `now`, what it had, and who else sits about the times that it wants."""

    now: datetime
    old: Sequence[HeldTime]
    seats: Mapping[UUID, Seat]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a session may try to take at `now`, and for how long."""

    now: datetime
    term: Term
    takings: Sequence[Taking]


def fate(*, was_live: bool) -> Fate:
    """What becomes of a hold that is not confirmed: given back while it lived, or run out before."""
    return Fate.RELEASED if was_live else Fate.LAPSED


def ended(fate: Fate) -> dict[str, ColumnElement[int]]:
    """The values of an UPDATE of `booking_session` that count the present hold's end; no hold, no change."""
    others = [getattr(t.BookingSession, other) for other in Fate if other != fate]
    return {fate.value: t.BookingSession.holds_taken - others[0] - others[1]}


def taken(fate: Fate) -> dict[str, ColumnElement[int]]:
    """The values that count one more hold, and what became of the one before."""
    return {"holds_taken": t.BookingSession.holds_taken + 1, **ended(fate)}


S = t.BookingSession.__table__
SESSION = update(S).where(S.c.id == bindparam("of_session"))
RENEWED = SESSION.values(held_since=bindparam("since"), expires_at=bindparam("expiry"))
PICKED = RENEWED.values(choices=bindparam("chosen"), version=bindparam("next"), updated_at=bindparam("at"))
PICKED_ANEW = {fate: Prepared(PICKED.values(taken(fate))) for fate in (Fate.RELEASED, Fate.LAPSED)}
ENDED = SESSION.values(
    outcome=SessionOutcome.CONVERTED,
    step=SessionStep.PAYMENT,
    ended_at=bindparam("at"),
    choices=bindparam("chosen"),
    set_aside=None,
    held_since=None,
    version=S.c.version + 1,
)
CONVERTED = Prepared(ENDED.values(ended(Fate.CONVERTED)))
TAKEN_AGAIN = Prepared(ENDED.values(taken(Fate.LAPSED)).values(holds_converted=S.c.holds_converted + 1))


def convert(session: Session, begun: AtDesk, *, was_held: bool) -> None:
    """End the session as booked, and count its hold, or the one that lapsed and the other taken in its stead."""
    counted = CONVERTED if was_held else TAKEN_AGAIN
    counted.rows(session, {"of_session": begun.id, "at": begun.now, "chosen": {}})


def ask_queue(
    session: Session, offered: Catalogue, session_id: UUID, old: Sequence[HeldTime], wanted: Sequence[Taking]
) -> Later[Queued]:
    """Queue for whoever and whatever is wanted or was held, then look who sits there, for `one_trip`."""
    touched = [taking.resource_id for taking in wanted] + [held.resource_id for held in old]
    locked = claims.ask_lock(session, touched)
    seated = overlaps.ask_near(session, offered, wanted, session_id)
    return lambda: Queued(locked(), tuple(old), seated())


def plan(
    session: Session,
    clinic: ClinicFacts,
    begun: AtDesk,
    wanted: Sequence[Taking],
    queued: Queued,
    override: Override | None = None,
    granted: Sequence[Taking] = (),
) -> Plan:
    """Find a lane for what is wanted and give the session's old times back; nothing new is taken yet.

    Time that the session had already goes on counting; see `LONGEST_HOLD`. `granted` were allowed to overlap before.

    Raises:
        TimeTaken: naming everybody who is not free.
    """
    found = overlaps.seated(queued.seats, wanted, override=override, granted=granted)
    now = queued.now
    live = [held for held in queued.old if held.live_to > now]
    since = _since(begun, live) if _share_time(live, wanted) else now
    until = min(now + timedelta(minutes=clinic.hold_min), since + LONGEST_HOLD)
    claims.release(session, live, now)
    return Plan(now, Term(since, until), found)


def take(session: Session, begun: AtDesk, planned: Plan) -> None:
    """Hold what was planned, all at once and until one common end."""
    claims.hold(session, begun.clinic_id, begun.id, planned.takings, planned.term.until, planned.now)


def renew(session: Session, clinic: ClinicFacts, begun: AtDesk) -> Term | None:
    """Give all the session's live holds one later end; None where they ran out before that.

    Raises:
        InvalidInput: they have lasted as long as a hold may.
    """
    now = claims.lock(session, [held.resource_id for held in begun.holds])
    since, ends = _since(begun, begun.holds), max(held.live_to for held in begun.holds)
    if since + LONGEST_HOLD <= ends:
        last = ends.astimezone(clinic.where)
        raise InvalidInput(
            f"A time is held for two hours at most; please confirm before {last:%H:%M}, or pick another.",
            "time",
        )
    until = max(ends, min(now + timedelta(minutes=clinic.hold_min), since + LONGEST_HOLD))
    return Term(since, until) if claims.renew(session, begun.id, until) else None


def secure(
    session: Session,
    offered: Catalogue,
    begun: AtDesk,
    last: Sequence[HeldTime],
    wanted: Sequence[Taking],
    now: datetime,
) -> bool:
    """Make sure that exactly the times wanted are held for a while; false where all had lapsed and was taken again.

    They were queued for until `now`. `last` are the session's holds, or those that lapsed: what these were allowed,
    the new ones are.

    Raises:
        HoldLapsed: all had lapsed, and a time was given away.
        TimeTaken: a time that was not held is not free.
    """
    if _are_held(begun.holds, wanted):
        ends = min(held.live_to for held in begun.holds)
        if now + SPARE < ends or claims.renew(session, begun.id, max(ends, now + SPARE)) == len(wanted):
            return True
    # Looked up again, now that the session is locked: the same desk may have picked another time just before.
    old = at_desk.last_holds(session, begun.id) if begun.holds else ()
    reasons = {(held.resource_id, held.part): held.override_reason for held in last}
    excused = [
        replace(each, appointment_id=None, override_reason=reasons.get((each.resource_id, each.part), ""))
        for each in wanted
    ]
    granted = [_granted(held) for held in last if held.lane > 1]
    try:
        with one_trip(session):
            queued = ask_queue(session, offered, begun.id, old, excused)
        take(session, begun, plan(session, offered.clinic, begun, excused, queued(), granted=granted))
    except TimeTaken as taken:
        now = claims.now(session)
        if any(held.live_to > now for held in old):
            raise
        raise HoldLapsed(f"The hold had expired. {taken}") from taken
    return bool(begun.holds)


def _granted(held: HeldTime) -> Taking:
    return Taking(
        held.resource_id,
        held.start,
        held.end,
        held.part,
        None,
        held.buffer_before_min,
        held.buffer_after_min,
        held.lane,
        held.override_reason,
    )


def _are_held(held: Sequence[HeldTime], wanted: Sequence[Taking]) -> bool:
    times = {(each.resource_id, each.part, each.start, each.end) for each in held}
    return times == {(each.resource_id, each.part, each.start, each.end) for each in wanted}


def _since(begun: AtDesk, live: Sequence[HeldTime]) -> datetime:
    return begun.held_since or min(held.live_from for held in live)


def _share_time(old: Sequence[HeldTime], wanted: Sequence[Taking]) -> bool:
    return any(
        held.resource_id == taking.resource_id and held.start < taking.end and taking.start < held.end
        for held in old
        for taking in wanted
    )
