"""Small random clinics, and what is free in them by trying every minute."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise, product
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.setup import NewClinic, NewResource, NewService

ZONE = localtime.zone("Europe/Berlin")
PEOPLE = [UUID(int=n) for n in (101, 102, 103)]
ROOMS = [UUID(int=n) for n in (201, 202)]
SERVICES = [UUID(int=n) for n in (301, 302, 303)]
STEP = 15
OPENS, CLOSES = 9 * 60, 14 * 60
Choice = tuple[int, UUID, UUID | None, int]  # start, practitioner, room, duration


@dataclass
class World:
    """A clinic on one far Monday; minutes count from its midnight."""

    services: dict[UUID, NewService]
    free: dict[UUID, set[int]]
    day: datetime
    clinic_id: UUID = field(default_factory=new_id)

    def choices(self, service_id: UUID, asked: tuple[UUID, ...] = ()) -> list[Choice]:
        """Every way to give one service, by trying all."""
        service = self.services[service_id]
        found: list[Choice] = []
        rooms = ROOMS if service.room_kind else [None]
        for who, own in service.performers.items():
            if asked and who not in asked:
                continue
            minutes = own or service.duration_min
            for start in range(0, 1440, STEP):
                busy = set(
                    range(start - service.buffer_before_min, start + minutes + service.buffer_after_min)
                )
                found += [
                    (start, who, room, minutes)
                    for room in rooms
                    if busy <= self.free[who] and (room is None or busy <= self.free[room])
                ]
        return found

    def visits(self, wishes: list[UUID], max_wait: int) -> dict[int, tuple[int, int]]:
        """The earliest end and then the least waiting for every first start, by trying all."""
        best: dict[int, tuple[int, int]] = {}
        for chosen in product(*(self.choices(service) for service in wishes)):
            waits = [later[0] - (one[0] + one[3]) for one, later in pairwise(chosen)]
            if any(not 0 <= wait <= max_wait for wait in waits) or self._clashes(wishes, chosen):
                continue
            found = (chosen[-1][0] + chosen[-1][3], sum(waits))
            start = chosen[0][0]
            best[start] = min(best.get(start, found), found)
        return best

    def _clashes(self, wishes: list[UUID], chosen: tuple[Choice, ...]) -> bool:
        taken: set[tuple[UUID, int]] = set()
        for service_id, (start, who, room, minutes) in zip(wishes, chosen, strict=True):
            service = self.services[service_id]
            busy = range(start - service.buffer_before_min, start + minutes + service.buffer_after_min)
            wanted = {(resource, minute) for resource in (who, room) if resource for minute in busy}
            if wanted & taken:
                return True
            taken |= wanted
        return False


def make(work: UnitOfWork, actor: Actor, seed: int) -> World:
    """A clinic of three people, two rooms and three services, with hours and claims by chance."""
    chance = random.Random(seed)  # noqa: S311 - a test
    today = datetime.now(ZONE).date()
    monday = today + timedelta(days=14 - today.weekday())
    day = localtime.midnight(monday, ZONE)
    free: dict[UUID, set[int]] = {room: set(range(1440)) for room in ROOMS}
    resources = [NewResource(room, "room", "Room", room_kind="any") for room in ROOMS]
    for who in PEOPLE:
        opens, closes = OPENS + 15 * chance.randrange(4), CLOSES - 20 * chance.randrange(4)
        rest = chance.randrange(opens, closes - 30)
        hours = setup.week(opens, closes, weekdays=[0], lunch=(rest, rest + 30))
        resources.append(NewResource(who, "practitioner", "Person", hours=hours))
        free[who] = set(range(opens, closes)) - set(range(rest, rest + 30))
    services = {identifier: _service(chance, identifier) for identifier in SERVICES}
    world = World(services, free, day)
    made = NewClinic(
        world.clinic_id,
        "World",
        "Europe/Berlin",
        "DE",
        "EUR",
        tuple(resources),
        tuple(services.values()),
        step_min=STEP,
    )
    work.write(lambda s: setup.create_clinic(s, actor=actor, clinic=made))
    for _ in range(chance.randrange(8)):
        _take(work, world, chance)
    return world


def _service(chance: random.Random, identifier: UUID) -> NewService:
    performers = {who: chance.choice([None, 20, 45]) for who in chance.sample(PEOPLE, chance.randint(1, 2))}
    return NewService(
        identifier,
        f"S{identifier.int}",
        "Service",
        chance.choice([15, 25, 30, 60]),
        buffer_before_min=chance.choice([0, 0, 5]),
        buffer_after_min=chance.choice([0, 5, 10]),
        room_kind=chance.choice(["", "any"]),
        performers=performers,
    )


def _take(work: UnitOfWork, world: World, chance: random.Random) -> None:
    """Block somebody's time, unless it is taken already; seconds matter too."""
    start, length = chance.randrange(OPENS, CLOSES), chance.randrange(5, 50)
    seconds = chance.choice([0, 0, 30])
    resource = chance.choice([*PEOPLE, *ROOMS])
    row = {"id": new_id(), "clinic_id": world.clinic_id, "resource_id": resource, "kind": "block"}
    begins = world.day + timedelta(minutes=start, seconds=seconds)
    times = {"start_at": begins, "end_at": begins + timedelta(minutes=length)}
    try:
        with work.engine.begin() as connection:
            connection.execute(insert(t.Claim).values(**row, **times))
    except IntegrityError:
        return
    world.free[resource] -= set(range(start, start + length + (seconds > 0)))
