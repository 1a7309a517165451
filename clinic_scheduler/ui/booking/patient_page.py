"""Step 3: for whom; somebody on record, somebody new, or a guest."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput, TimeTaken
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.people.glance import Glance
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import person_list, words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.new_patient import NewPatient
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.patient_search import PatientSearch
from clinic_scheduler.ui.booking.person_form import PersonForm
from clinic_scheduler.ui.calendar.typeset import one_line

MODES = ("search", "new", "guest")


class ChosenCard(QFrame):
    """Who the visit is for so far, with the alert everybody should see."""

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._catalogue = catalogue
        caption = controls.label(self.tr("Booked for"), "muted")
        caption.setFont(fonts.small())
        self.name = wide(controls.label())
        self.name.setFont(fonts.title())
        self._detail = wide(controls.label(tone="muted"))
        self.alert = wide(controls.label())
        self.alert.setProperty("pill", "warning")
        self.history, self.ahead = wide(controls.label()), wide(controls.label(tone="muted"))
        self.history.setProperty("tone", "warning")
        self.change = QPushButton(self.tr("Somebody else"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(caption)
        column.addWidget(self.name)
        column.addWidget(self._detail)
        column.addWidget(self.alert)
        column.addWidget(self.history)
        column.addWidget(self.ahead)
        column.addWidget(self.change, 0, Qt.AlignmentFlag.AlignLeft)

    def show_person(self, line: PatientLine, known: Glance | None) -> None:
        """Show this person; what is known of the visits comes a moment later."""
        self.name.setText(one_line(line.name))
        self._detail.setText(person_list.detail(line, self._catalogue.clinic.country))
        self.alert.setText(line.alert[:400])
        self.alert.setVisible(bool(line.alert))
        history = words.history_text(known, self._catalogue) if known else ""
        ahead = words.ahead_text(known, self._catalogue) if known else ""
        for label, text in ((self.history, history), (self.ahead, ahead)):
            label.setText(text)
            label.setVisible(bool(text))


class PatientPage(Page):
    """Type, Enter picks; what is typed in any of the three ways is kept."""

    step = "patient"

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.modes = controls.Segments(
            (
                ("search", self.tr("On record")),
                ("new", self.tr("New patient")),
                ("guest", self.tr("Guest")),
            ),
            self.tr("Who is coming"),
        )
        self.modes.chosen.connect(self._switch)
        self.search = PatientSearch(draft)
        self.search.picked.connect(self._pick)
        self.search.went_on.connect(self._go_on_with_chosen)
        self.search.nobody.connect(self._book_guest)
        self.new = NewPatient(draft)
        self.new.picked.connect(self._pick)
        self.new.failed.connect(self._fail)
        self.guest = PersonForm(draft, "guest", with_birth_date=False)
        self.chosen = ChosenCard(draft.catalogue)
        self.chosen.change.clicked.connect(self._choose_again)
        self._ways = QStackedWidget()
        for way in (self.search, self.new, self._narrow(self.guest)):
            self._ways.addWidget(way)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 8)
        page.setSpacing(12)
        page.addWidget(controls.heading(self.tr("Who is coming?")))
        page.addWidget(self.modes, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._ways, 3)
        side = QVBoxLayout()
        side.addWidget(self.chosen)
        side.addStretch()
        self._side = QWidget()
        self._side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._side, 2)
        page.addLayout(row, 1)
        draft.changed.connect(self._show_chosen)

    def _narrow(self, form: PersonForm) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(form, 1)
        note = wide(
            controls.label(
                self.tr("A guest has no record: name and phone stay with this booking only."), "muted"
            )
        )
        row.setSpacing(24)
        row.addWidget(note, 1)
        return holder

    @property
    def mode(self) -> str:
        """The way in which the person is named."""
        return MODES[self._ways.currentIndex()]

    @property
    def hint(self) -> str:
        is_open = self.mode == "search" and (self.search.text or self.draft.patient_id is None)
        return self.tr("Enter picks") if is_open else self.tr("Enter continues")

    def enter(self) -> None:
        typed, guest = self.draft.typed, self.draft.choices.guest
        is_guest = bool(guest.name) and self.draft.patient_id is None
        self.search.restore()
        self.new.form.restore()
        self.guest.restore()
        mode = typed.get("patient_mode", "guest" if is_guest else "search")
        self._open(mode if mode in MODES else "search")

    def go_on(self) -> None:
        if self.mode == "search":
            self.search.go_on()
        elif self.mode == "new":
            self.new.go_on()
        else:
            self._take_guest()

    def _switch(self, mode: str) -> None:
        self.draft.note(patient_mode=mode)
        asked = self.search.text if self.draft.patient_id is None else ""
        if mode == "new":
            self.new.form.begin(asked)
        elif mode == "guest":
            self.guest.begin(asked)
        self._open(mode)

    def _book_guest(self) -> None:
        self._switch("guest")

    def _open(self, mode: str) -> None:
        self.modes.choose(mode)
        self._ways.setCurrentIndex(MODES.index(mode))
        self._show_chosen()
        if mode == "search":
            self.search.line.setFocus()
        elif mode == "new":
            self.new.form.take_keyboard()
        else:
            self.guest.take_keyboard()
        self.ready.emit()

    def _show_chosen(self) -> None:
        line = self.draft.patient
        self._side.setVisible(line is not None and self.mode == "search")
        if line is not None:
            self.chosen.show_person(line, self.draft.glance)

    def _choose_again(self) -> None:
        self.draft.choose_patient(None)
        self.search.line.setFocus()

    def _go_on_with_chosen(self) -> None:
        if self.draft.patient_id is not None:
            self.done.emit()
        else:
            self.stuck.emit(self.tr("Type a name and pick somebody, or use New patient or Guest."), "")

    def _pick(self, line: object) -> None:
        if not isinstance(line, PatientLine):
            return
        is_same = line.id == self.draft.patient_id
        self.draft.note(patient_mode="", patient_search="")
        self.search.restore()
        self._open("search")
        self.draft.choose_patient(line)
        self._secure(is_same=is_same)

    def _take_guest(self) -> None:
        try:
            person = self.guest.read(self.draft.catalogue.clinic.country)
        except InvalidInput as error:
            self.guest.refuse(error)
            return
        was_patient = self.draft.patient_id is not None
        self.draft.edit(guest=Guest(person.name, person.phone, person.email))
        if was_patient:
            self.draft.choose_patient(None)
        self._secure(is_same=not was_patient)

    def _secure(self, *, is_same: bool) -> None:
        """A person has one body: the hold takes the patient's time too, so it is taken anew for another person."""
        if is_same or not self.draft.is_time_chosen:
            self.done.emit()
        else:
            self.draft.hold(self.draft.choices.parts, self._secured, self._not_secured)

    def _secured(self) -> None:
        if self.isVisible():
            self.done.emit()

    def _not_secured(self, error: ClinicError) -> None:
        if not isinstance(error, TimeTaken):
            self._fail(str(error))
            return
        name = one_line(self.draft.patient.name) if self.draft.patient else self.tr("This person")
        sentence = self.tr(
            "{name} has another visit at that time, or it was just taken. Please pick another time."
        )
        sentence = sentence.format(name=name)
        self.draft.forget_time(sentence)
        self.stuck.emit(sentence, "time")

    def _fail(self, sentence: str) -> None:
        self.stuck.emit(sentence, "")
