"""Finding a person on record while typing."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.people import glance, patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.booking.person_list import PersonModel, PersonView
from clinic_scheduler.ui.booking.search_line import SearchLine

PAUSE_MS = 120


class PatientSearch(QWidget):
    """A field and the people it finds.

    Signals:
        picked: the PatientLine.
        went_on: Enter in the empty field.
        nobody: Enter where it was read that nobody was found.
    """

    picked = Signal(object)
    went_on = Signal()
    nobody = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._is_waiting_for_pick = self._is_looking = False
        self.line = SearchLine(
            self.tr("Search patients"), self.tr("Name, phone or e-mail"), patients.LONGEST_SEARCH
        )
        self._model = PersonModel(draft.catalogue.clinic.country, self)
        self.found = PersonView(self._model, self.tr("Patients"))
        as_card(self.found)
        self.line.drive(self.found)
        self._said = wide(controls.label(tone="muted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self._said)
        column.addWidget(self.found, 1)
        column.addStretch()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.line.textChanged.connect(self._wait)
        self.line.entered.connect(self._enter)
        self.found.picked.connect(self.picked)
        self._tell()

    @property
    def text(self) -> str:
        """What is asked for, without what no database keeps."""
        return kept.storable(self.line.text())

    def restore(self) -> None:
        """Ask again what was asked before."""
        self.line.setText(self._draft.typed.get("patient_search", ""))
        if not self.text.strip():
            self._look_for_recent()

    def go_on(self) -> None:
        """As Enter in the field."""
        self._enter()

    def _wait(self, text: str) -> None:
        self._draft.note(patient_search=text)
        self._is_waiting_for_pick = False
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._look_for_recent()

    def _enter(self) -> None:
        """Enter in the middle of a search waits for its answer, and picks the first of it."""
        marked = self.found.chosen
        if self._pause.isActive() or self._is_looking:
            self._is_waiting_for_pick = True
            if self._pause.isActive():
                self._pause.stop()
                self._look()
        elif marked is not None:
            self.picked.emit(marked)
        elif not self.text.strip():
            self.went_on.emit()
        elif not self._model.rowCount():
            self.nobody.emit()

    def _look(self) -> None:
        clinic_id, text = self._draft.actor.clinic_id, self.text
        self._is_looking = True
        self._draft.tasks.read(
            self,
            lambda session: patients.search(session, clinic_id=clinic_id, text=text, limit=30),
            self._show,
            refused=self._fail,
            latest="people",
            is_one=True,
        )

    def _look_for_recent(self) -> None:
        """Without a letter the people are offered whom this person booked last."""
        work = partial(glance.recent, actor=self._draft.actor)
        self._draft.tasks.read(self, work, self._show_recent, refused=self._fail, latest="people")

    def _show_recent(self, people: tuple[PatientLine, ...]) -> None:
        self._is_looking = False
        self._model.show_all(people)
        self.found.mark(-1)  # Enter in the empty field goes on with whoever is chosen
        self._tell()

    def _show(self, people: tuple[PatientLine, ...]) -> None:
        self._is_looking = False
        self._model.show_all(people)
        self.found.mark(0)
        self._tell()
        if self._is_waiting_for_pick:
            self._is_waiting_for_pick = False
            if self.found.chosen is not None:
                self.picked.emit(self.found.chosen)

    def _fail(self, error: ClinicError) -> None:
        self._is_looking = self._is_waiting_for_pick = False
        self._said.setText(str(error))

    def _tell(self) -> None:
        is_asked = bool(self.text.strip())
        is_lost = is_asked and not self._model.rowCount()
        is_recent = not is_asked and self._model.rowCount() > 0
        self._said.setText(
            self.tr(
                "Nobody on record matches. Try fewer letters; Enter books a guest, New patient puts somebody on record."
            )
            if is_lost
            else self.tr("Booked lately")
            if is_recent
            else ""
        )
        self._said.setVisible(is_lost or is_recent)
        self.found.setVisible(self._model.rowCount() > 0)
