"""Somebody is away: see what that means for every visit, decide, do it all at once, know whom to call."""

from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing import absence, absence_plan
from clinic_scheduler.services.changing.absence import Applied, Decided
from clinic_scheduler.services.changing.absence_plan import Plan

from . import controls, texts
from .absence_calls import CallList
from .absence_table import AbsenceTable, calls
from .calendar.typeset import one_line
from .tasks import Tasks

SIZE = (980, 640)
LONGEST_REASON = 200


class AbsenceDialog(QDialog):
    """First the dry run, then all of it in one transaction.

    Signals:
        applied: the Applied and the Decided, for undoing and doing it again.
    """

    applied = Signal(object, object)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        offered: Catalogue,
        *,
        practitioner_id: UUID | None,
        start: datetime,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Somebody is away"))
        self.resize(*SIZE)
        self._tasks, self._actor, self._where = tasks, actor, offered.clinic.where
        self._currency = offered.clinic.currency
        self._plan: Plan | None = None
        self._request_id = uuid4()
        self._who = QComboBox()
        for one in offered.practitioners:
            self._who.addItem(one_line(one.name), one.id)
        self._who.setCurrentIndex(max(0, self._who.findData(practitioner_id)))
        day = start.astimezone(self._where).date()
        self._from = self._time(QDate(day.year, day.month, day.day), 0, self.tr("From"))
        self._until = self._time(QDate(day.year, day.month, day.day).addDays(1), 0, self.tr("Until"))
        self._reason = QLineEdit()
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason.setPlaceholderText(self.tr("Shown in the calendar, for example: ill"))
        self._said = controls.label()
        self._said.setWordWrap(True)
        self._table = AbsenceTable(self._where)
        self._calls = CallList(tasks, actor)
        self._calls.told.connect(self._said.setText)
        self._calls.hide()
        self._build()
        for changed in (
            self._who.currentIndexChanged,
            self._from.dateTimeChanged,
            self._until.dateTimeChanged,
        ):
            changed.connect(self._forget)
        self._forget()

    def _time(self, day: QDate, hour: int, name: str) -> QDateTimeEdit:
        made = QDateTimeEdit(QDateTime(day, QTime(hour, 0)))
        made.setCalendarPopup(True)
        made.setAccessibleName(name)
        return made

    def _build(self) -> None:
        self._who.setAccessibleName(self.tr("Practitioner"))
        self._reason.setAccessibleName(self.tr("Reason"))
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        times = QHBoxLayout()
        for part in (self._from, controls.label(self.tr("until")), self._until):
            times.addWidget(part)
        times.addStretch(1)
        form.addRow(self.tr("Who"), self._who)
        form.addRow(self.tr("From"), times)
        form.addRow(self.tr("Why"), self._reason)
        self._look = QPushButton(self.tr("Show what would happen"))
        self._look.clicked.connect(self._propose)
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(self.tr("Do all of it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._go.setProperty("primary", True)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self._apply)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Who is away, and when?")))
        column.addLayout(controls.level(form))
        column.addWidget(self._look, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._said)
        column.addWidget(self._table, 1)
        column.addWidget(self._calls, 1)
        column.addWidget(buttons)

    def _forget(self) -> None:
        """Nothing is known of another person or time."""
        self._plan, self._request_id = None, uuid4()
        self._table.show_plan(None)
        self._go.setEnabled(False)
        self._said.setText(self.tr("Nothing is changed before you say so."))

    def _instant(self, edit: QDateTimeEdit) -> datetime:
        shown = edit.dateTime()
        day, time = shown.date().toPython(), shown.time()
        return localtime.at_minute(day, time.hour() * 60 + time.minute(), self._where)  # type: ignore[arg-type]

    def _propose(self) -> None:
        work = partial(
            absence_plan.propose,
            actor=self._actor,
            practitioner_id=self._who.currentData(),
            start=self._instant(self._from),
            end=self._instant(self._until),
        )
        self._look.setEnabled(False)
        self._said.setText(self.tr("Looking for other places…"))
        self._tasks.read(self, work, self._show, refused=self._refuse, latest="plan")

    def _show(self, plan: Plan) -> None:
        self._look.setEnabled(True)
        self._plan, self._request_id = plan, uuid4()
        self._table.show_plan(plan)
        self._go.setEnabled(True)
        self._said.setText(self.summary(plan))

    def summary(self, plan: Plan) -> str:
        """As in "9 visits, 5 h 40 min, 512,00 €: 6 with a colleague, 2 at another time, 1 to be called"."""
        if not plan.affected:
            return self.tr("No visit is met; the absence can be written.")
        whole = self.tr("{count} visits, {time}, {money}").format(
            count=len(plan.affected),
            time=texts.duration(plan.minutes),
            money=texts.money(plan.cents, self._currency),
        )
        elsewhere = plan.count("later") + plan.count("other")
        parts = [
            (plan.count("colleague"), self.tr("{n} with a colleague at the same time")),
            (elsewhere, self.tr("{n} at another time")),
            (plan.count(""), self.tr("{n} without a place, to be called")),
            (sum(one.has_come for one in plan.affected), self.tr("{n} here already")),
        ]
        return f"{whole}: " + ", ".join(words.format(n=count) for count, words in parts if count) + "."

    def _apply(self) -> None:
        if self._plan is None:
            return
        decided = Decided(self._plan, tuple(self._table.decisions()), self._reason.text())
        work = partial(absence.apply, actor=self._actor, request_id=self._request_id, decided=decided)
        self._go.setEnabled(False)
        self._tasks.write(self, work, partial(self._done, decided), self._refuse, repeatable=True)

    def _done(self, decided: Decided, done: Applied) -> None:
        self.applied.emit(done, decided)
        listed = calls(decided.plan, {one.appointment_id: one for one in decided.decisions}, self._where)
        if not listed:
            self.accept()
            return
        self._calls.show_calls(listed)
        self._said.setText(self.tr("Done. These people have to be called:"))
        for hidden in (self._table, self._look, self._go):
            hidden.hide()
        self._calls.show()

    def _refuse(self, error: ClinicError) -> None:
        self._look.setEnabled(True)
        self._request_id = uuid4()
        self._go.setEnabled(False)
        self._said.setText(f"{error} {self.tr('Nothing was changed.')}")
