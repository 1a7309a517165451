"""The main window on a real database, as the program opens it, and the hands of whoever sits before it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QPoint, QtMsgType
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid
from sqlalchemy.orm import Session

from clinic_scheduler import opening
from clinic_scheduler.app import Connected
from clinic_scheduler.config import Workstation
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.opening import Opened
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.booking.wizard import BookingWizard
from clinic_scheduler.ui.main_window import MainWindow
from clinic_scheduler.ui.tasks import Tasks
from tests.support import screen

T = TypeVar("T")
LIVE_MS = {"postgresql": 1_000, "sqlite": 2_000}  # how old a screen may be at most


class Seat:
    """A window with its own connections; what others do goes through another unit of work."""

    def __init__(self, qtbot: Any, url: str, name: str, person: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.qtbot, self._work = qtbot, UnitOfWork(open_engine(url))
        opened = Opened(url, self._work, self._work.read(opening.clinic))
        self.live_ms = LIVE_MS[self._work.engine.dialect.name]
        self.connected = Connected(opened, theme.apply(app, "light"), Workstation(name=name), person=person)
        self.window: MainWindow = self.connected.window
        self.tasks: Tasks = self.connected._tasks
        self.refused: list[str] = []
        self.tasks.refused.connect(self._note)
        self.window.show()
        self.window.activateWindow()
        self.until(lambda: self.window.model.schedule is not None)
        self.settle()

    def _note(self, error: object) -> None:
        self.refused.append(str(error))

    @property
    def actor(self) -> Actor:
        return self.connected.actor

    @property
    def wizard(self) -> BookingWizard:
        """The booking that is open, once it is."""
        self.until(lambda: self.window.bookings.wizard is not None)
        self.settle()
        wizard = self.window.bookings.wizard
        assert wizard is not None
        return wizard

    @property
    def dialog(self) -> Any:
        """The one dialog over the window, the wizard aside."""
        found = [d for d in self.window.findChildren(QDialog) if not isinstance(d, BookingWizard)]
        assert len(found) == 1
        return found[0]

    @property
    def status(self) -> str:
        return " ".join(self.window.status.texts)

    @property
    def tray(self) -> list[str]:
        """What can be read in the tray, below its title."""
        return screen.words(self.window.panel.tray)[1:]

    def until(self, is_so: Callable[[], object], limit_ms: int = 5_000) -> None:
        self.qtbot.waitUntil(lambda: bool(is_so()), timeout=limit_ms)

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.until(lambda: not self.tasks.running)

    def read(self, work: Callable[[Session], T]) -> T:
        return self._work.read(work)

    def show_day(self, day: date) -> None:
        self.window.show_day(day)
        self.until(lambda: self.day == day)
        self.settle()

    @property
    def day(self) -> date:
        assert self.window.model.schedule is not None
        return self.window.model.schedule.day

    @property
    def patients(self) -> list[str]:
        """Whose visits the day on the screen shows."""
        assert self.window.model.schedule is not None
        return sorted(visit.patient for visit in self.window.model.schedule.visits)

    def select(self, appointment_id: UUID) -> None:
        self.window.day_view.select(appointment_id)
        self.until(lambda: self.window.panel.visit.shown is not None)
        self.settle()

    def press(self, *keys: Any) -> None:
        """Press keys where the keyboard is; a pair is a key with its modifier."""
        for key in keys:
            QTest.keyClick(focused(), *(key if isinstance(key, tuple) else (key,)))

    def type(self, text: str) -> None:
        QTest.keyClicks(focused(), text)

    def place(self, column: int, minute: int) -> QPoint:
        """Where in the calendar's viewport a minute of a column is."""
        view = self.window.day_view
        view.scroll_to_minute(minute)
        assert view.scene is not None
        bounds = view.scene.geometry
        return QPoint(bounds.x(column) + 40, bounds.y(minute) + 2) - view.origin()

    def end(self) -> None:
        """Close the window and let go of everything, as the program does."""
        if isValid(self.window):
            self.window.close()
            self.connected.close()
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@contextmanager
def seats(qtbot: Any, qtlog: Any, url: str) -> Iterator[Callable[..., Seat]]:
    """Sits down at one desk after the other; whatever Qt complains of is a failure."""
    taken: list[Seat] = []
    before = QLocale()  # a window speaks as its clinic's country does

    def sit(name: str = "Desk 1", person: str = "Kofi Mensah") -> Seat:
        taken.append(Seat(qtbot, url, name, person))
        return taken[-1]

    try:
        yield sit
    finally:
        for seat in taken:
            seat.end()
        QLocale.setDefault(before)
    worse = {QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg}
    said = [record.message for record in qtlog.records if record.type in worse]
    assert not [message for message in said if "This plugin does not support" not in message]
