"""The place of the people on record: found while typing, with all there is of them; changed, merged, handed out."""

from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput, NotFound
from clinic_scheduler.services.people import duplicates, records
from clinic_scheduler.services.people.duplicates import Likely
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.records import Record, Written
from clinic_scheduler.ui import icons
from clinic_scheduler.ui.booking import words as booking_words
from clinic_scheduler.ui.booking.person_list import detail
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.patients.erase_dialog import EraseDialog
from clinic_scheduler.ui.patients.handing_out import HandingOut
from clinic_scheduler.ui.patients.import_dialog import ImportDialog
from clinic_scheduler.ui.patients.merge_dialog import MergeDialog
from clinic_scheduler.ui.patients.people_column import PeopleColumn
from clinic_scheduler.ui.patients.record_page import RecordPage
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place

LIST_W = 320


class PatientsPlace(Place):
    """A list at the left, the record of whoever is picked at the right.

    Signals:
        shown: the Record that is now on the screen.
    """

    shown = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._tasks, self._actor, self._clinic = desk.tasks, desk.actor, desk.clinic
        self.people = PeopleColumn(desk.tasks, desk.actor, desk.clinic)
        self.page = RecordPage(desk.clinic, desk.actor)
        self._new_id = uuid4()
        self._coming: UUID | None = None  # who was picked and is about to be shown
        self._warned: Written | None = None
        self._handing_out = HandingOut(desk.tasks, desk.actor, desk.clinic, self)
        self._build()
        self.people.picked.connect(self._pick)
        self.people.refused.connect(self.refused)
        self.page.save_wanted.connect(self._save)
        self.page.merge_wanted.connect(self._merge)
        self.page.erase_wanted.connect(self._erase)
        self.page.hand_out_wanted.connect(self._hand_out)
        self.page.visit_wanted.connect(self.visit_wanted)
        self._handing_out.told.connect(self.page.tell)
        self._handing_out.refused.connect(self._refuse)

    def _build(self) -> None:
        new = QPushButton(icons.icon("user-plus"), self.tr("New patient"))
        take = QPushButton(icons.icon("upload"), self.tr("Import…"))
        new.clicked.connect(self.begin_new)
        take.clicked.connect(self._import)
        head = PlaceHead(self.tr("Patients"))
        head.line.addStretch(1)
        head.line.addWidget(take)
        head.line.addWidget(new)
        side = QWidget()
        side.setFixedWidth(LIST_W)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.people)
        both = QHBoxLayout()
        both.setContentsMargins(16, 16, 16, 16)
        both.setSpacing(16)
        both.addWidget(side)
        both.addWidget(self.page, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addLayout(both, 1)

    def come(self) -> None:
        """Read who is expected, and let somebody be searched for."""
        self.people.look()
        self._read_again()
        self.people.line.setFocus()
        self.people.line.selectAll()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Show everything anew after a change at any desk; what is typed stays."""
        self.people.look()
        self._read_again()

    def show_record(self, patient_id: UUID) -> None:
        """Show the record of one person, unless something else is typed in."""
        if self._is_free():
            self._read(patient_id)

    def begin_new(self) -> None:
        """Let somebody be put on record."""
        if self._is_free():
            self._new_id, self._coming, self._warned = uuid4(), None, None
            self.page.show_new()

    def _is_free(self) -> bool:
        """Whether another record may take the place of this; what was typed is not lost by a slip."""
        if self.page.is_changed:
            self.page.tell(self.tr("Save the changes first, or undo them."), "warning")
            self.page.save.setFocus()
            return False
        return True

    def _pick(self, line: PatientLine) -> None:
        self.show_record(line.id)

    def _read(self, patient_id: UUID) -> None:
        self._coming = patient_id
        work = partial(records.of, actor=self._actor, patient_id=patient_id)
        self._tasks.read(self, work, self._show, refused=self._not_shown, latest="record")

    def _read_again(self) -> None:
        if self._coming is not None:
            self._read(self._coming)
        elif self.page.record is not None and not self.page.is_changed:
            work = partial(records.of, actor=self._actor, patient_id=self.page.record.line.id)
            self._tasks.read(self, work, self._show_again, refused=self._lose, latest="record")

    def _show(self, record: Record) -> None:
        self._coming = None
        if not self.page.is_changed:
            self.page.show_record(record)
            self.shown.emit(record)

    def _not_shown(self, error: ClinicError) -> None:
        self._coming = None
        self._refuse(error)

    def _show_again(self, record: Record) -> None:
        if record != self.page.record:
            self._show(record)

    def _lose(self, error: ClinicError) -> None:
        """The person was erased at another desk, or the database cannot be reached for now."""
        if isinstance(error, NotFound):
            self.page.show_nobody()
        self.refused.emit(error)

    def _save(self) -> None:
        try:
            written = self.page.form.read()
        except InvalidInput as error:
            self.page.form.refuse(error)
            return
        record = self.page.record
        if record is not None:
            work = partial(
                records.change,
                actor=self._actor,
                patient_id=record.line.id,
                version=record.version,
                written=written,
            )
            self._tasks.write(self, work, self._saved, self._refuse)
        elif self._warned == written:
            self._register(written)
        else:
            look = partial(
                duplicates.likely,
                clinic_id=self._actor.clinic_id,
                name=written.name,
                phone=written.phone,
                birth_date=written.birth_date,
            )
            self._tasks.read(
                self, look, partial(self._compare, written), refused=self._refuse, latest="alike"
            )

    def _compare(self, written: Written, likely: tuple[Likely, ...]) -> None:
        """Put somebody new on record, after a word where the person may be there already."""
        if not likely:
            self._register(written)
            return
        self._warned = written
        first = likely[0]
        known = ", ".join(
            part for part in (first.line.name, detail(first.line, self._clinic.country)) if part
        )
        sentence = self.tr(
            "May be on record already: {person}. {reasons}. Save again if it is somebody else."
        )
        why = booking_words.why_alike(first.reasons)
        self.page.tell(sentence.format(person=known, reasons=why), "warning")

    def _register(self, written: Written) -> None:
        work = partial(records.register, actor=self._actor, patient_id=self._new_id, written=written)
        self._tasks.write(self, work, self._saved, self._refuse, repeatable=True)

    def _saved(self, record: Record) -> None:
        self.page.show_record(record)
        self.page.tell(self.tr("Saved."), "good")
        self.people.look()

    def _refuse(self, error: ClinicError) -> None:
        """Say why; what was typed stays."""
        if isinstance(error, InvalidInput) and error.field:
            self.page.form.refuse(error)
        else:
            self.page.tell(str(error), "error")

    def _hand_out(self, kind: str) -> None:
        if self.page.record is not None:
            self._handing_out.ask(self.page.record.line, kind)

    def export_to(self, path: str) -> None:
        """Write everything that is kept of the person on the screen to a file, as its ending says."""
        if self.page.record is not None:
            self._handing_out.write(self.page.record.line, path)

    def _merge(self) -> None:
        record = self.page.record
        if record is not None and self._is_free():
            dialog = MergeDialog(self._tasks, self._actor, self._clinic, record, self)
            dialog.merged.connect(self._merged)
            dialog.visit_wanted.connect(self.visit_wanted)
            dialog.open()

    def _merged(self, patient_id: UUID, sentence: str) -> None:
        self._read(patient_id)
        self.told.emit(sentence)

    def _erase(self) -> None:
        record = self.page.record
        if record is not None and self._is_free():
            dialog = EraseDialog(self._tasks, self._actor, self._clinic, record, self)
            dialog.erased.connect(self._erased)
            dialog.visit_wanted.connect(self.visit_wanted)
            dialog.open()

    def _erased(self, sentence: str) -> None:
        self.page.show_nobody()
        self.people.look()
        self.told.emit(sentence)

    def _import(self) -> None:
        dialog = ImportDialog(self._tasks, self._actor, self)
        dialog.imported.connect(self.told)
        dialog.open()
