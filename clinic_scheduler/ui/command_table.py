"""Everything that can be asked of the main window, in one table."""

from dataclasses import dataclass
from typing import Final

from .places import CALENDAR


@dataclass(frozen=True, slots=True)
class Command:
    """One menu entry; `name` is its method too, `at` its only place. Those of one `choice` exclude each other."""

    name: str
    menu: str
    text: str
    shortcut: str = ""
    icon: str = ""
    needs: str = ""
    choice: str = ""
    at: str = ""


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
        "new_booking_here",
        BOOKINGS,
        QT_TRANSLATE_NOOP("commands", "New booking &here"),
        "",
        "plus",
        "book",
        at=CALENDAR,
    ),
    Command(
        "search_or_book", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Search or book…"), "Ctrl+F", "search"
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
    Command(
        "add_to_waitlist",
        BOOKINGS,
        QT_TRANSLATE_NOOP("commands", "Put on the wa&itlist…"),
        "Shift+F8",
        "clock",
        "book",
    ),
    Command(
        "print_day", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Print…"), "Ctrl+P", "printer", at=CALENDAR
    ),
    Command("sweep_now", BOOKINGS, QT_TRANSLATE_NOOP("commands", "Clear &expired holds"), "", "history"),
    Command("open_another", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Open another clinic…"), "", "database"),
    Command("quit", BOOKINGS, QT_TRANSLATE_NOOP("commands", "&Quit"), "Ctrl+Q", "log-out"),
    Command("undo", VISIT, QT_TRANSLATE_NOOP("commands", "&Undo"), "Ctrl+Z", "undo-2", "book"),
    Command("redo", VISIT, QT_TRANSLATE_NOOP("commands", "&Redo"), "Ctrl+Shift+Z", "redo-2", "book"),
    Command(
        "confirm_visit", VISIT, QT_TRANSLATE_NOOP("commands", "Con&firm"), "", "check", "book", at=CALENDAR
    ),
    Command(
        "arrive_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "&Arrived"),
        "Ctrl+Shift+A",
        "user",
        "book",
        at=CALENDAR,
    ),
    Command(
        "start_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "&In progress"),
        "Ctrl+Shift+I",
        "play",
        "book",
        at=CALENDAR,
    ),
    Command(
        "complete_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Co&mpleted"),
        "Ctrl+Shift+M",
        "check",
        "book",
        at=CALENDAR,
    ),
    Command(
        "miss_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "&Did not come"),
        "Ctrl+Shift+D",
        "x",
        "book",
        at=CALENDAR,
    ),
    Command(
        "cancel_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "&Cancel visit…"),
        "Ctrl+Del",
        "x",
        "book",
        at=CALENDAR,
    ),
    Command(
        "book_again",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "&Book again…"),
        "Shift+B",
        "refresh-cw",
        "book",
        at=CALENDAR,
    ),
    Command(
        "book_offered",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Book the offered &session"),
        "Ctrl+Shift+N",
        "calendar-plus",
        "book",
    ),
    Command(
        "park_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Par&k on the pinboard"),
        "K",
        "pause",
        "book",
        at=CALENDAR,
    ),
    Command(
        "park_day",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Park &what is shown of the day"),
        "",
        "pause",
        "book",
        at=CALENDAR,
    ),
    Command(
        "copy_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Cop&y"),
        "Ctrl+C",
        "clipboard-list",
        "book",
        at=CALENDAR,
    ),
    Command(
        "paste_visit",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Book the copy &here"),
        "Ctrl+V",
        "calendar-plus",
        "book",
        at=CALENDAR,
    ),
    Command(
        "ask_why",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Why &not here?"),
        "Ctrl+Y",
        "circle-help",
        at=CALENDAR,
    ),
    Command(
        "who_could_come",
        VISIT,
        QT_TRANSLATE_NOOP("commands", "Wh&o could come here?"),
        "Ctrl+Shift+Y",
        "users",
        "book",
        at=CALENDAR,
    ),
    Command("show_calendar", GO, QT_TRANSLATE_NOOP("commands", "&Calendar"), "F12", "calendar-days"),
    Command("show_bookings", GO, QT_TRANSLATE_NOOP("commands", "&Bookings"), "Ctrl+B", "list"),
    Command("show_board", GO, QT_TRANSLATE_NOOP("commands", "Boa&rd of today"), "Ctrl+Shift+B", "door-open"),
    Command("show_waitlist", GO, QT_TRANSLATE_NOOP("commands", "&Waitlist"), "F8", "clock"),
    Command("show_patients", GO, QT_TRANSLATE_NOOP("commands", "Pat&ients"), "F7", "users"),
    Command(
        "show_dashboard",
        GO,
        QT_TRANSLATE_NOOP("commands", "Da&shboard"),
        "Shift+F12",
        "layout-dashboard",
        "figures",
    ),
    Command("show_plans", GO, QT_TRANSLATE_NOOP("commands", "P&lans"), "F11", "clipboard-list"),
    Command("show_today", GO, QT_TRANSLATE_NOOP("commands", "&Today"), "T", "calendar", at=CALENDAR),
    Command(
        "show_previous",
        GO,
        QT_TRANSLATE_NOOP("commands", "&Previous page"),
        "Ctrl+Left",
        "chevron-left",
        at=CALENDAR,
    ),
    Command(
        "show_next",
        GO,
        QT_TRANSLATE_NOOP("commands", "&Next page"),
        "Ctrl+Right",
        "chevron-right",
        at=CALENDAR,
    ),
    Command("go_to_day", GO, QT_TRANSLATE_NOOP("commands", "Go to &day…"), "Ctrl+G", "search", at=CALENDAR),
    Command("open_view_1", GO, QT_TRANSLATE_NOOP("commands", "View &1"), "F2", at=CALENDAR),
    Command("open_view_2", GO, QT_TRANSLATE_NOOP("commands", "View &2"), "F3", at=CALENDAR),
    Command("open_view_3", GO, QT_TRANSLATE_NOOP("commands", "View &3"), "F4", at=CALENDAR),
    Command("open_view_4", GO, QT_TRANSLATE_NOOP("commands", "View &4"), "F6", at=CALENDAR),
    Command("keep_view_1", KEEP, QT_TRANSLATE_NOOP("commands", "As view &1"), "Ctrl+F2", at=CALENDAR),
    Command("keep_view_2", KEEP, QT_TRANSLATE_NOOP("commands", "As view &2"), "Ctrl+F3", at=CALENDAR),
    Command("keep_view_3", KEEP, QT_TRANSLATE_NOOP("commands", "As view &3"), "Ctrl+F4", at=CALENDAR),
    Command("keep_view_4", KEEP, QT_TRANSLATE_NOOP("commands", "As view &4"), "Ctrl+F6", at=CALENDAR),
    Command("view_day", VIEW, QT_TRANSLATE_NOOP("commands", "&Day"), "D", "", "", "view", at=CALENDAR),
    Command(
        "view_days", VIEW, QT_TRANSLATE_NOOP("commands", "&Several days"), "S", "", "", "view", at=CALENDAR
    ),
    Command("view_week", VIEW, QT_TRANSLATE_NOOP("commands", "&Week"), "W", "", "", "view", at=CALENDAR),
    Command("view_month", VIEW, QT_TRANSLATE_NOOP("commands", "&Month"), "M", "", "", "view", at=CALENDAR),
    Command("view_agenda", VIEW, QT_TRANSLATE_NOOP("commands", "&Agenda"), "A", "", "", "view", at=CALENDAR),
    Command(
        "show_practitioners",
        VIEW,
        QT_TRANSLATE_NOOP("commands", "By p&ractitioner"),
        "P",
        "",
        "",
        "columns",
        at=CALENDAR,
    ),
    Command(
        "show_rooms", VIEW, QT_TRANSLATE_NOOP("commands", "By r&oom"), "R", "", "", "columns", at=CALENDAR
    ),
    Command(
        "colour_by_service",
        VIEW,
        QT_TRANSLATE_NOOP("commands", "Colour by ser&vice"),
        "",
        "",
        "",
        "colour",
        at=CALENDAR,
    ),
    Command(
        "colour_by_practitioner",
        VIEW,
        QT_TRANSLATE_NOOP("commands", "Colo&ur by practitioner"),
        "",
        "",
        "",
        "colour",
        at=CALENDAR,
    ),
    Command(
        "colour_by_status",
        VIEW,
        QT_TRANSLATE_NOOP("commands", "Colour &by status"),
        "",
        "",
        "",
        "colour",
        at=CALENDAR,
    ),
    Command("choose_columns", VIEW, QT_TRANSLATE_NOOP("commands", "&Columns…"), "Ctrl+L", at=CALENDAR),
    Command("zoom_in", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom &in"), "Ctrl++", at=CALENDAR),
    Command("zoom_out", VIEW, QT_TRANSLATE_NOOP("commands", "Zoom ou&t"), "Ctrl+-", at=CALENDAR),
    Command(
        "toggle_panel", VIEW, QT_TRANSLATE_NOOP("commands", "Side pa&nel"), "F9", "panel-right", at=CALENDAR
    ),
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
