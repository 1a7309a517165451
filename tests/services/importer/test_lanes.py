from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.services.importer.lanes import Lanes, Place, Slot, Taken, place
from clinic_scheduler.services.importer.lines import Line

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2019, 1, 7)
STAFF = {"A": Place("Ana", 1), "B": Place("Ben", 1), "TWIN": Place("Twin", 2)}


def line(row, person, wall, staff="A", service="CUT", **more):
    hour, minute = divmod(wall, 60)
    start = datetime(2019, 1, 7, hour, minute)  # noqa: DTZ001  (wall time)
    return Line("bookings", "b.csv", row, person, staff, service, MONDAY, start, **more)


def placed(*lines, staff=None, people=None):
    taken = Taken(staff or Lanes(), people or Lanes())
    found = place(lines, {"CUT": 60, "COL": 120}, ZONE, taken, STAFF)
    return [found[one.file, one.row] for one in lines]


def test_times_that_only_touch_do_not_overlap():
    first, second = placed(line(2, "K1", 600), line(3, "K2", 660))
    assert (first.lane, second.lane, second.reason) == (1, 1, "")


def test_the_later_of_two_gets_another_lane_and_the_reason():
    first, second = placed(line(2, "K1", 600), line(3, "K2", 650))
    assert (first.lane, first.reason) == (1, "")
    assert (second.lane, second.person_lane) == (2, 1)
    assert second.reason == "Imported: the book has Ana with two people at 10:50"
    assert second.others == (("b.csv", 2),)


def test_three_people_at_once_are_told_as_three():
    third = placed(line(2, "K1", 600), line(3, "K2", 610), line(4, "", 620))[2]
    assert (third.lane, third.reason) == (3, "Imported: the book has Ana with three people at 10:20")


def test_a_row_beside_a_longer_one_is_told_although_the_first_lane_is_free_again():
    lines = [line(2, "K1", 600), line(3, "K2", 610, service="COL"), line(4, "K3", 660)]
    third = placed(*lines)[2]
    assert third.lane == 1
    assert third.reason == "Imported: the book has Ana with two people at 11:00"


def test_a_person_in_two_places_gets_another_lane():
    second = placed(line(2, "K1", 600), line(3, "K1", 630, staff="B"))[1]
    assert (second.lane, second.person_lane) == (1, 2)
    assert second.reason == "Imported: the book has this person with Ana and Ben at 10:30"


def test_two_services_of_one_person_are_told_once():
    second = placed(line(2, "K1", 600), line(3, "K1", 630))[1]
    assert (second.lane, second.person_lane) == (2, 2)
    assert second.reason == "Imported: the book has Ana with one person for two services at 10:30"


def test_who_can_take_two_at_once_takes_them():
    lines = [line(row, f"K{row}", 600, staff="TWIN") for row in (2, 3, 4)]
    assert [(p.lane, bool(p.reason)) for p in placed(*lines)] == [(1, False), (2, False), (3, True)]
    same = placed(line(2, "K1", 600, staff="TWIN"), line(3, "K1", 600, staff="TWIN"))[1]
    assert same.reason == "Imported: the book has this person twice at 10:00"


def test_no_shows_and_cancellations_take_no_time():
    lines = [line(2, "K1", 600, is_no_show=True), line(3, "K2", 600)]
    assert [p.lane for p in placed(*lines)] == [1, 1]


def test_what_was_booked_before_is_beside():
    staff, people = Lanes(), Lanes()
    noon = datetime(2019, 1, 7, 11, tzinfo=UTC)
    staff.add("A", Slot(1, noon, noon + timedelta(hours=1)))
    people.add("K1", Slot(1, noon, noon + timedelta(hours=1)))
    [found] = placed(line(2, "K1", 730), staff=staff, people=people)
    assert (found.lane, found.person_lane) == (2, 2)
    assert found.reason == "Imported: Ana was taken already; this person was booked already at 12:10"


def test_more_overlap_than_there_are_lanes_is_refused():
    with pytest.raises(ImportRefused, match=r"b\.csv, row 66: there are more than 64 appointments"):
        placed(*(line(row, f"K{row}", 600) for row in range(2, 70)))


@given(st.lists(st.tuples(st.integers(0, 1200), st.sampled_from(["CUT", "COL"])), max_size=25))
def test_no_lane_is_taken_twice_and_every_overlap_is_told(times):
    lines = [line(row, f"K{row}", wall, service=service) for row, (wall, service) in enumerate(times, 2)]
    found = placed(*lines)
    order = sorted(range(len(lines)), key=lambda i: (lines[i].start, lines[i].row))
    for position, later in enumerate(order):
        overlapping = [i for i in order[:position] if found[i].end > found[later].start]
        assert all(found[i].lane != found[later].lane for i in overlapping)
        assert bool(found[later].reason) == bool(overlapping)
        assert found[later].others == tuple(sorted(("b.csv", lines[i].row) for i in overlapping))
