"""The first start asks one question and opens nothing by itself."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QSpinBox, QTimeEdit

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.ui.first_start import FirstStart
from clinic_scheduler.ui.start.question import Card
from tests.support.screen import control, press, words


def test_the_question_has_three_answers_and_asks_for_nothing(start):
    cards = start.findChildren(Card)
    assert [card.accessibleName() for card in cards] == [
        "Try the demo clinic",
        "Set up my clinic",
        "Connect to our server",
    ]
    assert all(card.accessibleDescription() for card in cards)
    assert not [line for line in start.findChildren(QLineEdit) if line.isVisible()]


def test_the_demo_is_one_click_away(start, heard):
    press(start, "Try the demo clinic")
    assert heard == [("demo", None)]


def test_the_keyboard_alone_reaches_every_answer(start, heard, qtbot):
    start.activateWindow()
    qtbot.waitUntil(start.isActiveWindow)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(QApplication.focusWidget(), key)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert heard == [("demo", None)]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert QApplication.focusWidget() is control(start, "Name or address")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert start.isVisible()
    assert QApplication.focusWidget().accessibleName() == "Connect to our server"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not start.isVisible()


def test_a_refusal_without_a_field_stands_above_the_buttons(start):
    for show in (start.ask, start.ask_clinic, start.ask_server):
        show()
        start.show_refusal("The disk is full; free some space.", "no_such_field")
        assert "The disk is full; free some space." in words(start)
        label = next(one for one in start.findChildren(QLabel) if one.text().startswith("The disk"))
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_every_control_has_a_name(start):
    kinds = (QAbstractButton, QLineEdit, QComboBox, QSpinBox, QTimeEdit)
    for show in (start.ask, start.ask_clinic, start.ask_server):
        show()
        reachable = [
            widget
            for kind in kinds
            for widget in start.findChildren(kind)
            if widget.isVisible()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not isinstance(widget.parent(), QComboBox | QSpinBox | QTimeEdit)
        ]
        assert len(reachable) > 3
        for widget in reachable:
            assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name), widget


def test_the_dialog_is_deleted_when_it_closes(qtbot, tmp_path):
    dialog = FirstStart(tmp_path / "clinic.db", new_id)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.show()
        dialog.reject()
