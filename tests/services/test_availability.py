"""What is offered is free, and all that is free is offered."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import availability, booking_session, claims, localtime
from clinic_scheduler.services.availability import Within
from clinic_scheduler.services.wishes import Wish
from tests.support import desk, worlds
from tests.support.clinics import (
    ANA,
    BEN,
    BLUE_ROOM,
    CLINIC,
    EMMA,
    GAIT,
    MASSAGE,
    OLGA,
    PHYSIO,
    RED_ROOM,
    SPEECH,
    ZONE,
    shift_clock,
)

MAX_WAIT = 30


def offered(work, wishes, first, **options):
    wait = options.pop("max_wait_min", MAX_WAIT)
    clinic_id = options.pop("clinic_id", CLINIC)
    within = Within(first, **{"days": 1, "limit": 10_000} | options)
    return work.read(
        lambda s: availability.free_visits(
            s, clinic_id=clinic_id, wishes=wishes, within=within, max_wait_min=wait
        )
    )


def walls(openings):
    return [localtime.wall_text(one.start, ZONE)[-5:] for one in openings]


@pytest.mark.parametrize("seed", range(25))
def test_the_free_starts_of_a_service_are_what_trying_every_minute_finds(sqlite_work, actor, seed):
    world = worlds.make(sqlite_work, actor, seed)
    first = localtime.local_day(world.day, worlds.ZONE)
    for service in worlds.SERVICES:
        for asked in ((), (worlds.PEOPLE[0],)):
            found = offered(sqlite_work, [Wish(service, asked)], first, clinic_id=world.clinic_id)
            starts = [(one.start - world.day) // localtime.MINUTE for one in found]
            assert sorted(starts) == sorted({start for start, *_rest in world.choices(service, asked)})
            for one in found:
                (part,) = one.parts
                minutes = (part.end - part.start) // localtime.MINUTE
                chosen = (
                    (part.start - world.day) // localtime.MINUTE,
                    part.practitioner_id,
                    part.room_id,
                    minutes,
                )
                assert chosen in world.choices(service, asked)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("count", [2, 3])
def test_whole_visits_are_the_best_that_trying_everything_finds(sqlite_work, actor, seed, count):
    world = worlds.make(sqlite_work, actor, seed)
    first = localtime.local_day(world.day, worlds.ZONE)
    services = [worlds.SERVICES[(seed + step) % 3] for step in range(count)]
    found = offered(sqlite_work, [Wish(one) for one in services], first, clinic_id=world.clinic_id)
    minute = localtime.MINUTE
    best = {
        (one.start - world.day) // minute: ((one.end - world.day) // minute, one.waiting_min) for one in found
    }
    assert best == world.visits(services, MAX_WAIT)
    assert [(one.end, one.start) for one in found] == sorted((one.end, one.start) for one in found)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_offered_can_be_held(work, actor, seed):
    world = worlds.make(work, actor, seed)
    first = localtime.local_day(world.day, worlds.ZONE)
    wishes = [Wish(one) for one in worlds.SERVICES]
    there = booking_actor(actor, world)
    for one in offered(work, wishes, first, clinic_id=world.clinic_id)[::5][:6]:
        begun = work.write(lambda s: booking_session.start(s, actor=there)).value
        held = desk.hold(work, there, begun, *one.parts)
        work.write(lambda s, at=held: booking_session.discard(s, actor=there, session_id=at.session.id))


def booking_actor(actor, world):
    return type(actor)(
        actor.user_id, actor.name, actor.initials, actor.workstation, world.clinic_id, actor.permissions
    )


def test_a_service_is_offered_in_its_hours_outside_the_break(work, clinic):
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert (found[0], found[-1]) == ("09:00", "16:15")
    assert "11:15" in found
    assert "11:20" not in found
    assert "13:00" in found


def test_a_practitioners_own_duration_counts(work, clinic):
    (first, *_rest) = offered(work, [Wish(SPEECH)], clinic.monday)
    assert first.end - first.start == timedelta(minutes=60)
    assert first.parts[0].price_cents == 6000


def test_a_booked_time_is_offered_to_nobody_and_its_edges_are(work, actor, clinic):
    desk.book(work, actor, [clinic.part("10:00")])
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert "09:15" in found
    assert not {"09:20", "10:00", "10:40"} & set(found)
    assert "10:45" in found


def test_a_minute_that_is_taken_in_part_is_taken(work, clinic):
    row = {"id": new_id(), "clinic_id": CLINIC, "resource_id": ANA, "kind": "block"}
    times = {
        "start_at": clinic.at("09:50") + timedelta(seconds=30),
        "end_at": clinic.at("10:30") + timedelta(seconds=1),
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.Claim).values(**row, **times))
    found = walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))
    assert found[:3] == ["09:00", "09:05", "10:35"]


def test_ones_own_hold_is_no_obstacle_and_a_colleagues_is(work, actor, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("09:00"))
    wish = [Wish(PHYSIO, (ANA,))]
    assert walls(offered(work, wish, clinic.monday))[0] == "09:45"
    assert walls(offered(work, wish, clinic.monday, session_id=begun.id, patient_id=EMMA))[0] == "09:00"


def test_a_hold_that_expired_is_no_obstacle(work, actor, clinic):
    held = desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    shift_clock(work, held.until - work.read(claims.now))
    assert walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))[0] == "09:00"


def test_the_patient_must_be_free_too(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")], OLGA)
    wish = [Wish(PHYSIO, (BEN,))]
    assert walls(offered(work, wish, clinic.monday))[0] == "09:00"
    assert walls(offered(work, wish, clinic.monday, patient_id=OLGA))[0] == "09:45"


def test_a_room_is_found_while_there_is_one(work, actor, clinic):
    def block(room):
        times = {"start_at": clinic.at("09:00"), "end_at": clinic.at("12:00")}
        row = {"id": new_id(), "clinic_id": CLINIC, "resource_id": room, "kind": "block"}
        with work.engine.begin() as connection:
            connection.execute(insert(t.Claim).values(**row, **times))

    def first():
        return offered(work, [Wish(MASSAGE)], clinic.monday)[0]

    assert first().parts[0].room_id == BLUE_ROOM
    block(BLUE_ROOM)
    assert (walls([first()]), first().parts[0].room_id) == (["09:00"], RED_ROOM)
    block(RED_ROOM)
    assert walls([first()]) == ["13:00"]


def test_waiting_is_as_long_as_it_may_be(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", BEN), clinic.part("09:45", BEN)])
    wishes = [Wish(GAIT), Wish(MASSAGE)]  # 60 minutes with Ana, then Ben, who is busy until 10:30
    (opening,) = [
        one for one in offered(work, wishes, clinic.monday, max_wait_min=30) if walls([one]) == ["09:00"]
    ]
    assert opening.waiting_min == 30
    assert "09:00" not in walls(offered(work, wishes, clinic.monday, max_wait_min=29))


def test_what_is_over_is_not_offered(work, clinic):
    shift_clock(work, clinic.at("10:01") - work.read(claims.now))
    assert walls(offered(work, [Wish(PHYSIO, (ANA,))], clinic.monday))[0] == "10:05"
    assert offered(work, [Wish(PHYSIO)], clinic.monday - timedelta(days=7)) == ()


def test_only_as_many_as_were_asked_for(work, clinic):
    assert len(offered(work, [Wish(PHYSIO)], clinic.monday, limit=3, days=7)) == 3


def test_no_wish_is_no_offer_and_an_unknown_one_is_refused(work, clinic):
    assert offered(work, [], clinic.monday) == ()
    with pytest.raises(NotFound):
        offered(work, [Wish(new_id())], clinic.monday)
    assert offered(work, [Wish(SPEECH, (BEN,))], clinic.monday) == ()
