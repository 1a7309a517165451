"""The program with a window: an empty one is painted at once, and everything else is loaded behind it."""

import gc
import importlib
import linecache
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from clinic_scheduler import config
from clinic_scheduler.ui.collecting import Collecting
from clinic_scheduler.ui.curtain import Curtain

if TYPE_CHECKING:
    import argparse

# In the order of loading.
PARTS = ("sqlalchemy.orm", "clinic_scheduler.opening", "clinic_scheduler.app")


def show_window(args: "argparse.Namespace | None" = None) -> int:
    """Open the window and stay until it is closed."""
    app = QApplication(sys.argv[:1])
    front = Front(app, (args and args.database) or "")
    code = app.exec()
    front.end()
    return code


class Front(QObject):
    """The curtain, and the program once it is loaded."""

    def __init__(self, app: QApplication, url: str) -> None:
        super().__init__(app)
        self._app, self._url = app, url
        self._collecting = Collecting(self)
        self.program: Any = None
        app.setQuitOnLastWindowClosed(False)
        self._curtain: Curtain | None = Curtain(config.load(config.home()).theme)
        # Not at once, so that what was painted is on the screen before the loading begins.
        self._loading = QTimer(self, singleShot=True, interval=0)
        self._loading.timeout.connect(self._load)
        self._curtain.painted.connect(self._loading.start)
        self._curtain.show()

    def end(self) -> None:
        """Let go of everything; after the last window."""
        self._lift()
        if self.program is not None:
            self.program.end()
        self._collecting.end()

    def _load(self) -> None:
        load_parts()
        self.program = importlib.import_module("clinic_scheduler.app").Program(self._app, self._url)
        self._collecting.begin()
        self.program.shown.connect(self._lift)
        self.program.begin()

    def _lift(self) -> None:
        """Close the curtain and give its pixels back: a picture of the whole window."""
        if self._curtain is not None:
            self._curtain.close()
            self._curtain.deleteLater()
            self._curtain = None


def load_parts() -> None:
    """Import everything, without keeping the source of it (see `Collecting`): that would be a sixth of the program.

    Dropped after each part, since memory once taken hardly goes back to the system.
    """
    gc.disable()  # nothing of this is garbage, and `Collecting` takes over
    for part in PARTS:
        importlib.import_module(part)
        linecache.clearcache()
