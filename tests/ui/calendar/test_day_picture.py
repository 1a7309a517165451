"""What the day view shows, and that it paints no more than it must."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QPoint

from clinic_scheduler.services.days.schedule import HourMark
from clinic_scheduler.ui import theme, tokens
from clinic_scheduler.ui.calendar.hover import Card
from clinic_scheduler.ui.calendar.moment import clocks
from tests.ui.schedules import LONG, RIGHT_TO_LEFT, schedule, uid, visit


def test_a_change_repaints_no_more_than_what_changed(view, model, qtbot):
    view.viewport().repaint()
    painted = []
    paint = view._painter.paint
    view._painter.paint = lambda p, part, *rest: (painted.append(part), paint(p, part, *rest))
    *others, last = model.schedule.visits
    later = last._replace(start=700, end=745, busy_start=700, busy_end=745)
    model.show(replace(model.schedule, visits=(*others, later)))
    qtbot.waitUntil(lambda: bool(painted))
    column = view.scene.column_rect(1)
    assert all(column.contains(part) for part in painted)


def test_after_a_change_the_picture_is_that_of_a_new_view(view, model, qtbot):
    *others, last = model.schedule.visits
    later = last._replace(start=640, end=700, busy_start=630, busy_end=700)
    day = replace(model.schedule, visits=(*others, later, visit(9, 1, 690, 30)))
    model.show(day)
    qtbot.wait(20)
    changed = view.grab().toImage()
    view._lay_out()
    assert changed == view.grab().toImage()


def test_a_hold_counts_down_and_goes_when_it_lapses(view, clock, qtbot):
    box = view.scene.all_holds()[0]
    assert clocks(view.scene, view.live) == [(box, "10:00")]
    clock.seconds = 65.0
    assert clocks(view.scene, view.live) == [(box, "8:55")]
    clock.seconds = 601.0
    assert clocks(view.scene, view.live) == []


def test_the_present_moves_with_the_databases_clock(view, clock):
    assert view._now_plate()[1] == "11:20"
    clock.seconds = 150.0
    view.live._tick()
    assert view.hours.now[1] == "11:22"
    clock.seconds = 13 * 3600.0
    view.live._tick()
    assert view.hours.now is None


def test_nothing_ticks_while_it_is_hidden(view):
    assert view.live._timer.isActive()
    view.hide()
    assert not view.live._timer.isActive()


def test_an_empty_day_says_what_to_do(view, model):
    blank = schedule(0, visits=(), holds=(), closed=())
    model.show(blank)
    assert view.scene is None
    image = view.viewport().grab().toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }
    assert theme.current().text.name() in colours
    assert view.cursor_time() is None


def test_thirty_columns_scroll_sideways_under_their_heads(view, model):
    model.show(schedule(30))
    bar = view.horizontalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    assert view.heads.offset == bar.maximum()
    assert view.heads.head(29).name


def test_heads_say_role_visits_and_load(view, model):
    model.show(schedule(1, visits=(visit(1, 0, 480, 300),), holds=(), closed=()))
    head = view.heads.head(0)
    assert (head.name, head.role, head.facts[0]) == ("Ana Silva", "Physiotherapy", "1 visit · 50 %")


def test_a_day_of_25_hours_has_both_two_oclocks(view, model):
    # Berlin, 25 October 2026: 03:00 summer time is 02:00 again.
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)
    walls = [*range(3), *range(2, 25)]
    hours = tuple(HourMark(60 * place, f"{hour:02}:00") for place, hour in enumerate(walls))
    night = schedule(2, opens=0, closes=1500, visits=(visit(1, 0, 180, 60), visit(2, 0, 1440, 60)), closed=())
    model.show(
        replace(
            night, day=date(2026, 10, 25), zone="Europe/Berlin", length=1500, midnight=midnight, hours=hours
        )
    )
    view.select(uid(2))
    assert view.viewport().rect().contains(view.rect_of(uid(2)).topLeft())
    click_at = view.scene.geometry
    assert click_at.y(1500) > click_at.y(1440)
    assert [mark.label for mark in hours].count("02:00") == 2


@pytest.mark.parametrize("name", [LONG, RIGHT_TO_LEFT, "😀", "<b>Bold</b>", "", "x" * 10_000])
def test_no_name_is_painted_outside_its_box(view, model, name):
    several = tuple(
        visit(n, n % 3, 480 + 60 * n, 60 if n % 2 else 15, patient=name, service=name) for n in range(9)
    )
    model.show(schedule(3, visits=several, holds=()))
    for column in range(3):
        for box in view.scene.boxes(column).visits:
            for word in [*box.small, *([box.name] if box.name else [])]:
                assert box.x <= word.x
                assert word.x + word.width <= box.x + box.width
    assert not view.grab().isNull()


def test_six_hundred_visits_are_all_painted(view, model):
    several = tuple(visit(n + 1, n % 30, 480 + n // 30 * 30, 25) for n in range(600))
    model.show(schedule(30, visits=several, holds=(), closed=()))
    view.set_min_column(20)
    image = view.viewport().grab().toImage()
    boxes = [box for column in range(30) for box in view.scene.boxes(column).visits]
    assert len(boxes) == 600
    seen = [b for b in boxes if view.viewport().rect().contains(b.rect.translated(-view.origin()))]
    assert len(seen) > 200
    for box in seen:
        corner = box.rect.bottomRight() - view.origin() - QPoint(1, 4)
        assert image.pixelColor(corner) == box.colours.ground


def test_hidden_cancellations_take_no_room(view, model):
    gone = visit(5, 1, 620, 45, status="cancelled")
    model.show(schedule(2, visits=(visit(3, 1, 620), gone), holds=()))
    assert view.rect_of(uid(5)) is None
    width = view.rect_of(uid(3)).width()
    view.set_shows_cancelled(True)
    assert view.rect_of(uid(3)).width() < width
    assert view.rect_of(uid(5)) is not None


def test_the_theme_is_followed(view, qapp):
    themes = theme.apply(qapp, "light")
    light = view.grab().toImage()
    try:
        themes.choose("dark")
        assert view.scene.theme is tokens.dark()
        assert view.grab().toImage() != light
    finally:
        themes.choose("light")


def test_tooltips_never_become_markup(view):
    assert "&lt;img" in Card("<img src=x>", view.rect()).html
