"""The day as the screen shows it: minutes, buffers, holds, reasons, days of 23 and 25 hours, rooms."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import NotFound
from clinic_scheduler.services import localtime
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import ClosedTime
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import desk
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
    ZONE,
    shift_clock,
)


def day(work, on, **options):
    return work.read(lambda s: calendar.day(s, clinic_id=CLINIC, on=on, **options))


def plain(schedule):
    return [(v.column, v.start, v.end, v.patient) for v in schedule.visits]


def closed(schedule, column=0):
    return [(c.start, c.end, c.kind, c.reason) for c in schedule.closed if c.column == column]


def test_an_empty_day_has_its_columns_hours_and_closed_times(work, clinic):
    found = day(work, clinic.monday)
    assert [(c.resource_id, c.name, c.role) for c in found.columns] == [
        (ANA, "Ana Silva", "Physiotherapy"),
        (BEN, "Ben Okafor", "Massage"),
    ]
    assert (found.visits, found.holds, found.length, found.zone) == ((), (), 1440, "Europe/Berlin")
    assert (found.opens, found.closes) == (8 * 60, 18 * 60)
    assert found.midnight == clinic.at("00:00")
    assert found.hours[9].label == "09:00"
    for column in (0, 1):
        assert closed(found, column) == [
            (720, 780, "break", "Lunch"),
            (0, 540, "outside", ""),
            (1020, 1440, "outside", ""),
        ]


def test_a_visit_stands_at_its_minutes_with_its_buffers(work, actor, clinic):
    chosen = Choices(notes="by the window", payment_state="paid", payment_method="card")
    desk.book(work, actor, [clinic.part("14:10", BEN, MASSAGE, minutes=30)], chosen=chosen)
    (visit,) = day(work, clinic.monday).visits
    start = 14 * 60 + 10
    assert (visit.column, visit.start, visit.end) == (1, start, start + 30)
    assert (visit.busy_start, visit.busy_end) == (start, start + 40)
    assert (visit.time, visit.patient, visit.service) == ("14:10", "Emma Müller", "Back massage")
    assert (visit.status, visit.room, visit.hue, visit.counter) == ("confirmed", "Blue room", 1, "")
    assert (visit.is_new, visit.is_paid, visit.has_note, visit.version) == (True, True, True, 1)


def test_a_guest_is_shown_by_the_name_that_was_given(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")], None, Choices(guest=Guest("Mia Long")))
    (visit,) = day(work, clinic.monday).visits
    assert (visit.patient, visit.is_new, visit.is_paid, visit.has_note) == ("Mia Long", False, False, False)


def cancel(work, actor, done):
    ids = done.appointment_ids
    work.write(
        lambda s: appointments.cancel(
            s, actor=actor, appointment_ids=ids, versions=[1] * len(ids), reason="ill"
        )
    )


def test_what_was_cancelled_or_is_on_another_day_is_not_shown(work, actor, clinic):
    cancel(work, actor, desk.book(work, actor, [clinic.part("09:00")]))
    desk.book(work, actor, [clinic.part("09:00", days=1)])
    assert day(work, clinic.monday).visits == ()


def test_a_plans_session_shows_its_number(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00", ANA, GAIT, minutes=60)])
    plan = {
        "id": new_id(),
        "clinic_id": CLINIC,
        "patient_id": EMMA,
        "service_id": GAIT,
        "strategy": "flexible",
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.TreatmentPlan).values(**plan, created_by=actor.user_id))
        for number in (1, 2, 3):
            row = {
                "id": new_id(),
                "plan_id": plan["id"],
                "number": number,
                "service_id": GAIT,
                "duration_min": 60,
            }
            held = done.appointment_ids[0] if number == 2 else None
            connection.execute(insert(t.PlanSession).values(**row, appointment_id=held))
    (visit,) = day(work, clinic.monday).visits
    assert visit.counter == "2/3"


def test_a_hold_is_shown_with_its_owner_until_it_expires(work, actor, clinic):
    begun = desk.start(work, actor)
    until = desk.hold(
        work, actor, begun, clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)
    ).until
    found = day(work, clinic.monday)
    assert [(h.column, h.start, h.end, h.service) for h in found.holds] == [
        (0, 540, 585, "Physiotherapy"),
        (1, 600, 630, "Back massage"),
    ]
    (first, _second) = found.holds
    assert (first.owner, first.initials, first.workstation) == ("Kofi Mensah", "KM", "Desk 1")
    assert (first.session_id, first.expires_at) == (begun.id, until)
    shift_clock(work, timedelta(minutes=16))
    assert day(work, clinic.monday).holds == ()


def test_a_held_time_becomes_a_visit(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    found = day(work, clinic.monday)
    assert (found.holds, plain(found)) == ((), [(0, 540, 585, "Emma Müller")])


def test_rooms_have_a_day_too(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    found = day(work, clinic.monday, by="room")
    assert [c.resource_id for c in found.columns] == [BLUE_ROOM, RED_ROOM]
    assert plain(found) == [(0, 585, 615, "Emma Müller")]
    assert found.closed == ()


def test_every_closed_time_says_why(work, clinic):
    away = {
        "resource_id": ANA,
        "start_at": clinic.at("15:00"),
        "end_at": clinic.at("16:00"),
        "reason": "Course",
    }
    shut = {
        "clinic_id": CLINIC,
        "start_at": clinic.at("16:30"),
        "end_at": clinic.at("23:00"),
        "reason": "Party",
    }
    with work.engine.begin() as connection:
        connection.execute(insert(t.TimeOff).values(id=new_id(), **away))
        connection.execute(insert(t.Closure).values(id=new_id(), **shut))
    found = day(work, clinic.monday)
    assert closed(found) == [
        (720, 780, "break", "Lunch"),
        (990, 1380, "closure", "Party"),
        (900, 960, "time_off", "Course"),
        (0, 540, "outside", ""),
        (1380, 1440, "outside", ""),
    ]
    assert ClosedTime(1, 900, 960, "time_off", "Course") not in found.closed


def move(work, done, start, minutes):
    """Where no service goes: an appointment at any time."""
    times = {"start_at": start, "end_at": start + timedelta(minutes=minutes)}
    with work.engine.begin() as connection:
        connection.execute(
            update(t.Appointment).where(t.Appointment.id == done.appointment_ids[0]).values(times)
        )


def test_a_visit_past_midnight_is_on_both_days(work, actor, clinic):
    move(work, desk.book(work, actor, [clinic.part("09:00")]), clinic.at("23:30"), 60)
    assert plain(day(work, clinic.monday)) == [(0, 1410, 1470, "Emma Müller")]
    next_day = day(work, clinic.monday + timedelta(days=1))
    assert plain(next_day) == [(0, -30, 30, "Emma Müller")]
    assert next_day.opens == 0


def test_the_axis_reaches_to_every_visit(work, actor, clinic):
    move(work, desk.book(work, actor, [clinic.part("09:00")]), clinic.at("06:20"), 45)
    move(work, desk.book(work, actor, [clinic.part("10:00")], OLGA), clinic.at("19:30"), 45)
    found = day(work, clinic.monday)
    assert (found.opens, found.closes) == (6 * 60, 21 * 60)


def test_a_day_on_which_nobody_works_has_an_axis(work, clinic):
    found = day(work, clinic.monday - timedelta(days=1))
    assert (found.opens, found.closes) == (8 * 60, 18 * 60)
    assert closed(found) == [(0, 1440, "outside", "")]


SPRING, AUTUMN = date(2031, 3, 30), date(2031, 10, 26)


@pytest.mark.parametrize(
    ("on", "length", "labels", "at_nine"),
    [
        (AUTUMN, 1500, ["01:00", "02:00", "02:00", "03:00"], 600),
        (SPRING, 1380, ["01:00", "03:00", "04:00", "05:00"], 480),
    ],
)
def test_a_day_on_which_clocks_change_has_one_axis(work, actor, clinic, on, length, labels, at_nine):
    move(work, desk.book(work, actor, [clinic.part("09:00")]), localtime.at_minute(on, 540, ZONE), 45)
    found = day(work, on)
    assert found.length == length
    assert [mark.label for mark in found.hours][1:5] == labels
    assert [mark.minute for mark in found.hours] == list(range(0, length, 60))
    assert [(v.start, v.end, v.time) for v in found.visits] == [(at_nine, at_nine + 45, "09:00")]
    assert closed(found) == [(0, length, "outside", "")]  # it is a Sunday


@pytest.mark.parametrize("first", [SPRING - timedelta(days=3), AUTUMN - timedelta(days=3)])
@pytest.mark.parametrize("by", ["practitioner", "room"])
def test_days_read_together_are_as_each_read_alone(work, actor, clinic, first, by):
    times = [(0, 540, 45), (2, 1410, 90), (3, 60, 120), (3, 1400, 300), (5, 600, 1440), (6, 1430, 20)]
    for number, (offset, minute, minutes) in enumerate(times):
        done = desk.book(
            work, actor, [clinic.part(f"{(9, 10, 11, 13, 14, 15)[number]:02}:00", BEN, MASSAGE, minutes=30)]
        )
        move(work, done, localtime.at_minute(first + timedelta(days=offset), minute, ZONE), minutes)
    away = {"start_at": localtime.at_minute(first, 600, ZONE), "reason": "Course"}
    until = localtime.at_minute(first + timedelta(days=4), 660, ZONE)
    with work.engine.begin() as connection:
        connection.execute(insert(t.TimeOff).values(id=new_id(), resource_id=ANA, end_at=until, **away))
    together = work.read(lambda s: calendar.days(s, clinic_id=CLINIC, first=first, count=8, by=by))
    alone = [day(work, first + timedelta(days=offset), by=by) for offset in range(8)]
    assert [len(each.visits) for each in together] == [1, 0, 1, 3, 1, 1, 2, 1]
    assert [replace(each, now=None) for each in together] == [replace(each, now=None) for each in alone]


def test_a_hold_past_midnight_is_on_both_days(work, actor, clinic):
    begun = desk.start(work, actor)
    desk.hold(work, actor, begun, clinic.part("09:00"))
    with work.engine.begin() as connection:
        claim = connection.execute(select(t.Claim).where(t.Claim.resource_id == ANA)).mappings().one()
        row = {key: claim[key] for key in claim if key not in ("busy", "live", "busy_from", "busy_to")}
        times = {"start_at": clinic.at("23:30"), "end_at": clinic.at("23:30") + timedelta(hours=1)}
        connection.execute(insert(t.Claim).values(row | times | {"id": new_id()}))
    week = work.read(lambda s: calendar.days(s, clinic_id=CLINIC, first=clinic.monday, count=2))
    assert [[(h.start, h.end) for h in each.holds] for each in week] == [
        [(540, 585), (1410, 1470)],
        [(-30, 30)],
    ]


def test_without_a_day_it_is_the_clinics_today(work, clinic):
    shift_clock(work, clinic.at("00:30") - datetime.now(UTC))
    found = work.read(lambda s: calendar.day(s, clinic_id=CLINIC))
    assert found.day == clinic.monday
    assert found.now - found.midnight < timedelta(minutes=31)


def test_a_clinic_that_is_not_there_is_refused(work, clinic):
    with pytest.raises(NotFound):
        work.read(lambda s: calendar.day(s, clinic_id=new_id()))


def test_who_left_has_no_column_and_no_visit(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", BEN)])
    with work.engine.begin() as connection:
        connection.execute(update(t.Resource).where(t.Resource.id == BEN).values(is_active=False))
    found = day(work, clinic.monday)
    assert [c.resource_id for c in found.columns] == [ANA]
    assert found.visits == ()


def test_the_month_counts_what_stands(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00"), clinic.part("10:00")])
    desk.book(work, actor, [clinic.part("09:00", service=PHYSIO, days=3)], OLGA)
    cancel(work, actor, desk.book(work, actor, [clinic.part("15:00", days=3)]))
    last = clinic.monday + timedelta(days=3)

    def counted(first):
        return work.read(lambda s: calendar.busy_days(s, clinic_id=CLINIC, first=first, last=last))

    assert counted(clinic.monday) == {clinic.monday: 2, last: 1}
    assert counted(clinic.monday + timedelta(days=1)) == {last: 1}
