"""The end of a booking that is a course: what was booked, and what comes next."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from clinic_scheduler.services.plans import reading
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.ui import controls, fonts, icons
from clinic_scheduler.ui.booking import words as visits
from clinic_scheduler.ui.booking.course_draft import CourseDraft
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.plans import sheet, words
from clinic_scheduler.ui.plans.proposal_list import RowList, RowModel
from clinic_scheduler.ui.plans.rows import Row
from clinic_scheduler.ui.plans.sheet import Sheet

FEW: Final = 3  # references in the head; each row has its own


class CourseConfirmedPage(Page):
    """What was booked, and what comes next; Enter closes.

    Signals:
        another: the next booking is wanted.
    """

    another = Signal()
    step = ""

    def __init__(self, draft: CourseDraft) -> None:
        super().__init__(draft)
        self._course_draft = draft
        self._plan: PlanView | None = None
        self.reference = controls.label()
        self.reference.setFont(fonts.tabular(fonts.title()))
        self.reference.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentences, self.next = wide(controls.label()), wide(controls.label())
        self.sent = wide(controls.label(tone="muted"))
        self._model = RowModel(self)
        self.sessions = RowList(self._model, self.tr("Sessions"))
        self.sessions.setProperty("quiet", True)
        self.print_ = QPushButton(icons.icon("printer"), self.tr("Print plan sheet…"))
        self.print_.clicked.connect(self._print)
        self.again = QPushButton(self.tr("Book another"))
        self.again.clicked.connect(self.another)
        self.close_button = controls.primary(self.tr("Close"))
        self.close_button.clicked.connect(self.done)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 24)
        page.addWidget(self._card())

    def _card(self) -> QFrame:
        card = controls.card()
        tick = QLabel()
        tick.setPixmap(icons.pixmap("check", 32, "good", self.devicePixelRatioF()))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(tick)
        head.addWidget(controls.heading(self.tr("The plan is booked")))
        head.addStretch()
        head.addWidget(self.reference)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.print_)
        buttons.addStretch()
        buttons.addWidget(self.again)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.sentences)
        column.addWidget(self.sessions, 1)
        for part in (self.next, self.sent):
            column.addWidget(part)
        column.addLayout(buttons)
        return card

    def show_booking(self, placed: Placed) -> None:
        """Say what was booked, and read what comes next."""
        draft, planned = self._course_draft, self._course_draft.planned
        listed = ", ".join(placed.references[:FEW])
        self.reference.setText(f"{listed} …" if len(placed.references) > FEW else listed)
        self.reference.setAccessibleName(
            self.tr("References {codes}").format(codes=", ".join(placed.references))
        )
        name = one_line(draft.patient.name if draft.patient else "")
        if planned is not None:
            offered = draft.catalogue
            what = self.tr("{name}: {what}.").format(
                name=name, what=words.span(planned.parts.values(), offered)
            )
            self.sentences.setText(what)
            steps = {step.number: step for step in planned.course.steps}
            codes = dict(zip(sorted(planned.parts), placed.references, strict=True))
            self._model.show_rows(
                [
                    Row(
                        number,
                        words.title(steps[number], visits.service_name(offered, part.service_id)),
                        words.part_when(part, offered),
                        words.part_who(part, offered),
                        tag=codes[number],
                    )
                    for number, part in sorted(planned.parts.items())
                ]
            )
        self.sent.setText(visits.sent_text(draft.patient, draft.choices.guest))
        self.print_.setEnabled(False)
        work = partial(reading.plan, actor=draft.actor, plan_id=placed.plan_id)
        self.tasks.read(self, work, self._show_plan, latest="plan")

    def _show_plan(self, plan: PlanView) -> None:
        self._plan = plan
        following = ""
        if plan.strategy == "sequential":
            following = self.tr("When a session is completed, the next is offered here at once.")
        elif plan.progress.to_book:
            following = self.tr("The others can be booked at any time, from the place Plans.")
        self.next.setText(f"{plan.sentence} {following}".strip())
        self.print_.setEnabled(True)

    def _print(self) -> None:
        if self._plan is not None:
            clinic = self.draft.catalogue.clinic
            shown = Sheet(self._plan, clinic.name, self.draft.now.astimezone(clinic.where))
            sheet.preview(self.window(), shown)

    def enter(self) -> None:
        self.close_button.setFocus()

    def go_on(self) -> None:
        self.done.emit()
