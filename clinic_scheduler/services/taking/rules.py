"""What no claim can refuse: a time that is over, the wrong person or place, a time nobody works.

Whoever holds the permission may override some of it, naming the rule and a reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from clinic_scheduler.db.trip import Later
from clinic_scheduler.errors import InvalidInput, RuleBroken
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import OVERRIDE, Actor
from clinic_scheduler.services.catalogue import Catalogue, ResourceFacts
from clinic_scheduler.services.changing import reasons
from clinic_scheduler.services.taking import checks, visits
from clinic_scheduler.services.taking.checks import GRACE
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.visits import NewAppointment
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.hours import OpenTime, Span
from clinic_scheduler.services.wishes import Part


class Rule(StrEnum):
    """A rule that may be overridden; the last two are about time that somebody else has."""

    HOURS = "hours"
    BREAK = "break"
    TIME_OFF = "time_off"
    CLOSURE = "closure"
    NOTICE = "notice"
    HORIZON = "horizon"
    OVERLAP = "overlap"
    TWO_PLACES = "two_places"


@dataclass(frozen=True, slots=True)
class Override:
    """Leave to break the rules that a refusal named, no others, and the written reason for it."""

    reason: str
    rules: frozenset[Rule]


@dataclass(frozen=True, slots=True)
class Asked:
    """An appointment to be judged; what it holds, or held a moment ago, is not judged again.

    Who walks in needs no notice.
    """

    appointment: NewAppointment
    held: tuple[Taking, ...] = ()
    is_walk_in: bool = False

    @property
    def start(self) -> datetime:
        """When it is to begin."""
        if self.appointment.start is None:
            raise InvalidInput("The time of this visit was never told; please book it anew.", "visit")
        return self.appointment.start

    @property
    def takings(self) -> Sequence[Taking]:
        """What it takes of everybody but the patient."""
        return visits.takings(self.appointment, 0, None)

    @property
    def is_at_a_new_time(self) -> bool:
        """Whether it starts when it did not start before."""
        return all(taking.start != self.start for taking in self.held)


@dataclass(frozen=True, slots=True)
class Opened:
    """When resources are at work, over a span of days."""

    span: Span
    of: Mapping[UUID, OpenTime]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an appointment breaks because of a resource, and the words for it."""

    appointment_id: UUID
    resource_id: UUID
    rule: Rule
    words: str


def permitted(actor: Actor, override: Override | None) -> Override | None:
    """The override with its reason made clean.

    Raises:
        NotPermitted: the person may not override.
        InvalidInput: the reason is blank.
    """
    if override is None:
        return None
    actor.require(OVERRIDE)
    return replace(override, reason=reasons.required(override.reason))


def check(
    session: Session,
    offered: Catalogue,
    parts: Sequence[Part],
    now: datetime,
    override: Override | None = None,
    *,
    is_walk_in: bool = False,
) -> frozenset[tuple[int, UUID]]:
    """Refuse parts that the clinic's rules forbid, whoever has the time. As `weigh`, which says what it raises."""
    opened = ask_opened(session, offered.clinic.id, offered.clinic.where, parts, now)
    return weigh(offered, parts, now, opened(), override, is_walk_in=is_walk_in)


def ask_opened(
    session: Session, clinic_id: UUID, where: ZoneInfo, parts: Sequence[Part], now: datetime
) -> Later[Opened]:
    """When those whom the parts take are at work, for `one_trip`.

    Raises:
        InvalidInput: there is no part, or one is over.
    """
    if not parts:
        raise InvalidInput("Please choose a time first.", "time")
    checks.time([part.start for part in parts], now)
    for part in parts:
        checks.length(part.start, part.end)
    times = [(one, part.start, part.end) for part in parts for one in part.resource_ids]
    return _ask(session, clinic_id, where, times)


def weigh(
    offered: Catalogue,
    parts: Sequence[Part],
    now: datetime,
    opened: Opened,
    override: Override | None = None,
    *,
    is_walk_in: bool = False,
) -> frozenset[tuple[int, UUID]]:
    """Refuse parts that the clinic's rules forbid, whoever has the time.

    Which part, by its place, broke a rule because of which resource, where the override (as `permitted` returned it)
    allows that.

    Raises:
        RuleBroken: it lies outside the hours, comes too soon or too late.
        InvalidInput: it is in no fit room.
        NotFound: the service or practitioner is gone, or does not go with the other.
    """
    for part in parts:
        checks.fit(offered, part.service_id, part.practitioner_id, part.room_id, part.equipment_id)
    asked = [Asked(visits.appointment(offered, part), is_walk_in=is_walk_in) for part in parts]
    numbers = {one.appointment.id: number for number, one in enumerate(asked)}
    outside = _outside(offered, [(one, taking) for one in asked for taking in one.takings], opened)
    broken = _allowed([*_ahead(offered, asked, now), *outside], override)
    return frozenset((numbers[one.appointment_id], one.resource_id) for one in broken)


def judge(
    session: Session, offered: Catalogue, asked: Sequence[Asked], now: datetime, override: Override | None
) -> Sequence[Broken]:
    """The rules that the appointments break with leave; the hours of those who were held anyway are not read.

    Raises:
        RuleBroken: one is broken without.
    """
    wanted = [
        (one, taking)
        for one in asked
        for taking in one.takings
        if not any(_covers(held, taking) for held in one.held)
    ]
    outside: Iterable[Broken] = ()
    if wanted:
        times = [(taking.resource_id, taking.start, taking.end) for _one, taking in wanted]
        opened = _ask(session, offered.clinic.id, offered.clinic.where, times)
        outside = _outside(offered, wanted, opened())
    return _allowed([*_ahead(offered, asked, now), *outside], override)


def _allowed(broken: Sequence[Broken], override: Override | None) -> Sequence[Broken]:
    allowed = override.rules if override else frozenset()
    refused = [one for one in broken if one.rule not in allowed]
    if refused:
        words = ", and ".join(dict.fromkeys(one.words for one in refused))
        raise RuleBroken(
            f"{words[0].upper()}{words[1:]}; please choose another.", frozenset(one.rule for one in refused)
        )
    return broken


def marked(takings: Iterable[Taking], broken: Iterable[tuple[int, UUID]], reason: str) -> list[Taking]:
    """The takings, where a rule was broken with the reason for it."""
    reached = set(broken)
    return [
        replace(taking, override_reason=reason) if (taking.part, taking.resource_id) in reached else taking
        for taking in takings
    ]


def _ahead(offered: Catalogue, asked: Sequence[Asked], now: datetime) -> Iterable[Broken]:
    clinic = offered.clinic
    notice = timedelta(minutes=clinic.notice_min)
    last = localtime.local_day(now, clinic.where) + timedelta(days=clinic.horizon_days)
    for one in asked:
        a = one.appointment
        if not one.is_at_a_new_time:
            continue
        if notice and not one.is_walk_in and one.start < now + notice - GRACE:
            words = f"visits are booked at least {_duration(notice)} ahead"
            yield Broken(a.id, a.practitioner_id, Rule.NOTICE, words)
        if localtime.local_day(one.start, clinic.where) > last:
            words = f"visits are booked at most {clinic.horizon_days} days ahead"
            yield Broken(a.id, a.practitioner_id, Rule.HORIZON, words)


def _duration(length: timedelta) -> str:
    hour, minute = divmod(length // localtime.MINUTE, 60)
    return " ".join(text for amount, text in ((hour, f"{hour} h"), (minute, f"{minute} min")) if amount)


def _ask(
    session: Session, clinic_id: UUID, where: ZoneInfo, times: Sequence[tuple[UUID, datetime, datetime]]
) -> Later[Opened]:
    """The open time of each resource over all the days of the times."""
    first = localtime.local_day(min(start for _one, start, _end in times), where)
    last = localtime.local_day(max(end for _one, _start, end in times), where)
    span = Span(first, (last - first).days + 1, where)
    asked = hours.ask_open_times(session, clinic_id, tuple({one: None for one, *_times in times}), span)
    return lambda: Opened(span, asked())


def _outside(offered: Catalogue, wanted: Sequence[tuple[Asked, Taking]], opened: Opened) -> Iterable[Broken]:
    """What lies outside the open time of its practitioner, room or equipment."""
    for one, taking in wanted:
        resource, own = offered.resource(taking.resource_id), opened.of[taking.resource_id]
        held = [other for other in one.held if other.resource_id == taking.resource_id]
        minutes = _minutes(opened.span, [taking]) & ~_minutes(opened.span, held) & ~own.open
        if minutes:
            yield _closed(one, resource, own, minutes)


def _covers(held: Taking, wanted: Taking) -> bool:
    is_same = held.resource_id == wanted.resource_id
    return is_same and held.start <= wanted.start and wanted.end <= held.end


def _minutes(span: Span, takings: Iterable[Taking]) -> timelines.Timeline:
    return timelines.of((span.minute(taking.start), span.minute_up(taking.end)) for taking in takings)


def _closed(asked: Asked, resource: ResourceFacts, opened: OpenTime, minutes: timelines.Timeline) -> Broken:
    is_person = resource.kind == "practitioner"
    words = f"{resource.name} is {'not at work' if is_person else 'closed'} at that time"
    for reason in opened.reasons:
        if minutes & timelines.between(reason.start, reason.end):
            detail = {"break": "break", "time_off": "time off", "closure": "the clinic is closed"}[
                reason.kind
            ]
            return Broken(asked.appointment.id, resource.id, Rule(reason.kind), f"{words} ({detail})")
    return Broken(asked.appointment.id, resource.id, Rule.HOURS, words)
