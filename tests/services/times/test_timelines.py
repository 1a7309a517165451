"""Timelines as integers do what sets of minutes do."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.times import timelines

SETS = st.frozensets(st.integers(0, 120), max_size=60)
RUNS = st.lists(st.tuples(st.integers(-50, 5000), st.integers(-50, 5000)), max_size=8)
LENGTHS = st.integers(0, 40)


def packed(minutes):
    return sum(1 << minute for minute in minutes)


def unpacked(timeline):
    return set(timelines.minutes(timeline))


@given(SETS)
def test_minutes_come_back_in_order(minutes):
    assert list(timelines.minutes(packed(minutes))) == sorted(minutes)


@given(st.integers(-50, 200), st.integers(-50, 200))
def test_between_is_half_open_and_cut_at_zero(start, end):
    assert unpacked(timelines.between(start, end)) == set(range(max(start, 0), max(end, 0)))


@given(RUNS)
def test_intervals_together_are_their_union(runs):
    assert unpacked(timelines.of(runs)) == {m for start, end in runs for m in range(max(start, 0), end)}


@given(RUNS)
def test_merged_intervals_are_the_same_time_and_do_not_touch(runs):
    found = timelines.merged(runs)
    assert {m for run in found for m in range(*run)} == {m for run in runs for m in range(*run)}
    assert all(end < start for (_start, end), (start, _end) in itertools.pairwise(found))


@given(st.lists(SETS, max_size=5), LENGTHS)
def test_the_starts_of_many_are_those_of_each(many, length):
    frees = [packed(minutes) for minutes in many]
    assert timelines.starts_of_each(frees, length) == [timelines.starts(free, length) for free in frees]


@given(SETS, LENGTHS)
def test_starts_have_as_many_free_minutes_ahead(minutes, length):
    wanted = {m for m in minutes if all(m + step in minutes for step in range(max(length, 1)))}
    assert unpacked(timelines.starts(packed(minutes), length)) == wanted


@given(SETS, LENGTHS)
def test_spread_reaches_forward(minutes, reach):
    assert unpacked(timelines.spread(packed(minutes), reach)) == {
        m + step for m in minutes for step in range(reach + 1)
    }


@given(SETS, LENGTHS)
def test_spread_back_reaches_backward_and_stops_at_zero(minutes, reach):
    assert unpacked(timelines.spread_back(packed(minutes), reach)) == {
        m - step for m in minutes for step in range(reach + 1) if m >= step
    }


@given(st.integers(0, 100), st.integers(-5, 300), st.integers(1, 60))
def test_a_grid_has_every_step_of_its_span(first, length, step):
    assert unpacked(timelines.grid(first, length, step)) == set(range(first, first + length, step))


@given(SETS, st.integers(0, 130))
def test_the_first_minute_from_somewhere(minutes, minute):
    assert timelines.first_from(packed(minutes), minute) == min(
        (m for m in minutes if m >= minute), default=None
    )


@given(SETS)
def test_intervals_are_the_longest_runs_in_order(minutes):
    found = list(timelines.intervals(packed(minutes)))
    assert {m for start, end in found for m in range(start, end)} == minutes
    assert all(end < start for (_start, end), (start, _end) in itertools.pairwise(found))
    assert all(start < end for start, end in found)
