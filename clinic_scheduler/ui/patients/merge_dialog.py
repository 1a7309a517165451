"""Making two records one: which other one, what would come together, what stands in the way."""

from functools import partial
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.actor import OVERRIDE, Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import duplicates, merge_preview, merging
from clinic_scheduler.services.people.merge_preview import Clash, Preview
from clinic_scheduler.services.people.merging import Merged, Seen
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.people.records import Record
from clinic_scheduler.services.taking.rules import Override, Rule
from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.booking.frames import Scrolled, wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.override_dialog import LONGEST_REASON
from clinic_scheduler.ui.patients import words
from clinic_scheduler.ui.patients.merge_fields import MergeFields
from clinic_scheduler.ui.patients.people_column import PeopleColumn
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.theme import style_as

SIZE = (1040, 640)
LIST_W = 280
CLASH_H, CLASHES_H = 48, 108


class MergeDialog(QDialog):
    """At the left whoever may be the same person, at the right both records side by side.

    Signals:
        merged: the id of the record that stays, and what was done in a sentence.
        visit_wanted: the day and the id of a visit in the way, to be shown in the calendar.
    """

    merged = Signal(object, str)
    visit_wanted = Signal(object, object)

    def __init__(
        self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, record: Record, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Merge two records"))
        self.resize(*SIZE)
        self._tasks, self._actor, self._own = tasks, actor, record.line
        self._found: Preview | None = None
        alike = partial(duplicates.of_record, clinic_id=actor.clinic_id, patient_id=record.line.id)
        self.people = PeopleColumn(tasks, actor, clinic, (self.tr("May be the same person"), alike))
        self.fields = MergeFields(clinic)
        self._none = controls.label(self.tr("Pick the other record of the same person."), "muted")
        self._said = wide(controls.label(tone="error"))
        self._warning = wide(controls.label())
        self._clashes = QListWidget()
        self._clashes.setAccessibleName(self.tr("Visits at the same time"))
        self._clashes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._clashes.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._clashes.setToolTip(self.tr("Enter shows the visit in the calendar."))
        self._reason = QLineEdit()
        self._reason.setMaxLength(LONGEST_REASON)
        self._reason.setAccessibleName(self.tr("Why both visits stay"))
        self._reason.setPlaceholderText(self.tr("Why both visits stay, kept with them"))
        self._swap = QPushButton(icons.icon("refresh-cw"), self.tr("Let the other one stay"))
        self._go = controls.primary(self.tr("Merge for good"))
        self._right = QWidget()
        self._build(record.line)
        self._connect()
        self._arrange()
        self.people.look()
        self.people.line.setFocus()

    def _build(self, own: PatientLine) -> None:
        head = wide(
            controls.heading(self.tr("Which other record belongs to {name}?").format(name=one_line(own.name)))
        )
        self._clashes.setFixedHeight(CLASHES_H)
        side = QWidget()
        side.setFixedWidth(LIST_W)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.people)
        inside = QVBoxLayout(self._right)
        inside.setContentsMargins(16, 16, 16, 16)
        inside.setSpacing(12)
        inside.addWidget(Scrolled(self.fields), 1)
        for part in (self._warning, self._clashes, self._reason, self._said):
            inside.addWidget(part)
        card = controls.card()
        self._frame(card)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(side)
        both.addWidget(card, 1)
        leave = QPushButton(self.tr("Keep both"))
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._swap)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(self._go)
        for button in (self._swap, leave, self._go):
            button.setAutoDefault(False)  # Enter belongs to the search
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(head)
        column.addLayout(both, 1)
        column.addLayout(foot)

    def _frame(self, card: QFrame) -> None:
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 0, 0, 0)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._none, 1)
        column.addWidget(self._right, 1)

    def _connect(self) -> None:
        self.people.picked.connect(self._pick)
        self.people.refused.connect(self._refuse)
        self._swap.clicked.connect(self._turn)
        self._go.clicked.connect(self._merge)
        self._reason.textChanged.connect(self._check)
        self._clashes.itemActivated.connect(self._show_clash)

    def _pick(self, line: PatientLine) -> None:
        self._read(self._own.id, line.id)

    def _turn(self) -> None:
        if self._found is not None:
            self._read(self._found.gone.line.id, self._found.kept.line.id)

    def _read(self, kept_id: UUID, gone_id: UUID) -> None:
        work = partial(merge_preview.preview, actor=self._actor, kept_id=kept_id, gone_id=gone_id)
        self._tasks.read(self, work, self._show, refused=self._refuse, latest="preview")

    def _show(self, found: Preview) -> None:
        self._found = found
        self.fields.show_preview(found)
        for before, after in pairwise((self.people.line, *self.fields.buttons)):
            self.setTabOrder(before, after)  # those just made would come after the buttons below
        self._clashes.clear()
        for clash in found.clashes:
            item = QListWidgetItem(self._clash(clash))
            item.setSizeHint(QSize(0, CLASH_H))
            self._clashes.addItem(item)
        self._tell("")
        self._arrange()

    def _clash(self, clash: Clash) -> str:
        return f"{words.meeting(clash.kept)}\n{words.meeting(clash.gone)}"

    def _arrange(self) -> None:
        found = self._found
        clashes = found.clashes if found else ()
        may = OVERRIDE in self._actor.permissions
        self._none.setVisible(found is None)
        self._right.setVisible(found is not None)
        self._swap.setEnabled(found is not None)
        self._clashes.setVisible(bool(clashes))
        self._reason.setVisible(bool(clashes) and may)
        if found is not None and found.unfinished:
            warning = self.tr(
                "Both have an unfinished booking ({where}); finish or discard one first."
            ).format(where=found.unfinished)
        elif clashes and may:
            warning = self.tr("Both have visits at the same time. Move one first, or write why both stay.")
        elif clashes:
            warning = self.tr("Both have visits at the same time. Move or cancel one of them first.")
        else:
            warning = self.tr(
                "Visits, plans, payments, wishes and messages come over; the search finds the record by both "
                "names. This cannot be undone."
            )
        is_in_the_way = bool(clashes) or bool(found and found.unfinished)
        self._warning.setText(warning)
        style_as(self._warning, tone="warning" if is_in_the_way else "muted")
        self._check()

    def _check(self) -> None:
        found = self._found
        has_leave = not (found and found.clashes) or (
            OVERRIDE in self._actor.permissions and bool(self._reason.text().strip())
        )
        self._go.setEnabled(found is not None and not found.unfinished and has_leave)

    def _merge(self) -> None:
        found = self._found
        if found is None:
            return
        reason = self._reason.text().strip()
        override = Override(reason, frozenset({Rule.TWO_PLACES})) if found.clashes else None
        work = partial(
            merging.merge,
            actor=self._actor,
            kept=Seen(found.kept.line.id, found.kept.version),
            gone=Seen(found.gone.line.id, found.gone.version),
            sides=self.fields.sides,
            override=override,
        )
        self._go.setEnabled(False)
        self._tasks.write(self, work, self._done, self._refuse)

    def _done(self, done: Merged) -> None:
        said = self.tr("Merged: one record goes on for both.")
        if done.clash:
            said = self.tr("Merged. The unfinished booking does not hold the time: {why}").format(
                why=done.clash
            )
        self.merged.emit(done.line.id, said)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        """Say why, and look again where something is in the way that was not seen."""
        self._tell(str(error))
        if isinstance(error, InvalidInput):
            self.fields.refuse(error.field)
        self._check()

    def _show_clash(self) -> None:
        row = self._clashes.currentRow()
        if self._found is not None and 0 <= row < len(self._found.clashes):
            one = self._found.clashes[row].gone
            self.visit_wanted.emit(one.day, one.appointment_id)
            self.reject()

    def _tell(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
