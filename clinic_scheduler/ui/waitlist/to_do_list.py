"""What is to be done today: whom to call, whom to offer a time; done, given to somebody, put off."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.calls import to_do
from clinic_scheduler.services.calls.to_do import Staff, Task
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks, Work
from clinic_scheduler.ui.waitlist import task_words
from clinic_scheduler.ui.waitlist.desk import WaitlistDesk
from clinic_scheduler.ui.waitlist.rows import Row, RowView
from clinic_scheduler.ui.waitlist.task_dialog import NoteDialog, TaskDialog


class ToDoList(QWidget):
    """Open tasks first, then what was done today.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError.
    """

    told = Signal(str)
    refused = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        country: str,
        waitlist: WaitlistDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._actor, self._country, self._waitlist = tasks, actor, country, waitlist
        self._shown: tuple[Task, ...] = ()
        self._noted: Task | None = None
        self._asked: Task | None = None  # to whom it is given; another may be marked meanwhile
        title = controls.label(self.tr("To do today"))
        title.setFont(fonts.body(strong=True))
        self.add = controls.icon_button("plus", self.tr("Add a task"), quiet=True)
        self.list = RowView(self.tr("To do today"))
        self._empty = wide(controls.label(self.tr("Nothing to do today."), tone="muted"))
        self._whole = wide(controls.label())
        self.done = QPushButton(self.tr("Done"))
        self.assign = QPushButton(self.tr("Give to…"))
        self.later = QPushButton(self.tr("Tomorrow"))
        self.note = QPushButton(self.tr("Note…"))
        self.who = QPushButton(self.tr("Who could come…"))
        self._menu = QMenu(self)
        self._build(title)
        self.add.clicked.connect(self._ask_task)
        self.list.marked.connect(self._mark)
        self.list.picked.connect(self._tick)
        self.done.clicked.connect(self._tick)
        self.assign.clicked.connect(self._ask_staff)
        self.later.clicked.connect(self._put_off)
        self.note.clicked.connect(self._ask_note)
        self.who.clicked.connect(self._ask_who)
        self._menu.triggered.connect(self._assign)
        self._mark()

    def _build(self, title: QWidget) -> None:
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.add)
        first, second = QHBoxLayout(), QHBoxLayout()
        for row, buttons in ((first, (self.done, self.assign)), (second, (self.note, self.later))):
            row.setSpacing(8)
            for button in buttons:
                row.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)
        column.addWidget(self._whole)
        column.addWidget(self.who)
        column.addLayout(first)
        column.addLayout(second)

    def read(self) -> None:
        """Read the tasks anew."""
        self._tasks.read(self, partial(to_do.due, actor=self._actor), self._show, latest="tasks")

    @property
    def marked(self) -> Task | None:
        """The task that is marked."""
        return next((one for one in self._shown if one.id == self.list.chosen), None)

    def _show(self, found: tuple[Task, ...]) -> None:
        self._shown = found
        self.list.show_all([self._row(one) for one in found])
        self.list.setVisible(bool(found))
        self._empty.setVisible(not found)
        for button in (self.done, self.assign, self.later, self.note):
            button.setVisible(bool(found))
        self._mark()

    def _row(self, task: Task) -> Row:
        who = one_line(task.about.name)
        is_done = task.state == "done"
        given = one_line(task.assigned.name) if task.assigned else ""
        return Row(
            task.id,
            who or one_line(task.text),
            one_line(task.text) if who else "",
            self.tr("Done") if is_done else task_words.kind(task.kind),
            one_line(task.done_by) if is_done else given,
            "good" if is_done else "muted",
            is_struck=is_done,
        )

    def _mark(self, _key: UUID | None = None) -> None:
        task = self.marked
        is_open = task is not None and task.state == "open"
        for button in (self.assign, self.later, self.note):
            button.setEnabled(is_open)
        self.done.setEnabled(task is not None)
        self.done.setText(self.tr("Open again") if task is not None and not is_open else self.tr("Done"))
        self.who.setVisible(task is not None and is_open and task_words.leads_to_others(task))
        self._whole.setText("" if task is None else task_words.whole(task, self._country))
        self._whole.setVisible(task is not None)

    def _do(self, work: Work[None]) -> None:
        self._tasks.write(self, work, refused=self._refuse)

    def _refuse(self, error: ClinicError) -> None:
        self.refused.emit(error)
        self.read()

    def _tick(self, _key: object = None) -> None:
        task = self.marked
        if task is not None:
            act = to_do.done if task.state == "open" else to_do.open_again
            self._do(partial(act, actor=self._actor, task_id=task.id, version=task.version))

    def _put_off(self) -> None:
        task = self.marked
        if task is not None:
            work = partial(to_do.today, actor=self._actor)
            self._tasks.read(self, work, partial(self._put_off_from, task))

    def _put_off_from(self, task: Task, today: date) -> None:
        day = today + timedelta(days=1)
        work = partial(to_do.put_off, actor=self._actor, task_id=task.id, version=task.version, to=day)
        self._tasks.write(self, work, partial(self._tell_put_off, day), self._refuse)

    def _tell_put_off(self, day: date, _none: None) -> None:
        self.told.emit(self.tr("Put off to {day}.").format(day=texts.long_date(day)))

    def _ask_staff(self) -> None:
        task = self.marked
        if task is not None:
            work = partial(to_do.staff, actor=self._actor)
            self._tasks.read(self, work, partial(self._offer_staff, task), latest="staff")

    def _offer_staff(self, task: Task, staff: tuple[Staff, ...]) -> None:
        self._asked = task
        self._menu.clear()
        for one in (None, *staff):
            name = self.tr("Anybody") if one is None else one_line(one.name)
            action = QAction(name.replace("&", "&&"), self._menu)
            action.setData((one,))
            self._menu.addAction(action)
        self._menu.popup(self.assign.mapToGlobal(QPoint(0, self.assign.height())))

    def _assign(self, action: QAction) -> None:
        task = self._asked
        if task is not None:
            (to,) = action.data()
            self._do(partial(to_do.assign, actor=self._actor, task_id=task.id, version=task.version, to=to))

    def _ask_note(self) -> None:
        task = self.marked
        if task is not None:
            dialog = NoteDialog(task.note, self.window())
            self._noted = task
            dialog.written.connect(self._write_note)
            dialog.open()

    def _write_note(self, text: str) -> None:
        task = self._noted
        if task is not None:
            self._do(partial(to_do.note, actor=self._actor, task_id=task.id, version=task.version, text=text))

    def _ask_task(self) -> None:
        dialog = TaskDialog(self._tasks, self._actor, self.window())
        dialog.open()

    def _ask_who(self) -> None:
        task = self.marked
        if task is not None and task.about.offer_id is not None:
            self._waitlist.show_who_of(task.about.offer_id)
