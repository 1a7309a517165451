"""Whom to call after an absence was written: read, copied, saved, or put on the list of today's tasks."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import sheets
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About, New

from .absence_table import Call
from .tasks import Tasks


class CallList(QWidget):
    """A line a person.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor) -> None:
        super().__init__()
        self._tasks, self._actor = tasks, actor
        self._calls: Sequence[Call] = ()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Whom to call"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, slot in (
            (self.tr("Put on the tasks of today"), self.put_on_list),
            (self.tr("Save as a file…"), self._choose_file),
            (self.tr("Copy the call list"), self._copy),
        ):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.text, 1)
        column.addLayout(row)

    def show_calls(self, calls: Sequence[Call]) -> None:
        """Show whom to call."""
        self._calls = calls
        self.text.setPlainText("\n".join(call.line for call in calls))

    def put_on_list(self) -> None:
        """Make a task of each call; asked twice, they are there once."""
        tasks = [
            New(
                "move",
                f"{call.when}: {call.what}",
                About(name=call.patient, phone=call.phone),
                f"absence {call.appointment_id} {call.when} {call.what}",
            )
            for call in self._calls
        ]
        self._tasks.write(self, partial(to_do.add_all, actor=self._actor, tasks=tasks), self._tell_added)

    def save(self, path: str) -> None:
        """Write the list as a sheet or as CSV."""
        heads = (self.tr("Visit"), self.tr("Patient"), self.tr("Phone"), self.tr("What to say"))
        try:
            made = sheets.sheet(Path(path), self.tr("Whom to call"), heads)
            made.put(0, [(call.when, call.patient, call.phone, call.what) for call in self._calls])
            made.finish()
        except ClinicError as error:
            self.told.emit(str(error))
            return
        self.told.emit(self.tr("The list was written to {path}.").format(path=path))

    def _choose_file(self) -> None:
        kinds = self.tr("Comma-separated (*.csv);;Workbook (*.xlsx)")
        dialog = QFileDialog(self, self.tr("Save the call list"), self.tr("calls.csv"), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.told.emit(self.tr("The call list is in the clipboard."))

    def _tell_added(self, count: int) -> None:
        self.told.emit(self.tr("On the list of tasks now: {count} of these calls.").format(count=count))
