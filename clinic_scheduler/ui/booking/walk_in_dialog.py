"""Somebody walked in: who, what, and the next free time with anyone; Enter books it."""

from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.people import patients, persons
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import walk_in
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.wishes import Opening
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking import kept, words
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.booking.patient_search import PAUSE_MS
from clinic_scheduler.ui.booking.person_list import PersonModel, PersonView
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.booking.service_list import SERVICE, ServiceModel, service_view
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks

SIZE = (860, 540)
MOST_PEOPLE = 8


class WalkInDialog(QDialog):
    """Enter goes from who to what, and then books.

    Signals:
        booked: the Confirmed, when it begins on the clinic's wall, and who comes.
    """

    booked = Signal(object, object, str)

    def __init__(self, tasks: Tasks, actor: Actor, offered: Catalogue, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Walk-in"))
        self.resize(*SIZE)
        self._tasks, self._actor, self._offered = tasks, actor, offered
        self._patient: PatientLine | None = None
        self._opening: Opening | None = None
        self._request_id = uuid4()
        self._is_busy = False
        self._who = SearchLine(self.tr("Who comes"), self.tr("Name"), persons.LONGEST_NAME)
        self._people = PersonModel(offered.clinic.country, self)
        self._found = PersonView(self._people, self.tr("Patients"))
        self._phone = Field(self.tr("Phone"), 40)
        self._known = wide(controls.label(tone="muted"))
        self._what = SearchLine(self.tr("Search services"), self.tr("Service"), patients.LONGEST_SEARCH)
        self._services = ServiceModel(offered, self)
        self._list = service_view(self._services, self.tr("Services"))
        self._offer = wide(controls.label())
        self._offer.setFont(fonts.body(strong=True))
        self._offer.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._said = wide(controls.label(tone="error"))
        self._go = controls.primary(self.tr("Book"))
        self._go.setEnabled(False)
        self._go.clicked.connect(self._book)
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._who.textEdited.connect(self._name)
        self._who.entered.connect(self._enter_who)
        self._found.picked.connect(self._pick)
        self._what.textChanged.connect(self._narrow)
        self._what.entered.connect(self._book)
        self._list.selectionModel().currentChanged.connect(self._ask)
        self._narrow("")
        self._who.setFocus()

    def _build(self) -> None:
        for line, view in ((self._who, self._found), (self._what, self._list)):
            line.drive(as_card(view))
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for parts in ((self._who, self._phone, self._known, self._found), (self._what, self._list)):
            side = QVBoxLayout()
            side.setSpacing(8)
            for part in parts:
                side.addWidget(part)
            if self._found in parts:
                side.addStretch()
            sides.addLayout(side, 1)
        leave = QPushButton(self.tr("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._offer, 1)
        foot.addWidget(leave)
        foot.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Who is here, and for what?")))
        column.addLayout(sides, 1)
        column.addWidget(self._said)
        column.addLayout(foot)
        for empty in (self._found, self._known, self._said):
            empty.hide()

    @property
    def _service(self) -> ServiceFacts | None:
        found = self._list.currentIndex().data(SERVICE)
        return found if isinstance(found, ServiceFacts) else None

    @property
    def _patient_id(self) -> UUID | None:
        return self._patient.id if self._patient is not None else None

    def _name(self, text: str) -> None:
        self._refuse("")
        if self._patient is not None:
            self._know(None)
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._show_people(())

    def _look(self) -> None:
        work = partial(
            patients.search,
            clinic_id=self._actor.clinic_id,
            text=kept.storable(self._who.text()),
            limit=MOST_PEOPLE,
        )
        self._tasks.read(self, work, self._show_people, latest="people", is_one=True)

    def _show_people(self, people: tuple[PatientLine, ...]) -> None:
        """Nobody is marked: Enter means the name as it stands, a guest's."""
        self._people.show_all(people if self._patient is None else ())
        self._found.setVisible(self._people.rowCount() > 0)

    def _enter_who(self) -> None:
        if self._found.isVisible() and self._found.chosen is not None:
            self._pick(self._found.chosen)
        else:
            self._what.setFocus()

    def _pick(self, line: PatientLine) -> None:
        self._who.setText(one_line(line.name))
        self._know(line)
        self._what.setFocus()

    def _know(self, line: PatientLine | None) -> None:
        """Who comes is on record, or a guest."""
        self._patient = line
        self._show_people(())
        self._phone.setVisible(line is None)
        self._known.setVisible(line is not None)
        if line is not None:
            said = self._people_words(line)
            self._known.setText(said)
            self._who.setAccessibleDescription(said)
        self._ask()

    def _people_words(self, line: PatientLine) -> str:
        number = persons.shown_phone(line.phone, self._offered.clinic.country) if line.phone else ""
        return "\n".join(part for part in (self.tr("On record"), number, one_line(line.alert)) if part)

    def _narrow(self, text: str) -> None:
        self._services.narrow(text)
        self._list.setCurrentIndex(self._services.index(0))
        if not self._services.rowCount():
            self._show_offer(None, self.tr("No service is called so; try fewer letters."))

    def _ask(self, _current: QModelIndex | None = None) -> None:
        """Look for the next free time of what is marked."""
        service = self._service
        if service is None:
            return
        self._show_offer(None, self.tr("Looking for the next free time…"))
        work = partial(
            walk_in.next_free, actor=self._actor, service_id=service.id, patient_id=self._patient_id
        )
        self._tasks.read(self, work, self._found_time, refused=self._fail, latest="offer")

    def _found_time(self, opening: Opening | None) -> None:
        if opening is None:
            self._show_offer(None, self.tr("Nothing is free as far ahead as this clinic books."))
            return
        who = words.people_text(opening.parts, self._offered)
        price = texts.money(opening.parts[0].price_cents, self._offered.clinic.currency)
        when = words.when_text(opening.parts, self._offered)
        self._show_offer(
            opening, self.tr("Next free: {when}, {who}, {price}"), when=when, who=who, price=price
        )

    def _show_offer(self, opening: Opening | None, sentence: str, **facts: str) -> None:
        self._opening = opening
        self._offer.setText(sentence.format(**facts) if facts else sentence)
        self._what.setAccessibleDescription(self._offer.text())
        self._go.setEnabled(opening is not None and not self._is_busy)

    def _book(self) -> None:
        if self._opening is None or self._is_busy:
            return
        try:
            guest = self._guest()
        except InvalidInput as error:
            self._refuse_field(error)
            return
        self._is_busy = True
        self._go.setEnabled(False)
        work = partial(
            walk_in.book,
            actor=self._actor,
            request_id=self._request_id,
            opening=self._opening,
            patient_id=self._patient_id,
            guest=guest,
        )
        name = self._patient.name if self._patient is not None else guest.name
        self._tasks.write(self, work, partial(self._done, self._opening, name), self._fail, repeatable=True)

    def _guest(self) -> Guest:
        if self._patient is not None:
            return walk_in.NOBODY
        self._phone.tell("")
        name = persons.clean_name(kept.storable(self._who.text()))
        return Guest(name, persons.clean_phone(self._phone.text, self._offered.clinic.country))

    def _done(self, opening: Opening, name: str, confirmed: Confirmed) -> None:
        self.booked.emit(confirmed, opening.start.astimezone(self._offered.clinic.where), name)
        self.accept()

    def _fail(self, error: ClinicError) -> None:
        """Nothing was booked: say why, and look again."""
        self._is_busy, self._request_id = False, uuid4()
        if isinstance(error, InvalidInput):
            self._refuse_field(error)
        else:
            self._refuse(str(error))
            self._ask()

    def _refuse_field(self, error: InvalidInput) -> None:
        if error.field == "phone":
            self._phone.refuse(str(error))
        else:
            self._refuse(str(error))
            self._who.setFocus()
        self._go.setEnabled(self._opening is not None)

    def _refuse(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
