"""Putting somebody on the waitlist, or changing what they wait for."""

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.unfinished.choices import Guest
from clinic_scheduler.services.waitlist import entries
from clinic_scheduler.services.waitlist.listed import Entry
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.waitlist.what_picker import WhatPicker
from clinic_scheduler.ui.waitlist.when_form import WhenForm
from clinic_scheduler.ui.waitlist.who_picker import WhoPicker

SIZE = (960, 640)


class WishDialog(QDialog):
    """Enter goes from who to what, to when; Ctrl+Enter keeps it.

    Signals:
        kept: the Entry as it is now.
    """

    kept = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        offered: Catalogue,
        today: date,
        *,
        entry: Entry | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._tasks, self._actor, self._entry = tasks, actor, entry
        self._entry_id = uuid4()
        self.who = WhoPicker(tasks, actor, offered.clinic.country)
        self.what, self.when = WhatPicker(offered), WhenForm(today)
        self._said = wide(controls.label(tone="error"))
        self._said.hide()
        self.go = controls.primary(self.tr("Save") if entry else self.tr("Put on the waitlist"))
        self.go.setAutoDefault(False)
        self.go.setShortcut("Ctrl+Return")
        self.go.clicked.connect(self.keep)
        title = self.tr("Change the wish") if entry else self.tr("Who waits for what?")
        self.setWindowTitle(title)
        self._build(title)
        self.who.entered.connect(self.what.setFocus)
        self.what.entered.connect(self.when.from_day.setFocus)
        if entry is not None:
            self._fill(entry)
        self.who.setFocus()

    def _build(self, title: str) -> None:
        leave = QPushButton(self.tr("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self._said, 1)
        foot.addStretch()
        foot.addWidget(leave)
        foot.addWidget(self.go)
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.what)
        right.addWidget(self.when)
        right.addStretch()
        sides = QHBoxLayout()
        sides.setSpacing(24)
        sides.addWidget(self.who, 2)
        sides.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(controls.heading(title))
        column.addLayout(sides, 1)
        column.addLayout(foot)

    def _fill(self, entry: Entry) -> None:
        guest = Guest(entry.name, entry.phone, entry.email)
        patient = None
        if entry.patient_id is not None:
            patient = PatientLine(entry.patient_id, entry.name, entry.phone, entry.email, None, "")
        self.who.fill(patient, guest)
        self.what.fill(entry.wanted.services)
        self.when.fill(entry.wanted)

    def keep(self) -> None:
        """Keep it, or say what is wrong."""
        self._refuse("")
        self.go.setEnabled(False)
        wanted = replace(
            self.when.wanted(self._entry.wanted if self._entry else None), services=self.what.wishes
        )
        patient_id = self.who.patient.id if self.who.patient else None
        work = partial(
            entries.add if self._entry is None else entries.change,
            actor=self._actor,
            wanted=wanted,
            patient_id=patient_id,
            guest=self.who.guest,
        )
        if self._entry is None:
            work = partial(work, entry_id=self._entry_id)
        else:
            work = partial(work, entry_id=self._entry.id, version=self._entry.version)
        self._tasks.write(self, work, self._done, self._fail, repeatable=True)

    def _done(self, entry: Entry) -> None:
        self.kept.emit(entry)
        self.accept()

    def _fail(self, error: ClinicError) -> None:
        self.go.setEnabled(True)
        if isinstance(error, InvalidInput):
            if self.who.refuse(error):
                return
            if error.field == "services":
                self.what.refuse(str(error))
                return
            if error.field:
                self.when.refuse(str(error), error.field)
                return
        self._refuse(str(error))

    def _refuse(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        if not sentence:
            self.when.refuse("", "")
