"""The table of commands: each has its slot, its own shortcut, and only whoever may use it can."""

from types import FunctionType

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from clinic_scheduler.services.actor import EVERYTHING
from clinic_scheduler.ui.command_table import COMMANDS
from clinic_scheduler.ui.commands import build
from clinic_scheduler.ui.main_window import MainWindow

# Public methods of the window that are called by signals and by the program, and not chosen by a person.
CALLED = {"hear", "show_day"}


def test_every_command_has_a_slot_and_every_slot_of_the_window_a_command():
    names = {command.name for command in COMMANDS}
    own = {
        name
        for name, value in vars(MainWindow).items()
        if isinstance(value, FunctionType) and not name.startswith("_") and name.islower()
    }
    assert own - CALLED <= names


def test_no_shortcut_means_two_things():
    keys = [QKeySequence(command.shortcut).toString() for command in COMMANDS if command.shortcut]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_no_menu_has_a_letter_twice():
    for menu in {command.menu for command in COMMANDS}:
        letters = [c.text.partition("&")[2][:1].lower() for c in COMMANDS if c.menu == menu]
        assert sorted(letters) == sorted(set(letters)), menu
        assert all(letters)


def test_the_menus_show_every_command_with_its_shortcut(seat):
    shown = {
        action
        for menu in seat.window.menuBar().actions()
        for action in menu.menu().actions()
        if not action.isSeparator()
    }
    assert shown == set(seat.window.actions_by_name.values())
    for command in COMMANDS:
        action = seat.window.actions_by_name[command.name]
        assert action.shortcut() == QKeySequence(command.shortcut)
        assert action.isEnabled() is (command.name not in ("undo", "redo"))  # nothing was done yet


def test_whoever_may_not_book_is_not_offered_it(qtbot, qapp):
    class Window(QMainWindow):
        """Has every slot and does nothing."""

    for command in COMMANDS:
        setattr(Window, command.name, QMainWindow.close)
    window = Window()
    qtbot.addWidget(window)
    actions = build(window, EVERYTHING - {"book"})
    assert {name for name, action in actions.items() if not action.isEnabled()} == {
        command.name for command in COMMANDS if command.needs == "book"
    }


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_can_be_given_at_once_after_the_start(seat, name):
    seat.window.actions_by_name[name].trigger()
    seat.settle()
    assert not seat.refused


def test_one_theme_and_one_kind_of_column_is_marked(seat):
    actions = seat.window.actions_by_name
    with seat.qtbot.waitSignal(seat.window.theme_chosen) as chosen:
        actions["use_dark_theme"].trigger()
    assert chosen.args == ["dark"]
    assert actions["use_dark_theme"].isChecked()
    assert not actions["use_light_theme"].isChecked()
    actions["show_rooms"].trigger()
    assert [name for name in ("show_rooms", "show_practitioners") if actions[name].isChecked()] == [
        "show_rooms"
    ]


def test_letters_typed_into_a_field_are_no_commands(seat):
    """T is Today and R is Rooms, but not while a name is typed."""
    seat.window.new_booking()
    wizard = seat.wizard
    by = seat.window.page.view.by
    seat.type("rtp")
    assert wizard.page_now.search.text() == "rtp"
    assert seat.window.page.view.by == by
