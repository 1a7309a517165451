"""Tangled clinics made by chance: every rule, absence and kind of claim there is, at times that nobody chose."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import catalogue, localtime, references, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.setup import Hours, NewClinic, NewResource, NewService
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.claims import Taking
from clinic_scheduler.services.taking.visits import NewAppointment, NewBooking
from tests.support import clinics

ZONE = localtime.zone("Europe/Berlin")
MONDAY, DAYS = date(2031, 5, 5), 2
PEOPLE = [UUID(int=n) for n in (101, 102, 103)]
ROOMS = [UUID(int=n) for n in (201, 202)]
MACHINES = [UUID(int=n) for n in (251, 252)]
SERVICES = [UUID(int=n) for n in (301, 302, 303, 304)]
PATIENTS = [UUID(int=n) for n in (401, 402)]


class Taken(NamedTuple):
    """A claim that counts; `what` is its appointment, session or own id."""

    taking: Taking
    layer: str
    what: UUID

    @property
    def minutes(self) -> range:
        """Every minute that it takes, even in part, counted from the first midnight."""
        one, minute = self.taking, timedelta(minutes=1)
        return minutes(one.start - one.buffer_before_min * minute, one.end + one.buffer_after_min * minute)


class Away(NamedTuple):
    """An absence of one resource, or with none of everybody."""

    resource_id: UUID | None
    start: datetime
    end: datetime
    reason: str


class Special(NamedTuple):
    """Other hours of a resource on one day; without them it is off."""

    resource_id: UUID
    day: date
    hours: tuple[int, int] | None
    reason: str


@dataclass
class Tangle:
    """A clinic and all that was put into it; `now` is where its database's clock stands."""

    clinic: NewClinic
    now: datetime
    specials: list[Special]
    away: list[Away]
    taken: list[Taken] = field(default_factory=list)
    lapsed: list[Taken] = field(default_factory=list)


def instant(minute: int) -> datetime:
    """The instant of a minute counted from the first midnight; no clock changes in these days."""
    return localtime.midnight(MONDAY, ZONE) + timedelta(minutes=minute)


def minutes(start: datetime, end: datetime) -> range:
    """All the minutes of which an interval takes a part."""
    zero, minute = instant(0), timedelta(minutes=1)
    return range((start - zero) // minute, -((zero - end) // minute))


def make(work: UnitOfWork, actor: Actor, chance: random.Random) -> Tangle:
    """A tangle in an empty database."""
    now = instant(10 * 60 + 7) + timedelta(seconds=30)
    if chance.random() < 0.7:
        now -= timedelta(days=7)
    notice, horizon = chance.choice(((0, 365), (90, 365), (7 * 1440, 365), (0, 7)))
    clinic = NewClinic(
        actor.clinic_id,
        "Tangle",
        ZONE.key,
        "DE",
        "EUR",
        tuple(_resources(chance)),
        tuple(_service(chance, one) for one in SERVICES),
        step_min=chance.choice((5, 10, 15)),
        notice_min=notice,
        horizon_days=horizon,
    )
    places = [*PEOPLE, *ROOMS, *MACHINES]
    tangle = Tangle(
        clinic,
        now,
        [_special(chance, who, day) for who in places for day in range(DAYS) if chance.random() < 0.15],
        [_away(chance, who) for who in (*places, *PEOPLE, None) if chance.random() < 0.25],
    )
    clinics.stop_clock(work, now)
    work.write(lambda s: _write(s, actor, tangle))
    work.write(lambda s: _book(s, actor, tangle, chance))
    return tangle


def _resources(chance: random.Random) -> list[NewResource]:
    people = [
        NewResource(who, "practitioner", f"Person {who.int}", hours=_week(chance, who)) for who in PEOPLE
    ]
    places = [
        NewResource(
            one,
            kind,
            f"{kind.capitalize()} {one.int}",
            room_kind="any" if kind == "room" else "",
            equipment_kind="any" if kind == "equipment" else "",
            capacity=chance.choice((1, 1, 2, 3)),
            hours=_week(chance, one) if chance.random() < 0.3 else (),
        )
        for kind, some in (("room", ROOMS), ("equipment", MACHINES))
        for one in some
    ]
    return people + places


def _week(chance: random.Random, who: UUID) -> tuple[Hours, ...]:
    """Hours of each examined day, breaks in them and beside them; some hold in every second week only."""
    found = []
    for weekday in range(DAYS):
        opens = chance.randrange(0, 12) * 60
        every = chance.choice((1, 1, 1, 2))
        closes = opens + chance.randrange(240, 780)
        found.append(Hours(weekday, opens, closes, every_weeks=every, week=chance.randrange(every)))
        for number in range(chance.randrange(3)):
            start = chance.randrange(0, 1380)
            label = f"Break {number} of {who.int} on {weekday}"
            found.append(Hours(weekday, start, start + chance.randrange(5, 60), is_break=True, label=label))
    if chance.random() < 0.2:
        found.append(Hours(0, 1200, 1740))  # a night
    return tuple(found)


def _service(chance: random.Random, identifier: UUID) -> NewService:
    duration = chance.choice((15, 20, 45, 60, 90))
    performers = {who: chance.choice((None, 25, 70)) for who in chance.sample(PEOPLE, chance.randint(1, 2))}
    return NewService(
        identifier,
        f"S{identifier.int}",
        f"Service {identifier.int}",
        duration,
        buffer_before_min=chance.choice((0, 0, 5)),
        buffer_after_min=chance.choice((0, 10, 25)),
        room_kind=chance.choice(("", "any")),
        room_id=chance.choice((None, None, ROOMS[0])),
        equipment_kind=chance.choice(("", "", "any")),
        away=chance.choice((None, (5, 12))),
        performers=performers,
    )


def _special(chance: random.Random, who: UUID, day: int) -> Special:
    opens = chance.randrange(0, 900)
    hours = (opens, opens + chance.randrange(60, 500)) if chance.random() < 0.6 else None
    return Special(who, MONDAY + timedelta(days=day), hours, f"Special of {who.int} on {day}")


def _away(chance: random.Random, who: UUID | None) -> Away:
    start = instant(chance.randrange(-200, DAYS * 1440)) + timedelta(seconds=chance.choice((0, 30)))
    return Away(who, start, start + timedelta(minutes=chance.randrange(10, 400)), f"Away {chance.random()}")


def _write(session: Session, actor: Actor, tangle: Tangle) -> None:
    setup.create_clinic(session, actor=actor, clinic=tangle.clinic)
    lines = [PatientLine(one, f"Patient {one.int}", "", "", None, "") for one in PATIENTS]
    patients.write(session, actor.clinic_id, lines)
    for one in tangle.specials:
        opens, closes = one.hours or (None, None)
        row = {"id": new_id(), "resource_id": one.resource_id, "day": one.day, "reason": one.reason}
        session.execute(insert(t.HoursException).values(**row, start_min=opens, end_min=closes))
    for away in tangle.away:
        row = {"id": new_id(), "start_at": away.start, "end_at": away.end, "reason": away.reason}
        if away.resource_id is None:
            session.execute(insert(t.Closure).values(**row, clinic_id=actor.clinic_id))
        else:
            session.execute(insert(t.TimeOff).values(**row, resource_id=away.resource_id))


def _book(session: Session, actor: Actor, tangle: Tangle, chance: random.Random) -> None:
    """Put claims where nothing of the same lane is in the way."""
    offered = catalogue.catalogue(session, actor.clinic_id)
    for _ in range(25):
        service = chance.choice(tangle.clinic.services)
        start = instant(chance.randrange(0, DAYS * 1440)) + timedelta(seconds=chance.choice((0, 0, 30)))
        end = start + timedelta(minutes=service.duration_min)
        appointment = NewAppointment(
            id=new_id(),
            service_id=service.id,
            practitioner_id=chance.choice(PEOPLE),
            room_id=chance.choice((None, *ROOMS)),
            day=localtime.local_day(start, ZONE),
            start=start,
            end=end,
            price_cents=0,
            buffer_before_min=service.buffer_before_min,
            buffer_after_min=service.buffer_after_min,
            equipment_id=chance.choice((None, *MACHINES)),
            away=service.away,
        )
        patient = chance.choice((None, *PATIENTS))
        takings = [_in_lane(tangle, chance, one) for one in visits.takings(appointment, 0, patient)]
        kind = chance.choice(("appointment", "appointment", "hold", "lapsed", "block"))
        others = tangle.lapsed if kind == "lapsed" else tangle.taken
        if any(_clashes(others, taking) for taking in takings):
            continue
        if kind == "appointment":
            booking = NewBooking(
                new_id(),
                references.new_reference(),
                "phone",
                (appointment,),
                patient,
                "" if patient else "Guest",
            )
            visits.write(session, offered.clinic, [booking], actor.user_id)
        _claim(session, actor, tangle, chance, kind, takings)


def _in_lane(tangle: Tangle, chance: random.Random, taking: Taking) -> Taking:
    capacity = next((r.capacity for r in tangle.clinic.resources if r.id == taking.resource_id), 1)
    lane = chance.randint(1, capacity + 1)
    return replace(taking, lane=lane, override_reason="Agreed" if lane > capacity else "")


def _clashes(others: list[Taken], taking: Taking) -> bool:
    mine = Taken(taking, "", taking.resource_id).minutes
    return any(
        (other.taking.resource_id, other.taking.lane) == (taking.resource_id, taking.lane)
        and other.minutes.start < mine.stop
        and mine.start < other.minutes.stop
        for other in others
    )


def _claim(
    session: Session, actor: Actor, tangle: Tangle, chance: random.Random, kind: str, takings: list[Taking]
) -> None:
    now, owner = tangle.now, new_id()
    is_hold, lapses = kind in {"hold", "lapsed"}, kind == "lapsed"
    until = now - timedelta(minutes=chance.choice((0, 4))) if lapses else now + timedelta(minutes=9)
    if is_hold:
        session.execute(insert(t.BookingSession).values(_session(actor, owner, now)))
    for taking in takings:
        identifier = new_id()
        what = {"appointment": taking.appointment_id, "hold": owner}.get(kind) or identifier
        session.execute(
            insert(t.Claim).values(
                id=identifier,
                clinic_id=actor.clinic_id,
                resource_id=taking.resource_id,
                lane=taking.lane,
                kind="hold" if is_hold else kind,
                session_id=owner if is_hold else None,
                appointment_id=taking.appointment_id if kind == "appointment" else None,
                start_at=taking.start,
                end_at=taking.end,
                buffer_before_min=taking.buffer_before_min,
                buffer_after_min=taking.buffer_after_min,
                live_from=now - timedelta(minutes=10) if lapses else now,
                live_to=until if is_hold else None,
                override_reason=taking.override_reason,
            )
        )
        found = Taken(taking, {"block": "blocked"}.get(kind, kind), what)
        (tangle.lapsed if lapses else tangle.taken).append(found)


def _session(actor: Actor, identifier: UUID, now: datetime) -> dict[str, object]:
    return {
        "id": identifier,
        "clinic_id": actor.clinic_id,
        "user_id": new_id(),
        "user_name": "Rosa Lind",
        "workstation": "Desk 2",
        "choices": {},
        "expires_at": now + timedelta(hours=2),
    }
