"""Choosing the colours of the program."""

from PySide6.QtCore import QObject, Signal

from .theme import Themes

COMMANDS = {"system": "use_system_theme", "light": "use_light_theme", "dark": "use_dark_theme"}


class Appearance(QObject):
    """The slots of the commands that change the theme.

    Signals:
        chosen: one of theme.CHOICES, to be remembered.
    """

    chosen = Signal(str)

    def __init__(self, themes: Themes, parent: QObject) -> None:
        super().__init__(parent)
        self._themes = themes

    @property
    def command(self) -> str:
        """The name of the command that leads to what is chosen now."""
        return COMMANDS.get(self._themes.choice, "use_high_contrast")

    def use_system_theme(self) -> None:
        """Follow the system."""
        self._choose("system")

    def use_light_theme(self) -> None:
        """Dark on light."""
        self._choose("light")

    def use_dark_theme(self) -> None:
        """Light on dark."""
        self._choose("dark")

    def use_high_contrast(self) -> None:
        """The strongest contrast."""
        self._choose("high-contrast")

    def _choose(self, choice: str) -> None:
        self._themes.choose(choice)
        self.chosen.emit(choice)
