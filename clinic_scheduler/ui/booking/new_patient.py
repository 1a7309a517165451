"""Putting somebody on record, after a look whether they are there already."""

from collections.abc import Callable
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.people import duplicates, patients
from clinic_scheduler.services.people.duplicates import Likely
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.person_form import Person, PersonForm
from clinic_scheduler.ui.booking.person_list import ROW, PersonModel, PersonView


class NewPatient(QWidget):
    """The form, and beside it whoever it might be.

    Signals:
        picked: the PatientLine, found or just put on record.
        failed: a sentence for the bar.
    """

    picked = Signal(object)
    failed = Signal(str)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._patient_id = uuid4()
        self._declined: Person | None = None
        self._is_busy = False
        self.form = PersonForm(draft, "new", with_birth_date=True)
        self._model = PersonModel(draft.catalogue.clinic.country, self)
        self.alike = PersonView(self._model, self.tr("Is it one of these?"))
        self.alike.setFrameShape(PersonView.Shape.NoFrame)
        self.alike.setStyleSheet("QListView { border: none; }")
        self.alike.picked.connect(self.picked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self.form, 1)
        self.asking = self._question()
        row.addWidget(self.asking, 1)
        self.asking.hide()

    def _question(self) -> QFrame:
        card = controls.card()
        title = controls.label(self.tr("Is it one of these?"))
        title.setFont(fonts.body(strong=True))
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.alike)
        column.addWidget(
            wide(
                controls.label(
                    self.tr("Enter takes the marked person. Continue puts a new person on record."), "muted"
                )
            )
        )
        column.addStretch()
        return card

    def go_on(self) -> None:
        """Check what is typed, look for people alike, put on record."""
        if self._is_busy:
            return
        try:
            person = self.form.read(self._draft.catalogue.clinic.country)
        except InvalidInput as error:
            self.form.refuse(error)
            return
        if person == self._declined:
            self._register(person)
            return
        self._is_busy = True
        clinic_id = self._draft.actor.clinic_id
        self._draft.tasks.read(
            self,
            lambda session: duplicates.likely(
                session,
                clinic_id=clinic_id,
                name=person.name,
                phone=person.phone,
                birth_date=person.birth_date,
            ),
            self._compare(person),
            refused=self._refuse,
        )

    def _compare(self, person: Person) -> Callable[[tuple[Likely, ...]], None]:
        def compare(alike: tuple[Likely, ...]) -> None:
            self._is_busy = False
            if not alike:
                self._register(person)
                return
            self._declined = person
            told = [words.why_alike(one.reasons) for one in alike]
            self._model.show_all([one.line for one in alike], told)
            self.alike.setFixedHeight(len(alike) * ROW + 4)
            self.alike.mark(0)
            self.asking.show()
            self.alike.setFocus()

        return compare

    def _register(self, person: Person) -> None:
        self._is_busy = True
        actor, identifier = self._draft.actor, self._patient_id
        self._draft.tasks.write(
            self,
            lambda session: patients.register(
                session,
                actor=actor,
                name=person.name,
                phone=person.phone,
                email=person.email,
                birth_date=person.birth_date,
                patient_id=identifier,
            ),
            self._registered,
            self._refuse,
            repeatable=True,
        )

    def _registered(self, line: PatientLine) -> None:
        self._is_busy = False
        self._patient_id = uuid4()
        self.asking.hide()
        self._draft.note(new_name="", new_phone="", new_email="", new_birth_date="")
        self.form.restore()
        self.picked.emit(line)

    def _refuse(self, error: ClinicError) -> None:
        self._is_busy = False
        if isinstance(error, InvalidInput):
            self.form.refuse(error)
        else:
            self.failed.emit(str(error))
