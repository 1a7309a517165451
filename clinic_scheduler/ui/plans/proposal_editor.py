"""Sessions with the times that they could have; each can be put elsewhere, and the others follow."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import DAY_MIN, local_day
from clinic_scheduler.services.plans.course import spaced
from clinic_scheduler.services.plans.proposals import Looking, Proposal, Proposed
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.answers import NOON_MIN
from clinic_scheduler.ui.booking.frames import as_card, wide
from clinic_scheduler.ui.tasks import Tasks

from . import rows, words
from .asking import Asked, Source
from .other_times import OtherTimes
from .proposal_list import RowList, RowModel
from .rows import Row
from .terms_line import TermsLine
from .timeline import Mark, Timeline


class ProposalEditor(QWidget):
    """Asks for times as soon as something else is wished; what the desk chose stays.

    Signals:
        changed: another proposal is shown, or what may be done with it changed.
        refused: a ClinicError of the search.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, tasks: Tasks, offered: Catalogue, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._offered = tasks, offered
        self._source: Source | None = None
        self._looking = Looking(today)
        self._count: int | None = None
        self.chosen: dict[int, Part] = {}
        self.proposal: Proposal | None = None
        self.is_asking = False
        self.terms = TermsLine(today)
        self.terms.changed.connect(self._ask_anew)
        self._model = RowModel(self)
        self.sessions = RowList(self._model, self.tr("Sessions"))
        as_card(self.sessions)
        self.sessions.marked.connect(self._show_times)
        self.sessions.times_wanted.connect(self._go_to_times)
        self.others = OtherTimes(offered)
        self.others.taken.connect(self._take)
        self.others.left.connect(self.sessions.setFocus)
        self.others.reset.connect(self._reset)
        self.others.refused.connect(self.refused)
        self.timeline = Timeline()
        self._sum, self._said = controls.label(), wide(controls.label(tone="muted"))
        self.allow = QCheckBox(self.tr("Book it so all the same, although a gap is not kept"))
        self.allow.toggled.connect(self.changed)
        self._lay_out()

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.sessions, 3)
        both.addWidget(self.others, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.terms)
        column.addLayout(both, 1)
        column.addWidget(self.timeline)
        column.addWidget(self._sum)
        column.addWidget(self._said)
        column.addWidget(self.allow)
        self.allow.hide()

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is on show."""
        return self._model.rows

    @property
    def summary(self) -> QLabel:
        """What the times come to, in one line."""
        return self._sum

    @property
    def why_not(self) -> str:
        """Why this cannot be booked yet, empty where it can."""
        found = self.proposal
        if found is None or self.is_asking:
            return self.tr("Looking for free times…")
        without = [one.step.number for one in found.sessions if one.part is None]
        if without:
            return self.tr("Session {number} has no time yet; choose one, or look from another day.").format(
                number=without[0]
            )
        broken = [n for n in found.conflicts if not self._is_booked(found, n)]
        if broken and not self.allow.isChecked():
            return self.tr("Session {number} needs a look: choose another time, or allow it below.").format(
                number=broken[0]
            )
        return ""

    def _is_booked(self, found: Proposal, number: int) -> bool:
        return any(one.is_booked for one in found.sessions if one.step.number == number)

    def ask(self, source: Source, looking: Looking, count: int | None) -> None:
        """Look for times of this."""
        self._source, self._looking, self._count = source, looking, count
        self._ask_anew()

    def look_again(self) -> None:
        """Ask the same again: somebody took a time a moment ago."""
        if self._source is not None:
            self._ask_of(self._source.afresh())

    def _ask_anew(self) -> None:
        if self._source is not None:
            self._ask_of(self._source)

    def _ask_of(self, source: Source) -> None:
        self.is_asking = True
        half = self.terms.filters.half
        looking = replace(
            self._looking,
            first=self.terms.filters.first,
            aim=self.terms.aim,
            weekdays=self.terms.filters.weekdays,
            from_min=NOON_MIN if half == "afternoon" else 0,
            until_min=NOON_MIN if half == "morning" else DAY_MIN,
        )
        work = source.propose(Asked(looking, self._count, dict(self.chosen)))
        self._tasks.read(self, work, self._show, refused=self._cannot, latest="proposal")
        self.changed.emit()

    def _show(self, found: Proposal) -> None:
        self.is_asking, self.proposal = False, found
        numbers = {one.step.number for one in found.sessions}
        self.chosen = {n: part for n, part in self.chosen.items() if n in numbers}
        marked = self.sessions.chosen
        conflicts = found.conflicts
        with QSignalBlocker(self.sessions):
            self._model.show_rows([rows.proposed(one, self._offered) for one in found.sessions])
            number = marked.number if marked else (conflicts[0] if conflicts else 0)
            self.sessions.mark_number(number)
        self.timeline.show_marks(*self._marks(found))
        self._sum.setText(words.span(found.parts.values(), self._offered))
        self._say(found)
        self._show_times(self.sessions.chosen)
        self.changed.emit()

    def _marks(self, found: Proposal) -> tuple[list[Mark], str, str]:
        """The whole course: what has a time, and about when the later ones would be."""
        where = self._offered.clinic.where
        placed = [(one, local_day(one.part.start, where)) for one in found.sessions if one.part]
        if not placed:
            return [], "", ""
        ordered = sorted(placed, key=lambda each: each[1])
        marks = [Mark(one.step.number, day.toordinal(), _state(one)) for one, day in ordered]
        first, last = ordered[0][1], ordered[-1][1]
        for step in found.later:
            _least, ideal, _most = spaced(step.gap)
            last += timedelta(days=ideal)
            marks.append(Mark(step.number, last.toordinal(), "planned"))
        end = self.tr("about {day}").format(day=words.day(last)) if found.later else words.day(last)
        return marks, words.day(first), end

    def _say(self, found: Proposal) -> None:
        broken = [n for n in found.conflicts if not self._is_booked(found, n)]
        notes = list(found.notes)
        if found.later:
            notes.append(self.tr("{n} more are booked later.").format(n=len(found.later)))
        self._said.setText(" ".join(notes))
        self._said.setVisible(bool(notes))
        has_times = all(one.part is not None for one in found.sessions)
        self.allow.setVisible(bool(broken) and has_times)
        if not broken:
            self.allow.setChecked(False)

    def _cannot(self, error: ClinicError) -> None:
        self.is_asking = False
        self.refused.emit(error)
        self.changed.emit()

    # Another time for one

    def _proposed(self, number: int) -> Proposed | None:
        sessions = self.proposal.sessions if self.proposal else ()
        return next((one for one in sessions if one.step.number == number), None)

    def _show_times(self, row: Row | None) -> None:
        one = self._proposed(row.number) if row else None
        if one is None or one.is_booked or self.proposal is None or self._source is None:
            self.others.show_nothing()
            return
        is_chosen = one.step.number in self.chosen
        self.others.show_session(one.step.number, one.part, is_chosen=is_chosen)
        self.others.show_times(one.alternatives)
        work = self._source.instead(self.proposal, one.step.number)
        number = one.step.number
        self._tasks.read(self, work, partial(self._show_others, number), refused=_ignore, latest="instead")

    def _show_others(self, number: int, parts: tuple[Part, ...]) -> None:
        one = self._proposed(number)
        if self.sessions.chosen is not None and self.sessions.chosen.number == number:
            self.others.show_times(parts or (one.alternatives if one else ()))

    def _go_to_times(self) -> None:
        self.others.take_keyboard()

    def _take(self, part: Part) -> None:
        row = self.sessions.chosen
        if row is not None:
            self.chosen[row.number] = part
            self.sessions.setFocus()
            self._ask_anew()

    def _reset(self) -> None:
        row = self.sessions.chosen
        if row is not None and self.chosen.pop(row.number, None) is not None:
            self.sessions.setFocus()
            self._ask_anew()


def _state(one: Proposed) -> str:
    if one.is_booked:
        return "booked"
    return "conflict" if one.is_conflict else "proposed"


def _ignore(_error: ClinicError) -> None:
    """The proposal itself says what is wrong."""
