"""What is open and taken by resource and lane, read in one statement."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.times import diaries, timelines
from tests.support import clinics, desk
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, RED_ROOM
from tests.support.statements import statements

EVERYBODY = (ANA, BEN, BLUE_ROOM, RED_ROOM, EMMA)


@pytest.fixture
def look(work, clinic):
    def at(days=1, tick=1, ids=EVERYBODY):
        span = Span(clinic.monday, days, clinics.ZONE)
        return work.read(lambda s: diaries.look(s, clinic.id, ids, span, tick))

    return at


@pytest.fixture
def block(work, clinic):
    """Takes a resource, whatever the desk's rules say."""

    def take(start, minutes, who=ANA, *, seconds=0, **row):
        begins = clinic.at(start) + timedelta(seconds=seconds)
        times = {"start_at": begins, "end_at": begins + timedelta(minutes=minutes)}
        claim = {"id": new_id(), "clinic_id": clinic.id, "resource_id": who, "kind": "block"}
        with work.engine.begin() as connection:
            connection.execute(insert(t.Claim).values(claim | times | row))
        return claim["id"]

    return take


def change(work, statement):
    with work.engine.begin() as connection:
        connection.execute(statement)


def intervals(timeline):
    return list(timelines.intervals(timeline))


def test_one_statement_reads_everything(work, clinic, look):
    with statements(work.engine) as said:
        look(7)
    assert len(said) == 1


def test_hours_are_open_and_claims_with_their_buffers_taken(look, block):
    block("10:00", 30, buffer_before_min=5, buffer_after_min=10)
    block("16:30", 60)
    ana = look().of[ANA]
    assert intervals(ana.open) == [(540, 720), (780, 1020)]
    assert [intervals(lane) for lane in ana.taken] == [[(595, 640), (990, 1050)]]
    assert [intervals(lane) for lane in ana.vacant] == [[(540, 595), (640, 720), (780, 990)]]


def test_rooms_without_hours_are_open_unless_the_clinic_is_shut_and_patients_always(work, clinic, look):
    shut = {"start_at": clinic.at("09:00"), "end_at": clinic.at("10:00")}
    change(work, insert(t.Closure).values(id=new_id(), clinic_id=clinic.id, **shut))
    found = look().of
    assert intervals(found[BLUE_ROOM].open) == [(0, 540), (600, 1440)]
    assert intervals(found[EMMA].open) == [(0, 1440)]
    assert intervals(found[ANA].open) == [(600, 720), (780, 1020)]


def test_a_room_without_hours_has_days_off(work, clinic, look):
    day_off = {"resource_id": BLUE_ROOM, "day": clinic.monday}
    change(work, insert(t.HoursException).values(id=new_id(), **day_off))
    assert look().of[BLUE_ROOM].open == 0
    assert look(2).of[BLUE_ROOM].open >> 1440 == timelines.between(0, 1440)


def test_of_nobody_there_is_nothing_to_tell(look):
    assert look(ids=()).of == {}


def test_whoever_is_not_there_is_never_open(look):
    stranger = UUID(int=5)
    assert look(ids=(stranger, ANA)).of[stranger] == diaries.Diary(0, (0,))


@pytest.mark.parametrize("tick", [1, 5, 15])
def test_what_is_taken_is_rounded_outwards_and_what_is_open_inwards(work, clinic, look, block, tick):
    block("09:58", 20, seconds=30)
    away = {"start_at": clinic.at("14:01"), "end_at": clinic.at("14:59")}
    change(work, insert(t.TimeOff).values(id=new_id(), resource_id=ANA, **away))
    evening = (t.WorkingHours.resource_id == ANA) & (t.WorkingHours.end_min == 1020)
    change(work, update(t.WorkingHours).where(evening).values(end_min=1019))
    ana = look(tick=tick).of[ANA]
    taken = {minute // tick for minute in range(598, 619)}
    minutes = {*range(540, 720), *range(780, 1019)} - set(range(841, 899))
    opened = {n for n in range(1440 // tick) if set(range(n * tick, (n + 1) * tick)) <= minutes}
    assert set(timelines.minutes(ana.taken[0])) == taken
    assert set(timelines.minutes(ana.open)) == opened


def test_claims_reach_over_the_edges_of_a_span(look, block):
    block("23:30", 60)
    block("00:10", 20, BEN, buffer_before_min=30)
    found = look().of
    assert intervals(found[ANA].taken[0]) == [(1410, 1440)]
    assert intervals(found[BEN].taken[0]) == [(0, 30)]
    assert intervals(look(2).of[ANA].taken[0]) == [(1410, 1470)]


def test_each_lane_up_to_the_capacity_is_told_apart(work, look, block):
    change(work, update(t.Resource).where(t.Resource.id == BLUE_ROOM).values(capacity=2))
    block("10:00", 30, BLUE_ROOM)
    block("10:15", 30, BLUE_ROOM, lane=2)
    block("10:40", 30, BLUE_ROOM, lane=3, override_reason="A look through the door")
    blue = look().of[BLUE_ROOM]
    assert [intervals(lane) for lane in blue.taken] == [[(600, 630), (640, 670)], [(615, 645)]]


def test_a_hold_is_an_obstacle_to_others_until_it_ends(work, actor, clinic, look):
    begun = desk.start(work, actor, None)
    held = desk.hold(work, actor, begun, clinic.part("10:00"))
    found = look(tick=5)
    ana = found.of[ANA]
    assert ana.taken == (0,)
    assert ana.holds == (diaries.Held(120, 129, 1, begun.id, held.until),)
    assert intervals(ana.free(found.now)[0])[0] == (108, 120)
    assert ana.free(found.now, begun.id) == ana.free(held.until) == ana.vacant
    assert ana.free(held.until - timedelta(microseconds=1)) != ana.vacant


def test_released_and_expired_holds_are_gone_and_booked_ones_stay(work, actor, clinic, look):
    desk.book(work, actor, [clinic.part("09:00")])
    begun = desk.start(work, actor, None)
    desk.hold(work, actor, begun, clinic.part("11:00"))
    clinics.shift_clock(work, timedelta(minutes=16))
    ana = look().of[ANA]
    assert (intervals(ana.taken[0]), ana.holds) == ([(540, 585)], ())


def test_the_clock_is_the_databases(work, look):
    clinics.shift_clock(work, timedelta(days=400))
    told = work.read(claims.now)
    assert abs(look().now - told) < timedelta(seconds=5)
