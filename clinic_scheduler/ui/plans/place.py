"""The place of the plans: who is on a course, how far each has come, what is due; and one of them in full."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import SET_UP
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.reading import Show, Which
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.patient_search import PAUSE_MS
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.pick_list import PickList
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place

from . import asking
from .acts import PlanActs
from .asking import Listed, Looked
from .details import PlanDetails
from .plan_list import PlanDelegate, PlanModel
from .settings_dialog import SettingsDialog

PAGE: Final = 100
LONGEST_SEARCH: Final = 80
TOPICS: Final = frozenset({"treatment_plan", "appointment", "service", "patient"})
RUNNING: Final = frozenset({"draft", "active", "paused"})


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip: which plans it leaves."""

    key: str
    show: Show = Show.ALL
    states: frozenset[str] = frozenset()


FILTERS: Final = (
    Filter("running", states=RUNNING),
    Filter("due", Show.DUE),
    Filter("overdue", Show.OVERDUE),
    Filter("review", Show.REVIEW),
    Filter("lapsed", Show.LAPSED),
    Filter("paused", states=frozenset({"paused"})),
    Filter("completed", states=frozenset({"completed"})),
    Filter("all"),
)


class PlansPlace(Place):
    """A list at the left, the plan on which the keyboard stands at the right."""

    def __init__(self, desk: Desk, acting: Acting, bookings: BookingDesk, window: QWidget) -> None:
        super().__init__()
        self._desk, self._tasks, self._bookings, self._window = desk, desk.tasks, bookings, window
        self._filter = FILTERS[0]
        self._wanted: UUID | None = None
        self._asked: UUID | None = None  # the plan on show, or the one that is about to be
        self._is_going_in = False  # Enter came before the answer to what was typed
        self.acts = PlanActs(desk, acting, bookings, window)
        self.search = SearchLine(self.tr("Search plans"), self.tr("Patient or service"), LONGEST_SEARCH)
        self.settings = QPushButton(icons.icon("settings"), self.tr("Plan settings…"))
        self._model = PlanModel(self)
        self.plans = PickList(self._model, PlanDelegate(), self.tr("Plans"))
        self._said = wide(controls.label(tone="muted"))
        self._said.setContentsMargins(16, 16, 16, 16)
        self.details = PlanDetails(desk.actor, self.acts)
        self._chips = QButtonGroup(self)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = PlaceHead(self.tr("Plans"))
        self.search.setFixedWidth(280)
        head.line.addWidget(self.search)
        head.line.addStretch(1)
        head.line.addWidget(self.settings)
        head.add_below(self._chip_line())
        self.plans.setProperty("quiet", True)
        self.plans.setViewportMargins(0, 4, 0, 4)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.plans, 1)
        left.addWidget(self._said)
        both = QHBoxLayout()
        both.setSpacing(0)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setMinimumWidth(320)
        both.addWidget(side, 4)
        both.addWidget(self.details, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addLayout(both, 1)
        self.settings.setVisible(SET_UP in self._desk.actor.permissions)

    def _chip_line(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, each in enumerate(FILTERS):
            chip = controls.chip(self._chip_text(each.key, None))
            self._chips.addButton(chip, number)
            row.addWidget(chip)
        row.addStretch(1)
        self._chips.button(0).setChecked(True)
        return line

    def _connect(self) -> None:
        self._chips.idClicked.connect(self._narrow)
        self.search.drive(self.plans)
        self.plans.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.search.textChanged.connect(self._wait)
        self.search.entered.connect(self._enter)
        self._pause.timeout.connect(self._read_list)
        self._model.more_wanted.connect(self._read_more)
        self.plans.marked.connect(self._look_at)
        self.plans.picked.connect(self._go_in)
        self.settings.clicked.connect(self.open_settings)
        self.details.visit_wanted.connect(self.visit_wanted)
        self.acts.told.connect(self.told)
        self.acts.refused.connect(self.refused)
        self.acts.plan_wanted.connect(self._read_plan)

    def _chip_text(self, key: str, count: int | None) -> str:
        names = {
            "running": self.tr("Running"),
            "due": self.tr("Due"),
            "overdue": self.tr("Overdue"),
            "review": self.tr("For review"),
            "lapsed": self.tr("Lapsed"),
            "paused": self.tr("Paused"),
            "completed": self.tr("Completed"),
            "all": self.tr("All"),
        }
        return f"{names[key]} {count}" if count else names[key]

    # Coming and hearing

    def come(self) -> None:
        """Read the list anew, and take the keyboard to it."""
        self._read_anew()
        self.search.setFocus()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Read anew what a change may concern."""
        if changes is None or any(getattr(change, "topic", "") in TOPICS for change in changes):
            self._read_anew()

    def _read_anew(self) -> None:
        self._read_list()
        if self._asked is not None:
            self._read_plan(self._asked)

    def show_plan(self, plan_id: UUID) -> None:
        """Show one plan, whatever the list is narrowed to."""
        self._wanted = plan_id
        self.plans.mark(self._model.row_of(plan_id))
        self._read_plan(plan_id)

    def open_settings(self) -> None:
        """Open the settings of services that take several sessions."""
        self._bookings.with_catalogue(self._open_settings)

    def _open_settings(self, offered: Catalogue) -> None:
        dialog = SettingsDialog(self._desk, offered, self._window)
        dialog.told.connect(self.told)
        dialog.open()

    # The list

    def _narrow(self, number: int) -> None:
        self._filter, self._wanted = FILTERS[number], None
        self._read_list()

    def _wait(self, _text: str) -> None:
        self._wanted = None
        self._pause.start()

    def _enter(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._is_going_in = True
            self._read_list()
        elif self.plans.chosen is not None:
            self._go_in(self.plans.chosen)

    def _work(self, offset: int = 0, limit: int = PAGE) -> partial[Listed]:
        text = kept.storable(self.search.text().strip())
        which = Which(self._filter.show, self._filter.states, text=text)
        return partial(asking.listed, actor=self._desk.actor, which=which, limit=limit, offset=offset)

    def _read_list(self) -> None:
        limit = max(PAGE, self._model.rowCount())
        self._tasks.read(self, self._work(limit=limit), self._show_list, refused=self._refuse, latest="plans")

    def _read_more(self, offset: int) -> None:
        self._tasks.read(self, self._work(offset), self._add, refused=self._refuse, latest="more plans")

    def _show_list(self, listed: Listed) -> None:
        shown = self.details.looked
        page = listed.page
        self._model.show_all(page.plans, page.total, listed.today)
        self._show_counts(page.counts)
        self.plans.setVisible(bool(page.plans))
        self._said.setVisible(not page.plans)
        self._said.setText(self._nothing_words())
        wanted = self._wanted or (shown.plan.id if shown else None)
        row = self._model.row_of(wanted)
        if row >= 0:
            self.plans.mark(row)
        elif self._wanted is None:
            self.plans.mark(0)
        if not page.plans and self._wanted is None:
            self._asked = None
            self.details.show_nothing("")
        if self._is_going_in and self.plans.chosen is not None:
            self._go_in(self.plans.chosen)
        self._is_going_in = False

    def _show_counts(self, counts: dict[Show, int]) -> None:
        """What a state alone leaves says nothing of the others, so then the numbers stay as they were."""
        if self._filter.states and self._filter.key != "running":
            return
        for number, each in enumerate(FILTERS):
            if each.show is not Show.ALL:
                if each.show is Show.LAPSED and self._filter.states:
                    continue
                self._chips.button(number).setText(self._chip_text(each.key, counts[each.show]))

    def _nothing_words(self) -> str:
        if self.search.text().strip():
            return self.tr("No plan of that patient or service here. Try fewer letters, or look at all.")
        if self._filter.key == "running":
            return self.tr(
                "No plan runs. Book a service that takes several sessions, and its plan appears here."
            )
        return self.tr("No plan here. That is good news, or look at another list above.")

    def _add(self, listed: Listed) -> None:
        self._model.add(listed.page.plans)

    # One plan

    def _look_at(self, plan: PlanView | None) -> None:
        if plan is not None:
            self._wanted = None if self._wanted != plan.id else self._wanted
            self._read_plan(plan.id)

    def _go_in(self, _plan: object) -> None:
        self.details.sessions.setFocus()

    def _read_plan(self, plan_id: UUID) -> None:
        self._asked = plan_id
        work = partial(asking.looked_at, actor=self._desk.actor, plan_id=plan_id)
        self._tasks.read(self, work, self._show_plan, refused=self._refuse, latest="plan")

    def _show_plan(self, looked: Looked) -> None:
        self.details.show_plan(looked)

    def _refuse(self, error: ClinicError) -> None:
        self.refused.emit(error)
