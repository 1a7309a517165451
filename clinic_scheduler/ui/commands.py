"""Everything that can be asked of the main window, in one table: menus and shortcuts are made from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from . import icons


@dataclass(frozen=True, slots=True)
class Command:
    """One menu entry; `name` is also the window's method. Those of one `choice` exclude each other."""

    name: str
    menu: str
    text: str
    shortcut: str = ""
    icon: str = ""
    needs: str = ""
    choice: str = ""


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for translation; PySide6's own is typed as returning `object`."""
    return text


BOOKINGS: Final = QT_TRANSLATE_NOOP("commands", "&Bookings")
VIEW: Final = QT_TRANSLATE_NOOP("commands", "&View")
HELP: Final = QT_TRANSLATE_NOOP("commands", "&Help")

COMMANDS: Final = (
    Command("new_booking", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&New booking"), "Ctrl+N", "plus", "book"),
    Command(
        "cancel_visit", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Cancel visit…"), "Ctrl+Del", "x", "book"
    ),
    Command("print_day", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Print day…"), "Ctrl+P", "printer"),
    Command("sweep_now", BOOKINGS, QT_TRANSLATE_NOOP("commands", "Clear &expired holds"), "", "history"),
    Command("open_another", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Open another clinic…"), "", "database"),
    Command("quit", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Quit"), "Ctrl+Q", "log-out"),
    Command("show_today", VIEW, QT_TRANSLATE_NOOP("commands", "&Today"), "T", "calendar"),
    Command(
        "show_previous", VIEW, QT_TRANSLATE_NOOP("commands", "&Previous day"), "Ctrl+Left", "chevron-left"
    ),
    Command("show_next", VIEW, QT_TRANSLATE_NOOP("commands", "Ne&xt day"), "Ctrl+Right", "chevron-right"),
    Command(
        "show_practitioners", VIEW, QT_TRANSLATE_NOOP("commands", "By p&ractitioner"), "P", "", "", "columns"
    ),
    Command("show_rooms", VIEW, QT_TRANSLATE_NOOP("commands", "By r&oom"), "R", "", "", "columns"),
    Command("zoom_in", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom &in"), "Ctrl++"),
    Command("zoom_out", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom o&ut"), "Ctrl+-"),
    Command("toggle_panel", VIEW, QT_TRANSLATE_NOOP("commands", "Side pa&nel"), "F9", "panel-right"),
    Command("refresh", VIEW, QT_TRANSLATE_NOOP("commands", "Re&fresh"), "F5", "refresh-cw"),
    Command(
        "use_system_theme", VIEW, QT_TRANSLATE_NOOP("commands", "Colours of the &system"), "", "", "", "theme"
    ),
    Command("use_light_theme", VIEW, QT_TRANSLATE_NOOP("commands", "&Light"), "", "sun", "", "theme"),
    Command("use_dark_theme", VIEW, QT_TRANSLATE_NOOP("commands", "&Dark"), "", "moon", "", "theme"),
    Command("use_high_contrast", VIEW, QT_TRANSLATE_NOOP("commands", "&High contrast"), "", "", "", "theme"),
    Command("show_about", HELP, QT_TRANSLATE_NOOP("commands", "&About Clinic Scheduler"), "", "info"),
)


def build(window: QMainWindow, permissions: Iterable[str]) -> dict[str, QAction]:
    """Fill the window's menu bar and return its actions by name."""
    tr = QCoreApplication.translate
    menus: dict[str, QMenu] = {}
    groups: dict[str, QActionGroup] = {}
    actions: dict[str, QAction] = {}
    allowed = frozenset(permissions)
    for command in COMMANDS:
        if command.menu not in menus:
            menus[command.menu] = window.menuBar().addMenu(tr("commands", command.menu))
        action = QAction(tr("commands", command.text), window)
        if command.icon:
            action.setIcon(icons.icon(command.icon))
        action.setShortcut(QKeySequence(command.shortcut))
        action.setEnabled(not command.needs or command.needs in allowed)
        if command.choice:
            if command.choice not in groups:
                groups[command.choice] = QActionGroup(window)
                menus[command.menu].addSeparator()
            action.setCheckable(True)
            groups[command.choice].addAction(action)
        action.triggered.connect(getattr(window, command.name))
        menus[command.menu].addAction(action)
        actions[command.name] = action
    return actions
