"""Commands found by a few letters, keys found on a sheet, days typed into the bar."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from clinic_scheduler.ui.command_table import COMMANDS
from clinic_scheduler.ui.help_sheet import calendar_keys
from tests.support import screen

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(seat):
    seat.window.day_view.setFocus()
    seat.press((Key.Key_K, CTRL))
    seat.until(QApplication.focusWidget)
    return seat.dialog


def shown(palette):
    model = palette.list.model()
    return [model.index(row).data() for row in range(model.rowCount())]


def test_every_command_is_there_with_its_menu_and_keys(palette):
    assert len(shown(palette)) == len(COMMANDS)
    assert "New booking, Bookings, Ctrl+N" in shown(palette)
    assert "Undo, Visit, Ctrl+Z, not possible now" in shown(palette)


def test_letters_find_the_best_first_and_enter_runs_it(seat, palette):
    seat.type("rooms")
    assert shown(palette) == []
    palette.field.clear()
    seat.type("by roo")
    assert shown(palette)[0].startswith("By room")
    seat.press(Key.Key_Return)
    seat.until(lambda: seat.window.page.view.by == "room")
    seat.window.activateWindow()
    seat.until(QApplication.focusWidget)
    seat.press((Key.Key_K, CTRL))
    assert shown(seat.dialog)[0].startswith("By room")  # what was done last comes first


def test_arrows_move_while_letters_are_typed(seat, palette):
    seat.type("zoom")
    first = palette.list.currentIndex().row()
    seat.press(Key.Key_Down)
    assert palette.list.currentIndex().row() == first + 1
    seat.type(" out")
    assert shown(palette)[0].startswith("Zoom out")
    seat.press(Key.Key_Escape)
    assert not palette.isVisible()


def test_home_and_end_go_to_the_first_and_the_last_while_the_cursor_stays(seat, palette):
    seat.type("o")
    seat.press(Key.Key_End)
    assert palette.list.currentIndex().row() == len(shown(palette)) - 1
    seat.press(Key.Key_Home)
    assert palette.list.currentIndex().row() == 0
    assert palette.field.cursorPosition() == 1


def test_the_row_that_enter_takes_is_read_out_at_the_field(seat, palette):
    seat.type("new b")
    assert palette.field.accessibleDescription() == "New booking, Bookings, Ctrl+N"
    seat.press(Key.Key_Down)
    assert palette.field.accessibleDescription() == "New booking here, Bookings"
    seat.type("qqqq")
    assert "try another word" in palette.field.accessibleDescription()


def test_what_is_chosen_says_so(seat, palette):
    assert "Day, View, D, chosen" in shown(palette)
    assert "Week, View, W" in shown(palette)


def test_a_click_runs_the_command(seat, palette):
    seat.type("by roo")
    row = palette.list.visualRect(palette.list.model().index(0)).center()
    seat.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    seat.until(lambda: seat.window.page.view.by == "room")


def test_what_is_not_possible_is_marked_but_not_run(seat, palette):
    seat.type("undo")
    assert palette.list.selectionModel().isSelected(palette.list.model().index(0))
    seat.press(Key.Key_Return)
    assert palette.isVisible()
    row = palette.list.visualRect(palette.list.model().index(0)).center()
    seat.qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert palette.isVisible()


def test_nothing_found_says_so(seat, palette):
    seat.type("qqqq")
    assert "No command is called so" in " ".join(screen.words(palette))


def test_the_sheet_lists_every_key(seat):
    seat.press(Key.Key_F1)
    tree = seat.dialog.tree
    groups = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    rows = {group.child(n).text(1) for group in groups for n in range(group.childCount())}
    native = QKeySequence.SequenceFormat.NativeText
    keys = {QKeySequence(c.shortcut).toString(native) for c in COMMANDS if c.shortcut}
    assert rows == keys | {keys for keys, _text in calendar_keys()}
    seat.dialog.field.setText("space")
    assert [g.text(0) for g in groups if not g.isHidden()] == ["In the calendar"]
    seat.dialog.field.setText("qqqq")
    assert "try another word" in " ".join(screen.words(seat.dialog))
    seat.dialog.field.clear()
    assert tree.isVisible()
    assert screen.words(seat.dialog) == []


def test_a_day_is_typed_in_words(seat, clinic):
    seat.show_day(clinic.monday)
    before = seat.window.top.day.text()
    seat.window.day_view.setFocus()
    seat.press((Key.Key_G, CTRL))
    seat.type("+1w")
    today = seat.window.page.local_day(seat.window.model.schedule.now)
    assert f"{(today + timedelta(days=7)).year}" in seat.window.top.day.hint.text()
    seat.press(Key.Key_Return)
    seat.until(lambda: seat.day == today + timedelta(days=7))
    assert seat.window.day_view.hasFocus()
    assert seat.window.top.day.text() != before


def test_what_is_no_day_is_said_and_escape_restores(seat, clinic):
    seat.show_day(clinic.monday)
    words = seat.window.top.day.text()
    seat.press((Key.Key_G, CTRL))
    seat.type("blursday")
    seat.press(Key.Key_Return)
    assert "No day yet" in seat.window.top.day.hint.text()
    assert seat.window.top.day.edit.text() == "blursday"
    seat.press(Key.Key_Escape)
    assert seat.window.top.day.edit.text() == words
    assert not seat.window.top.day.hint.isVisible()
    assert seat.day == clinic.monday
