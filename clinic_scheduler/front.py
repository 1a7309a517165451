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
    from collections.abc import Sequence

OPENSSL = ("ssl", "_hashlib")


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
        self.program = load_app().Program(self._app, self._url)
        self._collecting.begin()
        self.program.shown.connect(self._lift)
        self.program.begin()

    def _lift(self) -> None:
        """Close the curtain and give its pixels back: a picture of the whole window."""
        if self._curtain is not None:
            self._curtain.close()
            self._curtain.deleteLater()
            self._curtain = None


def load_app() -> Any:  # noqa: ANN401 - a module
    """Import everything else, as `Sparing` wants it; the module with the program."""
    gc.disable()  # nothing of this is garbage, and `Collecting` takes over
    sparing = Sparing()
    sys.meta_path.insert(0, sparing)
    try:
        return importlib.import_module("clinic_scheduler.app")
    finally:
        sys.meta_path.remove(sparing)
        linecache.clearcache()


class Sparing:
    """A finder that hears of each module before it is looked for, and keeps away what takes memory for nothing.

    That is the source of what was imported before (see `Collecting`), since memory once taken hardly goes back to
    the system, and OpenSSL: SQLAlchemy imports asyncio, which has TLS only where Python has, and hashlib, which
    has its own SHA-256 for our few lines. The driver of PostgreSQL loads `ssl` for itself, later.
    """

    def find_spec(self, name: str, _path: "Sequence[str] | None", _target: object = None) -> None:
        linecache.clearcache()
        if name in OPENSSL:
            raise ModuleNotFoundError(name=name)
