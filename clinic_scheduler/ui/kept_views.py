"""Ways to look at the calendar that this workstation keeps, each on a key of its own."""

import json

from PySide6.QtCore import QObject, Signal

from .calendar.views import View
from .calendar_page import CalendarPage

KEYS = ("F2", "F3", "F4", "F6")


class KeptViews(QObject):
    """The slots of the commands that open and keep a view.

    Signals:
        kept: all of them as one text, to be remembered.
        told: a sentence for the desk.
    """

    kept = Signal(str)
    told = Signal(str)

    def __init__(self, page: CalendarPage, kept: str) -> None:
        super().__init__(page)
        self._page = page
        self._texts = _read(kept)

    def open_view_1(self) -> None:
        """Look as view 1 does."""
        self._open(0)

    def open_view_2(self) -> None:
        """Look as view 2 does."""
        self._open(1)

    def open_view_3(self) -> None:
        """Look as view 3 does."""
        self._open(2)

    def open_view_4(self) -> None:
        """Look as view 4 does."""
        self._open(3)

    def keep_view_1(self) -> None:
        """Keep how the calendar is looked at as view 1."""
        self._keep(0)

    def keep_view_2(self) -> None:
        """Keep how the calendar is looked at as view 2."""
        self._keep(1)

    def keep_view_3(self) -> None:
        """Keep how the calendar is looked at as view 3."""
        self._keep(2)

    def keep_view_4(self) -> None:
        """Keep how the calendar is looked at as view 4."""
        self._keep(3)

    def _open(self, number: int) -> None:
        text = self._texts[number]
        if text:
            self._page.look(View.read(text))
        else:
            words = self.tr("No view is kept on {key} yet; arrange one, then keep it with Ctrl+{key}.")
            self.told.emit(words.format(key=KEYS[number]))

    def _keep(self, number: int) -> None:
        self._texts[number] = self._page.view.written()
        self.kept.emit(json.dumps(self._texts))
        self.told.emit(self.tr("This view is kept on {key}.").format(key=KEYS[number]))


def _read(kept: str) -> list[str]:
    """The text of each view, empty where there is none or it cannot be read."""
    try:
        found = json.loads(kept) if kept else []
    except ValueError:
        found = []
    texts = [text if isinstance(text, str) else "" for text in found] if isinstance(found, list) else []
    return [*texts, *[""] * len(KEYS)][: len(KEYS)]
