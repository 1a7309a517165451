"""The list behind a number."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.figures import lists
from clinic_scheduler.services.figures.behind import Appointments, Behind, Offers, Plans, Sessions, Wishes
from clinic_scheduler.services.figures.lists import Rows
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks

from .words import OFFERS, OUTCOMES, PLANS, STATES, STEPS, STRATEGIES, word

translate = QCoreApplication.translate
SIZE: Final = (1160, 660)
Format = Callable[[Any], str]


def columns(kind: type, currency: str) -> Sequence[tuple[str, Format]]:
    """The heads of a list, each with how its values are written; in the order of services/figures/lists.py."""
    patient = (translate("rows", "Patient"), one_line)
    kinds: dict[type, Sequence[tuple[str, Format]]] = {
        Appointments: (
            (translate("rows", "Day"), _day),
            (translate("rows", "Time"), _or_unknown),
            patient,
            (translate("rows", "Service"), one_line),
            (translate("rows", "With"), one_line),
            (translate("rows", "Status"), texts.status_word),
            (translate("rows", "Source"), texts.source_word),
            (translate("rows", "Reference"), str),
            (translate("rows", "Price"), partial(_money, currency)),
        ),
        Sessions: (
            (translate("rows", "Begun"), _moment),
            patient,
            (translate("rows", "Step"), partial(_word, STEPS)),
            (translate("rows", "What became of it"), partial(_word, OUTCOMES)),
            (translate("rows", "User"), one_line),
            (translate("rows", "Workstation"), one_line),
            (translate("rows", "Holds"), str),
        ),
        Plans: (
            (translate("rows", "Begun"), _moment),
            patient,
            (translate("rows", "Service"), one_line),
            (translate("rows", "Strategy"), partial(_word, STRATEGIES)),
            (translate("rows", "Standing"), partial(_word, PLANS)),
            (translate("rows", "Completed"), str),
            (translate("rows", "Sessions"), str),
        ),
        Wishes: (
            (translate("rows", "Written down"), _moment),
            patient,
            (translate("rows", "From"), _day),
            (translate("rows", "Until"), _day),
            (translate("rows", "State"), partial(_word, STATES)),
        ),
        Offers: (
            (translate("rows", "Made"), _moment),
            patient,
            (translate("rows", "Runs out"), _moment),
            (translate("rows", "State"), partial(_word, OFFERS)),
        ),
    }
    return kinds[kind]


class RowsDialog(QDialog):
    """A plain table of what a number counted.

    Signals:
        visit_wanted: the day and the id of an appointment to look at in the calendar.
    """

    visit_wanted = Signal(object, object)

    def __init__(
        self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, wanted: Behind, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What was counted"))
        self.resize(*SIZE)
        self._wanted = wanted
        self._columns = columns(type(wanted), clinic.currency)
        self._rows: Rows | None = None
        self._said = controls.label(self.tr("Reading…"), "muted")
        self.table = QTableWidget(0, len(self._columns))
        self.table.setAccessibleName(self.tr("What was counted"))
        self.table.setHorizontalHeaderLabels([head for head, _format in self._columns])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        heads = self.table.horizontalHeader()
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        heads.setHighlightSections(False)
        self.table.activated.connect(self._show_visit)
        leave = QPushButton(self.tr("Close"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        foot.addWidget(leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("What was counted")))
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        work = partial(lists.rows, actor=actor, wanted=wanted)
        tasks.read(self, work, self._show, refused=self._refuse)

    def _show(self, found: Rows) -> None:
        self._rows = found
        self.table.setRowCount(len(found.rows))
        for row, values in enumerate(found.rows):
            for column, (_head, written) in enumerate(self._columns):
                self.table.setItem(row, column, QTableWidgetItem(written(values[column])))
        self.table.resizeColumnsToContents()
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.setFocus()
        if found.rows:
            self.table.setCurrentCell(0, 0)
        self._said.setText(self._words(found))

    def _words(self, found: Rows) -> str:
        if not found.total:
            return self.tr("Nothing was counted here.")
        if found.total > len(found.rows):
            words = self.tr("The first {some} of {all}; choose fewer days to see the others.")
            return words.format(some=len(found.rows), all=found.total)
        words = self.tr("1 row") if found.total == 1 else self.tr("%n rows", "", found.total)
        is_visits = isinstance(self._wanted, Appointments)
        return (
            self.tr("{rows}. Enter shows a visit in the calendar.").format(rows=words) if is_visits else words
        )

    def _refuse(self, error: ClinicError) -> None:
        self._said.setText(str(error))

    def _show_visit(self, index: QModelIndex) -> None:
        if self._rows is not None and isinstance(self._wanted, Appointments):
            values = self._rows.rows[index.row()]
            if values[1] is not None:  # a time that was never told is on no calendar
                self.visit_wanted.emit(values[0], values[-1])
                self.accept()


def _day(day: date) -> str:
    return texts.short_date(day, with_year=True)


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())} {moment:%H:%M}"


def _or_unknown(at: str | None) -> str:
    return at or translate("rows", "not known")


def _word(kind: str, stored: str) -> str:
    return word(kind).get(stored, stored)


def _money(currency: str, cents: int) -> str:
    return texts.money(cents, currency)
