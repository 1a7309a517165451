from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.ui.calendar.lanes import WHOLE, Lane, lanes

spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda s: (s[0], s[0] + s[1])), max_size=40
)


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]


def depth(several):
    return max((sum(s <= minute < e for s, e in several) for minute in range(261)), default=0)


def cluster_of(i, several):
    """Every span that overlaps span i, directly or through others."""
    found, waiting = {i}, [i]
    while waiting:
        here = waiting.pop()
        near = {j for j in range(len(several)) if j not in found and overlap(several[here], several[j])}
        found |= near
        waiting += near
    return [several[j] for j in found]


@given(spans)
def test_no_two_that_overlap_share_a_lane(several):
    shares = lanes(several)
    for i, one in enumerate(several):
        for j in range(i):
            if overlap(one, several[j]):
                a, b = shares[i], shares[j]
                assert a.number + a.span <= b.number or b.number + b.span <= a.number


@given(spans)
def test_no_more_lanes_than_the_densest_minute_needs(several):
    for i, share in enumerate(lanes(several)):
        assert share.count == depth(cluster_of(i, several))


@given(spans)
def test_every_lane_lies_within_the_column(several):
    for share in lanes(several):
        assert 0 <= share.number < share.number + share.span <= share.count


@given(spans)
def test_the_same_spans_get_the_same_lanes(several):
    assert lanes(several) == lanes(list(several))


def test_spans_that_only_touch_are_whole():
    assert lanes([(0, 10), (10, 20), (20, 25)]) == [WHOLE, WHOLE, WHOLE]


def test_a_span_widens_over_lanes_that_stay_free():
    assert lanes([(0, 60), (0, 10), (5, 15), (30, 60)]) == [
        Lane(1, 3, 1),
        Lane(0, 3),
        Lane(2, 3),
        Lane(0, 3, 1),
    ]
