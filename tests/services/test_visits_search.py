"""The search for whole visits finds what trying everything finds."""

from itertools import pairwise, product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_scheduler.services.visits_search import Candidate, Step, earliest_visits

SPAN = 40
PEOPLE = [UUID(int=n) for n in range(1, 4)]
ROOMS = [None, UUID(int=11), UUID(int=12)]
STARTS = st.frozensets(st.integers(0, SPAN), max_size=14).map(lambda minutes: sum(1 << m for m in minutes))
CANDIDATES = st.builds(
    Candidate, st.sampled_from(PEOPLE), st.sampled_from(ROOMS), st.integers(1, 8), st.just(0), STARTS
)
BUFFERS = st.integers(0, 4)
STEPS = st.lists(
    st.builds(Step, st.uuids(), BUFFERS, BUFFERS, st.lists(CANDIDATES, max_size=3).map(tuple)),
    min_size=1,
    max_size=3,
)


def clashes(steps, chosen):
    """Whether somebody, or a room, would be busy twice at once, buffers included."""
    busy = [
        (start - step.buffer_before_min, start + c.duration_min + step.buffer_after_min, c)
        for step, (start, c) in zip(steps, chosen, strict=True)
    ]
    for number, (start, end, one) in enumerate(busy):
        for other_start, other_end, other in busy[number + 1 :]:
            same = one.practitioner_id == other.practitioner_id or (
                one.room_id and one.room_id == other.room_id
            )
            if same and start < other_end and other_start < end:
                return True
    return False


def tried(steps, max_wait):
    """The best end and waiting for each first start, by trying everything."""
    choices = [
        [(start, c) for c in step.candidates for start in range(SPAN + 1) if c.starts >> start & 1]
        for step in steps
    ]
    best = {}
    for chosen in product(*choices):
        waits = [start - (before + c.duration_min) for (before, c), (start, _next) in pairwise(chosen)]
        if any(not 0 <= wait <= max_wait for wait in waits) or clashes(steps, chosen):
            continue
        start, last = chosen[0][0], chosen[-1]
        found = (last[0] + last[1].duration_min, sum(waits))
        best[start] = min(best.get(start, found), found)
    return best


@settings(max_examples=300, deadline=None)
@given(STEPS, st.integers(0, 12))
def test_every_start_has_its_earliest_end_and_then_its_least_waiting(steps, max_wait):
    found = earliest_visits(steps, max_wait, limit=1_000)
    assert {chain.choices[0][0]: (chain.end, chain.waiting) for chain in found} == tried(steps, max_wait)
    assert len(found) == len({chain.choices[0][0] for chain in found})


@settings(max_examples=100, deadline=None)
@given(STEPS, st.integers(0, 12))
def test_a_visit_is_what_it_says(steps, max_wait):
    for chain in earliest_visits(steps, max_wait, limit=1_000):
        assert not clashes(steps, chain.choices)
        ends = [start + candidate.duration_min for start, candidate in chain.choices]
        waits = [start - end for (start, _c), end in zip(chain.choices[1:], ends, strict=False)]
        assert all(0 <= wait <= max_wait for wait in waits)
        assert (chain.end, chain.waiting) == (ends[-1], sum(waits))
        assert all(c in step.candidates for step, (_s, c) in zip(steps, chain.choices, strict=True))


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 12), st.integers(1, 5))
def test_the_earliest_starts_are_looked_at_and_the_earliest_end_comes_first(steps, max_wait, limit):
    found = earliest_visits(steps, max_wait, limit)
    assert {chain.choices[0][0] for chain in found} == set(sorted(tried(steps, max_wait))[:limit])
    assert [(c.end, c.choices[0][0]) for c in found] == sorted((c.end, c.choices[0][0]) for c in found)


def test_a_step_that_nobody_does_makes_no_visit():
    one = Step(UUID(int=20), 0, 0, (Candidate(PEOPLE[0], None, 5, 0, 0b11),))
    none = Step(UUID(int=21), 0, 0, ())
    assert earliest_visits([one, none], 30, 10) == ()
    assert earliest_visits([none], 30, 10) == ()
