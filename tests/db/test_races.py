"""Desks that are processes of their own race for the same times; the benchmarks of these names run them at length."""

import pytest
from sqlalchemy import delete

from benchmarks import _track, lapses, lost_answers, races
from clinic_scheduler.db import tables as t
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import desk


@pytest.fixture(scope="module")
def desks():
    with _track.processes(4) as pool:
        yield pool


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_time_is_given_once_and_nobody_is_told_wrong(database_url, desks, size):
    result = races.race(database_url, pool=desks, racers=4, slots=20, size=size)
    assert (result.overlaps, result.lost, result.untold, result.partial) == (0, 0, 0, 0)
    assert len(result.tries_ms) > (20 if size == 1 else 8)  # they did meet
    assert result.booked == 20 if size == 1 else 20 / size / 3 <= result.booked <= 20 / size


@pytest.mark.parametrize("what", ["confirm", "renew"])
def test_a_hold_that_runs_out_meanwhile_is_kept_or_lost_but_not_both(database_url, desks, what):
    result = lapses.race(database_url, what, 24, pairs=4, pool=desks)
    assert (result.both, result.overlaps) == (0, 0)
    assert result.kept + result.lost >= 24


@pytest.mark.parametrize("moment", lost_answers.CUTS)
def test_a_confirm_whose_line_is_cut_is_booked_once_and_the_desk_told_so(pg_url, moment):
    result = lost_answers.cut(pg_url, moment, 4)
    assert (result.cut, result.booked, result.doubles, result.untrue, result.unsure) == (4, 4, 0, 0, 0)
    assert result.is_cut(moment)


def test_a_visit_and_a_hold_that_lack_a_part_are_seen(work):
    _track.open_clinic(work)
    booked, held = list(_track.visits(0, 20, size=3))[:2]
    named = Choices(guest=Guest("Guest"))
    first, second = (desk.start(work, _track.ACTOR, None, named) for _ in range(2))
    desk.hold(work, _track.ACTOR, first, *booked)
    desk.confirm(work, _track.ACTOR, first)
    desk.hold(work, _track.ACTOR, second, *held)
    assert [_track.left(work, 0, 0, size=size).partial for size in (3, 2)] == [0, 2]
    for part in (booked[0], held[0]):
        lost = delete(t.Claim).where(
            t.Claim.resource_id == part.practitioner_id, t.Claim.start_at == part.start
        )
        work.write(lambda s, lost=lost: s.execute(lost))
    assert _track.left(work, 0, 0, size=3).partial == 2
