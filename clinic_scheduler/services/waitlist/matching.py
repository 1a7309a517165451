"""Who fits a free time, and which free times fit a wish. Computed when somebody looks; nothing is stored.

Time becomes free in many ways: a visit is cancelled, missed, moved or shortened, an absence or a closure is lifted, a
plan ends, hours are added, a hold runs out. A list of freed times written in each of these transactions would be made
longer by every one of them, and be out of date by the next booking. Asked at the desk, the answer is what is true now,
for all who wait, in a number of statements that does not grow with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import AppointmentStatus, OfferState
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import catalogue, localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.offers import asking, availability, eligible, using
from clinic_scheduler.services.offers.asking import Line
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.search.question import Distinct
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times import diaries, timelines
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.waitlist import listed, ranking
from clinic_scheduler.services.waitlist.listed import Entry
from clinic_scheduler.services.waitlist.ranking import Candidate
from clinic_scheduler.services.wishes import Opening

AS_LISTED, BY_START = Terms(), Terms(distinct=Distinct.START)
DAYS = 2  # of a look: the day, and the next for a visit that runs past midnight
MOST_MATCHES = 20
MOST_A_DAY = 3  # times of one day that somebody is given to choose from
FREED = (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)
OFFER, W, A = t.WaitlistOffer, t.WaitlistEntry, t.Appointment
Fits = Mapping[UUID, Opening | None]


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who could come, the visit that would be theirs, and what speaks for them."""

    entry: Entry
    opening: Opening
    why: Candidate


@dataclass(frozen=True, slots=True)
class Matches:
    """Who fits free times, in the order in which they should be asked; `waiting` is how many wait in all."""

    times: tuple[FreeTime, ...]
    best: tuple[Match, ...]
    waiting: int
    now: datetime


def matches(
    session: Session, *, actor: Actor, times: Sequence[FreeTime], limit: int = MOST_MATCHES
) -> Matches:
    """Who of the waitlist could come in one of these times, everything considered, the rules and rooms too."""
    waiting = listed.waiting(session, actor=actor)
    found: dict[UUID, Match] = {}
    for day, on_day in _by_day(session, actor, times):
        for match in _on_day(session, actor, waiting, day, on_day):
            known = found.get(match.entry.id)
            if known is None or ranking.key(match.why) < ranking.key(known.why):
                found[match.entry.id] = match
    best = ranking.ranked(match.why for match in found.values())
    now = claims.now(session)
    return Matches(tuple(times), tuple(found[one.entry_id] for one in best[:limit]), len(waiting), now)


def around(session: Session, *, actor: Actor, resource_id: UUID, at: datetime) -> FreeTime:
    """The free time of a practitioner or room from an instant on; nobody fits before that.

    Raises:
        InvalidInput: it is not free then.
    """
    where = catalogue.clinic(session, actor.clinic_id).where
    span = Span(localtime.local_day(at, where), DAYS, where)
    look = diaries.look(session, actor.clinic_id, [resource_id], span)
    first = max(span.minute_up(at), span.minute_up(look.now))
    free = 0
    for lane in look.of[resource_id].free(look.now):
        free |= lane
    end = next((until for start, until in timelines.intervals(free) if start <= first < until), None)
    if end is None:
        raise InvalidInput("That time is not free, so nobody can come; please choose a free one.", "time")
    return FreeTime(resource_id, span.moment(first), span.moment(end))


def freed(session: Session, *, actor: Actor, appointment_ids: Sequence[UUID]) -> tuple[FreeTime, ...]:
    """The times that cancelled or missed appointments left, of their practitioners; none that are over."""
    wanted = select(A.practitioner_id, A.start_at, A.end_at).where(
        A.id.in_(appointment_ids),
        A.clinic_id == actor.clinic_id,
        A.status.in_(FREED),
        A.end_at > claims.now(session),
    )
    rows = session.execute(wanted.order_by(A.start_at, A.id))
    return tuple(FreeTime(who, start, end) for who, start, end in rows if start and end)


def of_offer(session: Session, *, actor: Actor, offer_id: UUID) -> tuple[FreeTime, ...]:
    """The times that an offer was about.

    Raises:
        NotFound: this clinic made no such offer.
    """
    wanted = (
        select(OFFER.visit)
        .join(W, W.id == OFFER.entry_id)
        .where(OFFER.id == offer_id, W.clinic_id == actor.clinic_id)
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound("That offer does not exist any more; please look at the waitlist again.")
    parts = listed.parts_of(found.visit)
    return tuple(FreeTime(part.practitioner_id, part.start, part.end) for part in parts)


def fits(
    session: Session, *, actor: Actor, entry: Entry, limit: int = 8, diaries: Diaries | None = None
) -> tuple[Opening, ...]:
    """The next free times that meet the whole wish, the earliest first; none where it cannot be met."""
    wanted = entry.wanted
    if not wanted.services:
        return ()
    where = catalogue.clinic(session, actor.clinic_id).where
    first = max(wanted.from_day, localtime.local_day(claims.now(session), where))
    if wanted.until_day < first:
        return ()
    within = Within(
        first,
        days=(wanted.until_day - first).days + 1,
        patient_id=entry.patient_id,
        limit=limit,
        per_day=MOST_A_DAY,
        weekdays=wanted.weekdays,
        from_min=wanted.from_min,
        until_min=wanted.until_min,
    )
    try:
        return availability.free_visits(
            session,
            clinic_id=actor.clinic_id,
            wishes=wanted.services,
            within=within,
            terms=BY_START,
            diaries=diaries,
        )
    except NotFound:  # a service is no longer offered: nothing fits, and the list says so
        return ()


def first_fits(
    session: Session, *, actor: Actor, entries: Sequence[Entry], diaries: Diaries | None = None
) -> Fits:
    """The earliest free time that meets each wish, by the entry's id; None where nothing does."""
    found: dict[UUID, Opening | None] = {}
    for entry in entries:
        openings = fits(session, actor=actor, entry=entry, limit=1, diaries=diaries)
        found[entry.id] = openings[0] if openings else None
    return found


def _by_day(
    session: Session, actor: Actor, times: Sequence[FreeTime]
) -> Iterator[tuple[date, list[FreeTime]]]:
    where = catalogue.clinic(session, actor.clinic_id).where
    on: dict[date, list[FreeTime]] = {}
    for time in times:
        on.setdefault(localtime.local_day(time.start, where), []).append(time)
    yield from sorted(on.items())


def _on_day(
    session: Session, actor: Actor, waiting: Sequence[Entry], day: date, times: Sequence[FreeTime]
) -> Iterator[Match]:
    able = _able(
        session, actor, [one for one in waiting if one.wanted.services and one.wanted.allows(day)], times
    )
    if not able:
        return
    offered, asked = able
    span = Span(day, DAYS, offered.clinic.where)
    every = [line for lines in asked.values() for line in lines]
    people = [one.patient_id for one in asked if one.patient_id]
    tick = asking.tick(offered.clinic, every, span)
    look = diaries.look(session, actor.clinic_id, (*asking.resources(every), *people), span, tick)
    before = _offered_before(session, [one.id for one in asked])
    for entry, lines in asked.items():
        within = Within(
            day,
            patient_id=entry.patient_id,
            weekdays=frozenset({day.weekday()}),
            from_min=entry.wanted.from_min,
            until_min=entry.wanted.until_min,
        )
        for time in times:
            for opening in using.visits_using(offered.clinic, lines, AS_LISTED, within, look, time):
                yield Match(entry, opening, _candidate(entry, opening, time, before.get(entry.id, ())))


def _able(
    session: Session, actor: Actor, waiting: Sequence[Entry], times: Sequence[FreeTime]
) -> tuple[Catalogue, dict[Entry, tuple[Line, ...]]] | None:
    """Those whose services are offered and could use one of the times, with what they ask for."""
    named = {wish.service_id for one in waiting for wish in one.wanted.services}
    active = set(
        session.scalars(
            select(t.Service.id).where(
                t.Service.id.in_(named), t.Service.is_active, t.Service.clinic_id == actor.clinic_id
            )
        )
    )
    known = [one for one in waiting if active.issuperset(wish.service_id for wish in one.wanted.services)]
    if not known:
        return None
    offered = eligible.catalogue(
        session, actor.clinic_id, [wish for one in known for wish in one.wanted.services]
    )
    free = {time.resource_id for time in times}
    asked = {one: asking.lines(offered, one.wanted.services) for one in known}
    able = {
        one: lines
        for one, lines in asked.items()
        if all(line.can_be for line in lines) and free.intersection(asking.resources(lines))
    }
    return (offered, able) if able else None


def _offered_before(
    session: Session, entry_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """The times that these people were offered and did not take; an open offer of theirs has lapsed unnoticed."""
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    wanted = select(OFFER.entry_id, OFFER.start_at, OFFER.end_at).where(
        OFFER.entry_id.in_(entry_ids),
        OFFER.state.in_((OfferState.OPEN, OfferState.DECLINED, OfferState.EXPIRED)),
    )
    for entry_id, start, end in session.execute(wanted):
        if start and end:
            found.setdefault(entry_id, []).append((start, end))
    return found


def _candidate(
    entry: Entry, opening: Opening, time: FreeTime, before: Sequence[tuple[datetime, datetime]]
) -> Candidate:
    return Candidate(
        entry.id,
        entry.wanted.urgency,
        time.used_by(opening),
        entry.offers_made,
        entry.since,
        any(start < opening.end and opening.start < end for start, end in before),
    )
