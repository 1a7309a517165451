"""A column with a visit 09:00-10:00, one 10:00-10:20, an overlap 10:10-10:40; the other column is empty."""

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.ui.calendar import walk
from clinic_scheduler.ui.calendar.walk import Ground, Spot
from tests.ui.schedules import uid, visit

VISITS = (visit(1, 0, 540, 60), visit(2, 0, 600, 20), visit(3, 0, 610, 30))
GROUND = Ground((VISITS, ()), 480, 720, 15)


def on(number):
    shown = VISITS[number - 1]
    return Spot(0, shown.start, uid(number))


def test_down_leads_through_empty_steps_to_the_visit():
    spots = [Spot(0, 515)]
    while len(spots) < 8:
        spots.append(walk.down(GROUND, spots[-1]))
    assert spots[1:] == [Spot(0, 525), on(1), on(2), on(3), Spot(0, 640), Spot(0, 645), Spot(0, 660)]


def test_up_leads_back():
    spots = [Spot(0, 645)]
    while len(spots) < 8:
        spots.append(walk.up(GROUND, spots[-1]))
    assert spots[1:] == [Spot(0, 640), on(3), on(2), on(1), Spot(0, 525), Spot(0, 510), Spot(0, 495)]


def test_the_day_ends_at_opening_and_closing():
    assert walk.up(GROUND, Spot(1, 480)) == Spot(1, 480)
    assert walk.down(GROUND, Spot(1, 705)) == Spot(1, 705)


def test_sideways_keeps_the_minute():
    there = walk.sideways(GROUND, Spot(1, 555), -1)
    assert there == Spot(0, 555, uid(1))
    assert walk.sideways(GROUND, there, 1) == Spot(1, 555)


def test_sideways_passes_through_lanes():
    assert walk.sideways(GROUND, Spot(1, 612), -1) == Spot(0, 612, uid(3))
    assert walk.sideways(GROUND, Spot(0, 612, uid(3)), -1) == Spot(0, 612, uid(2))
    assert walk.sideways(GROUND, Spot(0, 612, uid(2)), -1) is None


spans = st.lists(st.tuples(st.integers(480, 700), st.integers(5, 60)), max_size=12)


@given(spans, st.integers(480, 719), st.sampled_from([5, 15, 60]))
def test_walking_always_goes_on_and_stays_within_the_day(several, minute, step):
    visits = tuple(
        sorted(
            (visit(n + 1, 0, start, min(length, 720 - start)) for n, (start, length) in enumerate(several)),
            key=lambda v: (v.start, v.end),
        )
    )
    ground = Ground((visits,), 480, 720, step)
    spot = walk.first(ground, 0, minute)
    for move in (walk.down, walk.up):
        seen = []
        while spot not in seen:
            seen.append(spot)
            spot = move(ground, spot)
            assert 480 <= spot.minute <= 720
        assert spot == seen[-1]  # it stops at the end and never walks in a circle
    if visits:
        assert any(s.visit for s in seen)
