"""Desks in processes of their own offer one time, or answer one offer, at the same moment: one of them does."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.services import integrity
from clinic_scheduler.services.offers.using import FreeTime
from tests.support import desk, rivals, waiting
from tests.support.clinics import ANA, BEN, OLGA
from tests.support.waiting import Ticket

ROUNDS = 4


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as made:
        yield made


@pytest.fixture
def at_once(pool, database_url):
    def run(*acts):
        gate = time.time() + 0.15
        asked = [
            pool.submit(rivals.act_at, database_url, who, act, ticket, gate) for act, who, ticket in acts
        ]
        return [one.result(60) for one in asked]

    return run


def free(clinic, hour, who=ANA):
    return FreeTime(who, clinic.at(f"{hour:02}:00"), clinic.at(f"{hour:02}:45"))


def ticket(match):
    return Ticket(match.entry.id, match.opening)


def test_one_time_is_offered_to_one_person(work, actor, colleague, clinic, at_once):
    for number in range(ROUNDS):
        for patient in (OLGA, None):
            waiting.add(work, actor, waiting.wanted(clinic), patient)
        first, second = waiting.matches(work, actor, free(clinic, 9 + number % 3 + number // 3 * 4)).best[:2]
        told = at_once(
            (waiting.rival_offers, actor, ticket(first)), (waiting.rival_offers, colleague, ticket(second))
        )
        assert sorted(one.refused for one in told) == ["", "TimeTaken"]
    assert work.read(integrity.overlaps) == []
    assert waiting.states(work)[0] == ["open"] * ROUNDS


def test_one_person_is_offered_one_time(work, actor, colleague, clinic, at_once):
    for number in range(ROUNDS):
        entry = waiting.add(work, actor, waiting.wanted(clinic))
        hour = 9 + number % 3 + number // 3 * 4
        here, there = (
            next(
                one
                for one in waiting.matches(work, actor, free(clinic, hour, who)).best
                if one.entry.id == entry.id
            )
            for who in (ANA, BEN)
        )
        told = at_once(
            (waiting.rival_offers, actor, ticket(here)), (waiting.rival_offers, colleague, ticket(there))
        )
        assert sorted(one.refused for one in told) == ["", "ChangedMeanwhile"]


def test_an_offer_is_accepted_or_declined_but_not_both(work, actor, colleague, clinic, at_once):
    booked = 0
    for number in range(ROUNDS):
        entry = waiting.add(work, actor, waiting.wanted(clinic))
        hour = 9 + number % 3 + number // 3 * 4
        found = waiting.matches(work, actor, free(clinic, hour)).best
        match = next(one for one in found if one.entry.id == entry.id)
        made = waiting.offer(work, actor, match)
        asked = Ticket(entry.id, match.opening, made.id)
        taken, refused = at_once(
            (waiting.rival_accepts, actor, asked), (waiting.rival_declines, colleague, asked)
        )
        assert sorted((taken.refused, refused.refused)) == ["", "ChangedMeanwhile"]
        booked += not taken.refused
        assert waiting.find(work, actor, entry).state == ("waiting" if taken.refused else "booked")
    assert desk.count(work, t.Booking) == booked
    assert work.read(integrity.overlaps) == []
