"""The fields of one person's record, to be read and typed in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons, records
from clinic_scheduler.services.people.records import Record, Written
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import dates, kept
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.theme import style_as

NOTES_H = 72
NOTHING = ("", "", "", "", "", "")


class RecordForm(QWidget):
    """Empty for somebody who is to be put on record.

    Signals:
        edited: something was typed, shown or put back.
        entered: Enter was pressed in a line.
    """

    edited = Signal()
    entered = Signal()

    def __init__(self, clinic: ClinicFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self.record: Record | None = None
        self._is_filling = False
        self._fields = {
            "name": Field(self.tr("Name"), persons.LONGEST_NAME),
            "birth_date": Field(self.tr("Birth date"), 20),
            "phone": Field(self.tr("Phone"), 40),
            "email": Field(self.tr("E-mail"), 320),
            "alert": Field(self.tr("Alert, shown wherever this patient is"), records.LONGEST_ALERT),
        }
        self._notes = QPlainTextEdit()
        self._notes.setAccessibleName(self.tr("Notes"))
        self._notes.setFixedHeight(NOTES_H)
        self._notes.setTabChangesFocus(True)
        self._below = wide(controls.label(tone="error"))
        self._below.setFont(fonts.small())
        self._below.hide()
        self._build()
        for field in self._fields.values():
            field.line.textChanged.connect(self._note)
            field.line.returnPressed.connect(self.entered)
        self._notes.textChanged.connect(self._note)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for number, name in enumerate(("name", "birth_date", "phone", "email")):
            grid.addWidget(self._fields[name], number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._fields["alert"], 2, 0, 1, 2)
        caption = controls.label(self.tr("Notes"))
        caption.setFont(fonts.small(strong=True))
        caption.setBuddy(self._notes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        for part in (caption, self._notes, self._below):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return self._typed() != self._shown()

    def show_record(self, record: Record | None) -> None:
        """Show this person, or empty fields for somebody new; what was typed before goes."""
        self.record = record
        self.revert()

    def revert(self) -> None:
        """Put back what is saved."""
        self._is_filling = True
        *plain, notes = self._shown()
        for field, text in zip(self._fields.values(), plain, strict=True):
            field.fill(text)
            field.line.setCursorPosition(0)
        self._notes.setPlainText(notes)
        self._say_nothing()
        self._is_filling = False
        self.edited.emit()

    def begin(self) -> None:
        """Take the keyboard to the first field."""
        self._fields["name"].line.setFocus()

    def read(self) -> Written:
        """What is typed.

        Raises:
            InvalidInput: the birth date is none.
        """
        self._say_nothing()
        name, birth, phone, email, alert, notes = self._typed()
        return Written(name, phone, email, dates.read(birth), alert, notes)

    def refuse(self, error: InvalidInput) -> None:
        """Say what is wrong at its field."""
        if error.field in self._fields:
            self._fields[error.field].refuse(str(error))
        else:
            self._below.setText(str(error))
            self._below.show()
            style_as(self._notes, invalid=True)
            self._notes.setAccessibleDescription(str(error))
            self._notes.setFocus()

    def _say_nothing(self) -> None:
        for field in self._fields.values():
            field.tell("")
        self._below.hide()
        style_as(self._notes, invalid=False)
        self._notes.setAccessibleDescription("")

    def _note(self) -> None:
        if not self._is_filling:
            self.edited.emit()

    def _typed(self) -> tuple[str, ...]:
        return (*(field.text for field in self._fields.values()), kept.whole(self._notes.toPlainText()))

    def _shown(self) -> tuple[str, ...]:
        if self.record is None:
            return NOTHING
        line = self.record.line
        return (
            line.name,
            dates.shown(line.birth_date) if line.birth_date else "",
            persons.shown_phone(line.phone, self._clinic.country) if line.phone else "",
            line.email,
            line.alert,
            self.record.notes,
        )
