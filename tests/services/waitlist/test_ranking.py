"""Who is asked first is settled, the same whoever looks, explained, and fair."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.waitlist import ranking
from clinic_scheduler.services.waitlist.ranking import Candidate, Criterion

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
candidates = st.builds(
    Candidate,
    st.uuids(),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.3, 0.5, 0.89, 0.9, 1.0]),
    st.integers(0, 3),
    st.integers(0, 5).map(lambda days: EPOCH + timedelta(days=days)),
    st.booleans(),
)
people = st.lists(candidates, max_size=12, unique_by=lambda one: one.entry_id)


def share(used):
    """The grades once more, in words of their own."""
    return "all" if used >= 0.9 else "most" if used >= 0.5 else "some"


def comes_before(one, other):
    """What the desk is told, written without a look at the program."""
    if one.was_offered != other.was_offered:
        return Criterion.NEW, other.was_offered
    if one.urgency != other.urgency:
        return Criterion.URGENCY, one.urgency > other.urgency
    if share(one.used) != share(other.used):
        return Criterion.FIT, one.used > other.used
    if one.offers_made != other.offers_made:
        return Criterion.OFFERS, one.offers_made < other.offers_made
    if one.since != other.since:
        return Criterion.WAITING, one.since < other.since
    return Criterion.WAITING, one.entry_id < other.entry_id


@given(people, st.randoms(use_true_random=False))
def test_the_order_is_the_same_in_whichever_order_they_are_looked_at(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert ranking.ranked(shuffled) == ranking.ranked(found)
    assert sorted(one.entry_id for one in ranking.ranked(found)) == sorted(one.entry_id for one in found)


@given(people)
def test_everybody_before_somebody_has_a_reason_that_is_true(found):
    order = ranking.ranked(found)
    for at, one in enumerate(order):
        for other in order[at + 1 :]:
            assert comes_before(one, other) == (ranking.decided_by(one, other), True)
            assert comes_before(other, one) == (ranking.decided_by(other, one), False)


@given(candidates, candidates, st.integers(1, 9))
def test_nobody_loses_by_having_waited_longer_or_being_more_urgent_or_asked_less(one, other, more):
    before = ranking.key(one) < ranking.key(other)
    better = (
        replace(one, since=one.since - timedelta(days=more)),
        replace(one, urgency=min(3, one.urgency + more)),
        replace(one, offers_made=max(0, one.offers_made - more)),
        replace(one, used=min(1.0, one.used + more / 10)),
    )
    for improved in better:
        assert ranking.key(improved) <= ranking.key(one)
        assert not before or ranking.key(improved) < ranking.key(other)


@given(people, candidates)
def test_somebody_who_joins_changes_nothing_between_the_others(found, newcomer):
    others = [one for one in found if one.entry_id != newcomer.entry_id]
    order = [one for one in ranking.ranked([*others, newcomer]) if one.entry_id != newcomer.entry_id]
    assert tuple(order) == ranking.ranked(others)


def test_who_never_had_a_turn_has_one_after_at_most_as_many_as_wait():
    """Of people alike who never answer, each is asked once before anybody is asked twice."""
    waiting = {n: Candidate(UUID(int=n), 1, 1.0, 0, EPOCH + timedelta(days=n % 3)) for n in range(7)}
    asked = []
    for _turn in range(14):
        first = ranking.ranked(waiting.values())[0]
        asked.append(first.entry_id.int)
        waiting[first.entry_id.int] = replace(first, offers_made=first.offers_made + 1)
    assert sorted(asked[:7]) == sorted(asked[7:]) == list(range(7))
