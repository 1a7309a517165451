"""A month against its days read one by one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import demo, localtime
from clinic_scheduler.services.days import calendar, months
from tests.support.changing import cancel
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, MASSAGE, OLGA
from tests.support.desk import book

MARCH = date(2027, 3, 1)


def month(work, first, **options):
    return work.read(lambda s: months.month(s, clinic_id=CLINIC, first=first, **options))


def of(found, day):
    return next(one for one in found.days if one.day == day)


def test_visits_are_counted_with_their_minutes_and_the_first_are_named(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    for wall in ("10:00", "11:00", "14:00", "15:00"):
        book(work, actor, [clinic.part(wall)], OLGA)
    gone = book(work, actor, [clinic.part("16:00")], OLGA).appointment_ids[0]
    cancel(work, actor, gone)
    found = of(month(work, clinic.monday), clinic.monday)
    assert (found.count, found.booked_min) == (6, 5 * 45 + 30)
    assert found.open_min == 2 * 7 * 60
    assert [(line.time, line.patient) for line in found.first] == [
        ("09:00", "Emma Müller"),
        ("09:45", "Emma Müller"),
        ("10:00", "Olga Petrova"),
        ("11:00", "Olga Petrova"),
    ]


def test_one_practitioner_or_room_alone(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    assert of(month(work, clinic.monday, of=ANA), clinic.monday).count == 1
    assert of(month(work, clinic.monday, of=ANA), clinic.monday).open_min == 7 * 60
    assert of(month(work, clinic.monday, by="room"), clinic.monday).count == 1
    assert of(month(work, clinic.monday, by="room", of=BLUE_ROOM), clinic.monday).count == 1


def test_a_day_on_which_the_clinic_is_closed_says_why(work, clinic):
    day = clinic.monday + timedelta(days=3)
    with work.engine.begin() as connection:
        times = {name: clinic.at(wall, days=3) for name, wall in (("start_at", "08:00"), ("end_at", "18:00"))}
        connection.execute(
            insert(t.Closure.__table__).values(id=new_id(), clinic_id=CLINIC, reason="Holiday", **times)
        )
    found = month(work, clinic.monday)
    assert (of(found, day).closed, of(found, day).open_min) == ("Holiday", 0)
    assert of(found, clinic.monday).closed == ""


def test_every_day_of_the_demo_is_as_if_read_alone(sqlite_work, actor):
    clinic_id = sqlite_work.write(lambda s: demo.create_demo(s, actor=actor, today=MARCH)).value
    first = MARCH - timedelta(days=7)
    found = sqlite_work.read(lambda s: months.month(s, clinic_id=clinic_id, first=first))
    alone = sqlite_work.read(lambda s: calendar.days(s, clinic_id=clinic_id, first=first, count=42))
    assert [one.day for one in found.days] == [one.day for one in alone]
    for one, day in zip(found.days, alone, strict=True):
        own = [v for v in day.visits if v.start >= 0]
        assert (one.count, one.booked_min) == (
            len(own),
            sum(v.end - v.start for v in own if v.status != "no_show"),
        ), one.day
        shut = {(c.column, m) for c in day.closed for m in range(c.start, c.end)}
        assert one.open_min == len(day.columns) * day.length - len(shut)
        assert {line.time for line in one.first} <= {v.time for v in own}
        assert len(one.first) == min(4, len(own))
    assert localtime.day_length(date(2027, 3, 28), localtime.zone("Europe/Berlin")) == 23 * 60


def test_an_unknown_clinic_is_refused(work):
    with pytest.raises(NotFound):
        work.read(lambda s: months.month(s, clinic_id=new_id(), first=MARCH))
