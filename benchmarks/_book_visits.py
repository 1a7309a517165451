"""A clinic of fifty practitioners and what its book holds: seeded, week by week, the same on every machine.

A week holds the same visits however many weeks come before it, so that books of any size answer alike about the weeks
they share. Minutes count from 1970; a week is numbered from the one that `Monday` begins, which is the first still to
come.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic_scheduler.db.states import AppointmentStatus, PaymentState, Source
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.setup import NewClinic, NewResource, NewService

CLINIC, DESK = UUID(int=1), UUID(int=2)
ZONE = ZoneInfo("Europe/Berlin")
PEOPLE = tuple(UUID(int=1001 + n) for n in range(50))
KINDS = ("treatment", "exam", "gym")
ROOMS = tuple(UUID(int=2001 + n) for n in range(36))
PIECES = tuple(UUID(int=2501 + n) for n in range(8))
SERVICES = tuple(UUID(int=3001 + n) for n in range(60))
WEEKLY, AHEAD_WEEKS = 1923, 8  # appointments of a week, one in ten of them cancelled; weeks from Monday on
TRIED = 1953  # of which some find no room
STAYING, ARRIVING = 20_000, 100  # patients who come at any one time, and those who are new each week
LONGEST_LEAD_MIN = 11 * 7 * 1440
LENGTHS, BUFFERS = (15, 20, 30, 30, 45, 60), (0, 0, 5, 10)
STEP = 5
HALVES = (((540, 750), (780, 1050)),) * 5 + (((540, 780),),)  # opening minutes by weekday, without the lunch
FIRST = ("Anna", "Ben", "Chloé", "Dmitri", "Eva", "Faruk", "Greta", "Hiro", "Ines", "Jonas", "Katya", "Lina")
LAST = ("Müller", "Novak", "O'Brien", "Sørensen", "García", "Kowalska", "Rossi", "Şahin", "Nguyen", "Weber")


class Slot(NamedTuple):
    """One appointment to be: its service and people by number, its minute, rooms by id or None."""

    service: int
    practitioner: int
    start: int
    room: UUID | None
    piece: UUID | None


class Visit(NamedTuple):
    """A booking to be; `patient` is a number, or None for a guest; `ended` is when the time was given back."""

    created: int
    slots: tuple[Slot, ...]
    patient: int | None
    status: str
    ended: int | None
    source: str
    payment: str
    notes: str


def blueprint() -> NewClinic:
    """The clinic as it is set up."""
    hours = setup.week(540, 1050, lunch=(750, 780)) + setup.week(540, 780, weekdays=(5,))
    people = tuple(
        NewResource(
            who,
            "practitioner",
            f"{FIRST[n % 12]} {LAST[n % 10]} {n + 1}",
            "Therapist",
            hue=n % 12,
            hours=hours,
        )
        for n, who in enumerate(PEOPLE)
    )
    rooms = tuple(
        NewResource(room, "room", f"Room {n + 1}", room_kind=KINDS[n % 3]) for n, room in enumerate(ROOMS)
    )
    pieces = tuple(
        NewResource(piece, "equipment", f"Laser {n + 1}", equipment_kind="laser")
        for n, piece in enumerate(PIECES)
    )
    services = tuple(service_of(number) for number in range(len(SERVICES)))
    return NewClinic(CLINIC, "Great Book", "Europe/Berlin", "DE", "EUR", people + rooms + pieces, services)


def name_of(practitioner: int) -> str:
    """The name that the calendar shows."""
    return f"{FIRST[practitioner % 12]} {LAST[practitioner % 10]} {practitioner + 1}"


@lru_cache(maxsize=128)
def service_of(n: int) -> NewService:
    return NewService(
        SERVICES[n],
        f"S{n + 1}",
        f"Service {n + 1}",
        LENGTHS[n % 6],
        2000 + 500 * (n % 17),
        "Therapy",
        buffer_before_min=5 if n % 8 == 7 else 0,
        buffer_after_min=BUFFERS[n * 7 // 6 % 4],
        room_kind="" if n % 5 < 2 else KINDS[n % 3],
        equipment_kind="laser" if n % 10 == 9 else "",
        hue=n % 12,
        performers={PEOPLE[(n * 5 + place * 7 + n // 10) % 50]: None for place in range(2 + n % 9)},
    )


@lru_cache(maxsize=1)
def performed() -> tuple[tuple[int, ...], ...]:
    """For each practitioner the numbers of the services, the shortest first."""
    return tuple(
        tuple(sorted((n for n in range(len(SERVICES)) if who in service_of(n).performers), key=length_of))
        for who in PEOPLE
    )


@lru_cache(maxsize=128)
def length_of(service: int) -> int:
    """Minutes with both buffers."""
    kept = service_of(service)
    return kept.buffer_before_min + kept.duration_min + kept.buffer_after_min


def visits(monday: date, weeks: int) -> Iterator[Visit]:
    """Every visit of the book in the order in which they were booked."""
    waiting: list[Visit] = []
    for number in range(AHEAD_WEEKS - weeks, AHEAD_WEEKS):
        begins = minute_of(localtime.midnight(monday + timedelta(weeks=number), ZONE))
        waiting += _week(monday, number)
        waiting.sort(key=lambda visit: visit.created)
        ready = next(
            (n for n, v in enumerate(waiting) if v.created >= begins - LONGEST_LEAD_MIN), len(waiting)
        )
        yield from waiting[:ready]
        del waiting[:ready]
    yield from waiting


def patients(weeks: int) -> range:
    """The numbers of all the patients of a book."""
    return range(_first_patient(AHEAD_WEEKS - weeks), _first_patient(AHEAD_WEEKS - 1) + STAYING)


def _first_patient(week: int) -> int:
    return (week + 10_000) * ARRIVING


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _week(monday: date, number: int) -> Iterator[Visit]:
    chance = random.Random(f"book {number}")  # noqa: S311 - a workload, no secret
    first = _first_patient(number)
    comers = iter(chance.sample(range(first, first + STAYING), TRIED * 6 // 5))
    today = minute_of(localtime.midnight(monday, ZONE))
    owed = [0.0] * len(PEOPLE)
    for weekday, halves in enumerate(HALVES):
        day = monday + timedelta(weeks=number, days=weekday)
        opens = minute_of(localtime.at_minute(day, 540, ZONE)) - 540
        lines = [
            _half_day(chance, who, opens + half[0], half[1] - half[0], owed)
            for half in halves
            for who in range(len(PEOPLE))
        ]
        for slots in _placed(chance, lines):
            yield _visit(chance, slots, next(comers), today)


def _half_day(
    chance: random.Random, who: int, opens: int, length: int, owed: list[float]
) -> list[tuple[int, int, int]]:
    """Of one practitioner: when each appointment begins (its buffer included), the service, and who."""
    owed[who] += TRIED / len(PEOPLE) / sum(len(halves) for halves in HALVES)
    count = int(owed[who] + chance.random())
    able = performed()[who]
    chosen = [able[int(chance.random() * len(able))] for _ in range(count)]
    while sum(map(length_of, chosen)) > length:
        longest = max(chosen, key=length_of)
        chosen.remove(longest)
        if longest != able[0]:
            chosen.append(able[0])
    owed[who] -= len(chosen)
    slack = (length - sum(map(length_of, chosen))) // STEP
    pauses = sorted(int(chance.random() * (slack + 1)) for _ in chosen)
    found, at, before = [], opens, 0
    for service, pause in zip(chosen, pauses, strict=True):
        at += (pause - before) * STEP
        before = pause
        found.append((at, service, who))
        at += length_of(service)
    return found


def _placed(chance: random.Random, lines: list[list[tuple[int, int, int]]]) -> Iterator[tuple[Slot, ...]]:
    """The visits of a day with rooms and equipment, one part or two; whatever finds no room does not take place."""
    free_from = dict.fromkeys((*ROOMS, *PIECES), 0)
    places = {kind: ROOMS[n::3] for n, kind in enumerate(KINDS)} | {"laser": PIECES}
    placed: dict[tuple[int, int], Slot] = {}
    for begins, number, who in sorted(entry for line in lines for entry in line):
        service = service_of(number)
        kinds = [kind for kind in (service.room_kind, service.equipment_kind) if kind]
        found = [[each for each in places[kind] if free_from[each] <= begins] for kind in kinds]
        if not all(found):
            continue
        taken = {
            kind: each[int(chance.random() * len(each))] for kind, each in zip(kinds, found, strict=True)
        }
        free_from |= dict.fromkeys(taken.values(), begins + length_of(number))
        placed[begins, who] = Slot(
            number, who, begins + service.buffer_before_min, taken.get(service.room_kind), taken.get("laser")
        )
    for line in lines:
        parts = [placed[begins, who] for begins, _number, who in line if (begins, who) in placed]
        while parts:
            size = 2 if chance.random() < 0.12 else 1
            yield tuple(parts[:size])
            del parts[:size]


def _visit(chance: random.Random, slots: tuple[Slot, ...], patient: int, today: int) -> Visit:
    start, end = slots[0].start, slots[-1].start + length_of(slots[-1].service)
    lead = min(int(chance.expovariate(1 / (14 * 1440))) + 10, LONGEST_LEAD_MIN)
    created = min(start - lead, today - 10 - int(chance.random() * 14 * 1440))
    fate, status, ended = chance.random(), AppointmentStatus.COMPLETED, None
    if fate < 0.10:
        status = AppointmentStatus.CANCELLED
        ended = created + 1 + int((min(start, today) - created - 1) * chance.random())
    elif end > today:
        status = AppointmentStatus.PENDING if fate < 0.2 else AppointmentStatus.CONFIRMED
    elif fate < 0.14:
        status, ended = AppointmentStatus.NO_SHOW, start + 20
    is_paid = status == AppointmentStatus.COMPLETED and chance.random() < 0.9
    return Visit(
        created,
        slots,
        None if chance.random() < 0.05 else patient,
        status,
        ended,
        (Source.PHONE, Source.WALK_IN, Source.ONLINE)[int(chance.random() * 3)],
        PaymentState.PAID if is_paid else PaymentState.PENDING,
        "Asked for the quiet room at the end of the floor." if chance.random() < 0.3 else "",
    )
