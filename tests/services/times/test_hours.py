"""When somebody is open: weekly hours, breaks, exceptions, absences, closures, and nights on which clocks change."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.times.hours import Span

CLINIC, NIGHT_OWL, DESK_ROOM, OPEN_ROOM = (UUID(int=n) for n in range(1, 5))
MONDAY = date(2026, 6, 1)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # Sundays in Berlin, of 23 and 25 hours
EVERY_DAY = range(7)


class Desk:
    """A clinic in Berlin with one person whose hours each test gives."""

    def __init__(self, work, zone="Europe/Berlin"):
        self.work, self.zone = work, localtime.zone(zone)
        with work.engine.begin() as c:
            c.execute(insert(t.Clinic).values(id=CLINIC, name="C", zone=zone, country="DE", currency="EUR"))
            for identifier, kind in ((NIGHT_OWL, "practitioner"), (DESK_ROOM, "room"), (OPEN_ROOM, "room")):
                row = {"id": identifier, "clinic_id": CLINIC, "kind": kind, "name": "N"}
                c.execute(insert(t.Resource).values(row | {"role": "", "code": "", "room_kind": ""}))

    def add(self, table, **row):
        with self.work.engine.begin() as connection:
            connection.execute(insert(table).values(row | {"id": new_id()}))

    def weekly(self, start, end, *, days=EVERY_DAY, whose=NIGHT_OWL, valid_from=setup.BEGINNING, **row):
        for day in days:
            times = {
                "weekday": day,
                "start_min": minute(start),
                "end_min": minute(end),
                "valid_from": valid_from,
            }
            self.add(t.WorkingHours, resource_id=whose, **times, **row)

    def exception(self, day, start=None, end=None, reason=""):
        times = {"start_min": start and minute(start), "end_min": end and minute(end)}
        self.add(t.HoursException, resource_id=NIGHT_OWL, day=day, reason=reason, **times)

    def away(self, start, end, reason="Holiday"):
        self.add(
            t.TimeOff, resource_id=NIGHT_OWL, start_at=self.at(start), end_at=self.at(end), reason=reason
        )

    def shut(self, start, end, reason="Works"):
        self.add(t.Closure, clinic_id=CLINIC, start_at=self.at(start), end_at=self.at(end), reason=reason)

    def at(self, wall):
        return localtime.instant(datetime.fromisoformat(wall), self.zone)

    def opened(self, first=MONDAY, days=1, whose=NIGHT_OWL):
        span = Span(first, days, self.zone)
        found = self.work.read(lambda s: hours.open_times(s, CLINIC, [NIGHT_OWL, DESK_ROOM, OPEN_ROOM], span))
        return span, found[whose]

    def times(self, first=MONDAY, days=1, whose=NIGHT_OWL):
        """The open wall times, as "09:00-12:00"."""
        span, opened = self.opened(first, days, whose)
        return [f"{self.wall(span, a)}-{self.wall(span, b)}" for a, b in timelines.intervals(opened.open)]

    def wall(self, span, minute_):
        return localtime.wall_text(span.moment(minute_), self.zone)[-5:]

    def reasons(self, first=MONDAY, days=1):
        _span, opened = self.opened(first, days)
        return [(r.kind, r.text, r.start, r.end) for r in opened.reasons]


def minute(wall):
    return int(wall[:2]) * 60 + int(wall[3:])


@pytest.fixture
def desk(sqlite_work):
    return Desk(sqlite_work)


def test_weekly_hours_open_on_their_weekday_only(work):
    desk = Desk(work)
    desk.weekly("09:00", "12:00", days=[0])
    desk.weekly("14:00", "17:30", days=[0])
    assert desk.times(MONDAY) == ["09:00-12:00", "14:00-17:30"]
    assert desk.times(MONDAY + timedelta(days=1)) == []
    assert desk.times(MONDAY, days=8) == ["09:00-12:00", "14:00-17:30"] * 2


def test_without_hours_nobody_comes_but_a_room_stands_open(desk):
    assert desk.times() == []
    assert desk.times(whose=OPEN_ROOM) == ["00:00-00:00"]


def test_a_room_with_hours_keeps_them(desk):
    desk.weekly("10:00", "11:00", whose=DESK_ROOM)
    assert desk.times(whose=DESK_ROOM) == ["10:00-11:00"]


def test_a_break_is_taken_out_and_says_so(desk):
    desk.weekly("09:00", "17:00")
    desk.weekly("12:00", "13:00", is_break=True, label="Lunch")
    assert desk.times() == ["09:00-12:00", "13:00-17:00"]
    assert desk.reasons() == [("break", "Lunch", 720, 780)]


def test_hours_that_overlap_are_open_once(desk):
    desk.weekly("09:00", "12:00")
    desk.weekly("11:00", "15:00")
    assert desk.times() == ["09:00-15:00"]


@pytest.mark.parametrize(("day", "is_open"), [(31, False), (1, True), (2, True), (3, False)])
def test_hours_count_from_their_first_to_their_last_day(desk, day, is_open):
    when = date(2026, 5, 31) if day == 31 else date(2026, 6, day)
    desk.weekly("09:00", "10:00", valid_from=MONDAY, valid_until=MONDAY + timedelta(days=1))
    assert bool(desk.times(when)) is is_open


def test_an_exception_stands_instead_of_the_weeks_hours_and_breaks(desk):
    desk.weekly("09:00", "17:00")
    desk.weekly("12:00", "13:00", is_break=True)
    desk.exception(MONDAY, "11:00", "14:00")
    assert desk.times() == ["11:00-14:00"]
    assert desk.times(MONDAY + timedelta(days=1)) == ["09:00-12:00", "13:00-17:00"]


def test_several_exceptions_of_one_day_add_up(desk):
    desk.exception(MONDAY, "08:00", "09:00")
    desk.exception(MONDAY, "19:00", "20:00")
    assert desk.times() == ["08:00-09:00", "19:00-20:00"]


def test_an_exception_without_times_is_a_day_off(desk):
    desk.weekly("09:00", "17:00")
    desk.exception(MONDAY, reason="Course")
    assert desk.times(MONDAY, days=2) == ["09:00-17:00"]
    assert desk.reasons() == [("time_off", "Course", 0, 1440)]


def test_a_night_shift_runs_into_the_next_day(desk):
    desk.weekly("22:00", "30:00", days=[0])
    assert desk.times(MONDAY) == ["22:00-00:00"]
    assert desk.times(MONDAY + timedelta(days=1)) == ["00:00-06:00"]
    assert desk.times(MONDAY, days=2) == ["22:00-06:00"]


def test_a_break_after_midnight_belongs_to_its_shift(desk):
    desk.weekly("22:00", "30:00", days=[0])
    desk.weekly("26:00", "26:30", days=[0], is_break=True, label="Tea")
    assert desk.times(MONDAY + timedelta(days=1)) == ["00:00-02:00", "02:30-06:00"]


def test_an_exceptional_night_runs_into_the_next_day_too(desk):
    desk.exception(MONDAY, "23:00", "25:00")
    assert desk.times(MONDAY + timedelta(days=1)) == ["00:00-01:00"]


def test_what_is_open_is_not_called_a_day_off(desk):
    """The night before a day off still ends in it."""
    desk.weekly("22:00", "30:00", days=[6])
    desk.exception(MONDAY, reason="Course")
    _span, opened = desk.opened(MONDAY)
    assert desk.times(MONDAY) == ["00:00-06:00"]
    assert not any(opened.open & timelines.between(r.start, r.end) for r in opened.reasons)


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        ("2026-06-01T10:00", "2026-06-01T11:00", ["09:00-10:00", "11:00-17:00"]),
        ("2026-05-20T00:00", "2026-07-01T00:00", []),
        ("2026-05-31T12:00", "2026-06-01T12:00", ["12:00-17:00"]),
        ("2026-06-01T16:00", "2026-06-02T12:00", ["09:00-16:00"]),
        ("2026-05-01T00:00", "2026-06-01T00:00", ["09:00-17:00"]),
        ("2026-06-02T00:00", "2026-06-03T00:00", ["09:00-17:00"]),
        ("2026-06-01T10:00:30", "2026-06-01T10:30:30", ["09:00-10:00", "10:31-17:00"]),
    ],
)
@pytest.mark.parametrize("how", ["away", "shut"])
def test_absences_and_closures_are_taken_out(desk, how, start, end, left):
    desk.weekly("09:00", "17:00")
    getattr(desk, how)(start, end)
    assert desk.times() == left


def test_a_closure_shuts_the_rooms_and_an_absence_does_not(desk):
    desk.away("2026-06-01T00:00", "2026-06-02T00:00")
    assert desk.times(whose=OPEN_ROOM) == ["00:00-00:00"]
    desk.shut("2026-06-01T00:00", "2026-06-01T23:00", "Floors")
    assert desk.times(whose=OPEN_ROOM) == ["23:00-00:00"]
    assert desk.reasons() == [("closure", "Floors", 0, 1380), ("time_off", "Holiday", 0, 1440)]


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23 * 60), (AUTUMN, 25 * 60), (MONDAY, 24 * 60)])
def test_hours_keep_their_wall_time_when_clocks_change(desk, day, length):
    desk.weekly("09:00", "17:00")
    span, opened = desk.opened(day)
    assert span.length == length
    assert desk.times(day) == ["09:00-17:00"]
    assert opened.open.bit_count() == 8 * 60


@pytest.mark.parametrize(("day", "minutes"), [(SPRING, 7 * 60), (AUTUMN, 9 * 60), (MONDAY, 8 * 60)])
def test_a_night_of_changing_clocks_is_as_long_as_it_is(desk, day, minutes):
    desk.weekly("22:00", "30:00")
    _span, opened = desk.opened(day - timedelta(days=1), days=2)
    assert (opened.open >> 22 * 60).bit_count() - 2 * 60 == minutes
    assert desk.times(day)[0] == "00:00-06:00"


def test_hours_that_begin_in_the_skipped_hour_begin_after_it(desk):
    desk.weekly("02:30", "04:00")
    assert desk.times(SPRING) == ["03:00-04:00"]


def test_a_day_whose_midnight_is_skipped_is_open_from_its_first_minute(sqlite_work):
    desk = Desk(sqlite_work, "America/Santiago")
    desk.weekly("00:00", "03:00")
    assert desk.times(date(2026, 9, 6)) == ["01:00-03:00"]


def test_a_day_that_never_was_is_never_open(sqlite_work):
    desk = Desk(sqlite_work, "Pacific/Apia")
    desk.weekly("09:00", "17:00")
    assert desk.times(date(2011, 12, 30)) == []
    assert desk.times(date(2011, 12, 29), days=3) == ["09:00-17:00"] * 2
