from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.ui.calendar.geometry import PAD, USUAL, ZOOMS, Zoom, fit, geometry, next_zoom
from clinic_scheduler.ui.calendar.lanes import WHOLE, Lane

columns = st.integers(1, 60)
widths = st.integers(100, 3000)


@given(columns, widths, st.sampled_from(ZOOMS))
def test_columns_cover_the_width_without_gaps(count, viewport, zoom):
    g = geometry(count, 480, 1080, zoom, viewport)
    assert g.x(0) == 0
    assert g.x(count) == g.width >= viewport
    for column in range(count):
        assert g.column_at(g.x(column)) == column == g.column_at(g.x(column + 1) - 1)
    assert g.column_at(-1) == g.column_at(g.width) == -1


@given(st.integers(480, 1079), st.sampled_from(ZOOMS))
def test_a_minute_is_found_again_where_it_is_drawn(minute, zoom):
    g = geometry(3, 480, 1080, zoom, 900)
    assert abs(g.minute_at(g.y(minute)) - minute) <= max(1, 60 // zoom.hour_height + 1)


@given(columns, widths, st.integers(1, 6), st.data())
def test_boxes_beside_each_other_do_not_touch(count, viewport, lanes, data):
    g = geometry(count, 480, 1080, USUAL, viewport)
    column = data.draw(st.integers(0, count - 1))
    boxes = [g.box(column, Lane(n, lanes), 600, 660) for n in range(lanes)]
    for (x, _, width, _), (beside, _, _, _) in pairwise(boxes):
        assert x + width < beside
    assert boxes[0][0] > g.x(column)
    assert boxes[-1][0] + boxes[-1][2] < g.x(column + 1)


def test_boxes_one_after_the_other_leave_a_line_between():
    g = geometry(1, 480, 1080, USUAL, 300)
    _, y, _, height = g.box(0, WHOLE, 480, 495)
    assert y == PAD + 1
    assert g.box(0, WHOLE, 495, 510)[1] == y + height + 2


def test_thirty_columns_are_wider_than_the_window():
    assert geometry(30, 480, 1080, USUAL, 1400).width == 30 * 148


def test_steps_count_from_midnight():
    g = geometry(1, 485, 1080, Zoom(15, 96), 300)
    assert g.step_at(g.y(502)) == 495
    assert g.step_at(g.y(487)) == 485  # not before opening


def test_zooming_stops_at_both_ends():
    assert next_zoom(ZOOMS[0], -1) == ZOOMS[0]
    assert next_zoom(ZOOMS[-1], 3) == ZOOMS[-1]
    assert next_zoom(USUAL, 1).step == 10


# width, height -> lines, time, badges, sign
@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (200, 60, (2, True, 2, 1)),
        (200, 36, (2, True, 2, 1)),
        (140, 36, (2, False, 2, 1)),  # time goes first
        (120, 36, (2, False, 1, 1)),  # then the last badge
        (90, 36, (2, False, 0, 1)),
        (90, 60, (3, False, 2, 1)),  # unless there is a third line
        (60, 36, (2, False, 0, 2)),  # the sign moves down, so that the name keeps a few letters
        (200, 22, (1, True, 0, 1)),  # too low for two lines: time and name
        (200, 10, (0, False, 0, 0)),
        (20, 60, (0, False, 0, 0)),
    ],
)
def test_what_does_not_fit_is_dropped_in_a_fixed_order(width, height, expected):
    shown = fit(width, height, 16, 40, 90, 16, [30, 34])
    assert (shown.lines, shown.time, shown.badges, shown.sign) == expected


@given(st.integers(1, 400), st.integers(1, 200), st.integers(0, 300), st.sampled_from([0, 16]))
def test_what_is_shown_fits(width, height, name, sign):
    shown = fit(width, height, 16, 40, name, sign, [30, 34, 40])
    space = width - 16
    assert shown.name <= space or not shown.lines
    if shown.time:
        assert 40 + name + (sign if shown.sign == 1 else 0) <= space
    assert shown.service + (16 if shown.sign == 2 else 0) <= space or shown.lines < 2
