"""The people on record: found while typing, with all their visits; changed, and handed out."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import patients, records
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.records import Record

from . import controls
from .booking import kept
from .booking.frames import as_card, wide
from .booking.patient_search import PAUSE_MS
from .booking.person_list import PersonModel, PersonView
from .booking.search_line import SearchLine
from .calendar.typeset import one_line
from .record_form import RecordForm
from .tasks import Tasks

SIZE = (1160, 700)
LIST_W = 320
MOST_PEOPLE = 50


class PatientsDialog(QDialog):
    """A list at the left, the record of whoever is picked at the right.

    Signals:
        visit_wanted: the day and the appointment id of a visit to look at in the calendar.
    """

    visit_wanted = Signal(object, object)

    def __init__(self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Patients"))
        self.resize(*SIZE)
        self._tasks, self._actor = tasks, actor
        self._line = SearchLine(
            self.tr("Search patients"), self.tr("Name, phone or e-mail"), patients.LONGEST_SEARCH
        )
        self._people = PersonModel(clinic.country, self)
        self._found = PersonView(self._people, self.tr("Patients"))
        self._said = wide(controls.label(tone="muted"))
        self._form = RecordForm(clinic)
        self._save = controls.primary(self.tr("Save"))
        self._revert = QPushButton(self.tr("Undo changes"))
        self._export = QPushButton(self.tr("Hand out data…"))
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._line.textChanged.connect(self._wait)
        self._line.entered.connect(self._enter)
        self._found.picked.connect(self._pick)
        self._form.edited.connect(self._mark)
        self._form.visits.activated.connect(self._show_visit)
        self._save.clicked.connect(self._write)
        self._revert.clicked.connect(self._form.revert)
        self._export.clicked.connect(self._hand_out)
        self._show_people(())
        self._mark()
        self._line.setFocus()

    def _build(self) -> None:
        self._line.drive(as_card(self._found))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._line)
        for part in (self._said, self._found):
            left.addWidget(part, 1)
        side = QWidget()
        side.setFixedWidth(LIST_W)
        left.setContentsMargins(0, 0, 0, 0)
        side.setLayout(left)
        leave = QPushButton(self.tr("Close"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._export)
        foot.addStretch(1)
        for button in (self._revert, leave, self._save):
            foot.addWidget(button)
        for button in (leave, self._revert, self._export, self._save):
            button.setAutoDefault(False)  # Enter belongs to the search
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addWidget(side)
        both.addWidget(self._form, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addLayout(both, 1)
        column.addLayout(foot)

    def show_record(self, patient_id: UUID) -> None:
        """Show the record of one person."""
        work = partial(records.of, actor=self._actor, patient_id=patient_id)
        self._tasks.read(self, work, self._form.show_record, refused=self._refuse, latest="record")

    def hear(self, changes: frozenset[object] | None) -> None:
        """Show the record anew after a change at any desk, unless something is typed in it."""
        if self._form.record is not None and not self._form.is_changed:
            self.show_record(self._form.record.line.id)

    def reject(self) -> None:
        """Close; what was typed and not saved is not lost by a slip."""
        if self._form.is_changed:
            self._form.tell(self.tr("Save the changes first, or undo them."))
            self._save.setFocus()
            return
        super().reject()

    def _wait(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._show_people(())

    def _look(self) -> None:
        work = partial(
            patients.search,
            clinic_id=self._actor.clinic_id,
            text=kept.storable(self._line.text()),
            limit=MOST_PEOPLE,
        )
        self._tasks.read(self, work, self._show_people, refused=self._refuse, latest="people")

    def _show_people(self, people: tuple[PatientLine, ...]) -> None:
        self._people.show_all(people)
        self._found.mark(0)
        has_any = self._people.rowCount() > 0
        self._found.setVisible(has_any)
        self._said.setVisible(not has_any)
        if self._line.text().strip():
            self._said.setText(self.tr("Nobody on record matches. Try fewer letters."))
        else:
            self._said.setText(self.tr("Type some letters of a name, or digits of a phone number."))

    def _enter(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._look()
        elif self._found.marked is not None:
            self._pick(self._found.marked)

    def _pick(self, line: PatientLine) -> None:
        if self._form.is_changed:
            self._form.tell(self.tr("Save the changes first, or undo them."))
            return
        self.show_record(line.id)

    def _mark(self) -> None:
        is_changed = self._form.is_changed
        self._save.setEnabled(is_changed)
        self._revert.setEnabled(is_changed)
        self._export.setEnabled(self._form.record is not None)

    def _write(self) -> None:
        shown = self._form.record
        if shown is None:
            return
        try:
            written = self._form.read()
        except InvalidInput as error:
            self._form.refuse(error)
            return
        work = partial(
            records.change,
            actor=self._actor,
            patient_id=shown.line.id,
            version=shown.version,
            written=written,
        )
        self._tasks.write(self, work, self._written, self._refuse)

    def _written(self, record: Record) -> None:
        self._form.show_record(record)
        self._form.tell(self.tr("Saved."))
        if self._line.text().strip():
            self._look()

    def _refuse(self, error: ClinicError) -> None:
        """Say why; what was typed stays."""
        if isinstance(error, InvalidInput):
            self._form.refuse(error)
        else:
            self._form.tell(str(error))

    def _show_visit(self, index: QModelIndex) -> None:
        visit = self._form.visit(index)
        if visit is not None:
            self.visit_wanted.emit(visit.day, visit.appointment_id)

    def _hand_out(self) -> None:
        shown = self._form.record
        if shown is None:
            return
        name = "".join(c if c.isalnum() else "-" for c in one_line(shown.line.name)).strip("-") or "patient"
        dialog = QFileDialog(self, self.tr("Hand out data"), f"{name}.json", self.tr("JSON (*.json)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write everything that is kept of the person on the screen to a file."""
        shown = self._form.record
        if shown is not None:
            work = partial(records.export, actor=self._actor, patient_id=shown.line.id)
            self._tasks.write(self, work, partial(self._keep, Path(path)), self._refuse)

    def _keep(self, path: Path, data: Mapping[str, Any]) -> None:
        try:
            path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
        except OSError as error:
            words = self.tr("The file could not be written: {reason}.")
            self._form.tell(words.format(reason=error.strerror or error))
            return
        self._form.tell(self.tr("Everything on record was written to {path}.").format(path=path))
