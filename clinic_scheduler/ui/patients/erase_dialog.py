"""Erasing a person for good: what goes, what stays, and the name typed to mean it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import erasing, persons
from clinic_scheduler.services.people.erasing import Erased, Erasure
from clinic_scheduler.services.people.records import Record
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients import words
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.theme import style_as

WIDTH = 560
LIST_H = 120


class EraseDialog(QDialog):
    """First what it would mean; nothing can be erased while there are visits ahead.

    Signals:
        erased: what was done, in a sentence.
        visit_wanted: the day and the id of a visit ahead, to be shown in the calendar.
    """

    erased = Signal(str)
    visit_wanted = Signal(object, object)

    def __init__(
        self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, record: Record, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Erase patient"))
        self.setMinimumWidth(WIDTH)
        self._tasks, self._actor, self._clinic, self._record = tasks, actor, clinic, record
        self._found: Erasure | None = None
        self._goes, self._stays, self._said = (wide(controls.label()) for _ in range(3))
        self._ahead = QListWidget()
        self._ahead.setAccessibleName(self.tr("Visits ahead"))
        self._ahead.setFixedHeight(LIST_H)
        self._typed = Field(self.tr("Type the name to confirm"), persons.LONGEST_NAME)
        self._go = QPushButton(self.tr("Erase for good"))
        self._go.setProperty("danger", True)
        self._go.setAutoDefault(False)
        self._show = QPushButton(self.tr("Show in the calendar"))
        self._show.setAutoDefault(False)
        self._build()
        self._typed.line.textChanged.connect(self._check)
        self._typed.line.returnPressed.connect(self._erase)
        self._go.clicked.connect(self._erase)
        self._show.clicked.connect(self._want)
        self._ahead.itemActivated.connect(self._want)
        self._check()
        self._read()

    def _build(self) -> None:
        head = controls.heading(self.tr("Erase {name}?").format(name=one_line(self._record.line.name)))
        leave = QPushButton(self.tr("Keep the record"))
        leave.clicked.connect(self.reject)
        leave.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._show)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(wide(head))
        for title, told in ((self.tr("What goes"), self._goes), (self.tr("What stays"), self._stays)):
            caption = controls.label(title)
            caption.setFont(fonts.small(strong=True))
            column.addWidget(caption)
            column.addWidget(told)
        for part in (self._ahead, self._typed, self._said):
            column.addWidget(part)
        column.addLayout(foot)
        self._said.hide()
        self._ahead.hide()
        self._show.hide()

    def _read(self) -> None:
        work = partial(erasing.preview, actor=self._actor, patient_id=self._record.line.id)
        self._tasks.read(self, work, self._show_what, refused=self._refuse, latest="erasure")

    def _show_what(self, found: Erasure) -> None:
        self._found = found
        self._goes.setText(
            self.tr(
                "Name, phone, e-mail, birth date, code, alert and notes; whatever was typed about the visits, "
                "also as a reason in the history; to whom messages went. What waits to be sent is called off. "
                "This cannot be undone."
            )
        )
        kept = words.holdings(found.half, self._clinic.currency)
        stays = self.tr("Without a name, for the figures: {holdings}.").format(holdings=kept)
        self._stays.setText(stays if found.half.visits else self.tr("Nothing: there is no visit."))
        self._ahead.clear()
        for one in found.ahead:
            self._ahead.addItem(words.meeting(one))
        self._ahead.setVisible(bool(found.ahead))
        self._show.setVisible(bool(found.ahead))
        if found.ahead:
            self._ahead.setCurrentRow(0)
            self._tell(self.tr("There are visits ahead. Cancel them first, or wait until they are over."))
        elif found.unfinished:
            self._tell(
                self.tr("There is an unfinished booking ({where}); finish or discard it first.").format(
                    where=found.unfinished
                )
            )
        else:
            self._tell("")
            self._typed.line.setFocus()
        self._typed.setVisible(self._may_go)
        self._check()
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is said needs in this width."""
        inside = self.layout()
        if inside is not None:
            inside.activate()
            self.resize(self.width(), inside.totalHeightForWidth(self.width()))

    @property
    def _may_go(self) -> bool:
        return self._found is not None and not self._found.ahead and not self._found.unfinished

    def _check(self) -> None:
        is_meant = persons.folded(self._typed.text) == persons.folded(self._record.line.name)
        self._go.setEnabled(self._may_go and is_meant)

    def _erase(self) -> None:
        if not self._go.isEnabled():
            return
        work = partial(
            erasing.erase,
            actor=self._actor,
            patient_id=self._record.line.id,
            version=self._record.version,
            typed_name=self._typed.text,
        )
        self._go.setEnabled(False)
        self._tasks.write(self, work, self._done, self._refuse)

    def _done(self, done: Erased) -> None:
        self.erased.emit(
            self.tr("Erased. Without a name stay {visits} visits and payments of {money}.").format(
                visits=done.visits, money=texts.money(done.paid_cents, self._clinic.currency)
            )
        )
        self.accept()

    def _want(self) -> None:
        row = self._ahead.currentRow()
        if self._found is not None and 0 <= row < len(self._found.ahead):
            one = self._found.ahead[row]
            self.visit_wanted.emit(one.day, one.appointment_id)
            self.reject()

    def _refuse(self, error: ClinicError) -> None:
        if isinstance(error, InvalidInput) and error.field == "confirmation":
            self._typed.refuse(str(error))
        else:
            self._tell(str(error))
        self._check()

    def _tell(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        self._fit()
        style_as(self._said, tone="error")
