"""Whatever is offered can be held."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from clinic_scheduler.services.offers.availability import free_visits
from clinic_scheduler.services.unfinished import booking_session
from tests.support import desk, worlds
from tests.support.worlds import CHANGES, PATIENT
from tests.support.worlds_asked import ask


def held(work, actor, world, chance, *, questions):
    """Hold some of the answers to random questions, each by a session of its own; how many there were."""
    there = replace(actor, clinic_id=world.clinic.id)
    count = 0
    for number in range(questions):
        asked = ask(world, chance, side_by_side=number % 3 == 2, together=False)
        within = replace(asked.within, patient_id=PATIENT, is_walk_in=False)
        found = work.read(
            lambda s, a=asked, w=within: free_visits(
                s, clinic_id=world.clinic.id, wishes=a.wishes, within=w, terms=a.terms
            )
        )
        for one in chance.sample(found, min(len(found), 3)):
            begun = desk.start(work, there, PATIENT)
            kept = desk.hold(work, there, begun, *one.parts)
            work.write(lambda s, k=kept: booking_session.discard(s, actor=there, session_id=k.session.id))
            count += 1
    return count


@pytest.mark.parametrize("seed", range(500, 505))
def test_random_answers(work, actor, seed):
    chance = random.Random(seed)  # noqa: S311 - a test
    world = worlds.make(work, actor, seed)
    assert held(work, actor, world, chance, questions=6)


@pytest.mark.parametrize(("zone", "day", "opens"), CHANGES[::2])
def test_answers_on_days_on_which_clocks_change(work, actor, zone, day, opens):
    chance = random.Random(day.toordinal())  # noqa: S311 - a test
    first = day - timedelta(days=int(opens < 0))
    world = worlds.make(work, actor, day.toordinal(), zone=zone, first=first, opens=opens)
    assert held(work, actor, world, chance, questions=4)
