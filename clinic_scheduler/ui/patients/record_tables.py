"""What there is of a person beside the fields, one table at a time: visits, plans, payments."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people.accounts import PaymentLine, PlanLine
from clinic_scheduler.services.people.records import PastVisit, Record
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients import words

VISIT_W, PLAN_W, PAYMENT_W = (200, 180, 160, 120), (200, 180, 110, 140), (200, 120, 120, 200)
AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RecordTables(QWidget):
    """The newest of everything comes first.

    Signals:
        visit_wanted: the day and the id of an appointment to look at in the calendar.
    """

    visit_wanted = Signal(object, object)

    def __init__(self, clinic: ClinicFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._shown: tuple[PastVisit, ...] = ()
        self.visits = table(
            self.tr("Visits"),
            (self.tr("When"), self.tr("Service"), self.tr("With"), self.tr("Status"), self.tr("Reference")),
            VISIT_W,
        )
        self.visits.setToolTip(self.tr("Enter shows a visit in the calendar."))
        self.plans = table(
            self.tr("Plans"),
            (
                self.tr("Service"),
                self.tr("Progress"),
                self.tr("State"),
                self.tr("Next due"),
                self.tr("Notes"),
            ),
            PLAN_W,
        )
        self.payments = table(
            self.tr("Payments"),
            (self.tr("When"), self.tr("Amount"), self.tr("How"), self.tr("Note"), self.tr("Reference")),
            PAYMENT_W,
        )
        self._choice = controls.Segments(
            (("visits", self.tr("Visits")), ("plans", self.tr("Plans")), ("payments", self.tr("Payments"))),
            self.tr("What is listed"),
        )
        self._tables = {"visits": self.visits, "plans": self.plans, "payments": self.payments}
        self._none = controls.label(tone="muted")
        self._stack = QStackedWidget()
        for one in self._tables.values():
            self._stack.addWidget(one)
        self._stack.addWidget(self._none)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._choice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)
        self._choice.chosen.connect(self._turn)
        self.visits.activated.connect(self._want)

    def show_record(self, record: Record) -> None:
        """Show everything of this person."""
        self._shown = record.visits
        _fill(self.visits, [self._visit(visit) for visit in record.visits])
        _fill(self.plans, [self._plan(plan) for plan in record.plans])
        _fill(self.payments, [self._payment(one) for one in record.payments], at_right=1)
        self._turn(self._choice.key)

    def clear(self) -> None:
        """Show nothing, for somebody new."""
        self._shown = ()
        for one in self._tables.values():
            one.setRowCount(0)
        self._turn(self._choice.key)

    def _turn(self, key: str) -> None:
        none = {
            "visits": self.tr("No visit yet."),
            "plans": self.tr("No treatment plan."),
            "payments": self.tr("No payment yet."),
        }
        chosen = self._tables[key]
        self._none.setText(none[key])
        self._stack.setCurrentWidget(chosen if chosen.rowCount() else self._none)

    def _want(self, index: QModelIndex) -> None:
        visit = self._shown[index.row()]
        self.visit_wanted.emit(visit.day, visit.appointment_id)

    def _visit(self, visit: PastVisit) -> Sequence[str]:
        day = texts.short_date(visit.day, with_year=True)
        when = f"{day} {visit.start:%H:%M}" if visit.start else day
        status = f"{texts.status_word(visit.status)} {texts.status_sign(visit.status)}".strip()
        return when, visit.service, visit.practitioner, status, visit.reference

    def _plan(self, plan: PlanLine) -> Sequence[str]:
        due = texts.short_date(plan.due_on, with_year=True) if plan.due_on else ""
        return plan.service, words.progress(plan), words.plan_state(plan.state), due, plan.notes

    def _payment(self, one: PaymentLine) -> Sequence[str]:
        at = one.paid_at.astimezone(self._clinic.where)
        when = f"{texts.short_date(at.date(), with_year=True)} {at:%H:%M}"
        money = texts.money(one.amount_cents, self._clinic.currency)
        return when, money, texts.method_word(one.method), one.note, one.reference


def table(name: str, headings: Sequence[str], widths: Sequence[int]) -> QTableWidget:
    """An empty table of rows that are picked whole; the last column takes what is left."""
    made = QTableWidget(0, len(headings))
    made.setAccessibleName(name)
    made.setHorizontalHeaderLabels(list(headings))
    made.verticalHeader().hide()
    made.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    made.horizontalHeader().setHighlightSections(False)
    made.horizontalHeader().setSectionResizeMode(len(widths), QHeaderView.ResizeMode.Stretch)
    made.setWordWrap(False)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    for column, width in enumerate(widths):
        made.setColumnWidth(column, width)
    return made


def _fill(made: QTableWidget, rows: Sequence[Sequence[str]], at_right: int = -1) -> None:
    made.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(one_line(text))
            if column == at_right:
                item.setTextAlignment(AT_RIGHT)
            made.setItem(row, column, item)
