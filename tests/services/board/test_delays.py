"""What is foreseen for the day is what a clock that ticks minute by minute comes to."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.board.delays import Planned, expected


def visit(number, start, minutes, **more):
    return Planned(UUID(int=number), start, start + minutes, **more)


@st.composite
def days(draw):
    """Visits of one day as they could have been booked, and a moment of that day."""
    now, at, visits = draw(st.integers(480, 700)), 480, []
    for number in range(draw(st.integers(1, 7))):
        minutes, before, after = (
            draw(st.integers(5, 60)),
            draw(st.sampled_from([0, 5])),
            draw(st.sampled_from([0, 10])),
        )
        gap = None
        if minutes > 30 and draw(st.booleans()):
            gap = (10, draw(st.integers(15, minutes)))
        start = at + before + draw(st.sampled_from([0, 0, 5, 30]))
        one = visit(number, start, minutes, before=before, after=after, gap=gap)
        at = one.start + gap[0] if gap and draw(st.booleans()) else one.end + after
        began = ended = None
        if draw(st.integers(0, 2)) == 0 and one.start <= now:
            began = min(now, one.start + draw(st.integers(-5, 40)))
            if draw(st.booleans()):
                ended = draw(st.integers(began, max(now, began)))
        visits.append(replace(one, began=began, ended=ended))
    return visits, now


def minutes_taken(one, start, end):
    """Each minute in which the practitioner is busy with it."""
    whole = set(range(start - one.before, end + one.after))
    return whole - set(range(start + one.gap[0], min(start + one.gap[1], end))) if one.gap else whole


def simulated(visits, now):
    """The same by trying every minute."""
    done, order = {}, []
    for one in visits:
        if one.began is not None or one.ended is not None:
            end = one.ended if one.ended is not None else max(one.began + one.end - one.start, now)
            done[one.id] = (one.began, end)
            order.append(one)
    for one in sorted((v for v in visits if v.id not in done), key=lambda v: (v.start, v.end, v.id)):
        agreed = minutes_taken(one, one.start, one.end)
        busy = set()
        for other in order:
            if not agreed & minutes_taken(other, other.start, other.end):
                busy |= minutes_taken(other, *done[other.id])
        start = max(one.start, now)
        while minutes_taken(one, start, start + one.end - one.start) & busy:
            start += 1
        done[one.id] = (start, start + one.end - one.start)
        order.append(one)
    return done


@given(days())
def test_the_forecast_is_what_a_minute_by_minute_simulation_comes_to(day):
    visits, now = day
    found = expected(visits, now)
    assert {one.id: (one.start, one.end) for one in found} == simulated(visits, now)
    assert [one.id for one in found] == [one.id for one in visits]


@given(days())
def test_nothing_to_come_begins_before_it_was_agreed_or_before_now(day):
    visits, now = day
    for one, told in zip(visits, expected(visits, now), strict=True):
        assert told.delay == told.start - one.start
        if one.began is None and one.ended is None:
            assert told.start >= max(one.start, now)
            assert told.end - told.start == one.end - one.start


def starts(visits, now):
    return [one.start for one in expected(visits, now)]


def test_an_overrun_pushes_the_next_by_what_is_left_after_the_break_between():
    day = [visit(1, 600, 30, began=600), visit(2, 640, 30), visit(3, 720, 30)]
    assert starts(day, 655) == [600, 655, 720]
    assert starts(day, 700) == [600, 700, 730]


def test_buffers_are_kept_between_late_visits():
    day = [visit(1, 600, 30, after=10, began=610), visit(2, 645, 30, before=5)]
    assert starts(day, 620) == [610, 655]


def test_whoever_was_booked_into_the_processing_gap_goes_on_in_it():
    colour = visit(1, 600, 90, gap=(30, 60), began=615)
    cut = visit(2, 630, 30)
    assert starts([colour, cut], 620) == [615, 645]


def test_what_was_booked_beside_each_other_on_purpose_does_not_wait():
    day = [visit(1, 600, 60, began=600), visit(2, 630, 30)]
    assert starts(day, 610) == [600, 630]


def test_whoever_was_done_early_lets_nobody_begin_before_the_agreed_time():
    day = [visit(1, 600, 60, began=600, ended=620), visit(2, 660, 30)]
    assert starts(day, 625) == [600, 660]
