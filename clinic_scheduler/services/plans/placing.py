"""Placing sessions: the question to the search, asked less strictly where a gap cannot be kept, and its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.offers import eligible
from clinic_scheduler.services.offers.terms import Within
from clinic_scheduler.services.plans import nearby, possible, search, words
from clinic_scheduler.services.plans.costs import Link
from clinic_scheduler.services.plans.course import Course, Step, Window, spaced, window
from clinic_scheduler.services.plans.possible import Need, Possible
from clinic_scheduler.services.plans.proposals import Aim, Looking, Proposal, Proposed
from clinic_scheduler.services.plans.search import Question, Stage
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Part, Wish

SPARE_DAYS, MOST_LOOKED = 92, 760
ANYWHERE = Link(0, 0, 0, is_free=True)


class Ease(IntEnum):
    """How strictly the gap before a session is kept; more than that only where it cannot be."""

    STRICT = 0
    LATER = 1
    ANY = 2
    LEFT_OUT = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sessions to place by `numbers`, those `chosen` by the desk, and those `booked` that stay.

    `before` are the days that the first of them has after what was booked earlier. The appointments `without` are no
    obstacle.
    """

    course: Course
    looking: Looking
    numbers: frozenset[int]
    chosen: Mapping[int, Part] = field(default_factory=dict)
    booked: Mapping[int, Part] = field(default_factory=dict)
    before: Window | None = None
    without: tuple[UUID, ...] = ()

    @property
    def steps(self) -> list[Step]:
        """The sessions that take part: those to place, and what is booked after the first of them."""
        placed = self.numbers | self.chosen.keys()
        first = min(placed, default=0)
        return [
            step
            for step in self.course.steps
            if step.number in placed or (step.number > first and step.number in self.booked)
        ]

    def fixed(self, number: int) -> Part | None:
        """The time of a session that is not to be placed anew."""
        return self.chosen.get(number) or self.booked.get(number)


def place(session: Session, clinic_id: UUID, wanted: Wanted, diaries: Diaries | None = None) -> Proposal:
    """The best times for the sessions wanted."""
    steps = wanted.steps
    offered = eligible.catalogue(session, clinic_id, [Wish(step.service_id) for step in wanted.course.steps])
    needs = {
        step.number: Need.of(offered, step, wanted.looking.practitioner_ids)
        for step in steps
        if step.number in wanted.chosen or step.number not in wanted.booked
    }
    times = look(session, offered, wanted, needs, diaries)
    answer = _solved(wanted, steps, needs, times)
    sessions = _proposed(wanted, steps, needs, times, answer)
    later = [step for step in wanted.course.steps if step not in steps and step.number not in wanted.booked]
    return Proposal(
        wanted.course, wanted.looking, sessions, tuple(later), _notes(wanted, answer), offered.clinic.zone
    )


def look(
    session: Session,
    offered: Catalogue,
    wanted: Wanted,
    needs: Mapping[int, Need],
    diaries: Diaries | None,
) -> Possible:
    """The times of the sessions, as far ahead as they may reach."""
    looking = wanted.looking
    within = Within(
        looking.first,
        _days(session, offered, wanted),
        looking.session_id,
        looking.patient_id,
        weekdays=looking.weekdays,
        from_min=looking.from_min,
        until_min=looking.until_min,
    )
    return possible.read(
        session,
        offered,
        needs.values(),
        within,
        around=wanted.chosen.values(),
        without=wanted.without,
        diaries=diaries,
    )


def _days(session: Session, offered: Catalogue, wanted: Wanted) -> int:
    """How many days to look at, the clinic's horizon at most."""
    first, clinic = wanted.looking.first, offered.clinic
    gaps = [spaced(wanted.course.gap(step)) for step in wanted.course.steps]
    reach = wanted.looking.first_days + sum(ideal for _least, ideal, _most in gaps)
    reach += min(sum(most - ideal for _least, ideal, most in gaps), SPARE_DAYS)
    if wanted.before:
        reach += max(0, (wanted.before.latest - first).days)
    fixed = [part.start for part in (*wanted.booked.values(), *wanted.chosen.values())]
    ends = max((localtime.local_day(start, clinic.where) for start in fixed), default=first)
    reach = max(reach, (ends - first).days + 2)
    last = localtime.local_day(claims.now(session), clinic.where) + timedelta(days=clinic.horizon_days)
    return max(1, min(reach, (last - first).days + 1, MOST_LOOKED))


def _solved(
    wanted: Wanted, steps: Sequence[Step], needs: Mapping[int, Need], times: Possible
) -> dict[int, search.Chosen]:
    """The day, time and practitioner by number; gaps are kept less strictly where there is no other way."""
    eases = {step.number: Ease.STRICT for step in steps}
    while True:
        kept = [step for step in steps if eases[step.number] < Ease.LEFT_OUT]
        if not kept:
            return {}
        question = _question(wanted, kept, needs, times, eases)
        answer = search.best(question)
        if answer is not None:
            return {step.number: one for step, one in zip(kept, answer.chosen, strict=True)}
        number = search.blocked(question)
        step = kept[number if number is not None else -1]
        is_fixed = wanted.fixed(step.number) is not None
        eases[step.number] = _eased(eases[step.number], is_fixed=is_fixed)


def _eased(ease: Ease, *, is_fixed: bool) -> Ease:
    if is_fixed:
        return Ease.ANY if ease < Ease.ANY else Ease.LEFT_OUT
    return Ease.LATER if ease < Ease.LATER else Ease.LEFT_OUT


def _question(
    wanted: Wanted,
    kept: Sequence[Step],
    needs: Mapping[int, Need],
    times: Possible,
    eases: Mapping[int, Ease],
) -> Question:
    stages, before = [], 0
    for step in kept:
        fixed = wanted.fixed(step.number)
        able = times.fixed(fixed) if fixed else times.able(needs[step.number])
        stages.append(Stage(able, _link(wanted, step, before, times, eases[step.number])))
        before = step.number
    looking, course = wanted.looking, wanted.course
    is_steady = course.keeps_time and looking.aim is Aim.IDEAL
    return Question(
        tuple(stages),
        times.span.count,
        times.columns,
        times.span.first.weekday(),
        Aim.STEADIEST if is_steady else looking.aim,
        few_people=course.keeps_practitioner,
        usual=None if looking.usual_min is None else looking.usual_min // times.step,
    )


def _link(wanted: Wanted, step: Step, before: int, times: Possible, ease: Ease) -> Link:
    """The days since the session placed before, over what lies in between without a time."""
    if ease is Ease.ANY:
        return ANYWHERE
    if not before:
        link = _first(wanted, times)
    else:
        between = [
            spaced(wanted.course.gap(s)) for s in wanted.course.steps if before < s.number <= step.number
        ]
        least, ideal, most = (sum(days[n] for days in between) for n in range(3))
        link = Link(least, ideal, most)
    return link._replace(most=max(link.ideal, times.span.count)) if ease is Ease.LATER else link


def _first(wanted: Wanted, times: Possible) -> Link:
    """The days for the first session, counted from the first of the span."""
    if wanted.before is None:
        return Link(0, 0, wanted.looking.first_days - 1)
    first = times.span.first
    least, ideal, most = ((day - first).days for day in _bounds(wanted.before))
    if most < 0:  # its days are over: as soon as can be
        return Link(0, 0, times.span.count)
    return Link(max(0, least), max(0, ideal), most)


def _bounds(within: Window) -> tuple[date, date, date]:
    return within.earliest, within.ideal, within.latest


def _proposed(
    wanted: Wanted,
    steps: Sequence[Step],
    needs: Mapping[int, Need],
    times: Possible,
    answer: Mapping[int, search.Chosen],
) -> tuple[Proposed, ...]:
    found: list[Proposed] = []
    within = wanted.before
    placed = 0
    for step in steps:
        fixed, one = wanted.fixed(step.number), answer.get(step.number)
        part = fixed
        if fixed is None and one is not None:
            part = times.part(needs[step.number], one.day, one.column, one.practitioner_id)
        is_next = not placed or all(
            s.number <= placed or s.number >= step.number for s in wanted.course.steps
        )
        shown = Proposed(
            step,
            within if is_next else None,
            part,
            is_fixed=fixed is not None,
            is_booked=step.number not in wanted.chosen and step.number in wanted.booked,
        )
        found.append(replace(shown, note=_note(shown, needs, times, wanted)))
        if part is not None:
            day = localtime.local_day(part.start, times.span.where)
            placed = step.number
            following = next((s for s in wanted.course.steps if s.number > step.number), None)
            within = window(day, wanted.course.gap(following)) if following else None
    return tuple(nearby.added(found, needs, times, wanted.looking))


def _note(shown: Proposed, needs: Mapping[int, Need], times: Possible, wanted: Wanted) -> str:
    """What is wrong with a session, empty where nothing is."""
    number, within, part = shown.step.number, shown.window, shown.part
    if part is None:
        if not times.able(needs[number]):
            return f"Nobody performs session {number}; please choose another service or practitioner."
        return words.nothing_within(within) if within else "Nothing is free in the time looked at."
    if shown.is_fixed and not shown.is_booked and not times.is_free(needs[number], part):
        return "That time is not free; please choose another."
    day = localtime.local_day(part.start, times.span.where)
    if within is None or within.has(day):
        return ""
    if shown.is_fixed or within.latest < times.span.first:
        gap = wanted.course.gap(shown.step)
        before = within.earliest - timedelta(days=spaced(gap)[0])
        return words.too_near(number, (day - before).days, gap)
    return words.nothing_within(within)


def _notes(wanted: Wanted, answer: Mapping[int, search.Chosen]) -> tuple[str, ...]:
    """What was wished of all sessions and could not be had."""
    found, course = list[str](), wanted.course
    people = {one.practitioner_id for one in answer.values()}
    if course.keeps_practitioner and len(people) > 1:
        found.append(f"Nobody has time for all sessions; {len(people)} practitioners take part.")
    if course.keeps_time and answer:
        first = wanted.looking.first.weekday()
        times = [((one.day + first) % 7, one.column) for one in answer.values()]
        steady = max(times.count(one) for one in times)
        if steady < len(times):
            found.append(f"{steady} of {len(times)} sessions are on the same weekday at the same time.")
    return tuple(found)
