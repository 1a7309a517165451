"""Step 4 of a booking that is a course: every session at one glance; then all of it is confirmed, or nothing."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from clinic_scheduler.errors import ClinicError, InvalidInput, OutcomeUnknown, TimeTaken
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.unfinished.choices import LONGEST_TEXT
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking import words as visits
from clinic_scheduler.ui.booking.course_draft import CourseDraft
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.plans import words
from clinic_scheduler.ui.plans.proposal_list import RowList, RowModel
from clinic_scheduler.ui.plans.rows import Row


class CourseReviewPage(Page):
    """Everything at one glance; Enter confirms all of it.

    Signals:
        booked: the Placed.
        stood: text, key and button for the bar while the outcome is not known.
    """

    booked = Signal(object)
    stood = Signal(str, str, str)
    step = "payment"

    def __init__(self, draft: CourseDraft) -> None:
        super().__init__(draft)
        self._course_draft, self._is_asking = draft, False
        self._who, self._what = wide(controls.label()), wide(controls.label(tone="muted"))
        self._who.setFont(fonts.title())
        self._model = RowModel(self)
        self.sessions = RowList(self._model, self.tr("Sessions"))
        self.sessions.setProperty("quiet", True)
        self._later, self.sent = wide(controls.label(tone="muted")), wide(controls.label(tone="muted"))
        self.source = QComboBox()
        self.source.setAccessibleName(self.tr("Source"))
        for key in visits.SOURCES:
            self.source.addItem(texts.source_word(key), key)
        self.source.activated.connect(self._choose)
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(88)
        self.notes.textChanged.connect(self._note)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 8)
        page.setSpacing(12)
        page.addWidget(controls.heading(self.tr("Is everything right?")))
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._course_card(), 3)
        row.addWidget(self._details(), 2)
        page.addLayout(row, 1)

    def _course_card(self) -> QFrame:
        card = controls.card()
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 16, 1, 16)
        column.setSpacing(4)
        for part in (self._who, self._what):
            part.setContentsMargins(15, 0, 15, 0)
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self.sessions, 1)
        for part in (self._later, self.sent):
            part.setContentsMargins(15, 0, 15, 0)
            column.addWidget(part)
        return card

    def _details(self) -> QFrame:
        card = controls.card()
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        source, notes = controls.label(self.tr("Source"), "muted"), controls.label(self.tr("Notes"), "muted")
        source.setBuddy(self.source)
        notes.setBuddy(self.notes)
        grid.addWidget(source, 0, 0)
        grid.addWidget(self.source, 0, 1)
        grid.addWidget(notes, 1, 0, 1, 2)
        grid.addWidget(self.notes, 2, 0, 1, 2)
        paid = wide(controls.label(self.tr("Each session is paid on its day."), "muted"))
        grid.addWidget(paid, 3, 0, 1, 2)
        grid.setRowStretch(4, 1)
        grid.setColumnStretch(1, 1)
        return card

    @property
    def may_go_on(self) -> bool:
        return not self._is_asking and self._course_draft.patient_id is not None

    @property
    def hint(self) -> str:
        return self.tr("Enter confirms") if not self.notes.hasFocus() else self.tr("Ctrl+Enter confirms")

    def enter(self) -> None:
        draft, planned = self._course_draft, self._course_draft.planned
        if draft.patient_id is None:
            QTimer.singleShot(0, self, self._ask_for_record)
        if planned is None:
            return
        offered = draft.catalogue
        name = draft.patient.name if draft.patient else draft.choices.guest.name
        self._who.setText(one_line(name))
        service = one_line(visits.service_name(offered, planned.course.service_id))
        self._what.setText(f"{service} · {words.span(planned.parts.values(), offered)}")
        steps = {step.number: step for step in planned.course.steps}
        self._model.show_rows(
            [
                Row(
                    number,
                    words.title(steps[number], visits.service_name(offered, part.service_id)),
                    words.part_when(part, offered),
                    words.part_who(part, offered),
                    tag=texts.money(part.price_cents, offered.clinic.currency),
                )
                for number, part in sorted(planned.parts.items())
            ]
        )
        left = len(steps) - len(planned.parts)
        self._later.setText(self._left_words(left, planned.course.strategy))
        self._later.setVisible(left > 0)
        self.source.setCurrentIndex(max(0, self.source.findData(draft.choices.source)))
        if self.notes.toPlainText() != draft.choices.notes:
            self.notes.setPlainText(draft.choices.notes)
        self.sent.setText(visits.sent_text(draft.patient, draft.choices.guest))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def _left_words(self, left: int, strategy: str) -> str:
        if strategy == "sequential":
            return self.tr("{n} more; each is offered when the one before is completed.").format(n=left)
        return self.tr("{n} more are left to book, at any time.").format(n=left)

    def go_on(self) -> None:
        if not self.may_go_on:
            return
        self._is_asking = True
        self.ready.emit()
        self._course_draft.confirm_course(self._done, self._refused)

    def _ask_for_record(self) -> None:
        self.stuck.emit(
            self.tr("A plan is for somebody on record: choose the person, or make a new record."), "patient"
        )

    def _choose(self, _index: int) -> None:
        self.draft.edit(source=self.source.currentData())

    def _note(self) -> None:
        text = self.notes.toPlainText()
        if len(text) > LONGEST_TEXT:
            self.notes.blockSignals(True)
            self.notes.setPlainText(text[:LONGEST_TEXT])
            self.notes.blockSignals(False)
            self.stuck.emit(self.tr("Notes have at most 4,000 characters; the rest was left out."), "")
        self.draft.edit(notes=kept.storable(self.notes.toPlainText()))

    def _done(self, placed: Placed) -> None:
        self._is_asking = False
        self.booked.emit(placed)

    def _refused(self, error: ClinicError) -> None:
        self._is_asking = False
        self.ready.emit()
        if isinstance(error, OutcomeUnknown):
            self.stood.emit(
                self.tr("The connection broke while confirming. Checking is safe: it never books twice."),
                "checking",
                self.tr("Check again"),
            )
        elif isinstance(error, TimeTaken):
            self._course_draft.planned = None
            self.draft.forget_time()
            words_ = self.tr("{why} Nothing was booked; the dates are proposed anew from what is free.")
            self.stuck.emit(words_.format(why=error), "time")
        elif isinstance(error, InvalidInput) and error.field in {"time", "gap", "patient"}:
            self.stuck.emit(str(error), "patient" if error.field == "patient" else "time")
        else:
            self.stuck.emit(str(error), "")
