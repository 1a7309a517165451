"""Desks that are processes of their own race for the same times; the benchmark of that name runs it at length."""

import pytest

from benchmarks import races


@pytest.mark.parametrize("in_pairs", [False, True])
def test_every_time_is_given_once_and_nobody_is_told_wrong(database_url, in_pairs):
    result = races.race(database_url, racers=4, slots=30, in_pairs=in_pairs)
    assert (result.overlaps, result.lost, result.untold, result.partial) == (0, 0, 0, 0)
    assert len(result.tries_ms) > 30  # they did meet
    if in_pairs:
        assert 5 <= result.booked <= 15
    else:
        assert result.booked == 30
