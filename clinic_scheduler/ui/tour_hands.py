"""What the tour needs to walk: hands on the keys, eyes, and patience."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LIMIT_S: Final = 20.0


class TourFailed(Exception):
    """A step did not come to pass."""


class Hands(QObject):
    """Works a window like a person; pictures go to `out`."""

    def __init__(self, out: Path) -> None:
        super().__init__()
        self.out, self.pictures = out, 0

    def type(self, window: QWidget, text: str) -> None:
        """Type into whatever of the window has the keyboard."""
        QTest.keyClicks(self._focus(window), text)

    def press(self, window: QWidget, key: Qt.Key) -> None:
        """Press a key there."""
        QTest.keyClick(self._focus(window), key)

    def _focus(self, window: QWidget) -> QWidget:
        self.pause(0.05)
        focused: QWidget | None = window.focusWidget()
        return window if focused is None else focused

    def picture(self, name: str, widget: QWidget) -> None:
        """Keep how a widget looks, under the next number."""
        self.pause(0.15)
        path = self.out / f"{self.pictures + 1}-{name}.png"
        self.expect(widget.grab().save(str(path)), f"{path} to be written")
        self.pictures += 1

    def wait(self, has_come: Callable[[], bool], what: str) -> None:
        """Go on as soon as it has come.

        Raises:
            TourFailed: it did not come in time.
        """
        give_up = time.monotonic() + LIMIT_S
        while not has_come():
            if time.monotonic() > give_up:
                raise TourFailed(f"waited {LIMIT_S:.0f} s for {what}")
            self.pause(0.01)

    @staticmethod
    def pause(seconds: float) -> None:
        """Let the window do its work meanwhile."""
        until = time.monotonic() + seconds
        while True:
            QApplication.processEvents()
            if time.monotonic() >= until:
                return
            time.sleep(0.005)

    @staticmethod
    def expect(is_so: object, what: str) -> None:
        """Raise TourFailed unless it is so."""
        if not is_so:
            raise TourFailed(f"expected {what}")
