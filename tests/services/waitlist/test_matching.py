"""Whoever is found fits with the whole wish, and whoever fits is found."""

import random
from datetime import timedelta

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Terms, Within
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.search.question import Distinct
from clinic_scheduler.services.waitlist import matching
from clinic_scheduler.services.wishes import Wish
from tests.support import desk, waiting
from tests.support.clinics import (
    ANA,
    BEN,
    BLUE_ROOM,
    CLINIC,
    EMMA,
    GAIT,
    JOSE,
    MASSAGE,
    OLGA,
    PHYSIO,
    RED_ROOM,
    SPEECH,
)
from tests.support.statements import statements


def all_visits(session, entry, day):
    """Everything that the whole wish could be on a day, found by the search that books, with nothing narrowed."""
    within = Within(
        day,
        days=1,
        patient_id=entry.patient_id,
        limit=100_000,
        weekdays=entry.wanted.weekdays,
        from_min=entry.wanted.from_min,
        until_min=entry.wanted.until_min,
    )
    terms = Terms(distinct=Distinct.PEOPLE)
    return availability.free_visits(
        session, clinic_id=CLINIC, wishes=entry.wanted.services, within=within, terms=terms
    )


def begins_in(part, time):
    return part.practitioner_id == time.resource_id and time.start <= part.start < time.end


def earliest_ends(every, time):
    """When the visit is over at the earliest, for each of its services that could begin in the time."""
    ends = {}
    for one in every:
        for number, part in enumerate(one.parts):
            if begins_in(part, time):
                ends[number] = min(one.end, ends.get(number, one.end))
    return set(ends.values())


def random_wish(chance, clinic):
    services = chance.choice(
        [(PHYSIO,), (MASSAGE,), (SPEECH,), (GAIT,), (PHYSIO, MASSAGE), (MASSAGE, SPEECH)]
    )
    from_hour = chance.choice([0, 8, 10, 13])
    return waiting.wanted(
        clinic,
        *services,
        weekdays=frozenset(chance.choice([(), (0, 1), (0, 3), (2,)])),
        from_min=from_hour * 60,
        until_min=chance.choice([16 * 60, 17 * 60, 1440]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_who_fits_a_time_is_who_the_search_would_let_come_then(sqlite_work, actor, sqlite_clinic, seed):
    work, clinic, chance = sqlite_work, sqlite_clinic, random.Random(seed)  # noqa: S311 - a test
    for _visit in range(8):
        service, who, minutes = chance.choice([(PHYSIO, ANA, 45), (PHYSIO, BEN, 45), (MASSAGE, BEN, 30)])
        wall = f"{chance.randrange(9, 16):02}:{chance.choice([0, 15, 30]):02}"
        try:
            desk.book(
                work, actor, [clinic.part(wall, who, service, minutes=minutes)], chance.choice([EMMA, JOSE])
            )
        except ClinicError:
            continue
    people = (OLGA, EMMA, JOSE, None, None)
    waits = [waiting.add(work, actor, random_wish(chance, clinic), one) for one in people]
    for _look in range(12):
        start = clinic.at("09:00") + timedelta(minutes=5 * chance.randrange(96))
        time = FreeTime(
            chance.choice([ANA, BEN]), start, start + timedelta(minutes=chance.choice([15, 45, 90]))
        )
        found = {one.entry.id: one.opening for one in waiting.matches(work, actor, time).best}
        for entry in waits:
            every = work.read(lambda s, e=entry: all_visits(s, e, clinic.monday))
            ends = earliest_ends(every, time)
            assert (entry.id in found) == bool(ends)
            if ends:
                assert any(begins_in(part, time) for part in found[entry.id].parts)
                assert found[entry.id].end in ends


def test_a_wish_for_one_room_fits_only_where_that_is_free(work, actor, clinic):
    wish = waiting.wanted(clinic, MASSAGE)
    wish = wish.__class__((Wish(MASSAGE, room_id=BLUE_ROOM),), wish.from_day, wish.until_day)
    waiting.add(work, actor, wish)
    time = FreeTime(BEN, clinic.at("10:00"), clinic.at("10:45"))
    (match,) = waiting.matches(work, actor, time).best
    assert match.opening.parts[0].room_id == BLUE_ROOM
    red = FreeTime(RED_ROOM, time.start, time.end)
    assert waiting.matches(work, actor, red).best == ()
    (by_room,) = waiting.matches(work, actor, FreeTime(BLUE_ROOM, time.start, time.end)).best
    assert by_room.opening == match.opening
    desk.book(work, actor, [clinic.part("10:00", BEN, MASSAGE, minutes=45)])
    assert waiting.matches(work, actor, time).best == ()


def test_the_number_of_statements_does_not_grow_with_those_who_wait(work, actor, clinic):
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("10:45"))
    waiting.add(work, actor, waiting.wanted(clinic), OLGA)
    with statements(work.engine) as few:
        waiting.matches(work, actor, time)
    for _more in range(20):
        waiting.add(work, actor, waiting.wanted(clinic, PHYSIO, SPEECH))
    with statements(work.engine) as many:
        assert len(waiting.matches(work, actor, time).best) == 20
    assert len(many) == len(few)


def test_a_clicked_time_reaches_to_the_end_of_the_free_time(work, actor, clinic):
    desk.book(work, actor, [clinic.part("11:00")])
    time = work.read(lambda s: matching.around(s, actor=actor, resource_id=ANA, at=clinic.at("10:10")))
    assert (time.start, time.end) == (clinic.at("10:10"), clinic.at("11:00"))
    with pytest.raises(InvalidInput, match="not free"):
        work.read(lambda s: matching.around(s, actor=actor, resource_id=ANA, at=clinic.at("11:10")))


def test_what_is_no_longer_offered_fits_nothing_and_hides_nobody_else(work, actor, clinic):
    gone = waiting.add(work, actor, waiting.wanted(clinic, GAIT))
    stays = waiting.add(work, actor, waiting.wanted(clinic))
    with work.engine.begin() as connection:
        connection.execute(t.Service.__table__.update().where(t.Service.id == GAIT).values(is_active=False))
    time = FreeTime(ANA, clinic.at("10:00"), clinic.at("11:00"))
    assert [one.entry.id for one in waiting.matches(work, actor, time).best] == [stays.id]
    openings = [work.read(lambda s, e=e: matching.fits(s, actor=actor, entry=e)) for e in (gone, stays)]
    assert (len(openings[0]), len(openings[1])) == (0, 8)
    assert openings[1][0].start == clinic.at("09:00")
