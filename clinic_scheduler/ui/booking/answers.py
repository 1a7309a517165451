"""When a visit could be: searched week by week until there is something to choose from, thinned for the eye."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.services import availability
from clinic_scheduler.services.availability import Within
from clinic_scheduler.services.diaries import Diaries
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.wishes import Opening, Wish

ENOUGH: Final = 12  # answers to one question, as far as there are so many
A_DAY: Final = 4
WEEKS: Final = 8  # looked through before the desk is asked to widen the question
STARTS: Final = 1_200  # a week of starts every five minutes, more than any clinic is open
NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Question:
    """What suits. `half` is "morning", "afternoon" or empty; no weekdays (0 is Monday) means any.

    `at` is a start that must be shown if it is free, whatever the thinning does.
    """

    wishes: tuple[Wish, ...]
    first: date
    half: str = ""
    weekdays: frozenset[int] = frozenset()
    at: datetime | None = None


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
        within = Within(day, 7, session_id, patient_id, STARTS)
        week = availability.free_visits(
            session, clinic_id=clinic_id, wishes=question.wishes, within=within, diaries=diaries
        )
        found += thinned(fitting(week, question, where), question, where)
        day += timedelta(days=7)
        if len(found) >= ENOUGH:
            break
    return Answer(tuple(found), day)


def fitting(openings: Iterable[Opening], question: Question, where: ZoneInfo) -> list[Opening]:
    """The openings on a wished weekday and in the wished half of the day, by start."""

    def suits(opening: Opening) -> bool:
        start = opening.start.astimezone(where)
        is_half = not question.half or (start.hour < NOON) == (question.half == "morning")
        return is_half and (not question.weekdays or start.weekday() in question.weekdays)

    return sorted((opening for opening in openings if suits(opening)), key=_start)


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
