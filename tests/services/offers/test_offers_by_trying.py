"""What is offered is what trying every minute finds: all of it, in the same order."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.availability import free_visits
from clinic_scheduler.services.times.diaries import Diaries
from tests.support import visits_by_trying, worlds
from tests.support.worlds import CHANGES, MONTH_ENDS, OPENS
from tests.support.worlds_asked import ask, has_places, key, question


def offered(work, world, asked, diaries=None, **options):
    return work.read(
        lambda s: free_visits(
            s,
            clinic_id=world.clinic.id,
            wishes=asked.wishes,
            within=replace(asked.within, **options),
            terms=asked.terms,
            diaries=diaries,
        )
    )


def check(work, world, asked, diaries=None, pages=((20, 5), (2, 3))):
    """The first answers, and in turn those after them: by so many, so many times."""
    same = question(world, asked.wishes, asked.terms, asked.within)
    expected = visits_by_trying.answers(same)
    for limit, count in pages:
        found = ()
        for _ in range(count):
            page = offered(work, world, asked, diaries, limit=limit, after=found[-1] if found else None)
            found += page
            if len(page) < limit:
                break
        assert [key(world, same, one) for one in found] == expected[: limit * count]
    for one in found:
        check_details(world, asked, same, one)


def check_details(world, asked, same, one):
    assert has_places(world, same, one)
    prices = [world.service(wish.service_id).price_cents for wish in asked.wishes]
    assert [part.price_cents for part in one.parts] == prices
    assert [part.visitor for part in one.parts] == [wish.visitor for wish in asked.wishes]
    waited = key(world, same, one)[3][: visitors(asked)]
    assert one.waiting_min == sum(waiting for _start, _end, waiting in waited)


def visitors(asked):
    return len({wish.visitor for wish in asked.wishes})


@pytest.mark.parametrize("seed", range(10))
def test_whole_visits(sqlite_work, actor, seed):
    world, chance, kept = worlds.make(sqlite_work, actor, seed), random.Random(seed), Diaries()  # noqa: S311 - a test
    for number in range(5):
        check(sqlite_work, world, ask(world, chance), kept if number % 2 else None)


@pytest.mark.parametrize("seed", range(100, 103))
def test_whole_visits_on_either_database(work, actor, seed):
    world, chance = worlds.make(work, actor, seed), random.Random(seed)  # noqa: S311 - a test
    for _ in range(5):
        check(work, world, ask(world, chance))


@pytest.mark.parametrize("seed", range(200, 204))
def test_several_people_side_by_side(work, actor, seed):
    world, chance = worlds.make(work, actor, seed), random.Random(seed)  # noqa: S311 - a test
    for _ in range(5):
        check(work, world, ask(world, chance, side_by_side=True))


@pytest.mark.parametrize("seed", range(300, 304))
def test_notice_and_horizon(work, actor, seed):
    clock = timedelta(hours=9, minutes=7)
    world = worlds.make(work, actor, seed, clock=clock, notice_min=50, horizon_days=1)
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(5):
        check(work, world, ask(world, chance))


@pytest.mark.parametrize("seed", range(400, 404))
def test_visits_over_midnight(work, actor, seed):
    world, chance = worlds.make(work, actor, seed, opens=-120), random.Random(seed)  # noqa: S311 - a test
    for _ in range(5):
        check(work, world, ask(world, chance))


@pytest.mark.parametrize("opens", [worlds.OPENS, -120])
@pytest.mark.parametrize("seed", [700, 701, 707, 712])
def test_a_look_that_grows_day_by_day(sqlite_work, actor, monkeypatch, seed, opens):
    monkeypatch.setattr(availability, "FIRST_LOOK", 1)
    world, chance = worlds.make(sqlite_work, actor, seed, opens=opens), random.Random(seed)  # noqa: S311 - a test
    for _ in range(5):
        check(sqlite_work, world, ask(world, chance), pages=((4, 12),))


@pytest.mark.parametrize(("zone", "day", "opens"), CHANGES)
def test_days_on_which_clocks_change(work, actor, zone, day, opens):
    first = day - timedelta(days=int(opens < 0))
    world = worlds.make(work, actor, day.toordinal(), zone=zone, first=first, opens=opens)
    chance = random.Random(day.toordinal())  # noqa: S311 - a test
    assert len({1440, len(world.walls) // (world.days + 2)}) == 2
    for _ in range(3):
        check(work, world, ask(world, chance))


@pytest.mark.parametrize("first", MONTH_ENDS, ids=str)
@pytest.mark.parametrize("opens", [OPENS, -120])
def test_days_about_the_end_of_a_month(work, actor, first, opens):
    """The second day is the first of the next month, and the night between them lies in both."""
    seed = first.toordinal() + opens
    world, chance = worlds.make(work, actor, seed, first=first, opens=opens), random.Random(seed)  # noqa: S311 - a test
    for _ in range(3):
        check(work, world, ask(world, chance))
