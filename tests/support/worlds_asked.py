"""What is asked in a small random clinic, and the same question in the search's words, minute by minute."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import permutations
from uuid import UUID

from clinic_scheduler.services.offers.terms import ANY_ORDER, Terms, Within
from clinic_scheduler.services.search.question import (
    Distinct,
    Part,
    Performer,
    Place,
    Question,
    Rank,
    Wait,
    in_sequence,
)
from clinic_scheduler.services.search.visits import Chosen, RankKey, key_of
from clinic_scheduler.services.setup import NewResource
from clinic_scheduler.services.times import timelines
from clinic_scheduler.services.wishes import Opening, Wish
from tests.support import visits_by_trying
from tests.support.worlds import DAY, PATIENT, PEOPLE, ROOMS, SERVICES, World

LANE = 1 << 64


def question(world: World, wishes: Sequence[Wish], terms: Terms, within: Within) -> Question:
    """What is asked, from the world's own minutes."""
    inside = _minutes(world.latest, lambda wall: _is_inside(wall, within))
    grid = _minutes(world.walls, lambda wall: _of_day(wall) % world.clinic.step_min == 0)
    notice = 0 if within.is_walk_in else world.clinic.notice_min
    first = world.minute(world.clock) + 1 + notice
    last = world.minute(world.clock) + 1440 * world.clinic.horizon_days
    visitors = sorted({wish.visitor for wish in wishes})
    listed = [[n for n, wish in enumerate(wishes) if wish.visitor == one] for one in visitors]
    order = frozenset(pair for mine in listed for pair in in_sequence(mine))
    starts = timelines.between(*(world.minute(world.midnight(day)) for day in _asked_days(within)))
    return Question(
        tuple(_part(world, wish) for wish in wishes),
        tuple(timelines.intervals(inside)),
        grid & inside & timelines.between(first, last + 1),
        order=order if terms.order is None else terms.order,
        wait=terms.wait,
        waits=terms.waits,
        together=terms.together,
        same=terms.same,
        different=terms.different,
        visitors=tuple(
            ~world.taken[PATIENT][0] if one == 0 and within.patient_id else -1 for one in visitors
        ),
        apart=terms.apart,
        rank=terms.rank,
        distinct=terms.distinct,
        begin=starts & _minutes(world.latest, lambda wall: _of_day(wall) < within.begins_until_min),
        dawns=tuple(
            next(minute for minute, wall in enumerate(world.walls) if wall.date() == day)
            for day in (world.first + number * DAY for number in range(-1, world.days + 1))
        ),
        per_day=within.per_day,
        taken={
            who.id: tuple(world.opened(who) & ~lane for lane in world.free(who))
            for who in world.some("practitioner")
        },
    )


def _asked_days(within: Within) -> tuple[date, date]:
    """The first day on which visits may start, and that after the last."""
    return within.first, within.first + within.days * DAY


def _minutes(walls: Sequence[datetime], suits: Callable[[datetime], bool]) -> int:
    return sum(suits(wall) << minute for minute, wall in enumerate(walls))


def _is_inside(wall: datetime, within: Within) -> bool:
    is_day = not within.weekdays or wall.weekday() in within.weekdays
    return is_day and within.from_min <= _of_day(wall) < within.until_min


def _of_day(wall: datetime) -> int:
    return wall.hour * 60 + wall.minute


def _part(world: World, wish: Wish) -> Part:
    service = world.service(wish.service_id)
    performers = []
    for who in world.some("practitioner"):
        if who.id in service.performers and (not wish.practitioner_ids or who.id in wish.practitioner_ids):
            duration = service.performers[who.id] or service.duration_min
            gap = service.away if service.away and service.away[1] < duration else None
            free, *more = world.free(who)
            cost = int(wish.preferred_id not in (None, who.id))
            performers.append(Performer(who.id, free, duration, gap, cost, tuple(more)))
    named = wish.room_id or service.room_id
    rooms = [room for room in world.some("room") if named in (None, room.id)]
    needs_equipment = bool(service.equipment_kind)
    return Part(
        tuple(performers),
        service.buffer_before_min,
        service.buffer_after_min,
        _places(world, rooms) if service.room_kind or named else None,
        _places(world, world.some("equipment")) if needs_equipment else None,
        wish.visitor,
    )


def _places(world: World, some: Sequence[NewResource]) -> tuple[Place, ...]:
    """A place for each lane; lanes are told apart by the id's upper half."""
    return tuple(
        Place(UUID(int=one.id.int + lane * LANE), free)
        for one in some
        for lane, free in enumerate(world.free(one))
    )


def key(world: World, asked: Question, opening: Opening) -> RankKey | None:
    """Where an opening stands among the answers."""
    return key_of(
        asked,
        [
            Chosen(number, world.minute(p.start), world.minute(p.end), p.practitioner_id, None, None)
            for number, p in enumerate(opening.parts)
        ],
    )


def has_places(world: World, asked: Question, opening: Opening) -> bool:
    """Whether an opening's rooms and equipment are a choice without a clash."""
    times = tuple(
        (world.minute(part.start), (part.end - part.start) // timedelta(minutes=1)) for part in opening.parts
    )
    offered = (
        tuple(part.room_id for part in opening.parts),
        tuple(part.equipment_id for part in opening.parts),
    )
    return offered in [
        (tuple(map(_resource, rooms)), tuple(map(_resource, equipment)))
        for rooms, equipment in visits_by_trying.places(asked, times)
    ]


def _resource(place: Place | None) -> UUID | None:
    return UUID(int=place.id.int % LANE) if place else None


@dataclass(frozen=True)
class Asked:
    """A random wish for a visit."""

    wishes: tuple[Wish, ...]
    terms: Terms
    within: Within


def ask(world: World, chance: random.Random, *, side_by_side: bool = False, together: bool = True) -> Asked:
    """Something to ask; three services only of one day, so that trying everything ends."""
    count = chance.choice([1, 2, 2, 3])
    wishes = tuple(
        Wish(
            chance.choice(SERVICES),
            tuple(chance.sample(PEOPLE, chance.choice([0, 0, 0, 2]))),
            ROOMS[1] if chance.random() < 0.1 else None,
            chance.choice([None, *PEOPLE]),
            number % 2 if side_by_side else 0,
        )
        for number in range(count)
    )
    pairs = list(permutations(range(count), 2))
    group = (frozenset(range(min(count, 2))),)
    terms = Terms(
        order=chance.choice([None, ANY_ORDER, frozenset(pairs[:1])]),
        wait=Wait(chance.choice([0, 0, 10]), chance.choice([20, 30, 60])),
        waits={pairs[-1]: Wait(0, 90)} if pairs and chance.random() < 0.3 else {},
        together=frozenset(chance.sample(pairs, 1))
        if together and pairs and chance.random() < 0.4
        else ANY_ORDER,
        same=group if chance.random() < 0.1 else (),
        different=group if chance.random() < 0.1 else (),
        apart=chance.choice([0, 30, None]),
        rank=chance.choice(list(Rank)),
        distinct=chance.choice(list(Distinct)),
    )
    return Asked(wishes, terms, _within(world, chance, count))


def _within(world: World, chance: random.Random, count: int) -> Within:
    weekday = (world.first + timedelta(days=chance.randrange(world.days))).weekday()
    is_limited = chance.random() < 0.3
    return Within(
        world.first,
        world.days,
        patient_id=chance.choice([None, PATIENT]),
        per_day=chance.choice([None, None, 1, 3]),
        weekdays=frozenset({weekday}) if count > 2 or chance.random() < 0.2 else frozenset(),
        from_min=chance.choice([0, 570, 600]) if is_limited else 0,
        until_min=chance.choice([660, 705, 1440]) if is_limited else 1440,
        begins_until_min=chance.choice([600, 1440]) if is_limited else 1440,
        is_walk_in=chance.random() < 0.5,
    )
