"""One person's record on the screen: the fields, what became of the visits, and the visits themselves."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons, records
from clinic_scheduler.services.people.records import PastVisit, Record, Written

from . import controls, fonts, texts
from .booking import dates, kept
from .booking.fields import Field
from .booking.frames import wide
from .calendar.typeset import one_line

NOTES_H = 72
WIDTHS = (200, 180, 140, 110)


class RecordForm(QWidget):
    """Empty until somebody is picked.

    Signals:
        edited: something was typed, shown or put back.
    """

    edited = Signal()

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
        self._figures = controls.label(tone="muted")
        self._said = wide(controls.label())
        self._none = controls.label(self.tr("Pick somebody at the left."), "muted")
        self.visits = self._table()
        self._whole = QWidget()
        self._build()
        for field in self._fields.values():
            field.line.textChanged.connect(self._note)
        self._notes.textChanged.connect(self._note)
        self._whole.hide()

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
        inside = QVBoxLayout(self._whole)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addLayout(grid)
        for part in (caption, self._notes, self._figures, self.visits):
            inside.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._none)
        column.addWidget(self._whole, 1)
        column.addWidget(self._said)
        column.setAlignment(self._none, Qt.AlignmentFlag.AlignTop)
        self._said.hide()

    def _table(self) -> QTableWidget:
        made = QTableWidget(0, len(WIDTHS) + 1)
        made.setAccessibleName(self.tr("Visits"))
        made.setHorizontalHeaderLabels(
            [self.tr("When"), self.tr("Service"), self.tr("With"), self.tr("Status"), self.tr("Reference")]
        )
        made.verticalHeader().hide()
        made.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        made.horizontalHeader().setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        made.setWordWrap(False)
        made.setShowGrid(False)
        made.setTabKeyNavigation(False)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setToolTip(self.tr("Enter shows a visit in the calendar."))
        for column, width in enumerate(WIDTHS):
            made.setColumnWidth(column, width)
        return made

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return self.record is not None and self._typed() != self._shown(self.record)

    def show_record(self, record: Record) -> None:
        """Show this person; what was typed before goes."""
        self.record = record
        self._none.hide()
        self._whole.show()
        self.tell("")
        self.revert()
        figures = self.tr("{ahead} ahead, {came} completed, {missed} missed, {cancelled} cancelled")
        self._figures.setText(
            figures.format(
                ahead=record.ahead, came=record.came, missed=record.missed, cancelled=record.cancelled
            )
        )
        self._list(record.visits)

    def revert(self) -> None:
        """Put back what is saved."""
        if self.record is None:
            return
        self._is_filling = True
        *plain, notes = self._shown(self.record)
        for field, text in zip(self._fields.values(), plain, strict=True):
            field.fill(text)
            field.tell("")
        self._notes.setPlainText(notes)
        self._is_filling = False
        self.edited.emit()

    def read(self) -> Written:
        """What is typed.

        Raises:
            InvalidInput: the birth date is none.
        """
        for field in self._fields.values():
            field.tell("")
        name, birth, phone, email, alert, notes = self._typed()
        return Written(name, phone, email, dates.read(birth), alert, notes)

    def refuse(self, error: InvalidInput) -> None:
        """Say what is wrong at its field."""
        if error.field in self._fields:
            self._fields[error.field].refuse(str(error))
        else:
            self.tell(str(error))
            self._notes.setFocus()

    def tell(self, sentence: str) -> None:
        """Say something below the record."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def visit(self, index: QModelIndex) -> PastVisit | None:
        """The visit of a row."""
        visits = self.record.visits if self.record else ()
        return visits[index.row()] if 0 <= index.row() < len(visits) else None

    def _note(self) -> None:
        if not self._is_filling:
            self.edited.emit()

    def _typed(self) -> tuple[str, ...]:
        return (*(field.text for field in self._fields.values()), kept.storable(self._notes.toPlainText()))

    def _shown(self, record: Record) -> tuple[str, ...]:
        line = record.line
        return (
            line.name,
            dates.shown(line.birth_date) if line.birth_date else "",
            persons.shown_phone(line.phone, self._clinic.country) if line.phone else "",
            line.email,
            line.alert,
            record.notes,
        )

    def _list(self, visits: Sequence[PastVisit]) -> None:
        self.visits.setRowCount(len(visits))
        for row, visit in enumerate(visits):
            day = texts.short_date(visit.day, with_year=True)
            when = f"{day} {visit.start:%H:%M}" if visit.start else day
            status = f"{texts.status_word(visit.status)} {texts.status_sign(visit.status)}".strip()
            for column, text in enumerate((when, visit.service, visit.practitioner, status, visit.reference)):
                self.visits.setItem(row, column, QTableWidgetItem(one_line(text)))
