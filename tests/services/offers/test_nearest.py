"""What is offered instead of a lost time: the nearest starts, with the same people and with anyone."""

import random
from datetime import timedelta

import pytest

from clinic_scheduler.services.offers.availability import Terms, Within, free_visits, nearest
from clinic_scheduler.services.search.question import Distinct, Wait
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.wishes import Wish
from tests.support import desk, visits_by_trying, worlds
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, MASSAGE, OLGA, ZONE, shift_clock
from tests.support.worlds_asked import question

EACH = Terms(distinct=Distinct.START)


def instead(work, parts, clinic_id=CLINIC, **options):
    return work.read(lambda s: nearest(s, clinic_id=clinic_id, parts=parts, **options))


def told(openings):
    return [
        (one.start.astimezone(ZONE).strftime("%d %H:%M"), *(part.practitioner_id for part in one.parts))
        for one in openings
    ]


def test_the_same_practitioner_comes_first_on_both_sides_then_anyone(work, actor, clinic):
    lost = clinic.part("10:00", ANA)
    desk.book(work, actor, [lost], OLGA)
    day = f"{clinic.monday:%d}"
    assert told(instead(work, [lost])) == [
        (f"{day} 09:15", ANA),
        (f"{day} 10:45", ANA),
        (f"{day} 11:15", ANA),
        (f"{day} 10:00", BEN),
        (f"{day} 09:30", BEN),
        (f"{day} 10:30", BEN),
    ]


def test_a_time_that_is_free_after_all_comes_first(work, clinic):
    lost = clinic.part("10:00", ANA)
    assert instead(work, [lost], limit=1)[0].parts == (lost,)


def test_ones_own_hold_and_the_patients_other_visits_count(work, actor, clinic):
    begun, lost = desk.start(work, actor), clinic.part("10:00", ANA)
    desk.hold(work, actor, begun, lost)
    assert instead(work, [lost], session_id=begun.id, patient_id=EMMA)[0].start == clinic.at("10:00")
    assert instead(work, [lost], patient_id=EMMA)[0].start == clinic.at("09:15")


def test_whoever_is_away_for_long_is_found_when_back_and_others_at_once(work, actor, clinic):
    shift_clock(work, clinic.at("07:00") - work.read(claims.now))
    for day in range(5):
        desk.book(work, actor, [clinic.part("09:00", ANA, minutes=180, days=day)], OLGA)
        desk.book(work, actor, [clinic.part("13:00", ANA, minutes=240, days=day)], OLGA)
    found = instead(work, [clinic.part("10:00", ANA)], limit=1)
    assert [one.start for one in found] == [clinic.at("09:00", days=7), clinic.at("10:00")]
    assert [one.parts[0].practitioner_id for one in found] == [ANA, BEN]


def test_a_visit_keeps_its_order_and_as_long_a_wait_as_it_had(work, actor, clinic):
    lost = [clinic.part("10:00", ANA), clinic.part("11:20", BEN, MASSAGE, minutes=30)]
    desk.book(work, actor, [clinic.part("10:35", BEN)], OLGA)
    first = instead(work, lost, limit=1)[0]
    assert first.start == clinic.at("10:00")
    assert first.waiting_min == 35


@pytest.mark.parametrize("seed", range(600, 606))
def test_they_are_the_nearest_that_trying_everything_finds(work, actor, seed):
    world, chance = worlds.make(work, actor, seed), random.Random(seed)  # noqa: S311 - a test
    wishes = tuple(Wish(one) for one in chance.sample(worlds.SERVICES, chance.choice([1, 2])))
    within = Within(world.first, world.days, limit=200)
    found = work.read(
        lambda s: free_visits(s, clinic_id=world.clinic.id, wishes=wishes, within=within, terms=EACH)
    )
    lost = chance.choice(found)
    same = tuple(
        Wish(wish.service_id, (part.practitioner_id,)) for wish, part in zip(wishes, lost.parts, strict=True)
    )
    # As far as the world is known; beyond it there may be more.
    known = min(world.minute(lost.start), len(world.walls) - world.minute(lost.start) - 300)
    terms = Terms(distinct=Distinct.START, wait=Wait(0, 30))

    def nearest_of(wishes):
        keys = visits_by_trying.answers(question(world, wishes, terms, within))
        starts = _by_distance({key[3][0][0] for key in keys}, world, lost)
        apart = list[int]()
        for start in starts:
            if all(abs(start - other) >= 30 for other in apart):
                apart.append(start)
        return [start for start in apart if _far(start, world, lost) < known]

    expected = nearest_of(same)[:3]
    expected += [start for start in nearest_of(wishes) if start not in expected][:3]
    offered = instead(work, lost.parts, world.clinic.id)
    starts = [world.minute(one.start) for one in offered]
    assert [start for start in starts if _far(start, world, lost) < known] == expected


def _by_distance(starts, world, lost):
    return sorted(starts, key=lambda start: (_far(start, world, lost), start))


def _far(start, world, lost):
    return abs(world.start + timedelta(minutes=start) - lost.start) // timedelta(minutes=1)
