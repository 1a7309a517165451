"""The places of the program: what fills the window beside the rail, one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from .rail import Rail, Stop

CALENDAR = "calendar"
PATIENTS = "patients"
BOOKINGS = "bookings"
BOARD = "board"
PLANS = "plans"
DASHBOARD = "dashboard"


class Place(QWidget):
    """What fills the window. It is made when somebody first goes there, and kept.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError.
        visit_wanted: the day and the id of an appointment, to be shown in the calendar.
    """

    told = Signal(str)
    refused = Signal(object)
    visit_wanted = Signal(object, object)

    def come(self) -> None:
        """Somebody goes there: read what is shown, and take the keyboard to where one begins."""

    def hear(self, changes: frozenset[object] | None) -> None:
        """Something changed, here or at another desk, while the place is shown; None stands for anything."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How one comes to a place: its button in the rail, and who makes it."""

    stop: Stop
    make: Callable[[], Place]


class Places(QObject):
    """Goes from place to place.

    Signals:
        made: a Place that was just made, to be connected.
        changed: the name of the place that is now shown.
    """

    made = Signal(object)
    changed = Signal(str)

    def __init__(self, openings: tuple[Opening, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._openings: Mapping[str, Opening] = {each.stop.name: each for each in openings}
        self._places: dict[str, Place] = {}
        self.rail, self.stack = Rail([each.stop for each in openings]), QStackedWidget()
        self.rail.chosen.connect(self.go)
        self.shown = ""

    def go(self, name: str) -> None:
        """Show a place; one that is shown already reads anew."""
        place = self.at(name)
        self.stack.setCurrentWidget(place)
        self.rail.mark(name)
        if name != self.shown:
            self.shown = name
            self.changed.emit(name)
        place.come()

    def at(self, name: str) -> Place:
        """The place of that name, made if nobody was there yet."""
        if name not in self._places:
            place = self._places[name] = self._openings[name].make()
            self.stack.addWidget(place)
            self.made.emit(place)
        return self._places[name]

    def hear(self, changes: frozenset[object] | None) -> None:
        """Something changed: whoever is shown is told; the others read when somebody comes."""
        if self.shown:
            self._places[self.shown].hear(changes)
