"""What a screen reader is told of the painted day."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from clinic_scheduler.ui.calendar import accessible
from clinic_scheduler.ui.calendar.day_view import DayView
from clinic_scheduler.ui.calendar.model import ScheduleModel
from tests.ui.schedules import hold, schedule, uid, visit

Text = QAccessible.Text
VISITS = (visit(1, 1, 600), visit(2, 0, 540), visit(3, 0, 600))


@pytest.fixture(scope="module")
def days(qapp):
    return accessible.install()


@pytest.fixture
def view(qtbot, days):
    view, model = DayView(), ScheduleModel()
    qtbot.addWidget(view)
    view.resize(700, 600)
    model.setParent(view)
    model.show(schedule(2, visits=VISITS, holds=(hold(1, 700, 730),), closed=()))
    view.set_model(model)
    with qtbot.waitExposed(view):
        view.show()
    return view


def names(interface):
    return [interface.child(i).text(Text.Name) for i in range(interface.childCount())]


def test_it_is_a_named_list_of_visits_and_holds_in_reading_order(view):
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(Text.Name) == "Day calendar"
    said = names(interface)
    assert [s.split(",")[0] for s in said] == ["Friday 09:00", "Friday 10:00", "Friday 10:00", "Friday 11:40"]
    assert "held by Kofi Mensah" in said[3]
    assert {interface.child(i).role() for i in range(4)} == {QAccessible.Role.ListItem}


def test_items_stand_where_they_are_painted(view):
    interface = QAccessible.queryAccessibleInterface(view)
    painted = view.rect_of(uid(3))
    item = interface.child(1)
    assert item.rect().topLeft() == view.viewport().mapToGlobal(painted.topLeft())
    centre = item.rect().center()
    assert interface.childAt(centre.x(), centre.y()) is item
    assert interface.indexOfChild(item) == 1
    assert item.parent() is interface


def test_the_selected_visit_is_told(view, qtbot):
    interface = QAccessible.queryAccessibleInterface(view)
    view.select(uid(1))
    child = interface.focusChild()
    assert interface.indexOfChild(child) == 2
    assert child.state().selected
    assert not interface.child(0).state().selected


def test_empty_time_under_the_keyboard_is_an_item(view, qtbot):
    interface = QAccessible.queryAccessibleInterface(view)
    view.select(uid(2))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert interface.childCount() == 5
    assert interface.focusChild().text(Text.Name) == "Friday 09:00, Free time, Ben Okafor"


def test_items_follow_the_day(view):
    interface = QAccessible.queryAccessibleInterface(view)
    last = interface.child(3)
    view._model.show(schedule(2, visits=VISITS[:1], holds=()))
    assert interface.childCount() == 1
    assert not last.isValid()
    assert last.state().invalid
    view._model.show(None)
    assert names(interface) == []


def test_a_view_that_is_gone_has_no_items(qtbot, days):
    view = DayView()
    made = accessible.AccessibleDay(view)  # Qt may ask the factory of an earlier test for its own
    shiboken6.delete(view)
    assert not shiboken6.isValid(made) or made.view() is None
