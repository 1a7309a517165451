"""What the menus show of the state of things: ticks, what would be undone, what can be asked for at this place."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from .acting import Acting
from .appearance import Appearance
from .calendar_page import CalendarPage
from .command_table import COMMANDS
from .history import Step

LONGEST = 60


class MenuMarks(QObject):
    """Follows the page, the history and the theme."""

    def __init__(
        self, actions: Mapping[str, QAction], page: CalendarPage, acting: Acting, looks: Appearance
    ) -> None:
        super().__init__(page)
        self._actions, self._page, self._acting, self._looks = actions, page, acting, looks
        self._allowed = {name for name, action in actions.items() if action.isEnabled()}
        page.view_changed.connect(self._mark_view)
        acting.history_changed.connect(self._mark_history)
        looks.chosen.connect(self._mark_look)
        self._mark_view()
        self._mark_history()
        self._mark_look()

    def note_place(self, place: str) -> None:
        """Another place is shown: its commands can be asked for, and their keys do not stand in others' way."""
        for command in COMMANDS:
            if command.at:
                is_there = command.at == place
                self._actions[command.name].setEnabled(is_there and command.name in self._allowed)

    def _mark_view(self) -> None:
        view = self._page.view
        by = "show_rooms" if view.by == "room" else "show_practitioners"
        for name in (by, f"view_{view.kind}", f"colour_by_{view.colour_by}"):
            self._actions[name].setChecked(True)

    def _mark_look(self) -> None:
        self._actions[self._looks.command].setChecked(True)

    def _mark_history(self) -> None:
        self._mark_step("undo", self.tr("&Undo"), self._acting.history.back)
        self._mark_step("redo", self.tr("&Redo"), self._acting.history.on)

    def _mark_step(self, name: str, plain: str, steps: list[Step]) -> None:
        action = self._actions[name]
        action.setEnabled(bool(steps) and name in self._allowed)
        action.setText(f"{plain} {steps[-1].words.replace('&', '&&')[:LONGEST]}" if steps else plain)
