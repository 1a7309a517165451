"""One booking beside the list: who, what, when, money, and everything that happened to it."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, NotFound
from clinic_scheduler.services import details, history
from clinic_scheduler.services.actor import BOOK, REOPEN, Actor
from clinic_scheduler.services.details import VisitDetails
from clinic_scheduler.services.history import Event
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.theme import style_as
from clinic_scheduler.ui.visit_panel import VisitPanel

from .history_list import HistoryList

WIDTH = 340
FINAL = frozenset({"completed", "no_show", "cancelled"})


class DetailsPanel(QFrame):
    """Reads what it shows.

    Signals:
        cancel_wanted: the VisitDetails on show, to be cancelled in part or whole.
        reopen_wanted: the VisitDetails on show, whose finished parts are to be opened again.
        restore_wanted: the VisitDetails on show and the id of an entry of its history.
        calendar_wanted: the day and the id of an appointment.
        refused: a ClinicError.
    """

    cancel_wanted = Signal(object)
    reopen_wanted = Signal(object)
    restore_wanted = Signal(object, object)
    calendar_wanted = Signal(object, object)
    refused = Signal(object)

    def __init__(self, tasks: Tasks, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._actor = tasks, actor
        self.shown: VisitDetails | None = None
        self._wanted: UUID | None = None
        self.setProperty("bar", True)  # the ground of the scroll bar too
        self.setFixedWidth(WIDTH)
        hint = self.tr("Choose a booking to see all of it here, and what happened to it.")
        self.visit, self.history = VisitPanel(hint=hint), HistoryList()
        self._reopen = QPushButton(self.tr("Open again…"))
        self._calendar = QPushButton(self.tr("Show in the calendar"))
        self._title = controls.label(self.tr("History"))
        self._title.setFont(fonts.body(strong=True))
        self._build()
        self._show_nothing()

    def _build(self) -> None:
        inner = QFrame()
        inner.setProperty("side", True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.visit)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._calendar)
        row.addWidget(self._reopen)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(self._title)
        column.addWidget(self.history)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Coming and going it would change how high the texts are that are broken into lines.
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        area.verticalScrollBar().rangeChanged.connect(self._note_range)
        self._area = area
        self._note_range(0, 0)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.visit.cancel_wanted.connect(self.cancel_wanted)
        self.history.restore_wanted.connect(self._restore)
        self._reopen.clicked.connect(self._ask_to_reopen)
        self._calendar.clicked.connect(self._go)

    def show_bookings(self, booking_ids: Collection[UUID]) -> None:
        """Read and show a booking; of several only how many there are."""
        count = len(booking_ids)
        self._wanted = next(iter(booking_ids)) if count == 1 else None
        if count != 1:
            self._show_nothing(self.tr("%n bookings are selected.", "", count) if count else "")
        self.refresh()

    def refresh(self) -> None:
        """Read again what is shown."""
        if self._wanted is not None:
            work = partial(_both, actor=self._actor, booking_id=self._wanted)
            self._tasks.read(self, work, self._show, refused=self._refuse, latest="details")

    def _show(self, found: tuple[VisitDetails, tuple[Event, ...]]) -> None:
        visit, events = found
        if visit.booking_id != self._wanted:
            return
        self.shown = visit
        self.visit.show_visit(replace(visit, history=()))
        may = self._actor.permissions
        self._reopen.setVisible(REOPEN in may and any(part.status in FINAL for part in visit.parts))
        self._calendar.setVisible(any(part.start is not None for part in visit.parts))
        self._title.show()
        self.history.show_events(events, may_restore=BOOK in may)

    def _show_nothing(self, why: str = "") -> None:
        self.shown = None
        self.visit.clear(why)
        self.history.show_events((), may_restore=False)
        for widget in (self._reopen, self._calendar, self._title):
            widget.hide()

    def _refuse(self, error: ClinicError) -> None:
        if isinstance(error, NotFound) and self._wanted is not None:
            self._wanted = None
            self._show_nothing()
        self.refused.emit(error)

    def _restore(self, entry_id: UUID) -> None:
        self.restore_wanted.emit(self.shown, entry_id)

    def _ask_to_reopen(self) -> None:
        self.reopen_wanted.emit(self.shown)

    def _note_range(self, _least: int, most: int) -> None:
        """Keep the room of the scroll bar, but show none where there is nothing to scroll."""
        style_as(self._area.verticalScrollBar(), idle=most == 0)

    def _go(self) -> None:
        if self.shown is not None:
            part = next(one for one in self.shown.parts if one.start is not None)
            self.calendar_wanted.emit(part.start.date() if part.start else None, part.id)


def _both(session: object, *, actor: Actor, booking_id: UUID) -> tuple[VisitDetails, tuple[Event, ...]]:
    """Details and history as of one moment."""
    found = details.of_booking(session, actor=actor, booking_id=booking_id)  # type: ignore[arg-type]
    return found, history.of_booking(session, actor=actor, booking_id=booking_id)  # type: ignore[arg-type]
