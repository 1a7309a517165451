"""The list of people: whoever is found, and whoever is expected today while nothing is searched for."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.booking.patient_search import PAUSE_MS
from clinic_scheduler.ui.booking.person_list import PersonModel, PersonView
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.tasks import Tasks, Work

MOST_PEOPLE = 50


class PeopleColumn(QWidget):
    """A search line over a list; the arrow keys move in it, Enter picks.

    Signals:
        picked: the PatientLine.
        refused: a ClinicError.
    """

    picked = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        clinic: ClinicFacts,
        idle: tuple[str, Work[tuple[PatientLine, ...]]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`idle` is who is listed while nothing is searched for, and under which words."""
        super().__init__(parent)
        self._tasks, self._actor = tasks, actor
        expected = partial(patients.expected, clinic_id=actor.clinic_id, limit=MOST_PEOPLE)
        self._idle = idle or (self.tr("Expected today"), expected)
        self.line = SearchLine(
            self.tr("Search patients"), self.tr("Name, phone or e-mail"), patients.LONGEST_SEARCH
        )
        self._people = PersonModel(clinic.country, self)
        self.found = PersonView(self._people, self.tr("Patients"))
        self._over = controls.label(tone="muted")
        self._over.setFont(fonts.small(strong=True))
        self._said = wide(controls.label(tone="muted"))
        self.line.drive(as_card(self.found))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self._over)
        for part in (self._said, self.found):
            column.addWidget(part, 1)
        self._listed = ""  # the letters that were searched for
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.line.textChanged.connect(self._wait)
        self.line.entered.connect(self.enter)
        self.found.picked.connect(self.picked)
        self._show("", ())

    def look(self) -> None:
        """Read anew who is found, or expected."""
        text = kept.storable(self.line.text())
        clinic_id = self._actor.clinic_id
        work = (
            partial(patients.search, clinic_id=clinic_id, text=text, limit=MOST_PEOPLE)
            if text.strip()
            else self._idle[1]
        )
        told = partial(self._show, self.line.text())
        self._tasks.read(
            self, work, told, refused=self.refused.emit, latest="people", is_one=bool(text.strip())
        )

    def enter(self) -> None:
        """Pick the marked one, or look at once where the list is still that of other letters."""
        if self._listed != self.line.text():
            self._pause.stop()
            self.look()
        elif self.found.chosen is not None:
            self.picked.emit(self.found.chosen)

    def _wait(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self.look()

    def _show(self, letters: str, people: tuple[PatientLine, ...]) -> None:
        marked = self.found.chosen
        self._listed, is_search = letters, bool(letters.strip())
        self._people.show_all(people)
        rows = [line.id for line in people]
        again = rows.index(marked.id) if marked and marked.id in rows else 0 if is_search else -1
        self.found.mark(again)
        self.found.setVisible(bool(people))
        self._said.setVisible(not people)
        self._over.setText(self.tr("Found") if is_search else self._idle[0])
        self._over.setVisible(bool(people))
        self._said.setText(
            self.tr("Nobody on record matches. Try fewer letters.")
            if is_search
            else self.tr("Type some letters of a name, or digits of a phone number.")
        )
