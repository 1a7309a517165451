"""The first answers for many services are those that trying everything gives, and none is missing."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clinic_scheduler.services.search.visits import best, key_of
from tests.support import visits_by_trying, visits_one_by_one
from tests.support.long_questions import long_questions

FEW = settings(
    max_examples=15, deadline=None, phases=[Phase.reuse, Phase.generate]
)  # shrinking takes minutes


def check(question):
    found, expected = best(question, 20), visits_one_by_one.answers(question)
    assert expected
    assert [visit.key for visit in found] == expected[:20]
    assert all(key_of(question, visit.parts) == visit.key for visit in found)
    return found


@pytest.mark.parametrize("count", [4, 5, 6])
@FEW
@given(st.data())
def test_in_one_order(count, data):
    question = data.draw(long_questions(count, rooms=True))
    for visit in check(question)[:3]:
        assert visits_by_trying.is_right(question, visit)


@pytest.mark.parametrize(("count", "order"), [(4, "free"), (5, "free"), (5, "chains"), (6, "chains")])
@settings(FEW, max_examples=5)
@given(st.data())
def test_in_any_order_or_in_two_chains(count, order, data):
    question = data.draw(long_questions(count, order=order, rooms=True))
    for visit in check(question)[:3]:
        assert visits_by_trying.is_right(question, visit)


@settings(FEW, max_examples=10)
@given(long_questions(8))
def test_eight_in_one_order(question):
    check(question)
