"""The place "Waitlist": who waits, what fits, the offers that are open; beside it what is to be done today."""

from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.people.persons import folded, shown_phone
from clinic_scheduler.services.waitlist import listed, matching
from clinic_scheduler.services.waitlist.listed import STANDING, Entry, Listed
from clinic_scheduler.services.waitlist.matching import Fits
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place
from clinic_scheduler.ui.waitlist import words
from clinic_scheduler.ui.waitlist.answers import Answers
from clinic_scheduler.ui.waitlist.desk import WaitlistDesk
from clinic_scheduler.ui.waitlist.rows import Row, RowView
from clinic_scheduler.ui.waitlist.to_do_list import ToDoList

SIDE_W = 380
PAUSE_MS = 200
TIMED = frozenset({"time", "appointment", "waitlist_entry"})


class WaitlistPlace(Place):
    """A list; what is marked can be offered a time, answered for, changed, taken off."""

    def __init__(self, desk: Desk, waitlist: WaitlistDesk) -> None:
        super().__init__()
        self._tasks, self._actor, self._clinic, self._diaries = (
            desk.tasks,
            desk.actor,
            desk.clinic,
            desk.diaries,
        )
        self._waitlist = waitlist
        self._catalogue: Catalogue | None = None
        self._shown = Listed((), datetime.now(desk.clinic.where), is_cut=False)
        self._fits: Fits = {}
        self._read_at = 0.0
        self.search = SearchLine(self.tr("Search the waitlist"), self.tr("Name, phone or service"), 100)
        self.search.setFixedWidth(280)
        self.ended = controls.chip(self.tr("With ended"))
        self.add = controls.primary(self.tr("Put on the waitlist…"), "plus")
        self.list = RowView(self.tr("Waitlist"))
        self.search.drive(self.list)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.empty = wide(controls.label(tone="muted"))
        self.answers = Answers(waitlist)
        self.tasks_today = ToDoList(desk.tasks, desk.actor, desk.clinic.country, waitlist)
        self._seconds = QTimer(self, interval=1000)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = PlaceHead(self.tr("Waitlist"))
        head.line.addWidget(self.search)
        head.line.addWidget(self.ended)
        head.line.addStretch()
        head.line.addWidget(self.add)
        left = QVBoxLayout()
        left.setContentsMargins(16, 16, 16, 16)
        left.setSpacing(12)
        left.addWidget(self.empty)
        left.addWidget(self.list, 1)
        left.addWidget(self.answers)
        side = QFrame()
        side.setProperty("side", True)
        side.setFixedWidth(SIDE_W)
        inner = QVBoxLayout(side)
        inner.setContentsMargins(16, 16, 16, 16)
        inner.addWidget(self.tasks_today)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addLayout(left, 1)
        beside.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addLayout(beside, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show_rows)
        self.search.entered.connect(self._open_marked)
        self.ended.clicked.connect(self.read)
        self.add.clicked.connect(self._waitlist.add_to_waitlist)
        self.list.marked.connect(self._mark)
        self.list.picked.connect(self._open)
        self.tasks_today.told.connect(self.told)
        self.tasks_today.refused.connect(self.refused)
        self._seconds.timeout.connect(self._tick)
        self._pause.timeout.connect(self._read_fits)

    def come(self) -> None:
        self.read()
        self.tasks_today.read()
        (self.list if self._shown.entries else self.search).setFocus()

    def hear(self, changes: frozenset[object] | None) -> None:
        topics = {getattr(change, "topic", "") for change in changes or ()}
        if changes is None or topics & TIMED:
            self.read()
        if changes is None or "desk_task" in topics:
            self.tasks_today.read()

    def read(self) -> None:
        """Read who waits, and then what fits."""
        self._waitlist.with_catalogue(self._read_list)

    @property
    def marked(self) -> Entry | None:
        """Who is marked."""
        return next((one for one in self._shown.entries if one.id == self.list.chosen), None)

    def now(self) -> datetime:
        """The present by the database's clock."""
        return self._shown.now + timedelta(seconds=monotonic() - self._read_at)

    def _read_list(self, offered: Catalogue) -> None:
        self._catalogue = offered
        work = partial(listed.everybody, actor=self._actor, with_ended=self.ended.isChecked())
        self._tasks.read(self, work, self._show, latest="list")

    def _show(self, shown: Listed) -> None:
        self._shown, self._read_at = shown, monotonic()
        self._show_rows()
        self._pause.start()
        self._arrange()

    def _read_fits(self) -> None:
        """Once it is quiet: what is free changes with every act of every desk."""
        waiting = [one for one in self._shown.entries if one.state in STANDING and one.offer is None]
        work = partial(matching.first_fits, actor=self._actor, entries=waiting, diaries=self._diaries)
        self._tasks.read(self, work, self._show_fits, latest="fits")

    def _show_fits(self, fits: Fits) -> None:
        self._fits = fits
        self._show_rows()

    def _arrange(self) -> None:
        """Count down only what can be seen."""
        if self.isVisible() and any(one.offer for one in self._shown.entries):
            self._seconds.start()
        else:
            self._seconds.stop()

    def _tick(self) -> None:
        """Only what counts down is drawn anew."""
        for entry in self._shown.entries:
            if entry.offer is not None and self._catalogue is not None:
                self.list.rows.update(self._row(entry, self._catalogue))

    def _show_rows(self, _text: str = "") -> None:
        if self._catalogue is None:
            return
        wanted = folded(self.search.text()).split()
        rows = [self._row(one, self._catalogue) for one in self._shown.entries]
        found = [
            row
            for row, entry in zip(rows, self._shown.entries, strict=True)
            if all(word in folded(f"{row.spoken} {entry.phone} {entry.email}") for word in wanted)
        ]
        self.list.show_all(found)
        self._say(bool(found))
        self._mark()

    def _say(self, is_found: bool) -> None:
        sentence = ""
        if not self._shown.entries:
            sentence = self.tr(
                "Nobody waits. Put somebody on the waitlist when no time suits: as soon as one is free, "
                "they are proposed here and in the calendar."
            )
        elif not is_found:
            sentence = self.tr("Nobody on the waitlist matches; try fewer letters.")
        elif self._shown.is_cut:
            sentence = self.tr("The first {count} are shown.").format(count=len(self._shown.entries))
        self.empty.setText(sentence)
        self.empty.setVisible(bool(sentence))
        self.list.setVisible(is_found)

    def _row(self, entry: Entry, offered: Catalogue) -> Row:
        wish = words.services(entry.wanted.services, offered)
        phone = shown_phone(entry.phone, self._clinic.country) if entry.phone else ""
        parts = (wish, words.when(entry.wanted), one_line(entry.wanted.notes), phone)
        state, below, tone = self._state(entry)
        return Row(
            entry.id,
            one_line(entry.name),
            " · ".join(part for part in parts if part),
            state,
            below,
            tone,
            words.urgency(entry.wanted.urgency),
        )

    def _state(self, entry: Entry) -> tuple[str, str, str]:
        """How it stands, what is to be known of that, and its tone."""
        since = words.since(entry, self._shown.now)
        if entry.offer is not None:
            left = texts.countdown((entry.offer.expires_at - self.now()).total_seconds())
            state = self.tr("Offered, {left} left").format(left=left)
            parts = entry.offer.parts
            return state, words.short(parts[0].start, self._clinic.where) if parts else since, "warning"
        if entry.state not in STANDING:
            return words.state(entry.state), since, "good" if entry.state == "booked" else "muted"
        if entry.id not in self._fits:
            return "…", since, "muted"
        opening = self._fits[entry.id]
        if opening is None:
            return self.tr("Nothing free yet"), since, "muted"
        first = self.tr("Free {time}").format(time=words.short(opening.start, self._clinic.where))
        return first, since, "accent"

    def _mark(self, _key: UUID | None = None) -> None:
        self.answers.show_entry(self.marked, self._clinic.where)

    def _open_marked(self) -> None:
        if self.list.chosen is not None:
            self._open(self.list.chosen)

    def _open(self, _key: UUID) -> None:
        """The usual next act: offer a time to who waits, look at the wish of who is offered one."""
        entry = self.marked
        if entry is None or entry.state not in STANDING:
            return
        if entry.offer is None:
            self._waitlist.offer_to(entry)
        else:
            self._waitlist.change(entry)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._arrange()
