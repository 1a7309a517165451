"""Several days in one schedule: columns by day, and minutes that are the wall clock's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.days import calendar, side_by_side
from clinic_scheduler.services.days.schedule import HeldTime
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, MASSAGE, ZONE
from tests.support.desk import book, hold, start
from tests.ui.schedules import schedule, uid, visit

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # days of 23 and 25 hours in Berlin


def days(work, first, count, by="practitioner"):
    return work.read(lambda s: calendar.days(s, clinic_id=CLINIC, first=first, count=count, by=by))


def test_each_day_has_all_columns_and_each_visit_its_own(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    book(work, actor, [clinic.part("10:00", days=2)])
    shown = side_by_side.side_by_side(days(work, clinic.monday, 3))
    names = [column.name for column in shown.columns]
    assert names == ["Ana Silva", "Ben Okafor"] * 3
    assert shown.dates == tuple(clinic.monday + timedelta(days=n // 2) for n in range(6))
    assert [(v.column, v.time) for v in shown.visits] == [(0, "09:00"), (1, "09:45"), (4, "10:00")]


def test_one_person_has_a_column_a_day(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    shown = side_by_side.side_by_side(days(work, clinic.monday, 7), (BEN,))
    assert [column.resource_id for column in shown.columns] == [BEN] * 7
    assert [(v.column, v.service) for v in shown.visits] == [(0, "Back massage")]
    assert shown.instant(0, shown.visits[0].start) == clinic.at("09:45")
    assert shown.minute(0, clinic.at("09:45")) == 9 * 60 + 45


def test_chosen_columns_stand_in_their_order(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    hold(work, actor, start(work, actor), clinic.part("11:00", BEN))
    (day,) = days(work, clinic.monday, 1)
    shown = side_by_side.only(day, (BEN, ANA))
    assert [column.resource_id for column in shown.columns] == [BEN, ANA]
    assert [v.column for v in shown.visits] == [1]
    assert [h.column for h in shown.holds] == [0]
    assert side_by_side.only(day, (ANA, BLUE_ROOM)).columns == (day.columns[0],)  # who is gone has no column


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_minutes_are_the_wall_clocks_where_it_is_changed(work, clinic, day):
    shown = side_by_side.side_by_side(days(work, day, 1))
    for wall in (60, 9 * 60, 14 * 60 + 10):
        instant = shown.instant(0, wall)
        assert instant.astimezone(ZONE).strftime("%H:%M") == f"{wall // 60:02}:{wall % 60:02}"
        assert shown.minute(0, instant) == wall
        assert shown.wall_time(wall) == f"{wall // 60:02}:{wall % 60:02}"


def test_what_ends_in_the_repeated_hour_does_not_vanish(work, clinic):
    (day,) = days(work, AUTUMN, 1)
    # From 02:50 before the change to 02:10 after it: twenty minutes that the wall clock counts backwards.
    late = visit(1, 0, 170, 20)
    held = HeldTime(uid(5), 0, 170, 190, "", "Ana", "A", "Desk 1", day.now)
    shown = side_by_side.side_by_side([replace(day, visits=(late,), holds=(held,))])
    assert all(each.start < each.end for each in (*shown.visits, *shown.holds))


def test_no_day_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        side_by_side.side_by_side([])


def test_today_is_where_its_columns_are():
    one = schedule(3)
    assert one.columns_of(one.now) == range(3)
    assert one.columns_of(one.now + timedelta(days=1)) == range(0)
    shown = side_by_side.side_by_side([one, one])
    assert shown.columns_of(one.now) == range(6)  # the same day twice


def test_the_practitioners_gap_is_told_and_the_rooms_is_not(work, actor, clinic):
    book(work, actor, [clinic.part("09:00", BEN, MASSAGE, minutes=30)])
    with work.engine.begin() as connection:
        connection.execute(update(t.Appointment).values(gap_start_min=10, gap_end_min=20))
    (own,) = days(work, clinic.monday, 1)[0].visits
    assert (own.gap_start, own.gap_end) == (9 * 60 + 10, 9 * 60 + 20)
    (room,) = days(work, clinic.monday, 1, by="room")[0].visits
    assert (room.gap_start, room.gap_end) == (0, 0)
