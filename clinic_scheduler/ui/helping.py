"""Finding what can be done: the palette of commands, the sheet of keys, and which version this is."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from clinic_scheduler import __version__

from .help_sheet import HelpSheet
from .palette import Palette


class Helping(QObject):
    """The slots of the commands in the help menu.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._recent: list[str] = []
        self.actions: Mapping[str, QAction] = {}

    def open_palette(self) -> None:
        """Ask what to do."""
        Palette(self.actions, self._recent, self._window).open()

    def show_keys(self) -> None:
        """Show which keys do what."""
        HelpSheet(self.actions, self._window).open()

    def show_about(self) -> None:
        """Say which version this is."""
        words = self.tr(
            "Clinic Scheduler {version}. Free software under the MIT licence; icons by Lucide (ISC)."
        )
        self.told.emit(words.format(version=__version__))
