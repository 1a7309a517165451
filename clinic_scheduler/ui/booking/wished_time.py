"""A time of one's own: typed as "tue 15:00", and where it is not free, why."""

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.obstacles import wished
from clinic_scheduler.services.obstacles.wished import Why
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.search_words import day_and_time

LONGEST = 60
WIDTH = 200


class WishLine(QLineEdit):
    """Enter asks, and does not go on to the next page.

    Signals:
        asked: the text.
    """

    asked = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.asked.emit(self.text())
        else:
            super().keyPressEvent(event)


class WishedTime(QWidget):
    """The field, and beside it what is in the way.

    Signals:
        wished: the day and the aware start.
    """

    wished = Signal(object, object)

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._instead: tuple[datetime | None, str] = (None, "")  # a start offered for the wished one, and why
        self.line = WishLine()
        self.line.setMaxLength(LONGEST)
        self.line.setFixedWidth(WIDTH)
        self.line.setPlaceholderText(self.tr("Or a time: tue 15:00"))
        self.line.setAccessibleName(self.tr("A time of your own"))
        self.line.asked.connect(self._ask)
        self.line.textEdited.connect(self._keep)
        self.said = wide(controls.label(tone="muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.line)
        row.addWidget(self.said, 1)

    def restore(self) -> None:
        """Put in what was typed before."""
        self.line.setText(self._draft.typed.get("wished_time", ""))

    def _keep(self, text: str) -> None:
        self._draft.note(wished_time=text)

    def clear(self) -> None:
        """Nothing is asked any more."""
        self.say("")

    def settle(self, start: datetime | None) -> None:
        """The start is among the answers; say it where another one was wished."""
        instead, why = self._instead
        self.say(why if start is not None and start == instead else "")

    def say(self, sentence: str) -> None:
        """Show a sentence beside the field."""
        self.said.setText(sentence)
        self.line.setAccessibleDescription(sentence)

    def _ask(self, text: str) -> None:
        where = self._draft.catalogue.clinic.where
        today = local_day(self._draft.now, where)
        found = day_and_time(text, today)
        time = found.time.minute if found.time is not None else None
        if time is None or found.rest:
            self.say(self.tr("Write a day and a time, such as tue 15:00 or tomorrow at 9."))
            return
        day = found.day or self._first(today)
        start = localtime.at_minute(day, time, where)
        if start <= self._draft.now:
            self.say(self.tr("That time has gone by; write a later one."))
            return
        self.say(self.tr("Looking…"))
        self.wished.emit(day, start)

    def _first(self, today: date) -> date:
        try:
            return max(today, date.fromisoformat(self._draft.typed.get("from", "")))
        except ValueError:
            return today

    def explain(self, start: datetime) -> None:
        """Ask why the visit cannot begin then, and say it."""
        draft = self._draft
        work = partial(
            wished.why_not,
            clinic_id=draft.catalogue.clinic.id,
            wishes=draft.choices.wishes,
            start=start,
            session_id=draft.id,
            patient_id=draft.patient_id,
        )
        draft.tasks.read(self, work, partial(self._tell, start), refused=self._fail, latest="why")

    def _tell(self, start: datetime, why: Why) -> None:
        if why.free:
            self._offer(why)
            return
        catalogue = self._draft.catalogue
        day, time = (
            texts.short_date(local_day(start, catalogue.clinic.where)),
            words.time_text(start, catalogue),
        )
        when = self.tr("{day}, {time} is not free.").format(day=day, time=time)
        if why.sentences:
            self.say(" ".join([when, *why.sentences[:3]]))
        elif why.beside:
            words_ = self.tr("Visits begin every {step}, and neither {before} nor {after} is free.")
            before, after = (words.time_text(one, catalogue) for one in why.beside)
            self.say(words_.format(step=texts.duration(why.step_min), before=before, after=after))
        elif len(self._draft.choices.wishes) > 1:
            self.say(f"{when} {self.tr('The services do not fit one after the other from then on.')}")
        else:
            words_ = self.tr("{day}, {time} was not free a moment ago; press Enter to look again.")
            self.say(words_.format(day=day, time=time))

    def _offer(self, why: Why) -> None:
        """Mark the nearest start at which visits begin, and say so."""
        catalogue = self._draft.catalogue
        marked, *other = (words.time_text(one, catalogue) for one in why.free)
        said = self.tr("Visits begin every {step}: {time} is marked instead.")
        if other:
            said = self.tr("Visits begin every {step}: {time} is marked instead, {other} is free too.")
        said = said.format(step=texts.duration(why.step_min), time=marked, other="".join(other))
        self._instead = (why.free[0], said)
        self.wished.emit(local_day(why.free[0], catalogue.clinic.where), why.free[0])

    def _fail(self, error: ClinicError) -> None:
        self.say(str(error))
