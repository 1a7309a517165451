"""The visits that an absence meets, with what happens to each; and whom to call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from clinic_scheduler.services.changing.absence import Decision
from clinic_scheduler.services.changing.absence_places import Proposal
from clinic_scheduler.services.changing.absence_plan import Affected, Plan

from . import texts
from .calendar.typeset import one_line

translate = QCoreApplication.translate
CANCEL, LEAVE = "cancel", "leave"
WIDTHS = (190, 180, 130, 170)


class AbsenceTable(QTableWidget):
    """A row a visit; the last column decides."""

    def __init__(self, where: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(0, len(WIDTHS) + 1, parent)
        self._where = where
        self._plan: Plan | None = None
        self.setAccessibleName(self.tr("Visits that are met"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("Time"),
                self.tr("Patient"),
                self.tr("Phone"),
                self.tr("Service"),
                self.tr("What happens"),
            ]
        )
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(44)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.horizontalHeader().setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width)

    def show_plan(self, plan: Plan | None) -> None:
        """Show a dry run, with the best decision for each."""
        self._plan = plan
        affected = plan.affected if plan else ()
        self.setRowCount(len(affected))
        for row, one in enumerate(affected):
            when = f"{_when(one.start, self._where)} to {one.end.astimezone(self._where):%H:%M}"
            for column, text in enumerate((when, one.patient, one.phone, one.service)):
                item = QTableWidgetItem(one_line(text))
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.setItem(row, column, item)
            self.setCellWidget(row, len(WIDTHS), self._choices(one))

    def _choices(self, one: Affected) -> QComboBox:
        box = QComboBox()
        for number, proposal in enumerate(one.proposals):
            box.addItem(self._words(proposal), number)
        if one.has_come:
            box.addItem(self.tr("Is here already: stays"), LEAVE)
            box.setEnabled(False)
        else:
            box.addItem(self.tr("Leave it, I will call"), LEAVE)
            box.addItem(self.tr("Cancel it"), CANCEL)
        box.setAccessibleName(self.tr("What happens to {name}").format(name=one_line(one.patient)))
        return box

    def _words(self, proposal: Proposal) -> str:
        name = one_line(proposal.practitioner)
        if proposal.kind == "colleague":
            words = self.tr("Same time with {name}").format(name=name)
        else:
            words = f"{_when(proposal.start, self._where)}, {name}"
        if proposal.breaks_visit:
            words = self.tr("{place} (the rest of the visit stays)").format(place=words)
        return words

    def decisions(self) -> Sequence[Decision]:
        """What was decided for each visit that can be moved."""
        found = []
        for row, one in enumerate(self._plan.affected if self._plan else ()):
            box = self.cellWidget(row, len(WIDTHS))
            choice = box.currentData() if isinstance(box, QComboBox) else LEAVE
            if isinstance(choice, int):
                place = one.proposals[choice]
                found.append(Decision(one.appointment_id, one.version, place.start, place.practitioner_id))
            elif choice == CANCEL:
                found.append(Decision(one.appointment_id, one.version, is_cancelled=True))
        return found


class Call(NamedTuple):
    """Somebody to be called; `when` is the visit's time and `what` what is to be said."""

    appointment_id: UUID
    when: str
    patient: str
    phone: str
    what: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        phone = self.phone or translate("AbsenceTable", "no phone number")
        return f"{self.when}  {self.patient}, {phone}: {self.what}"


def calls(plan: Plan, decisions: Mapping[UUID, Decision], where: ZoneInfo) -> list[Call]:
    """Whom to call, in the order of their visits: who was left, and who is told by nobody else."""
    found = []
    for one in plan.affected:
        decision = decisions.get(one.appointment_id)
        if one.has_come or (decision is not None and one.email):
            continue
        if decision is None:
            what = translate("AbsenceTable", "find another time")
        elif decision.start is not None:
            what = translate("AbsenceTable", "moved to {time}").format(time=_when(decision.start, where))
        else:
            what = translate("AbsenceTable", "cancelled")
        found.append(
            Call(one.appointment_id, _when(one.start, where), one_line(one.patient), one.phone, what)
        )
    return found


def _when(moment: datetime, where: ZoneInfo) -> str:
    local = moment.astimezone(where)
    return f"{texts.short_date(local.date())} {local:%H:%M}"
