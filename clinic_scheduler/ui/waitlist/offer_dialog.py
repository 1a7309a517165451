"""Making an offer: who of those who fit a free time, or which free time for somebody; and until when it is held."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.waitlist import matching, offering
from clinic_scheduler.services.waitlist.listed import Entry, Offer
from clinic_scheduler.services.waitlist.matching import Matches
from clinic_scheduler.services.wishes import Opening
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.booking import words as visit_words
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.waitlist import words
from clinic_scheduler.ui.waitlist.rows import Row, RowView

SIZE = (720, 520)
DEADLINES: Final = (15, 30, 60, 120, 240, 24 * 60)  # minutes
USUAL: Final = 60
Choice = tuple[Entry, Opening]


class OfferDialog(QDialog):
    """A list of what could be offered; Enter offers what is marked.

    Signals:
        offered: the Offer and the Entry that it was made to.
    """

    offered = Signal(object, object)

    def __init__(
        self, tasks: Tasks, actor: Actor, offered: Catalogue, title: str, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Make an offer"))
        self.resize(*SIZE)
        self._tasks, self._actor, self._catalogue = tasks, actor, offered
        self._where = offered.clinic.where
        self._is_busy = False
        self._said = wide(controls.label(tone="muted"))
        self.found = RowView(title)
        self.lasts = QComboBox()
        self.lasts.setAccessibleName(self.tr("Held for"))
        for minutes in DEADLINES:
            self.lasts.addItem(texts.duration(minutes), minutes)
        self.lasts.setCurrentIndex(DEADLINES.index(USUAL))
        self.go = controls.primary(self.tr("Hold and offer"))
        self.go.clicked.connect(self.offer)
        self.go.setEnabled(False)
        self.found.marked.connect(self._mark)
        self.found.picked.connect(self.offer)
        self._build(title)

    def _build(self, title: str) -> None:
        leave = QPushButton(self.tr("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(controls.label(self.tr("Held for")))
        foot.addWidget(self.lasts)
        foot.addStretch()
        foot.addWidget(leave)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        heading = controls.heading(title)
        heading.setWordWrap(True)
        column.addWidget(heading)
        column.addWidget(self._said)
        column.addWidget(self.found, 1)
        column.addLayout(foot)
        self.say(self.tr("Looking…"))

    def say(self, sentence: str) -> None:
        """Tell how many there are, why nothing can be offered, or why it was not."""
        self._said.setText(sentence)
        self.found.setAccessibleDescription(sentence)

    @property
    def said(self) -> str:
        """What is told over the list."""
        return self._said.text()

    def read(self) -> None:
        """Look for what can be offered."""

    def show_choices(self, rows: Sequence[Row]) -> None:
        """List what could be offered; the key of each row is its Choice."""
        self.found.show_all(rows)
        self.found.setFocus()
        self._mark()

    def offer(self) -> None:
        """Offer what is marked."""
        choice: Choice | None = self.found.chosen
        if choice is None or self._is_busy:
            return
        entry, opening = choice
        self._is_busy = True
        self._mark()
        lasts = timedelta(minutes=self.lasts.currentData())
        work = partial(offering.offer, actor=self._actor, entry_id=entry.id, opening=opening, lasts=lasts)
        self._tasks.write(self, work, partial(self._done, entry), self._fail)

    def _mark(self, _key: object = None) -> None:
        self.go.setEnabled(self.found.chosen is not None and not self._is_busy)

    def _done(self, entry: Entry, made: Offer) -> None:
        self.offered.emit(made, entry)
        self.accept()

    def _fail(self, error: ClinicError) -> None:
        """Nothing was offered: say why, and look again."""
        self._is_busy = False
        self.read()
        self.say(str(error))
        self._mark()


class WhoDialog(OfferDialog):
    """Who of the waitlist could come in free times, and why in this order."""

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        offered: Catalogue,
        times: Sequence[FreeTime],
        parent: QWidget | None = None,
    ) -> None:
        self._times = tuple(times)
        where = offered.clinic.where
        begins = words.short(min(time.start for time in times), where)
        names = dict.fromkeys(one_line(visit_words.resource_name(offered, one.resource_id)) for one in times)
        title = self.tr("Who could come on {time} to {names}?")
        super().__init__(tasks, actor, offered, title.format(time=begins, names=", ".join(names)), parent)
        self._is_refused = False
        self.read()

    def read(self) -> None:
        work = partial(matching.matches, actor=self._actor, times=self._times)
        self._tasks.read(self, work, self._show, latest="who")

    def _fail(self, error: ClinicError) -> None:
        self._is_refused = True
        super()._fail(error)

    def _show(self, found: Matches) -> None:
        rows = []
        for number, match in enumerate(found.best):
            before = ""
            if number + 1 < len(found.best):
                after = found.best[number + 1]
                before = self.tr("before the next: {why}").format(why=words.decided(match, after))
            rows.append(
                Row(
                    (match.entry, match.opening),
                    one_line(match.entry.name),
                    words.reasons(match, found.now),
                    words.moment(match.opening, self._where),
                    before,
                )
            )
        if not self._is_refused:
            self.say(self._summary(found))
        self._is_refused = False
        self.show_choices(rows)

    def _summary(self, found: Matches) -> str:
        if not found.waiting:
            return self.tr("Nobody waits at the moment.")
        if not found.best:
            return self.tr(
                "Nobody of the {count} who wait could come then; their wishes, the rules or a room stand against it."
            ).format(count=found.waiting)
        return self.tr(
            "{count} of {all} who wait could come, in the order in which they should be asked."
        ).format(count=len(found.best), all=found.waiting)


class WhenDialog(OfferDialog):
    """The next free times that meet the whole wish of somebody who waits."""

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        offered: Catalogue,
        entry: Entry,
        diaries: Diaries,
        parent: QWidget | None = None,
    ) -> None:
        self._entry = entry
        self._diaries: Diaries | None = diaries
        title = self.tr("When could {name} come?").format(name=one_line(entry.name))
        super().__init__(tasks, actor, offered, title, parent)
        self._is_refused = False
        self.read()

    def read(self) -> None:
        work = partial(matching.fits, actor=self._actor, entry=self._entry, diaries=self._diaries)
        self._tasks.read(self, work, self._show, latest="when")

    def _fail(self, error: ClinicError) -> None:
        self._is_refused = True
        self._diaries = None  # what is kept there does not know yet who was quicker
        super()._fail(error)

    def _show(self, openings: Sequence[Opening]) -> None:
        if not self._is_refused:
            wish = words.services(self._entry.wanted.services, self._catalogue)
            said = f"{wish} · {words.when(self._entry.wanted)}"
            if not openings:
                nothing = self.tr("Nothing is free for this yet: {wish}")
                said = nothing.format(wish=said)
            self.say(said)
        self._is_refused = False
        self.show_choices([self._row(one) for one in openings])

    def _row(self, opening: Opening) -> Row:
        price = sum(part.price_cents for part in opening.parts)
        return Row(
            (self._entry, opening),
            words.moment(opening, self._where),
            one_line(visit_words.people_text(opening.parts, self._catalogue)),
            texts.money(price, self._catalogue.clinic.currency),
            visit_words.waiting_text(opening.waiting_min) if len(opening.parts) > 1 else "",
        )
