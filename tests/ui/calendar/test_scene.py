"""What of a day is laid out: what is looked at, once, and no more."""

from dataclasses import replace

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from clinic_scheduler.ui import theme
from clinic_scheduler.ui.calendar import scene as scenes
from clinic_scheduler.ui.calendar.boxes import Faces, box
from clinic_scheduler.ui.calendar.geometry import USUAL, ZOOMS, Zoom, geometry
from clinic_scheduler.ui.calendar.scene import Scene
from tests.ui.schedules import schedule, visit

FULL = tuple(visit(number, 0, 480 + 30 * number, 25) for number in range(20))
HOUR = Zoom(15, 120)
spans = st.tuples(st.integers(480, 1079), st.integers(0, 90), st.integers(0, 30), st.integers(0, 30))
tops = st.integers(-50, 3100)


def laid_out(day, zoom=HOUR):
    bounds = geometry(len(day.columns), day.opens, day.closes, zoom, 300)
    return Scene(day, bounds, theme.current(), Faces())


def buffered(number, span):
    start, length, before, after = span
    end = start + length
    return visit(number, 0, start, length, busy_start=start - before, busy_end=end + after)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(spans, max_size=8), st.sampled_from(ZOOMS), tops, st.integers(0, 1000))
@example([(700, 30, 30, 0)], USUAL, 200, 130)  # only the buffer before it
@example([(500, 30, 0, 30)], USUAL, 120, 200)  # only the buffer after it
def test_nothing_that_lies_in_sight_is_left_out(qapp, given_spans, zoom, top, height):
    day = schedule(1, visits=tuple(buffered(n, span) for n, span in enumerate(given_spans)), holds=())
    bottom = top + height
    seen = laid_out(day, zoom).visits_between(0, top, bottom)
    everything = laid_out(day, zoom).boxes(0).visits
    wanted = [b for b in everything if b.reach[0] <= bottom and b.reach[1] > top]
    shown = {b.visit.id: b.rect for b in seen}
    assert all(shown.get(b.visit.id) == b.rect for b in wanted)
    assert [b.visit.id for b in seen] == [b.visit.id for b in everything if b.visit.id in shown]


def test_a_visit_is_laid_out_when_it_comes_into_sight_and_once(qapp, monkeypatch):
    made = []

    def counted(shown, *rest):
        made.append(shown.start)
        return box(shown, *rest)

    monkeypatch.setattr(scenes, "box", counted)
    scene = laid_out(schedule(1, visits=FULL, holds=()))
    scene.visits_between(0, 0, 300)
    assert made
    assert max(made) < 480 + 180
    scene.visits_between(0, 0, 300)
    whole = scene.boxes(0)
    assert sorted(made) == [v.start for v in FULL]
    assert [b.visit for b in whole.visits] == list(FULL)


def test_what_was_never_in_sight_does_not_add_to_what_a_change_repaints(qapp):
    day = schedule(1, visits=FULL, holds=())
    before = laid_out(day)
    first, *others = before.visits_between(0, 0, 300)
    later = FULL[0]._replace(end=FULL[0].end + 3, busy_end=FULL[0].end + 3)
    after = Scene(replace(day, visits=(later, *FULL[1:])), before.geometry, before.theme, before.faces)
    assert after.adopt(before) == [QRect(first.x, first.y - 1, first.width, first.height + 6 + 2)]
    kept = after.visits_between(0, 0, 300)[1:]
    assert all(now is then for now, then in zip(kept, others, strict=True))
