"""What no claim can refuse: a time that is over, the wrong person or place, a time nobody works.

Whoever holds the permission may override some of it, naming the rule and a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.errors import InvalidInput, NotFound, RuleBroken
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import OVERRIDE, Actor
from clinic_scheduler.services.catalogue import Catalogue, ResourceFacts
from clinic_scheduler.services.changing import reasons
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.visits import NewAppointment
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.hours import OpenTime, Span
from clinic_scheduler.services.wishes import Part

GRACE = timedelta(minutes=5)  # passes while a visit is being booked
LONGEST = timedelta(hours=24)
FIRST_YEAR, LAST_YEAR = 1970, 2200


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
    def is_at_a_new_time(self) -> bool:
        """Whether it starts when it did not start before."""
        return all(taking.start != self.start for taking in self.held)


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
    """Refuse parts that the clinic's rules forbid, whoever has the time.

    Which part, by its place, broke a rule because of which resource, where the override (as `permitted` returned it)
    allows that.

    Raises:
        RuleBroken: it lies outside the hours, comes too soon or too late.
        InvalidInput: there is no part, or one is over or in no fit room.
        NotFound: the service or practitioner is gone, or does not go with the other.
    """
    if not parts:
        raise InvalidInput("Please choose a time first.", "time")
    check_time([part.start for part in parts], now)
    for part in parts:
        check_length(part.start, part.end)
        check_fit(offered, part.service_id, part.practitioner_id, part.room_id, part.equipment_id)
    asked = [Asked(visits.appointment(offered, part), is_walk_in=is_walk_in) for part in parts]
    numbers = {one.appointment.id: number for number, one in enumerate(asked)}
    broken = judge(session, offered, asked, now, override)
    return frozenset((numbers[one.appointment_id], one.resource_id) for one in broken)


def judge(
    session: Session, offered: Catalogue, asked: Sequence[Asked], now: datetime, override: Override | None
) -> tuple[Broken, ...]:
    """The rules that the appointments break with leave.

    Raises:
        RuleBroken: one is broken without.
    """
    broken = (*_ahead(offered, asked, now), *_outside(session, offered, asked))
    allowed = override.rules if override else frozenset()
    refused = [one for one in broken if one.rule not in allowed]
    if refused:
        words = ", and ".join(dict.fromkeys(one.words for one in refused))
        raise RuleBroken(
            f"{words[0].upper()}{words[1:]}; please choose another.", frozenset(one.rule for one in refused)
        )
    return broken


def check_time(starts: Iterable[datetime], now: datetime) -> None:
    """Refuse a visit that should have begun.

    Raises:
        InvalidInput: its time is over.
    """
    if min(starts, default=now) < now - GRACE:
        raise InvalidInput("That time is over; please choose a later one.", "time")


def check_length(start: datetime, end: datetime) -> None:
    """Refuse what no day of a clinic holds.

    Raises:
        InvalidInput: it ends before it starts, lasts too long, or lies too far away.
    """
    if not (FIRST_YEAR <= start.year <= LAST_YEAR and FIRST_YEAR <= end.year <= LAST_YEAR):
        raise InvalidInput("That date is out of reach; please choose another.", "time")
    if end <= start:
        raise InvalidInput("A visit ends after it begins; please choose a later end.", "time")
    if end - start > LONGEST:
        raise InvalidInput("No visit lasts longer than 24 hours; please choose a shorter time.", "time")


def check_fit(
    offered: Catalogue,
    service_id: UUID,
    practitioner_id: UUID,
    room_id: UUID | None,
    equipment_id: UUID | None,
) -> None:
    """Refuse a practitioner, room or equipment that the service cannot have.

    Raises:
        NotFound: one of them is gone, or that practitioner does not perform it.
        InvalidInput: it needs another room or other equipment.
    """
    service = offered.service(service_id)
    service.performer(practitioner_id)
    for name, place_id, fitting, is_needed in (
        ("room", room_id, offered.rooms_for(service, room_id), service.needs_room),
        ("equipment", equipment_id, offered.equipment_for(service), bool(service.equipment_kind)),
    ):
        if is_needed and place_id is None:
            raise InvalidInput(f"{service.name} needs {_a(name)}; please choose one.", name)
        if place_id is not None and place_id not in {place.id for place in fitting}:
            raise InvalidInput(f"{service.name} does not go with that {name}; please choose another.", name)


def marked(takings: Iterable[Taking], broken: Iterable[tuple[int, UUID]], reason: str) -> list[Taking]:
    """The takings, where a rule was broken with the reason for it."""
    reached = set(broken)
    return [
        replace(taking, override_reason=reason) if (taking.part, taking.resource_id) in reached else taking
        for taking in takings
    ]


def _a(name: str) -> str:
    return name if name == "equipment" else f"a {name}"


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


def _outside(session: Session, offered: Catalogue, asked: Sequence[Asked]) -> Iterable[Broken]:
    """What lies outside the open time of its practitioner, room or equipment; no statement where nothing is new."""
    known = {r.id: r for r in (*offered.practitioners, *offered.rooms, *offered.equipment)}
    wanted = [
        (one, taking)
        for one in asked
        for taking in visits.takings(one.appointment, 0, None)
        if not any(_covers(held, taking) for held in one.held)
    ]
    if not wanted:
        return
    where = offered.clinic.where
    first = min(localtime.local_day(taking.start, where) for _one, taking in wanted)
    last = max(localtime.local_day(taking.end, where) for _one, taking in wanted)
    span = Span(first, (last - first).days + 1, where)
    resources = tuple({taking.resource_id: None for _one, taking in wanted})
    opened = hours.open_times(session, offered.clinic.id, resources, span)
    for one, taking in wanted:
        if taking.resource_id not in known:
            raise NotFound("That practitioner or room is no longer available; please choose another.")
        held = [other for other in one.held if other.resource_id == taking.resource_id]
        minutes = _minutes(span, [taking]) & ~_minutes(span, held) & ~opened[taking.resource_id].open
        if minutes:
            yield _closed(one, known[taking.resource_id], opened[taking.resource_id], minutes)


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
