"""The board shows today's visits by practitioner, since when they are where they are, and who will wait."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic_scheduler.services.board import today
from clinic_scheduler.services.changing import taking_back
from clinic_scheduler.services.changing.taking_back import Put
from tests.support import desk
from tests.support.clinics import ANA, BEN, EMMA, JOSE, MASSAGE, OLGA, stop_clock


@pytest.fixture
def visits(work, actor, clinic):
    ids = [
        desk.book(work, actor, [clinic.part(wall, who, service, minutes=minutes)], patient).appointment_ids[0]
        for wall, who, service, minutes, patient in (
            ("09:00", ANA, None, 45, EMMA),
            ("09:45", ANA, None, 45, OLGA),
            ("10:00", BEN, MASSAGE, 30, JOSE),
        )
        for service in [service or clinic.part("09:00").service_id]
    ]
    desk.book(work, actor, [clinic.part("09:00", days=1)], EMMA)
    return ids


def put(work, actor, identifier, version, status):
    wanted = [Put(identifier, version, status)]
    work.write(lambda s: taking_back.put(s, actor=actor, request_id=uuid4(), wanted=wanted))


def shown(work, actor):
    return work.read(lambda s: today.board(s, actor=actor))


def test_lanes_hold_the_visits_of_today_only(work, actor, clinic, visits):
    stop_clock(work, clinic.at("08:00"))
    board = shown(work, actor)
    assert board.day == clinic.monday
    assert [(lane.name, [one.id for one in lane.visits]) for lane in board.lanes] == [
        ("Ana Silva", visits[:2]),
        ("Ben Okafor", visits[2:]),
    ]
    assert {one.delay for lane in board.lanes for one in lane.visits} == {timedelta()}


def test_a_late_start_keeps_the_next_waiting_and_nobody_elses(work, actor, clinic, visits):
    stop_clock(work, clinic.at("08:50"))
    put(work, actor, visits[0], 1, "arrived")
    stop_clock(work, clinic.at("09:20"))
    put(work, actor, visits[0], 2, "in_progress")
    stop_clock(work, clinic.at("09:30"))
    ana, ben = shown(work, actor).lanes
    assert [f"{one.expected_start:%H:%M}-{one.expected_end:%H:%M}" for one in ana.visits] == [
        "09:20-10:05",
        "10:05-10:50",
    ]
    assert ana.visits[0].since == clinic.at("09:20")
    assert [one.delay for one in (*ana.visits, *ben.visits)] == [
        timedelta(minutes=20),
        timedelta(minutes=20),
        timedelta(),
    ]


def test_an_overrun_shows_and_ends_with_the_visit(work, actor, clinic, visits):
    stop_clock(work, clinic.at("09:00"))
    put(work, actor, visits[0], 1, "in_progress")
    stop_clock(work, clinic.at("09:55"))
    first, second = shown(work, actor).lanes[0].visits
    assert (first.overrun, second.delay) == (timedelta(minutes=10), timedelta(minutes=10))
    put(work, actor, visits[0], 2, "completed")
    stop_clock(work, clinic.at("09:57"))
    first, second = shown(work, actor).lanes[0].visits
    assert (first.overrun, f"{second.expected_start:%H:%M}") == (timedelta(), "09:57")


def test_a_status_taken_back_goes_on_as_if_nothing_had_been(work, actor, clinic, visits):
    for wall, version, status in (
        ("09:00", 1, "in_progress"),
        ("09:20", 2, "completed"),
        ("09:22", 3, "in_progress"),
    ):
        stop_clock(work, clinic.at(wall))
        put(work, actor, visits[0], version, status)
    (first, _second) = shown(work, actor).lanes[0].visits
    assert (first.status, first.since) == ("in_progress", clinic.at("09:00"))


def test_who_did_not_come_keeps_nobody_waiting(work, actor, clinic, visits):
    stop_clock(work, clinic.at("09:40"))
    assert shown(work, actor).lanes[0].visits[1].delay == timedelta(minutes=40)
    put(work, actor, visits[0], 1, "no_show")
    missed, second = shown(work, actor).lanes[0].visits
    assert (missed.status, second.delay) == ("no_show", timedelta())
