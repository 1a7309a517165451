"""Desks that are processes of their own change the same day; the benchmark of that name runs it at length."""

import pytest

from benchmarks import _track, storms


@pytest.fixture(scope="module")
def desks():
    with _track.processes(4) as pool:
        yield pool


@pytest.mark.parametrize("only_swaps", [True, False])
def test_nobody_stands_where_another_does_and_every_change_told_is_there(database_url, desks, only_swaps):
    result = storms.storm(database_url, pool=desks, racers=4, tries=10, only_swaps=only_swaps)
    assert (result.overlaps, result.partial, result.astray, result.untrue) == (0, 0, 0, 0)
    assert result.changed > 5
