"""The search gives the answers that trying everything gives, all of them and in the same order."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_scheduler.services.search.question import Rank
from clinic_scheduler.services.search.visits import best, key_of, visits
from tests.support import visits_by_trying
from tests.support.questions import ORDERS, questions

FEW = settings(max_examples=40, deadline=None)


def check(question):
    found = list(visits(question))
    assert [visit.key for visit in found] == visits_by_trying.answers(question)
    assert all(visits_by_trying.is_right(question, visit) for visit in found[:20])
    assert all(key_of(question, visit.parts) == visit.key for visit in found[:20])


@pytest.mark.parametrize("order", ORDERS)
@FEW
@given(st.data())
def test_every_order(order, data):
    check(data.draw(questions(order=order)))


@pytest.mark.parametrize("order", ORDERS)
@FEW
@given(st.data())
def test_waits_of_their_own(order, data):
    check(data.draw(questions(order=order, waits=True)))


@pytest.mark.parametrize("groups", ["same", "different"])
@FEW
@given(st.data())
def test_the_same_practitioner_or_different_ones(groups, data):
    check(data.draw(questions(order="free", groups=groups)))


@FEW
@given(st.data())
def test_rooms_and_equipment(data):
    check(data.draw(questions(order=data.draw(st.sampled_from(ORDERS)), rooms=True, equipment=True)))


@FEW
@given(st.data())
def test_services_side_by_side_at_one_patient(data):
    check(
        data.draw(questions(order=data.draw(st.sampled_from(ORDERS)), together=True, rooms=True, waits=True))
    )


@FEW
@given(st.data())
def test_gaps_in_which_the_practitioner_is_free(data):
    check(data.draw(questions(order="free", gaps=True, together=True)))


@FEW
@given(st.data())
def test_fewest_practitioners_and_preferred_ones(data):
    rank = st.sampled_from([Rank.FEWEST_PEOPLE, Rank.PREFERRED])
    check(data.draw(questions(order=data.draw(st.sampled_from(ORDERS)), costs=True, rank=rank)))


@pytest.mark.parametrize("visitors", [1, 2])
@FEW
@given(st.data())
def test_fewest_practitioners_where_sorting_a_few_answers_is_not_enough(visitors, data):
    order, rank = data.draw(st.sampled_from(ORDERS)), st.just(Rank.FEWEST_PEOPLE)
    question = data.draw(
        questions(order=order, visitors=visitors, together=visitors == 1, costs=True, rank=rank)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clinic_scheduler.services.search.visits.FEW", 0)
        check(question)


@FEW
@given(st.data())
def test_practitioners_who_take_several_at_once_and_whose_turn_it_is(data):
    rank = st.sampled_from(Rank)
    check(data.draw(questions(lanes=True, turns=True, costs=True, gaps=data.draw(st.booleans()), rank=rank)))


@pytest.mark.parametrize("visitors", [1, 2])
@FEW
@given(st.data())
def test_so_many_answers_of_each_day(visitors, data):
    rank = st.sampled_from(Rank)
    check(data.draw(questions(order="free", visitors=visitors, per_day=True, turns=True, rank=rank)))


@pytest.mark.parametrize("visitors", [2, 3])
@FEW
@given(st.data())
def test_several_people_side_by_side(visitors, data):
    check(data.draw(questions(visitors=visitors, rooms=True, gaps=data.draw(st.booleans()))))


@FEW
@given(st.data())
def test_everything_at_once(data):
    switches = ("rooms", "equipment", "gaps", "together", "costs", "waits", "lanes", "turns", "per_day")
    chosen = {switch: data.draw(st.booleans()) for switch in switches}
    groups = data.draw(st.sampled_from(["", "same", "different"]))
    visitors = data.draw(st.integers(1, 2))
    rank = st.sampled_from(Rank)
    check(data.draw(questions(order="partly", groups=groups, visitors=visitors, rank=rank, **chosen)))


@FEW
@given(questions(order="free", costs=True, rank=st.sampled_from(Rank)), st.integers(1, 5))
def test_going_on_after_the_last_answer_gives_the_next_ones(question, size):
    first, page = list(islice(visits(question), 4 * size)), ()
    walked = []
    for _ in range(4):
        page = best(question, size, page[-1].key if page else None)
        walked.extend(page)
        if len(page) < size:
            break
    assert [visit.key for visit in walked] == [visit.key for visit in first]
