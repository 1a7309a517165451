"""A desk in a process of its own, to be killed: `python -m tests.support.doomed_desk URL PAGE`.

Opens the real window, goes to a page of the wizard by keyboard, types there, says READY once all is saved,
and then waits for its end. With PAGE "confirm" it says READY and confirms at once.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_scheduler.app import Connected
from clinic_scheduler.config import Workstation
from clinic_scheduler.opening import open_database
from clinic_scheduler.secrets import Secrets
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.booking.kept import Prefill
from clinic_scheduler.ui.booking.wizard import BookingWizard

ENTER = Qt.Key.Key_Return
LIMIT_S = 30.0


class DoomedDesk:
    """Hands at the keyboard of a window that will not live long."""

    def __init__(self, url: str) -> None:
        self._app = QApplication(["doomed"])
        looks = theme.apply(self._app, "light")
        self._connected = Connected(
            open_database(url, Secrets()), looks, Workstation(name="Desk 1"), person="Kofi Mensah"
        )
        self._window = self._connected.window

    def go_to(self, page: str) -> None:
        """Stop on `page` with something typed there that nothing was decided about."""
        self._window.show()
        self._until(lambda: self._window.model.schedule is not None)
        # Not today, when the time that is offered first is over as soon as its hold is.
        assert self._window.model.schedule is not None
        later = self._window.model.schedule.day + timedelta(days=2)
        self._window.bookings.begin(Prefill(day=later))
        self._until(lambda: self._window.bookings.wizard is not None)
        self._type("physio", ENTER, "mass")
        if page == "services":
            return
        self._type(*[Qt.Key.Key_Backspace] * 4, ENTER)
        self._until(lambda: self._wizard.page_now.step == "time" and self._wizard.page_now.may_go_on)
        if page == "time":
            return
        self._type(ENTER)
        self._until(lambda: self._wizard.page_now.step == "patient")
        if page == "guest":
            self._wizard.page_now.modes.chosen.emit("guest")  # type: ignore[attr-defined]
            self._type("Mia Lo")
            return
        self._type("mull")
        if page == "patient":
            return
        self._until(lambda: self._wizard.page_now.search.found.model().rowCount() > 0)  # type: ignore[attr-defined]
        self._type(ENTER)
        self._until(lambda: self._wizard.page_now.step == "payment")
        self._wizard.review.notes.setFocus()
        self._type("by the window")

    def say_ready(self) -> None:
        """Tell whoever watches that nothing is unsaved."""
        draft = self._wizard.draft
        self._until(lambda: not draft._is_dirty and not draft.tasks.running)
        sys.stdout.write("READY\n")
        sys.stdout.flush()

    def confirm(self) -> None:
        """Press the button; how far that comes is up to whoever kills."""
        self._wizard.review.go_on()

    def wait(self) -> None:
        """Live on until killed, or until nobody came to do it."""
        give_up = time.monotonic() + LIMIT_S
        while time.monotonic() < give_up:
            self._app.processEvents()
            time.sleep(0.002)

    @property
    def _wizard(self) -> BookingWizard:
        wizard = self._window.bookings.wizard
        assert wizard is not None
        return wizard

    def _type(self, *keys: str | Qt.Key) -> None:
        for key in keys:
            self._app.processEvents()
            target: QWidget | None = self._wizard.focusWidget()
            assert target is not None
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)

    def _until(self, has_come: Callable[[], bool]) -> None:
        give_up = time.monotonic() + LIMIT_S
        while not has_come():
            assert time.monotonic() < give_up, "the story did not go on"
            self._app.processEvents()
            time.sleep(0.002)


if __name__ == "__main__":
    desk = DoomedDesk(sys.argv[1])
    desk.go_to(sys.argv[2])
    desk.say_ready()
    if sys.argv[2] == "confirm":
        desk.confirm()
    desk.wait()
