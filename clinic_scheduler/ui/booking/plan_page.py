"""Step 2 where the service takes several sessions: how they are booked, and when each of them is."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from clinic_scheduler.errors import ClinicError, TimeTaken
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.plans import proposing, settings
from clinic_scheduler.services.plans.course import Course
from clinic_scheduler.services.plans.proposals import Looking
from clinic_scheduler.services.plans.settings import PlanSettings
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.course_draft import CourseDraft, Planned
from clinic_scheduler.ui.booking.frames import CutLabel, wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.plans import words
from clinic_scheduler.ui.plans.asking import Source
from clinic_scheduler.ui.plans.proposal_editor import ProposalEditor


class PlanPage(Page):
    """Everything is a proposal until Enter holds it; what the desk chose stays."""

    step = "time"

    def __init__(self, draft: CourseDraft) -> None:
        super().__init__(draft)
        self._course_draft = draft
        self._settings: PlanSettings | None = None
        self._asked: tuple[object, ...] = ()
        self._is_taking = False
        self._heading = CutLabel("", fonts.title())
        self.strategy = controls.Segments(
            [(key, words.strategy(key)) for key in words.STRATEGIES], self.tr("How the sessions are booked")
        )
        self.strategy.chosen.connect(self._choose_strategy)
        self.sentence = wide(controls.label(tone="muted"))
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        today = local_day(draft.now, draft.catalogue.clinic.where)
        self.editor = ProposalEditor(draft.tasks, draft.catalogue, today)
        self.editor.terms.changed.connect(self._keep)
        self.editor.terms.counted.connect(self._count)
        self.editor.changed.connect(self._refresh)
        self.editor.refused.connect(self._tell)
        self._why = wide(controls.label(tone="warning"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.strategy)
        row.addWidget(self.sentence, 1)
        column.addWidget(self._heading)
        column.addLayout(row)
        column.addWidget(self.editor, 1)
        column.addWidget(self._why)

    @property
    def may_go_on(self) -> bool:
        return not self.editor.why_not and not self._is_taking

    @property
    def hint(self) -> str:
        return self.tr("↑↓ sessions · → other times · Enter takes all")

    def enter(self) -> None:
        service = self._course_draft.course_service
        if service is None:
            return
        self._heading.show_text(
            self.tr("When are the {n} sessions of {service}?").format(
                n=service.sessions, service=service.name
            )
        )
        self.editor.sessions.setFocus()
        if self._settings is not None and self._settings.service_id == service.id:
            self._begin(self._settings)
            return
        work = partial(settings.read, actor=self.draft.actor, service_id=service.id)
        self.tasks.read(self, work, self._begin, refused=self._tell, latest="settings")

    def go_on(self) -> None:
        found = self.editor.proposal
        if found is None or not self.may_go_on:
            return
        planned = Planned(found.course, found.parts, self.editor.allow.isChecked())
        if self._course_draft.planned == planned and self._is_held:
            self.done.emit()
            return
        self._is_taking = True
        self._course_draft.planned = planned
        self.draft.hold(planned.held, self._taken, self._not_taken)

    @property
    def _is_held(self) -> bool:
        return self._course_draft.is_time_chosen and not self.draft.has_lapsed

    # What is wished

    def _begin(self, found: PlanSettings) -> None:
        """Show what was kept with the booking, else what the service says."""
        typed, self._settings = self.draft.typed, found
        key = typed.get("plan_strategy", "")
        self.strategy.choose(key if key in words.STRATEGIES else found.strategy)
        self.editor.terms.choose_aim(typed.get("plan_aim", ""))
        self.editor.terms.filters.restore(typed)
        was_refused = bool(self._asked) and not self.draft.choices.parts
        if not self.editor.chosen and not self._asked:
            self._take_up_what_is_held()
        self._ask()
        if was_refused:
            self.editor.look_again()

    def _take_up_what_is_held(self) -> None:
        """Times that this booking holds, or held, are those of the first sessions."""
        parts = self.draft.choices.parts
        if parts and len(parts) <= self._course.steps[-1].number and self._are_of_course(parts):
            self.editor.chosen = dict(enumerate(parts, start=1))

    def _are_of_course(self, parts: tuple[Part, ...]) -> bool:
        services = [step.service_id for step in self._course.steps]
        return [part.service_id for part in parts] == services[: len(parts)]

    @property
    def _course(self) -> Course:
        assert self._settings is not None  # noqa: S101 - nothing is asked before they are read
        return replace(settings.course(self._settings), strategy=self.strategy.key)

    @property
    def _wished(self) -> tuple[UUID, ...]:
        wishes = self.draft.choices.wishes
        return wishes[0].practitioner_ids if wishes else ()

    def _ask(self) -> None:
        course, typed = self._course, self.draft.typed
        kept = typed.get("plan_count", "")
        count = int(kept) if kept.isascii() and kept.isdecimal() else max(1, len(self.editor.chosen))
        is_flexible = course.strategy == "flexible"
        self.sentence.setText(words.how_booked(course.strategy))
        self.editor.terms.ask_for_count(len(course.steps) if is_flexible else 0, count)
        now = proposing.count_now(course, count if is_flexible else None)
        self._asked = (course, self._wished, now)
        looking = Looking(
            self.editor.terms.filters.first,
            self.draft.patient_id,
            practitioner_ids=self._wished,
            session_id=self.draft.id,
        )
        source = Source(self.draft.actor, partial(proposing.propose, course=course), self.draft.diaries)
        self.editor.chosen = {n: part for n, part in self.editor.chosen.items() if n <= now}
        self.editor.ask(source, looking, now)

    def _choose_strategy(self, key: str) -> None:
        self.draft.note(plan_strategy=key)
        self._ask()

    def _count(self, count: int) -> None:
        self.draft.note(plan_count=str(count))
        self._ask()

    def _keep(self) -> None:
        self.draft.note(plan_aim=self.editor.terms.aim, **self.editor.terms.filters.kept())

    def _refresh(self) -> None:
        why = "" if self.editor.is_asking else self.editor.why_not
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.ready.emit()

    def _tell(self, error: ClinicError) -> None:
        self.stuck.emit(str(error), "")

    # Taking

    def _taken(self) -> None:
        self._is_taking = False
        self.ready.emit()
        if self.isVisible():
            self.done.emit()

    def _not_taken(self, error: ClinicError) -> None:
        self._is_taking = False
        self._course_draft.planned = None
        sentence = str(error)
        if isinstance(error, TimeTaken):
            sentence = self.tr(
                "Somebody just took one of these times, so none is held. The dates are proposed anew."
            )
            self.editor.chosen.clear()
        self.editor.look_again()
        self.stuck.emit(sentence, "")
