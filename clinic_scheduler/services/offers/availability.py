"""Free times of services and whole visits, computed from hours, claims and holds; never stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.localtime import MINUTE, Span
from clinic_scheduler.services.offers import asking, eligible
from clinic_scheduler.services.offers.asking import Asked, Line
from clinic_scheduler.services.offers.terms import ANY_ORDER, Terms, Within
from clinic_scheduler.services.search.question import Distinct, Pair, Rank, Wait, in_sequence
from clinic_scheduler.services.search.visits import Visit, best, visits
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.times.diaries import Diaries, Look, look
from clinic_scheduler.services.wishes import Opening, Part, Wish

__all__ = ["ANY_ORDER", "Terms", "Within", "free_starts", "free_visits", "nearest"]

AS_LISTED: Final = Terms()
FIRST_LOOK, FARTHER = 14, 4  # days looked at in one go, and how many times as many the next time
APART: Final = timedelta(minutes=30)  # starts that lie closer are no choice
REACHES: Final = tuple(timedelta(hours=hours) for hours in (3, 12, 48, 7 * 24, 28 * 24))


def free_starts(
    session: Session, *, clinic_id: UUID, wish: Wish, within: Within, diaries: Diaries | None = None
) -> tuple[Opening, ...]:
    """The free starts of one service, the earliest end first; of all who could start then, whoever is done first.

    Raises:
        NotFound: the service is no longer there.
    """
    terms = Terms(distinct=Distinct.START)
    return free_visits(
        session, clinic_id=clinic_id, wishes=(wish,), within=within, terms=terms, diaries=diaries
    )


def free_visits(
    session: Session,
    *,
    clinic_id: UUID,
    wishes: Sequence[Wish],
    within: Within,
    terms: Terms = AS_LISTED,
    diaries: Diaries | None = None,
) -> tuple[Opening, ...]:
    """The best distinct visits in the order of the rank, then of end and waiting. Exact.

    Of visits that are equal but for who performs, the one comes first whose practitioners have the least taken on
    that day (by others, in minutes of their hours), service after service as listed, then the clinic's order.

    Raises:
        NotFound: a service is no longer there.
    """
    if not wishes:
        return ()
    offered = eligible.catalogue(session, clinic_id, wishes)
    lines = asking.lines(offered, wishes)
    if not all(line.can_be for line in lines):
        return ()
    days, most = 0, within.days
    while True:
        days = min(most, days * FARTHER or FIRST_LOOK)
        starts = Span(within.first, days, offered.clinic.where)
        seen = _look_about(session, offered.clinic, lines, terms, within, starts, diaries)
        most = min(most, _days_ahead(offered.clinic, within, seen.now))
        asked = asking.ask(offered.clinic, lines, terms, within, seen, starts)
        found = _after(asked, within)
        last = seen.span.minute(starts.end) // seen.tick
        if days >= most or _are_best(found, terms.rank, within.limit, last):
            return tuple(asked.opening(visit) for visit in found)


def _look_about(
    session: Session,
    clinic: ClinicFacts,
    lines: Sequence[Line],
    terms: Terms,
    within: Within,
    starts: Span,
    diaries: Diaries | None,
) -> Look:
    """A look at these days, and at those around them where a visit that starts on these may reach into them."""
    seen = _look(session, clinic, lines, within.patient_id, starts, diaries)
    before, after = asking.beyond(lines, terms, seen)
    if not before and not after:
        return seen
    wider = Span(starts.first - timedelta(days=before), before + starts.count + after, clinic.where)
    return _look(session, clinic, lines, within.patient_id, wider, diaries)


def _look(
    session: Session,
    clinic: ClinicFacts,
    lines: Sequence[Line],
    patient_id: UUID | None,
    span: Span,
    diaries: Diaries | None,
) -> Look:
    ids = (*asking.resources(lines), *((patient_id,) if patient_id else ()))
    read = diaries.look if diaries else look
    return read(session, clinic.id, ids, span, asking.tick(clinic, lines, span))


def _days_ahead(clinic: ClinicFacts, within: Within, now: datetime) -> int:
    """How many days from the first the clinic books."""
    last = localtime.local_day(now + timedelta(days=clinic.horizon_days), clinic.where)
    return (last - within.first).days + 1


def _after(asked: Asked, within: Within) -> tuple[Visit, ...]:
    if within.after is None:
        return best(asked.question, within.limit)
    if within.after.end > asked.span.end:  # nothing of so short a look comes after it
        return ()
    return best(asked.question, within.limit, asked.key(within.after))


def _are_best(found: Sequence[Visit], rank: Rank, limit: int, last: int) -> bool:
    """Whether no day after those looked at, until tick `last`, could give anything better: there all ends are later."""
    if len(found) < limit or any(visit.end > last for visit in found):
        return False
    if rank is Rank.LEAST_WAITING:
        return all(visit.waiting == 0 for visit in found)
    if rank is Rank.FEWEST_PEOPLE:
        return all(visit.people == 1 for visit in found)
    return rank is Rank.EARLIEST or all(visit.cost == 0 for visit in found)


def nearest(
    session: Session,
    *,
    clinic_id: UUID,
    parts: Sequence[Part],
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
    is_walk_in: bool = False,
    limit: int = 3,
    diaries: Diaries | None = None,
) -> tuple[Opening, ...]:
    """What is free instead of a visit whose time was lost, before and after it, up to four weeks away.

    First at most `limit` with the same practitioners, then at most `limit` at other starts with anyone; both by the
    distance from the lost start, none within half an hour of a nearer one. The services follow each other as they did.

    Raises:
        NotFound: a service is no longer there.
    """
    named = [
        Wish(
            part.service_id,
            (part.practitioner_id,),
            visitor=part.visitor,
            add_on_ids=tuple(one.id for one in part.add_ons),
        )
        for part in parts
    ]
    offered, now = eligible.catalogue(session, clinic_id, named), claims.now(session)
    clinic, lost, terms = offered.clinic, min(part.start for part in parts), _terms_of(parts)
    same = asking.lines(offered, named)
    anyone = asking.lines(offered, [replace(wish, practitioner_ids=()) for wish in named])
    first: tuple[Opening, ...] = ()
    other: tuple[Opening, ...] = ()
    for reach in REACHES if all(line.can_be for line in anyone) else ():
        span = _span_around(clinic, max(lost - reach, now), lost + reach)
        within = Within(span.first, session_id=session_id, patient_id=patient_id, is_walk_in=is_walk_in)
        seen = _look(session, clinic, anyone, patient_id, span, diaries)
        if len(first) < limit and all(line.can_be for line in same):
            first = _around(asking.ask(clinic, same, terms, within, seen), lost, reach, limit)
        if len(other) < 2 * limit:
            other = _around(asking.ask(clinic, anyone, terms, within, seen), lost, reach, 2 * limit)
        if len(first) == limit and len(other) == 2 * limit:
            break
    starts = {opening.start for opening in first}
    return (*first, *[opening for opening in other if opening.start not in starts][:limit])


def _span_around(clinic: ClinicFacts, earliest: datetime, latest: datetime) -> Span:
    """All days between two instants, and one more on either side for what runs past midnight."""
    first, last = (localtime.local_day(moment, clinic.where) for moment in (earliest, latest))
    return Span(first - timedelta(days=1), max(0, (last - first).days) + 3, clinic.where)


def _around(asked: Asked, lost: datetime, reach: timedelta, most: int) -> tuple[Opening, ...]:
    """Of the answers that begin at most so far from the lost start the nearest, of two the earlier first."""
    span, tick = asked.span, asked.tick
    near = timelines.between(-(-span.minute_up(lost - reach) // tick), span.minute(lost + reach) // tick + 1)
    question = replace(asked.question, begin=asked.question.begin & near)
    found = [asked.opening(visit) for visit in visits(question)]
    chosen: list[Opening] = []
    for opening in sorted(found, key=lambda opening: (abs(opening.start - lost), opening.start)):
        if len(chosen) < most and all(abs(opening.start - one.start) >= APART for one in chosen):
            chosen.append(opening)
    return tuple(chosen)


def _terms_of(parts: Sequence[Part]) -> Terms:
    """The terms that a visit met: its order, its waits as far as they were longer, what ran in parallel."""
    order, together = set[Pair](), set[Pair]()
    waits, begun = [timedelta(minutes=Wait().most)], list[datetime]()
    for visitor in {part.visitor for part in parts}:
        mine = sorted((p.start, p.end, n) for n, p in enumerate(parts) if p.visitor == visitor)
        order |= in_sequence([number for _start, _end, number in mine])
        begun.append(mine[0][0])
        ended = mine[0][1]
        for at, (start, end, number) in enumerate(mine):
            waits.append(start - ended)
            ended = max(ended, end)
            together |= {(other, number) for _, until, other in mine[:at] if start < until}
    return Terms(
        order=frozenset(order),
        wait=Wait(0, max(waits) // MINUTE),
        together=frozenset(together),
        apart=(max(begun) - min(begun)) // MINUTE,
        distinct=Distinct.START,
    )
