"""Who waits: found on record while typing, or a guest with a way to be reached."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients, persons
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.booking.patient_search import PAUSE_MS
from clinic_scheduler.ui.booking.person_list import PersonModel, PersonView, detail
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks

MOST_PEOPLE = 8


class WhoPicker(QWidget):
    """A name; what it finds can be picked, else it is a guest's.

    Signals:
        entered: the name is settled, the keyboard may go on.
    """

    entered = Signal()

    def __init__(self, tasks: Tasks, actor: Actor, country: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._actor, self._country = tasks, actor, country
        self.patient: PatientLine | None = None
        self.line = SearchLine(self.tr("Who waits"), self.tr("Name, phone or e-mail"), persons.LONGEST_NAME)
        self._people = PersonModel(country, self)
        self.found = PersonView(self._people, self.tr("Patients"))
        self.line.drive(as_card(self.found))
        self._known = wide(controls.label(tone="muted"))
        self.phone, self.email = Field(self.tr("Phone"), 40), Field(self.tr("E-mail"), 320)
        self._wrong = wide(controls.label(tone="error"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.line, self._wrong, self._known, self.phone, self.email, self.found):
            column.addWidget(part)
        column.addStretch()
        self.setFocusProxy(self.line)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.line.textEdited.connect(self._name)
        self.line.entered.connect(self._enter)
        self.found.picked.connect(self.pick)
        for empty in (self._wrong, self._known, self.found):
            empty.hide()

    @property
    def guest(self) -> Guest:
        """Who is typed, where nobody on record is picked."""
        if self.patient is not None:
            return Guest()
        return Guest(kept.storable(self.line.text()).strip(), self.phone.text, self.email.text)

    def fill(self, patient: PatientLine | None, guest: Guest) -> None:
        """Show who waits already."""
        if patient is not None:
            self.pick(patient)
            return
        self.line.setText(guest.name)
        self.phone.fill(persons.shown_phone(guest.phone, self._country) if guest.phone else "")
        self.email.fill(guest.email)

    def pick(self, line: PatientLine) -> None:
        """It is somebody on record."""
        self.line.setText(one_line(line.name))
        self._know(line)
        self.entered.emit()

    def refuse(self, error: InvalidInput) -> bool:
        """Say what is wrong with who was named; whether it is about that."""
        field = {"phone": self.phone, "email": self.email}.get(error.field)
        if field is not None:
            field.refuse(str(error))
        elif error.field == "name":
            self._say(str(error))
            self.line.setFocus()
        return field is not None or error.field == "name"

    def _say(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.line.setAccessibleDescription(sentence or self._known.text())

    def _name(self, text: str) -> None:
        self._say("")
        if self.patient is not None:
            self._know(None)
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._show(())

    def _look(self) -> None:
        text = kept.storable(self.line.text())
        work = partial(patients.search, clinic_id=self._actor.clinic_id, text=text, limit=MOST_PEOPLE)
        self._tasks.read(self, work, self._show, latest="people", is_one=True)

    def _show(self, people: tuple[PatientLine, ...]) -> None:
        """Nobody is marked: Enter means the name as it stands, a guest's."""
        self._people.show_all(people if self.patient is None else ())
        self.found.setVisible(self._people.rowCount() > 0)

    def _enter(self) -> None:
        if self.found.isVisible() and self.found.chosen is not None:
            self.pick(self.found.chosen)
        else:
            self.entered.emit()

    def _know(self, line: PatientLine | None) -> None:
        self.patient = line
        self._pause.stop()
        self._show(())
        for field in (self.phone, self.email):
            field.setVisible(line is None)
        said = ""
        if line is not None:
            lines = (self.tr("On record"), detail(line, self._country), one_line(line.alert))
            said = "\n".join(part for part in lines if part)
        self._known.setText(said)
        self._known.setVisible(bool(said))
        self.line.setAccessibleDescription(said)
