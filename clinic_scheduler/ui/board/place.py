"""The place "Board": today's visits by practitioner, with one key for each move of a status."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.board import today
from clinic_scheduler.services.board.today import Board, BoardVisit
from clinic_scheduler.services.changing import standing, taking_back
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.history import Step, Wanted
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place

from .lane import NARROW, LaneColumn
from .words import status as status_words

TOPICS: Final = frozenset({"appointment", "booking", "clinic"})
TICK_MS: Final = 15_000
READS_MS: Final = 60_000
REREADS_MS: Final = 150
EDGE, GAP = 16, 12
AT_ONCE: Final = 6  # columns made in one step
KEYS: Final[Mapping[int, str]] = MappingProxyType(
    {
        Qt.Key.Key_F: "confirmed",
        Qt.Key.Key_A: "arrived",
        Qt.Key.Key_I: "in_progress",
        Qt.Key.Key_C: "completed",
        Qt.Key.Key_D: "no_show",
    }
)


class BoardPlace(Place):
    """Today, as it goes."""

    def __init__(self, desk: Desk, acting: Acting) -> None:
        super().__init__()
        self._tasks, self._actor, self._acting = desk.tasks, desk.actor, acting
        self.board: Board | None = None
        self._columns: dict[UUID, LaneColumn] = {}
        self._current: LaneColumn | None = None
        self._since = QElapsedTimer()
        self._said = wide(controls.label("", "muted"))
        self._buttons: dict[str, QPushButton] = {}
        self._empty = controls.label("", "muted")
        self._inner, self._row = QWidget(), QHBoxLayout()
        self._build()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tick)
        self._reads = QTimer(self, interval=READS_MS)
        self._reads.timeout.connect(self.read)
        self._reread = QTimer(self, singleShot=True, interval=REREADS_MS)
        self._reread.timeout.connect(self.read)
        self._making = QTimer(self, singleShot=True, interval=0)
        self._making.timeout.connect(self._fill)

    def _build(self) -> None:
        head = PlaceHead(self.tr("Board"))
        row = head.line
        self._said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._said, 1)
        for key, status in KEYS.items():
            word = self.tr("In room") if status == "in_progress" else texts.status_word(status)
            button = QPushButton(self.tr("{word} ({key})").format(word=word, key=chr(key)))
            button.setEnabled(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._press)
            self._buttons[status] = button
            row.addWidget(button)
        self._row.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        self._row.setSpacing(GAP)
        self._row.addStretch(1)
        self._inner.setLayout(self._row)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area = area
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._empty, 1)
        column.addWidget(area, 1)

    def come(self) -> None:
        """Read today, and walk through it by keyboard."""
        self.read()
        self._ticks.start()
        self._reads.start()
        if self._current is not None:
            self._current.view.setFocus()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Read again once a burst of changes is over."""
        if changes is None or any(getattr(change, "topic", "") in TOPICS for change in changes):
            self._reread.start()

    def hideEvent(self, event: Any) -> None:  # noqa: ANN401 - as Qt has it
        super().hideEvent(event)
        self._ticks.stop()
        self._reads.stop()

    def read(self) -> None:
        """Read today anew."""
        self._tasks.read(self, partial(today.board, actor=self._actor), self._show, latest="board")

    @property
    def now(self) -> datetime | None:
        """The database's time, as far as can be told without asking."""
        if self.board is None:
            return None
        return self.board.now + timedelta(milliseconds=self._since.elapsed())

    @property
    def current(self) -> BoardVisit | None:
        """The visit that the keyboard is on."""
        return self._current.view.current if self._current is not None else None

    def _show(self, board: Board) -> None:
        self.board = board
        self._since.restart()
        wanted = {lane.practitioner_id for lane in board.lanes}
        for gone in [one for one in self._columns if one not in wanted]:
            column = self._columns.pop(gone)
            self._current = None if self._current is column else self._current
            column.hide()
            self._row.removeWidget(column)  # at once, so that those that are new stand where they belong
            column.deleteLater()
        self._area.setVisible(bool(board.lanes))
        self._empty.setVisible(not board.lanes)
        self._empty.setText(self.tr("Nobody is booked today. What is booked for today stands here at once."))
        self._inner.setMinimumWidth(2 * EDGE + len(board.lanes) * (NARROW + GAP) - GAP)
        self._say()
        self._fill()

    def _fill(self) -> None:
        """Fill the columns; those that are new are made a few at a time, so that nobody waits."""
        made = 0
        if self.board is None:
            return
        for place, lane in enumerate(self.board.lanes):
            column = self._columns.get(lane.practitioner_id)
            if column is None:
                if made == AT_ONCE:
                    self._making.start()
                    return
                made += 1
                column = self._make(lane.practitioner_id, place)
            column.show_lane(lane, self.board.now)
        if self._current is None and self._columns and self.isVisible():
            self._columns[self.board.lanes[0].practitioner_id].view.setFocus()
        self._mark()

    def _make(self, practitioner_id: UUID, place: int) -> LaneColumn:
        column = self._columns[practitioner_id] = LaneColumn(practitioner_id)
        column.view.entered.connect(self._enter)
        column.view.key_pressed.connect(self._key)
        column.view.opened.connect(self._open)
        column.view.selectionModel().currentChanged.connect(self._mark)
        self._row.insertWidget(place, column)
        return column

    def _enter(self) -> None:
        view = self.sender()
        for column in self._columns.values():
            if column.view is view:
                self._current = column
                self._area.ensureWidgetVisible(column)
            else:
                column.view.clearSelection()
        if self._current is not None and self._current.view.currentIndex().isValid():
            self._current.view.selectionModel().select(
                self._current.view.currentIndex(),
                self._current.view.selectionModel().SelectionFlag.ClearAndSelect,
            )
        self._mark()

    def _key(self, event: QKeyEvent) -> None:
        has_modifier = (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
        )
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(1 if event.key() == Qt.Key.Key_Right else -1)
            event.accept()
        elif event.key() in KEYS and not has_modifier:
            self.put(KEYS[event.key()])
            event.accept()

    def _walk(self, by: int) -> None:
        if self.board is None or self._current is None:
            return
        # Those that are not made yet cannot be walked to.
        ids = [lane.practitioner_id for lane in self.board.lanes]
        order = [self._columns[one] for one in ids if one in self._columns]
        if self._current not in order:
            return
        place = order.index(self._current) + by
        if 0 <= place < len(order):
            order[place].view.setFocus()

    def _press(self) -> None:
        pressed = self.sender()
        self.put(next(status for status, button in self._buttons.items() if button is pressed))

    def put(self, status: str) -> None:
        """Bring the visit that the keyboard is on to a status."""
        visit = self.current
        if visit is None:
            self.told.emit(self.tr("Choose a visit first."))
            return
        if status not in standing.next_statuses(visit.status):
            words = self.tr("This visit is {status}; that does not lead to {other}.")
            known = (status_words(visit).lower(), texts.status_word(status).lower())
            self.told.emit(words.format(status=known[0], other=known[1]))
            return

        def ask(puts: Wanted, request_id: UUID) -> Any:  # noqa: ANN401 - a call of a service
            return partial(taking_back.put, actor=self._actor, request_id=request_id, wanted=puts)

        words = self.tr("{name} {status}").format(
            name=one_line(visit.patient), status=texts.status_word(status).lower()
        )
        self._acting.do(Step(words, (Put(visit.id, visit.version, status),), ask, tuple))

    def _open(self, visit: BoardVisit) -> None:
        self.visit_wanted.emit(visit.start.date(), visit.id)

    def _mark(self) -> None:
        visit = self.current
        legal = standing.next_statuses(visit.status) if visit else frozenset()
        for status, button in self._buttons.items():
            button.setEnabled(status in legal and BOOK in self._actor.permissions)

    def _tick(self) -> None:
        now = self.now
        if now is not None:
            for column in self._columns.values():
                column.model.tick(now)

    def _say(self) -> None:
        """How the day stands, in one line."""
        if self.board is None:
            return
        visits = [one for lane in self.board.lanes for one in lane.visits]
        counts = [
            (self.tr("{count} to come"), ("pending", "confirmed")),
            (self.tr("{count} waiting"), ("arrived",)),
            (self.tr("{count} in room"), ("in_progress",)),
            (self.tr("{count} done"), ("completed",)),
            (self.tr("{count} no-show"), ("no_show",)),
        ]
        told = [(sum(one.status in which for one in visits), words) for words, which in counts]
        known = [words.format(count=count) for count, words in told if count]
        self._said.setText(" · ".join((texts.long_date(self.board.day), *known)))
