"""Small random clinics, known to the minute: what is free in them is worked out from the wall clock."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.setup import Hours, NewClinic, NewResource, NewService
from clinic_scheduler.services.taking import claims
from tests.support.clinics import shift_clock

PEOPLE = [UUID(int=n) for n in (101, 102, 103)]
ROOMS = [UUID(int=n) for n in (201, 202)]
MACHINES = [UUID(int=n) for n in (401, 402)]
SERVICES = [UUID(int=n) for n in (301, 302, 303)]
PATIENT = UUID(int=501)
MONDAY = date(2027, 2, 1)
DAYS, STEP = 2, 30
DAY = timedelta(days=1)
OPENS = 9 * 60
# The last days of months: of February in either kind of year, of a long one, of the year.
MONTH_ENDS = [date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2027, 1, 31), date(2027, 12, 31)]
# Days on which clocks go forward and back, and when the hours begin so that the change lies in them.
CHANGES = [
    ("Europe/Berlin", date(2027, 3, 28), 30),
    ("Europe/Berlin", date(2027, 10, 31), 30),
    ("America/New_York", date(2027, 3, 14), 30),
    ("America/New_York", date(2027, 11, 7), 0),
    ("America/St_Johns", date(2027, 3, 14), 30),
    ("Pacific/Auckland", date(2027, 9, 26), 30),
    ("Pacific/Auckland", date(2027, 4, 4), 30),
    ("Australia/Lord_Howe", date(2027, 10, 3), 30),
    ("Australia/Lord_Howe", date(2027, 4, 4), 30),
    ("America/Santiago", date(2027, 9, 5), -90),
    ("America/Santiago", date(2027, 4, 4), -150),
    ("Asia/Beirut", date(2027, 3, 28), -90),
    ("Asia/Beirut", date(2027, 10, 31), -150),
]


@dataclass
class World:
    """A clinic and its time: the `days` from `first` on which visits may start, and the day before and after them.

    Minutes count from the midnight of the day before. `clock` is what its database's clock was set to.
    """

    clinic: NewClinic
    first: date
    clock: datetime
    days: int = DAYS
    taken: dict[UUID, list[int]] = field(default_factory=dict)
    _opened: dict[UUID, int] = field(default_factory=dict)

    @property
    def where(self) -> ZoneInfo:
        """The time zone."""
        return localtime.zone(self.clinic.zone)

    @cached_property
    def start(self) -> datetime:
        """The instant of minute 0."""
        return self.midnight(self.first - DAY)

    def midnight(self, day: date) -> datetime:
        """The instant at which a day begins."""
        moment = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=30)
        while moment.astimezone(self.where).date() < day:
            moment += localtime.MINUTE
        return moment

    @cached_property
    def walls(self) -> list[datetime]:
        """What the clock on the wall shows at each minute."""
        found: list[datetime] = []
        moment, last = self.start, self.first + self.days * DAY
        while (wall := moment.astimezone(self.where)).date() <= last:
            found.append(wall.replace(tzinfo=None))
            moment += localtime.MINUTE
        return found

    @cached_property
    def latest(self) -> list[datetime]:
        """The latest time that the wall has shown by then, which is what hours go by: a repeated hour adds nothing."""
        return list(accumulate(self.walls, max))

    def minute(self, moment: datetime) -> int:
        """The minute of an instant."""
        return (moment - self.start) // localtime.MINUTE

    def free(self, resource: NewResource) -> list[int]:
        """The free minutes of each lane."""
        opened = self.opened(resource)
        return [opened & ~taken for taken in self.taken[resource.id]]

    def opened(self, resource: NewResource) -> int:
        """The minutes in its hours outside its breaks; without hours it is always open."""
        if resource.id not in self._opened:
            self._opened[resource.id] = self._open_minutes(resource)
        return self._opened[resource.id]

    def _open_minutes(self, resource: NewResource) -> int:
        found = 0
        for minute, wall in enumerate(self.latest):
            now = [
                row.is_break
                for row in resource.hours
                if row.weekday == wall.weekday() and row.start_min <= _of_day(wall) < row.end_min
            ]
            found |= (not resource.hours or (bool(now) and True not in now)) << minute
        return found

    def service(self, identifier: UUID) -> NewService:
        """The service of that id."""
        return next(service for service in self.clinic.services if service.id == identifier)

    def some(self, kind: str) -> list[NewResource]:
        """Its practitioners, rooms or equipment."""
        return [resource for resource in self.clinic.resources if resource.kind == kind]


def _of_day(wall: datetime) -> int:
    return wall.hour * 60 + wall.minute


def make(
    work: UnitOfWork,
    actor: Actor,
    seed: int,
    *,
    zone: str = "Europe/Berlin",
    first: date = MONDAY,
    notice_min: int = 0,
    horizon_days: int = 365,
    clock: timedelta = timedelta(days=-1, hours=18),
    opens: int = OPENS,
) -> World:
    """A clinic with hours, services and claims by chance.

    Its database's clock stands at `clock` from the midnight of `first`. Its days begin at about minute `opens`; what is
    negative lies in the evening before.
    """
    chance = random.Random(seed)  # noqa: S311 - a test
    lanes = (1, 1, 2)
    resources = [
        *(
            NewResource(
                who, "practitioner", "Person", hours=_hours(chance, opens), capacity=chance.choice(lanes)
            )
            for who in PEOPLE
        ),
        *(NewResource(one, "room", "Room", room_kind="any", capacity=chance.choice(lanes)) for one in ROOMS),
        *(
            NewResource(one, "equipment", "Laser", equipment_kind="laser", capacity=chance.choice(lanes))
            for one in MACHINES
        ),
    ]
    made = NewClinic(
        new_id(),
        "World",
        zone,
        "DE",
        "EUR",
        tuple(resources),
        tuple(_service(chance, identifier) for identifier in SERVICES),
        step_min=STEP,
        notice_min=notice_min,
        horizon_days=horizon_days,
    )
    world = World(made, first, clock=datetime.min.replace(tzinfo=UTC))
    world.clock = world.midnight(first) + clock
    world.taken = {one.id: [0] * one.capacity for one in resources} | {PATIENT: [0]}
    work.write(lambda s: setup.create_clinic(s, actor=actor, clinic=made))
    work.write(lambda s: patients.write(s, made.id, [PatientLine(PATIENT, "Emma Müller", "", "", None, "")]))
    shift_clock(work, world.clock - work.read(claims.now))
    for _ in range(chance.randrange(3, 12)):
        _take(work, world, chance, opens % 1440)
    return world


def _hours(chance: random.Random, opens: int) -> tuple[Hours, ...]:
    """Short days, so that trying everything ends; those of a night begin before midnight."""
    found = []
    for weekday in range(7):
        begins = opens + 15 * chance.randrange(4)
        ends = begins + 210 + 15 * chance.randrange(4)
        rest = chance.randrange(begins + 30, ends - 60, 5)
        for start, end, is_break in ((begins, ends, False), (rest, rest + 20, True)):
            found += _on(weekday, start, end, is_break=is_break)
    return tuple(found)


def _on(weekday: int, start: int, end: int, *, is_break: bool) -> list[Hours]:
    """Hours of a weekday; what lies before its midnight is the evening before."""
    rows = []
    if start < 0:
        rows.append(Hours((weekday - 1) % 7, start + 1440, min(end, 0) + 1440, is_break))
    if end > 0:
        rows.append(Hours(weekday, max(start, 0), end, is_break))
    return rows


def _service(chance: random.Random, identifier: UUID) -> NewService:
    performers = {who: chance.choice([None, None, 45]) for who in chance.sample(PEOPLE, chance.randint(2, 3))}
    room = chance.choice(["", "any", "named"])
    return NewService(
        identifier,
        f"S{identifier.int}",
        "Service",
        chance.choice([25, 30, 60]),
        price_cents=chance.randrange(100),
        buffer_before_min=chance.choice([0, 0, 5]),
        buffer_after_min=chance.choice([0, 5, 10]),
        room_kind="any" if room == "any" else "",
        room_id=ROOMS[1] if room == "named" else None,
        equipment_kind=chance.choice(["", "", "laser"]),
        away=chance.choice([None, None, (10, 20)]),
        performers=performers,
    )


def _take(work: UnitOfWork, world: World, chance: random.Random, opens: int) -> None:
    """Block somebody's time, unless it is taken already; seconds matter too."""
    start = 1440 * chance.randrange(world.days + 2) + opens + chance.randrange(180)
    length, seconds = chance.randrange(5, 50), chance.choice([0, 0, 30])
    resource = chance.choice([*PEOPLE, *PEOPLE, *ROOMS, *MACHINES, PATIENT])
    lane = chance.randrange(len(world.taken[resource]))
    begins = world.start + timedelta(minutes=start, seconds=seconds)
    row = {
        "id": new_id(),
        "clinic_id": world.clinic.id,
        "resource_id": resource,
        "kind": "block",
        "lane": lane + 1,
        "start_at": begins,
        "end_at": begins + timedelta(minutes=length),
    }
    try:
        with work.engine.begin() as connection:
            connection.execute(insert(t.Claim).values(**row))
    except IntegrityError:
        return
    for minute in range(start, start + length + (seconds > 0)):
        world.taken[resource][lane] |= 1 << minute
