"""What people do with the day view by mouse and keyboard, on a real widget."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from clinic_scheduler.ui import theme
from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.geometry import Zoom
from tests.ui.schedules import schedule, uid, visit


def point(view, column, minute):
    bounds = view.scene.geometry
    return QPoint(bounds.x(column) + 40, bounds.y(minute) + 2) - view.origin()


def at(view, minute):
    """The instant of a minute of the day that is shown."""
    return view.scene.schedule.midnight + timedelta(minutes=minute)


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
    assert view.cursor_time() == (uid(901), at(view, 735))


def test_a_click_below_a_visit_means_its_end(view, qtbot):
    click(qtbot, view, 1, 668)
    assert view.cursor_time() == (uid(901), at(view, 665))


def test_double_clicks_open_visits_and_choose_empty_time(view, qtbot):
    with qtbot.waitSignal(view.visit_opened) as opened:
        click(qtbot, view, 0, 670, double=True)
    assert opened.args == [uid(2)]
    with qtbot.waitSignal(view.time_chosen) as chosen:
        click(qtbot, view, 1, 720, double=True)
    assert chosen.args == [uid(901), at(view, 720)]


def test_the_keyboard_walks_opens_and_books(view, qtbot):
    view.select(uid(1))
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.selected == uid(2)
    with qtbot.waitSignal(view.visit_opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [uid(2)]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.cursor_time() == (uid(900), at(view, 690))
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_N)
    assert chosen.args == [uid(900), at(view, 690)]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_Enter)
    assert chosen.args == [uid(901), at(view, 690)]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.spot is None


def test_n_on_a_visit_books_after_it(view, qtbot):
    view.select(uid(2))
    with qtbot.waitSignal(view.time_chosen) as chosen:
        qtbot.keyClick(view, Qt.Key.Key_N)
    assert chosen.args == [uid(900), at(view, 690)]


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
    first, second, third = model.schedule.visits
    moved = second._replace(column=1, start=720, end=750, busy_start=720, busy_end=750)
    with qtbot.assertNotEmitted(view.visit_selected):
        model.show(replace(model.schedule, visits=(first, moved, third)))
    assert (view.spot.column, view.spot.minute) == (1, 720)
    with qtbot.waitSignal(view.visit_selected) as selected:
        model.show(replace(model.schedule, visits=(first,)))
    assert selected.args == [None]
