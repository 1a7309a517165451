"""Adding a task by hand, and writing what came of one."""

from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import About
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.waitlist import task_words

WIDTH = 460
BY_HAND = ("call_back", "confirm", "other")


class TaskDialog(QDialog):
    """What, for whom, when."""

    def __init__(self, tasks: Tasks, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add a task"))
        self.setMinimumWidth(WIDTH)
        self._tasks, self._actor = tasks, actor
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Kind of task"))
        for word in BY_HAND:
            self.kind.addItem(task_words.kind(word), word)
        self.text = Field(self.tr("What is to be done"), to_do.LONGEST_TEXT)
        self.name = Field(self.tr("For whom, if anybody"), 200)
        self.phone = Field(self.tr("Phone"), 40)
        self.day = QDateEdit(QDate.currentDate())
        self.day.setCalendarPopup(True)
        self.day.setAccessibleName(self.tr("Due on"))
        self._said = wide(controls.label(tone="error"))
        self._said.hide()
        self.go = controls.primary(self.tr("Add the task"))
        self.go.clicked.connect(self.keep)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.addRow(self.tr("Kind"), self.kind)
        form.addRow(self.tr("Due on"), self.day)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Add a task")))
        for part in (self.text, self.name, self.phone):
            column.addWidget(part)
        column.addLayout(controls.level(form))
        column.addWidget(self._said)
        column.addLayout(_foot(self, self.go))
        self.text.line.setFocus()

    def keep(self) -> None:
        """Put it on the list, or say what is wrong."""
        day = self.day.date()
        work = partial(
            to_do.add,
            actor=self._actor,
            kind=self.kind.currentData(),
            text=self.text.text,
            due_on=date(day.year(), day.month(), day.day()),
            about=About(name=self.name.text, phone=self.phone.text),
        )
        self.go.setEnabled(False)
        self._tasks.write(self, work, self._done, self._refuse)

    def _done(self, _task_id: object) -> None:
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self.go.setEnabled(True)
        if getattr(error, "field", "") == "text":
            self.text.refuse(str(error))
            return
        self._said.setText(str(error))
        self._said.show()


class NoteDialog(QDialog):
    """A few lines about what came of a task so far.

    Signals:
        written: the text.
    """

    written = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Note"))
        self.setMinimumWidth(WIDTH)
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(self.tr("Note"))
        self.text.setTabChangesFocus(True)
        self.go = controls.primary(self.tr("Save the note"))
        self.go.clicked.connect(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("What came of it?")))
        column.addWidget(self.text)
        column.addLayout(_foot(self, self.go))

    def keep(self) -> None:
        """Hand the text over."""
        self.written.emit(self.text.toPlainText())
        self.accept()


def _foot(dialog: QDialog, go: QPushButton) -> QHBoxLayout:
    leave = QPushButton(dialog.tr("Cancel"))
    leave.setAutoDefault(False)
    leave.clicked.connect(dialog.reject)
    foot = QHBoxLayout()
    foot.addStretch()
    foot.addWidget(leave)
    foot.addWidget(go)
    return foot
