"""What people do with the day view, on a real widget."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from clinic_scheduler.services.schedule import HourMark
from clinic_scheduler.ui import theme, tokens
from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.geometry import Zoom
from clinic_scheduler.ui.calendar.hover import Card
from clinic_scheduler.ui.calendar.model import ScheduleModel
from tests.ui.schedules import LONG, RIGHT_TO_LEFT, hold, schedule, uid, visit

VISITS = (
    visit(1, 0, 600, 60, booking_id=uid(77)),
    visit(2, 0, 660, 30),
    visit(3, 1, 620, 45, booking_id=uid(77)),
)


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def model(qapp):
    return ScheduleModel()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def view(qtbot, model, clock):
    view = DayView(clock=clock)
    qtbot.addWidget(view)
    view.resize(700, 600)
    model.show(schedule(3, visits=VISITS, holds=(hold(2, 640, 700),), closed=()))
    view.set_model(model)
    with qtbot.waitExposed(view):
        view.show()
    return view


def point(view, column, minute):
    bounds = view.scene.geometry
    return QPoint(bounds.x(column) + 40, bounds.y(minute) + 2) - view.origin()


def click(qtbot, view, column, minute, *, double=False):
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(view.viewport(), Qt.MouseButton.LeftButton, pos=point(view, column, minute))


def test_it_opens_at_the_present(view):
    assert view.verticalScrollBar().value() > 0
    now = view.scene.geometry.y(680) - view.verticalScrollBar().value()
    assert abs(now - view.viewport().height() // 4) <= 1


def test_another_day_opens_at_its_first_visit(qtbot, model):
    view = DayView()
    qtbot.addWidget(view)
    day = schedule(1, visits=(visit(1, 0, 900),), holds=())
    model.show(replace(day, now=day.now + timedelta(days=3)))
    view.set_model(model)
    view.resize(400, 300)
    with qtbot.waitExposed(view):
        view.show()
    assert view.viewport().rect().contains(view.rect_of(uid(1)).topLeft())


def test_a_click_selects_and_lights_the_same_booking(view, qtbot):
    plain = view.viewport().grab().toImage()
    with qtbot.waitSignal(view.visit_selected) as selected:
        click(qtbot, view, 0, 610)
    assert selected.args == [uid(1)]
    assert view.selected == uid(1)
    lit = view.viewport().grab().toImage()
    for number in (1, 3):
        edge = view.rect_of(uid(number)).center().x(), view.rect_of(uid(number)).top()
        assert plain.pixelColor(*edge) != lit.pixelColor(*edge) == theme.current().accent


def test_a_click_on_empty_time_selects_nothing_and_stands_there(view, qtbot):
    view.select(uid(1))
    with qtbot.waitSignal(view.visit_selected) as selected:
        click(qtbot, view, 1, 740)
    assert selected.args == [None]
    assert view.cursor_time() == (uid(901), 735)


def test_a_click_below_a_visit_means_its_end(view, qtbot):
    click(qtbot, view, 1, 668)
    assert view.cursor_time() == (uid(901), 665)


def test_double_clicks_open_visits_and_choose_empty_time(view, qtbot):
    with qtbot.waitSignal(view.visit_opened) as opened:
        click(qtbot, view, 0, 670, double=True)
    assert opened.args == [uid(2)]
    with qtbot.waitSignal(view.time_chosen) as chosen:
        click(qtbot, view, 1, 720, double=True)
    assert chosen.args == [uid(901), 720]


def test_the_keyboard_walks_opens_and_books(view, qtbot):
    view.select(uid(1))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.selected == uid(2)
    with qtbot.waitSignal(view.visit_opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [uid(2)]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.cursor_time() == (uid(900), 690)
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_N)
    assert chosen.args == [uid(900), 690]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Enter)
    assert chosen.args == [uid(901), 690]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.spot is None


def test_n_on_a_visit_books_after_it(view, qtbot):
    view.select(uid(2))
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_N)
    assert chosen.args == [uid(900), 690]


def test_walking_past_the_edge_steps_a_day_but_not_while_the_key_is_held(view, qtbot):
    view.select(uid(1))
    with qtbot.waitSignal(view.day_stepped) as stepped:
        qtbot.keyClick(view, Qt.Key.Key_Left)
    assert stepped.args == [-1]
    with qtbot.waitSignal(view.day_stepped) as stepped:
        qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert stepped.args == [1]
    none = Qt.KeyboardModifier.NoModifier
    with qtbot.assertNotEmitted(view.day_stepped):
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Left, none, "", True))


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_T, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_D, Qt.Key.Key_Plus]
)
def test_other_keys_are_left_to_the_window(view, key):
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view, event)
    assert not event.isAccepted()


def test_tab_gives_the_keyboard_a_place_to_start(view):
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.focusInEvent(QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert view.selected == uid(2)  # what runs now in the first column


def test_a_walked_to_visit_comes_into_view(view, qtbot):
    view.verticalScrollBar().setValue(0)
    view.set_zoom(Zoom(5, 300))
    view.select(uid(3))
    assert view.viewport().rect().contains(view.rect_of(uid(3)).topLeft())


def test_the_menu_is_asked_for_what_is_under_the_pointer(view, qtbot):
    place = point(view, 0, 610)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
    with qtbot.waitSignal(view.menu_requested) as asked:
        QApplication.sendEvent(view.viewport(), event)
    assert asked.args == [uid(1), view.viewport().mapToGlobal(place)]


def test_ctrl_and_wheel_zoom_around_the_pointer(view):
    place = point(view, 1, 660)
    before = view.scene.geometry.minute_at(place.y() + view.origin().y())
    event = QWheelEvent(
        QPointF(place), QPointF(view.mapToGlobal(place)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)
    assert view.zoom.step == 10
    assert abs(view.scene.geometry.minute_at(place.y() + view.origin().y()) - before) <= 1


def test_a_selected_visit_stays_selected_when_the_day_is_read_again(view, model, qtbot):
    view.select(uid(2))
    moved = replace(VISITS[1], column=1, start=720, end=750, busy_start=720, busy_end=750)
    with qtbot.assertNotEmitted(view.visit_selected):
        model.show(replace(model.schedule, visits=(VISITS[0], moved, VISITS[2])))
    assert (view.spot.column, view.spot.minute) == (1, 720)
    with qtbot.waitSignal(view.visit_selected) as selected:
        model.show(replace(model.schedule, visits=VISITS[:1]))
    assert selected.args == [None]


def test_a_change_repaints_no_more_than_what_changed(view, model, qtbot):
    view.viewport().repaint()
    painted = []
    paint = view._painter.paint
    view._painter.paint = lambda p, part, *rest: (painted.append(part), paint(p, part, *rest))
    later = replace(VISITS[2], start=700, end=745, busy_start=700, busy_end=745)
    model.show(replace(model.schedule, visits=(*VISITS[:2], later)))
    qtbot.waitUntil(lambda: bool(painted))
    column = view.scene.column_rect(1)
    assert all(column.contains(part) for part in painted)


def test_after_a_change_the_picture_is_that_of_a_new_view(view, model, qtbot):
    later = replace(VISITS[2], start=640, end=700, busy_start=630, busy_end=700)
    day = replace(model.schedule, visits=(*VISITS[:2], later, visit(9, 1, 690, 30)))
    model.show(day)
    qtbot.wait(20)
    changed = view.grab().toImage()
    view._lay_out()
    assert changed == view.grab().toImage()


def test_a_hold_counts_down_and_goes_when_it_lapses(view, clock, qtbot):
    box = view.scene.all_holds()[0]
    assert view._clocks() == [(box, "10:00")]
    clock.seconds = 65.0
    assert view._clocks() == [(box, "8:55")]
    clock.seconds = 601.0
    assert view._clocks() == []


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
    model.show(schedule(2, visits=(VISITS[2], gone), holds=()))
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
