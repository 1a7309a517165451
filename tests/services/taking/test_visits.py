"""What parts that may overlap take of a patient and of a room for several people."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.types import EPOCH
from clinic_scheduler.services.taking import visits
from clinic_scheduler.services.taking.visits import NewAppointment
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, PHYSIO

MINUTE = timedelta(minutes=1)
LAST = 12


def in_room(start, end, beside=(), visitor=0):
    """One part in the blue room, in minutes."""
    begin = EPOCH + start * MINUTE
    return NewAppointment(
        id=new_id(),
        service_id=PHYSIO,
        practitioner_id=ANA,
        room_id=BLUE_ROOM,
        day=EPOCH.date(),
        start=begin,
        end=EPOCH + end * MINUTE,
        price_cents=0,
        visitor=visitor,
        beside=frozenset(beside),
    )


def taken(parts, resource_id=BLUE_ROOM):
    """How many claims there are on the resource in each minute."""
    found = visits.of_visit(list(enumerate(parts)), EMMA)
    own = [one.busy for one in found if one.resource_id == resource_id]
    return [sum(start <= EPOCH + minute * MINUTE < end for start, end in own) for minute in range(LAST)]


def least_lanes(parts, minute):
    """The fewest groups of the parts that run then, in each of which everybody may overlap everybody."""
    moment = EPOCH + minute * MINUTE
    running = frozenset(n for n, part in enumerate(parts) if part.start <= moment < part.end)

    @cache
    def fewest(left):
        if not left:
            return 0
        first, others = min(left), left - {min(left)}
        groups = (
            frozenset({first, *more})
            for size in range(len(others) + 1)
            for more in combinations(others, size)
        )
        return min(1 + fewest(left - group) for group in groups if is_shared(group))

    def is_shared(group):
        return all(b in parts[a].beside or a in parts[b].beside for a, b in combinations(group, 2))

    return fewest(running)


@st.composite
def visits_in_a_room(draw):
    """Two to four parts of one to three people, some pairs of which may overlap."""
    count = draw(st.integers(2, 4))
    pairs = [pair for pair in combinations(range(count), 2) if draw(st.booleans())]
    parts = []
    for number in range(count):
        start = draw(st.integers(0, LAST - 2))
        beside = {other for pair in pairs if number in pair for other in pair} - {number}
        end = draw(st.integers(start + 1, LAST))
        parts.append(in_room(start, end, beside, draw(st.integers(0, 2))))
    return parts


@given(visits_in_a_room())
def test_a_room_for_several_is_never_taken_less_often_than_it_is_used(parts):
    counted = taken(parts)
    assert all(counted[minute] >= least_lanes(parts, minute) for minute in range(LAST))


@given(visits_in_a_room())
def test_parts_that_may_all_overlap_take_a_room_once(parts):
    everybody = frozenset(range(len(parts)))
    parts = [replace(part, beside=everybody - {n}) for n, part in enumerate(parts)]
    assert all(counted <= 1 for counted in taken(parts))
    assert all(counted <= 1 for counted in taken(parts, EMMA))


def test_somebody_in_another_lane_does_not_cover_who_stays_longer():
    parts = [in_room(0, 3, {2}), in_room(0, 6, visitor=1), in_room(0, 6, {0})]
    assert taken(parts)[:6] == [2, 2, 2, 2, 2, 2]


def test_two_services_one_after_the_other_beside_a_long_one_take_the_patient_once():
    parts = [in_room(0, 3, {2}), in_room(3, 6, {2}), in_room(1, 8, {0, 1})]
    assert taken(parts, EMMA) == [1] * 8 + [0] * 4
    assert taken(parts) == [1] * 8 + [0] * 4


def test_a_patient_is_taken_the_same_by_parts_as_by_appointments(clinic):
    first, second = clinic.part("09:00"), clinic.part("09:15", BEN)
    parts = [replace(first, beside=frozenset({1})), second]
    assert [one.busy for one in visits.of_patient(parts, EMMA)] == [
        (clinic.at("09:00"), clinic.at("09:45")),
        (clinic.at("09:45"), clinic.at("10:00")),
    ]
