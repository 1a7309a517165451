"""Resting the pointer with Alt held says what stands in the way there, as the command does."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from tests.support.clinics import EMMA
from tests.support.desk import book


def rest(view, minute, column=0):
    """Let the pointer rest at a minute of a column, as Qt tells a view."""
    scene = view.scene
    whole = scene.column_rect(column)
    place = QPoint(whole.center().x(), scene.geometry.y(minute) + 2) - view.origin()
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    )


def test_alt_and_the_pointer_say_what_is_in_the_way(seat, work, actor, clinic):
    book(work, actor, [clinic.part("10:00")], EMMA)
    seat.show_day(clinic.monday)
    view = seat.window.day_view
    QTest.keyPress(view.window().windowHandle(), Qt.Key.Key_Alt, Qt.KeyboardModifier.AltModifier)
    rest(view, 9 * 60 + 45)
    QTest.keyRelease(view.window().windowHandle(), Qt.Key.Key_Alt)
    seat.until(lambda: "Physiotherapy" in QToolTip.text())
    assert "another visit until 10:45" in QToolTip.text()
    rest(view, 9 * 60 + 45)
    seat.until(lambda: not QToolTip.isVisible() or "Physiotherapy" not in QToolTip.text())


def test_a_free_time_is_said_to_be_free(seat, clinic):
    seat.show_day(clinic.monday)
    view = seat.window.day_view
    QTest.keyPress(view.window().windowHandle(), Qt.Key.Key_Alt, Qt.KeyboardModifier.AltModifier)
    rest(view, 10 * 60)
    QTest.keyRelease(view.window().windowHandle(), Qt.Key.Key_Alt)
    seat.until(lambda: "is possible here" in QToolTip.text())
