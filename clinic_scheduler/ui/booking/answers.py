"""When a visit could be: searched week by week until there is something to choose from, thinned for the eye."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services.localtime import DAY_MIN, local_day
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.availability import Terms, Within
from clinic_scheduler.services.search.question import Distinct
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Opening, Wish

ENOUGH: Final = 12  # answers to one question, as far as there are so many
A_DAY: Final = 4
WEEKS: Final = 8  # looked through before the desk is asked to widen the question
STARTS: Final = 1_200  # a week of starts every five minutes, more than any clinic is open
NOON_MIN: Final = 12 * 60
EACH_START: Final = Terms(distinct=Distinct.START)


@dataclass(frozen=True, slots=True)
class Question:
    """What suits. `half` is "morning" (a visit begins before noon), "afternoon" or empty; no weekdays means any.

    `at` is a start that must be shown if it is free, whatever the thinning does. Who walks in needs no notice.
    """

    wishes: tuple[Wish, ...]
    first: date
    half: str = ""
    weekdays: frozenset[int] = frozenset()
    at: datetime | None = None
    is_walk_in: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Openings by start; `next_day` is where the search for later ones begins."""

    openings: tuple[Opening, ...]
    next_day: date


def find(
    session: Any,  # noqa: ANN401 - what a session is, the views do not know
    *,
    clinic_id: UUID,
    where: ZoneInfo,
    question: Question,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
    diaries: Diaries | None = None,
) -> Answer:
    """At least `ENOUGH` answers, or all of `WEEKS` weeks.

    Raises:
        NotFound: a service or practitioner is no longer there.
    """
    found: list[Opening] = []
    day = question.first
    for _ in range(WEEKS):
        week = availability.free_visits(
            session,
            clinic_id=clinic_id,
            wishes=question.wishes,
            within=_week(question, day, session_id, patient_id),
            terms=EACH_START,
            diaries=diaries,
        )
        found += thinned(sorted(week, key=_start), question, where)
        day += timedelta(days=7)
        if len(found) >= ENOUGH:
            break
    return Answer(tuple(found), day)


def _week(question: Question, day: date, session_id: UUID | None, patient_id: UUID | None) -> Within:
    """The week from `day` on, as far as it suits."""
    return Within(
        day,
        7,
        session_id,
        patient_id,
        limit=STARTS,
        weekdays=question.weekdays,
        from_min=NOON_MIN if question.half == "afternoon" else 0,
        begins_until_min=NOON_MIN if question.half == "morning" else DAY_MIN,
        is_walk_in=question.is_walk_in,
    )


def thinned(openings: Sequence[Opening], question: Question, where: ZoneInfo) -> list[Opening]:
    """The openings worth a line, by start.

    Starts lie five minutes apart, which nobody reads. Of each half hour the earliest stays, and the first
    without waiting where that one waits. A day shows `A_DAY` of them, spread from its first to its last, unless the
    question names a half of the day or a weekday: then it shows all. The start asked for always stays.
    """
    kept: list[Opening] = []
    for _day, of_day in groupby(openings, key=lambda opening: local_day(opening.start, where)):
        today = list(of_day)
        chosen = _of_half_hours(today, where)
        if not question.half and not question.weekdays:
            chosen = _spread(chosen, A_DAY)
        exact = [opening for opening in today if opening.start == question.at and opening not in chosen]
        kept += sorted([*chosen, *exact], key=_start)
    return kept


def _of_half_hours(openings: Sequence[Opening], where: ZoneInfo) -> list[Opening]:
    chosen = []
    for _half_hour, group in groupby(openings, key=lambda o: _half_hour_of(o.start, where)):
        near = list(group)
        chosen.append(near[0])
        if near[0].waiting_min:
            chosen += [opening for opening in near if not opening.waiting_min][:1]
    return chosen


def _half_hour_of(moment: datetime, where: ZoneInfo) -> tuple[int, bool]:
    local = moment.astimezone(where)
    return local.hour, local.minute >= 30


def _spread(openings: list[Opening], count: int) -> list[Opening]:
    if len(openings) <= count:
        return openings
    return [openings[round(n * (len(openings) - 1) / (count - 1))] for n in range(count)]


def _start(opening: Opening) -> datetime:
    return opening.start
