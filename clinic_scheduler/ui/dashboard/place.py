"""The place of the manager: how the clinic does, and what is behind each number."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.figures import compared, plans, sessions, use, visits, waiting
from clinic_scheduler.services.figures.behind import Behind
from clinic_scheduler.services.figures.compared import Compared
from clinic_scheduler.services.figures.period import Period
from clinic_scheduler.services.figures.visits import Now
from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place
from clinic_scheduler.ui.tasks import Tasks

from . import desk_sections as desk
from . import period_bar, sheet
from . import visit_sections as visit
from .page import Page
from .period_bar import PeriodBar
from .rows_dialog import RowsDialog
from .shown import Chart, Tile

# Every desk's clicks arrive here; adding up a year for each of them would only keep the database busy.
PAUSE_MS: Final = 5_000
LONG_PAUSE_MS: Final = 60_000
LONG_DAYS: Final = 31
Shown = Iterable[Tile | Chart]
FIGURES: Final[dict[str, Callable[..., Any]]] = {
    "days": visits.days,
    "people": visits.people,
    "origins": visits.origins,
    "practitioners": use.practitioners,
    "rooms": use.rooms,
    "sessions": sessions.sessions,
    "plans": plans.plans,
    "waiting": waiting.waiting,
}


class DashboardPlace(Place):
    """Figures over any days, compared with as many before.

    Signals:
        list_wanted: what is behind a number, as services/figures/behind.py has it.
    """

    list_wanted = Signal(object)

    def __init__(self, tasks: Tasks, actor: Actor, clinic: ClinicFacts) -> None:
        super().__init__()
        self._tasks, self._actor, self._clinic = tasks, actor, clinic
        self._missing = set(FIGURES)
        self.bar, self.page = PeriodBar(), Page()
        self._said = controls.label(tone="muted")
        self._said.setWordWrap(True)
        self._has_any = True
        self.export = QPushButton(self.tr("Export…"))
        self.export.setIcon(icons.icon("download"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._pause.timeout.connect(self.read)
        self.bar.chosen.connect(self._set_pause)
        self.bar.chosen.connect(self._read_figures)
        self.bar.refused.connect(self.refused)
        self.export.clicked.connect(self._choose_file)
        self.page.opened.connect(self.list_wanted)
        self.list_wanted.connect(self.show_rows)

    def _build(self) -> None:
        head = PlaceHead(self.tr("Dashboard"))
        head.line.addWidget(self._said, 1)
        head.line.addWidget(self.export)
        head.add_below(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.page, 1)

    def come(self) -> None:
        """Read everything, and take the keyboard to the days."""
        self.read()
        self.bar.quick.setFocus()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Read anew before long, whatever changed."""
        if not self._pause.isActive():
            self._pause.start()

    def _set_pause(self, period: Period) -> None:
        self._pause.setInterval(PAUSE_MS if period.count <= LONG_DAYS else LONG_PAUSE_MS)

    def read(self) -> None:
        """Read everything that is shown anew."""
        work = partial(visits.now, actor=self._actor)
        self._tasks.read(self, work, self._show_now, refused=self.refused.emit, latest="now")
        if self.bar.period is not None:
            self._read_figures(self.bar.period)

    def _show_now(self, now: Now) -> None:
        self.page.show_figures(visit.now_tiles(now))
        self.bar.begin(now.today)

    def _read_figures(self, period: Period) -> None:
        self._missing = set(FIGURES)
        self._say(period)
        for name, figure in FIGURES.items():
            work = partial(compared.compared, actor=self._actor, figure=figure, period=period)
            self._tasks.read(self, work, partial(self._show, name), refused=self.refused.emit, latest=name)

    def _show(self, name: str, found: Compared[Any]) -> None:
        if found.period != self.bar.period:
            return
        self._missing.discard(name)
        if name == "days":
            self._has_any = bool(found.now.all.total or found.before.all.total)
        self._say(found.period)
        self.page.show_figures(self._figures(name, found))

    def _figures(self, name: str, found: Compared[Any]) -> Shown:
        if name == "days":
            return (
                *visit.tiles(found, self._clinic.currency),
                visit.over_time(found),
                visit.by_status(found),
                visit.by_weekday(found),
            )
        if name == "plans":
            return desk.running_tile(found), *desk.plan_tiles(found), *desk.plan_charts(found)
        if name == "sessions":
            return *desk.session_tiles(found), *desk.session_charts(found)
        if name == "waiting":
            return *desk.waiting_tiles(found), *desk.waiting_charts(found)
        if name in ("people", "origins"):
            return visit.by_people(found) if name == "people" else visit.by_origins(found)
        field = "practitioner_ids" if name == "practitioners" else "room_ids"
        return (visit.use(f"use_{name}", found, field),)

    def _say(self, period: Period) -> None:
        if self._missing:
            self._said.setText(self.tr("Reading…"))
            return
        if not self._has_any:
            words = self.tr("No appointments in these days; choose others, or begin a booking with Ctrl+N.")
            self._said.setText(words)
            return
        words = self.tr("{days}, compared with {before}")
        before = period_bar.words(period.before())
        self._said.setText(words.format(days=period_bar.words(period), before=before))

    def show_rows(self, wanted: Behind) -> None:
        """Show what a number counted."""
        dialog = RowsDialog(self._tasks, self._actor, self._clinic, wanted, self)
        dialog.visit_wanted.connect(self.visit_wanted)
        dialog.open()

    def _choose_file(self) -> None:
        if self.bar.period is None or self._missing:
            self.told.emit(self.tr("The figures are still being read; export them in a moment."))
            return
        kinds = self.tr("Excel (*.xlsx);;CSV (*.csv)")
        name = f"figures-{self.bar.period.first}-{self.bar.period.last}.xlsx"
        dialog = QFileDialog(self, self.tr("Export figures"), name, kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write every number that is shown to a file."""
        if self.bar.period is None:
            return
        try:
            sheet.write(Path(path), self.bar.period, self.page.shown)
        except ClinicError as error:
            self.refused.emit(error)
            return
        self.told.emit(self.tr("The figures were written to {path}.").format(path=path))
