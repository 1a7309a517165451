"""Everything that can be asked of the main window, in one table: menus and shortcuts are made from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from . import icons


@dataclass(frozen=True, slots=True)
class Command:
    """One menu entry; `name` is also the method that does it. Those of one `choice` exclude each other."""

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
VISIT: Final = QT_TRANSLATE_NOOP("commands", "V&isit")
GO: Final = QT_TRANSLATE_NOOP("commands", "&Go")
KEEP: Final = QT_TRANSLATE_NOOP("commands", "&Keep view")
VIEW: Final = QT_TRANSLATE_NOOP("commands", "&View")
LOOK: Final = QT_TRANSLATE_NOOP("commands", "&Look")
HELP: Final = QT_TRANSLATE_NOOP("commands", "&Help")

COMMANDS: Final = (
    Command("new_booking", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&New booking"), "Ctrl+N", "plus", "book"),
    Command(
        "new_booking_here", BOOKINGS, QT_TRANSLATE_NOOP("commands", "New booking &here"), "", "plus", "book"
    ),
    Command("walk_in", BOOKINGS, QT_TRANSLATE_NOOP("commands", "Wa&lk-in…"), "Shift+W", "user-plus", "book"),
    Command(
        "close_time",
        BOOKINGS,
        QT_TRANSLATE_NOOP("commands", "Somebody is a&way…"),
        "",
        "calendar-days",
        "book",
    ),
    Command("show_patients", BOOKINGS, QT_TRANSLATE_NOOP("commands", "Pa&tients…"), "F7", "users"),
    Command("print_day", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Print day…"), "Ctrl+P", "printer"),
    Command("sweep_now", BOOKINGS, QT_TRANSLATE_NOOP("commands", "Clear &expired holds"), "", "history"),
    Command("open_another", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Open another clinic…"), "", "database"),
    Command("quit", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Quit"), "Ctrl+Q", "log-out"),
    Command("undo", VISIT, QT_TRANSLATE_NOOP("commands", "&Undo"), "Ctrl+Z", "undo-2", "book"),
    Command("redo", VISIT, QT_TRANSLATE_NOOP("commands", "&Redo"), "Ctrl+Shift+Z", "redo-2", "book"),
    Command("confirm_visit", VISIT, QT_TRANSLATE_NOOP("commands", "Con&firm"), "", "check", "book"),
    Command("arrive_visit", VISIT, QT_TRANSLATE_NOOP("commands", "&Arrived"), "Ctrl+Shift+A", "user", "book"),
    Command(
        "start_visit", VISIT, QT_TRANSLATE_NOOP("commands", "&In progress"), "Ctrl+Shift+I", "play", "book"
    ),
    Command(
        "complete_visit", VISIT, QT_TRANSLATE_NOOP("commands", "Co&mpleted"), "Ctrl+Shift+M", "check", "book"
    ),
    Command("miss_visit", VISIT, QT_TRANSLATE_NOOP("commands", "&Did not come"), "Ctrl+Shift+D", "x", "book"),
    Command("cancel_visit", VISIT, QT_TRANSLATE_NOOP("commands", "&Cancel visit…"), "Ctrl+Del", "x", "book"),
    Command(
        "book_again", VISIT, QT_TRANSLATE_NOOP("commands", "&Book again…"), "Shift+B", "refresh-cw", "book"
    ),
    Command(
        "park_visit", VISIT, QT_TRANSLATE_NOOP("commands", "Par&k on the pinboard"), "K", "pause", "book"
    ),
    Command(
        "park_day",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Park &what is shown of the day"),
        "",
        "pause",
        "book",
    ),
    Command("copy_visit", VISIT, QT_TRANSLATE_NOOP("commands", "Cop&y"), "Ctrl+C", "clipboard-list", "book"),
    Command(
        "paste_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Book the copy &here"),
        "Ctrl+V",
        "calendar-plus",
        "book",
    ),
    Command("ask_why", VISIT, QT_TRANSLATE_NOOP("commands", "Why &not here?"), "Ctrl+Y", "circle-help"),
    Command("show_today", GO, QT_TRANSLATE_NOOP("commands", "&Today"), "T", "calendar"),
    Command(
        "show_previous", GO, QT_TRANSLATE_NOOP("commands", "&Previous page"), "Ctrl+Left", "chevron-left"
    ),
    Command("show_next", GO, QT_TRANSLATE_NOOP("commands", "&Next page"), "Ctrl+Right", "chevron-right"),
    Command("go_to_day", GO, QT_TRANSLATE_NOOP("commands", "Go to &day…"), "Ctrl+G", "search"),
    Command("open_view_1", GO, QT_TRANSLATE_NOOP("commands", "View &1"), "F2"),
    Command("open_view_2", GO, QT_TRANSLATE_NOOP("commands", "View &2"), "F3"),
    Command("open_view_3", GO, QT_TRANSLATE_NOOP("commands", "View &3"), "F4"),
    Command("open_view_4", GO, QT_TRANSLATE_NOOP("commands", "View &4"), "F6"),
    Command("keep_view_1", KEEP, QT_TRANSLATE_NOOP("commands", "As view &1"), "Ctrl+F2"),
    Command("keep_view_2", KEEP, QT_TRANSLATE_NOOP("commands", "As view &2"), "Ctrl+F3"),
    Command("keep_view_3", KEEP, QT_TRANSLATE_NOOP("commands", "As view &3"), "Ctrl+F4"),
    Command("keep_view_4", KEEP, QT_TRANSLATE_NOOP("commands", "As view &4"), "Ctrl+F6"),
    Command("view_day", VIEW, QT_TRANSLATE_NOOP("commands", "&Day"), "D", "", "", "view"),
    Command("view_days", VIEW, QT_TRANSLATE_NOOP("commands", "&Several days"), "S", "", "", "view"),
    Command("view_week", VIEW, QT_TRANSLATE_NOOP("commands", "&Week"), "W", "", "", "view"),
    Command("view_month", VIEW, QT_TRANSLATE_NOOP("commands", "&Month"), "M", "", "", "view"),
    Command("view_agenda", VIEW, QT_TRANSLATE_NOOP("commands", "&Agenda"), "A", "", "", "view"),
    Command(
        "show_practitioners", VIEW, QT_TRANSLATE_NOOP("commands", "By p&ractitioner"), "P", "", "", "columns"
    ),
    Command("show_rooms", VIEW, QT_TRANSLATE_NOOP("commands", "By r&oom"), "R", "", "", "columns"),
    Command(
        "colour_by_service", VIEW, QT_TRANSLATE_NOOP("commands", "Colour by ser&vice"), "", "", "", "colour"
    ),
    Command(
        "colour_by_practitioner",
        VIEW,
        QT_TRANSLATE_NOOP("commands", "Colo&ur by practitioner"),
        "",
        "",
        "",
        "colour",
    ),
    Command(
        "colour_by_status", VIEW, QT_TRANSLATE_NOOP("commands", "Colour &by status"), "", "", "", "colour"
    ),
    Command("choose_columns", VIEW, QT_TRANSLATE_NOOP("commands", "&Columns…"), "Ctrl+L"),
    Command("zoom_in", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom &in"), "Ctrl++"),
    Command("zoom_out", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom ou&t"), "Ctrl+-"),
    Command("toggle_panel", VIEW, QT_TRANSLATE_NOOP("commands", "Side pa&nel"), "F9", "panel-right"),
    Command("refresh", VIEW, QT_TRANSLATE_NOOP("commands", "Re&fresh"), "F5", "refresh-cw"),
    Command(
        "use_system_theme", LOOK, QT_TRANSLATE_NOOP("commands", "Colours of the &system"), "", "", "", "theme"
    ),
    Command("use_light_theme", LOOK, QT_TRANSLATE_NOOP("commands", "&Light"), "", "sun", "", "theme"),
    Command("use_dark_theme", LOOK, QT_TRANSLATE_NOOP("commands", "&Dark"), "", "moon", "", "theme"),
    Command("use_high_contrast", LOOK, QT_TRANSLATE_NOOP("commands", "&High contrast"), "", "", "", "theme"),
    Command("open_palette", HELP, QT_TRANSLATE_NOOP("commands", "&Commands…"), "Ctrl+K", "search"),
    Command("show_keys", HELP, QT_TRANSLATE_NOOP("commands", "&Keys"), "F1", "keyboard"),
    Command("show_about", HELP, QT_TRANSLATE_NOOP("commands", "&About Clinic Scheduler"), "", "info"),
)


def build(window: QMainWindow, permissions: Iterable[str], *others: QObject) -> dict[str, QAction]:
    """Fill the window's menu bar and return its actions by name; their slots are the window's or the others'."""
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
        owner = next(one for one in (window, *others) if hasattr(one, command.name))
        action.triggered.connect(getattr(owner, command.name))
        menus[command.menu].addAction(action)
        actions[command.name] = action
    return actions
