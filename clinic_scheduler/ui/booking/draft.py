"""The unfinished booking behind the wizard: what was chosen, saved as it is typed, its hold and its end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.people import glance
from clinic_scheduler.services.people.glance import Glance
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.taking.booking import Confirmed, Held
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui.booking import keeping, kept
from clinic_scheduler.ui.booking.keeping import Kept
from clinic_scheduler.ui.booking.lost import Lost
from clinic_scheduler.ui.booking.writes import Refused, Step, Writes
from clinic_scheduler.ui.tasks import Tasks

SAVE_MS = 300


class Draft(QObject):
    """Owns the session and its choices; what was typed is in the database a moment later.

    Signals:
        changed: the choices or the patient changed.
        held: the hold began, was renewed, lapsed or was given back.
        noted: a sentence the desk should know.
        unsaved: why the last save did not work; empty once it did.
        ended: a sentence; the booking goes on elsewhere or is over, nothing more is saved.
    """

    changed = Signal()
    held = Signal()
    noted = Signal(str)
    unsaved = Signal(str)
    ended = Signal(str)

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        catalogue: Catalogue,
        begun: Unfinished,
        parent: QObject,
        diaries: Diaries | None = None,
    ) -> None:
        super().__init__(parent)
        self.tasks, self.actor, self.catalogue, self.diaries = tasks, actor, catalogue, diaries
        self.id: UUID = begun.id
        self.request_id = uuid4()
        self.choices, self._news = kept.checked(begun.choices, catalogue)
        self.step, self.patient_id = begun.step, begun.patient_id
        self.patient: PatientLine | None = None
        self.glance: Glance | None = None
        self.lost: Lost | None = None
        self._is_dirty = bool(begun.damaged or self._news)
        self._is_unsaved = False
        self._saving = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._writes = Writes(tasks, actor, begun, self._save, self)
        self._writes.seen.connect(self._adopt_clock)
        self._writes.ended.connect(self.ended)
        self._saving.timeout.connect(self._writes.go)
        self._adopt_clock(begun)

    def begin(self) -> None:
        """Load what the session only names, and save what had to be repaired."""
        if self._news:
            self.noted.emit(self._news)
        self._look_up()
        self._writes.go()

    def _look_up(self) -> None:
        """Read who it is, what else that person has booked, and whether visits were missed."""
        if self.patient_id is not None:
            work = partial(glance.of, actor=self.actor, patient_id=self.patient_id)
            self.tasks.read(self, work, self._meet, latest="glance")

    def _meet(self, found: Glance) -> None:
        if found.line.id == self.patient_id:
            self.patient, self.glance = found.line, found
            self.changed.emit()

    # What is chosen

    @property
    def typed(self) -> dict[str, str]:
        """A copy of the texts of fields that are not decided yet."""
        return dict(self.choices.typed)

    @property
    def has_ended(self) -> bool:
        """Whether nothing can be changed here any more."""
        return self._writes.has_ended

    @property
    def is_time_chosen(self) -> bool:
        """Whether the parts are for exactly the services wished."""
        return kept.fits(self.choices.parts, self.choices.wishes)

    def edit(self, **changes: Any) -> None:  # noqa: ANN401 - whatever `Choices` has
        """Replace fields of the choices and save them soon."""
        self._set(replace(self.choices, **changes))
        self.changed.emit()

    def note(self, **texts: str) -> None:
        """Keep what stands in undecided fields, by name; empty texts are forgotten."""
        typed = self.typed | {name: kept.storable(text) for name, text in texts.items()}
        typed = {name: text for name, text in typed.items() if text}
        if typed != self.choices.typed:
            self._set(replace(self.choices, typed=typed))

    def choose_patient(self, line: PatientLine | None) -> None:
        """Book for this person, or for nobody on record."""
        self.patient, self.patient_id, self.glance = line, line.id if line else None, None
        self._set(self.choices)
        self.changed.emit()
        self._look_up()

    def go_to(self, step: str) -> None:
        """Remember the page and save at once."""
        self._is_dirty = self._is_dirty or step != self.step
        self.step = step
        self._saving.stop()
        self._writes.go()

    def hear(self, changes: frozenset[Any] | None) -> None:
        """Read the session again if it may be among what changed; None stands for everything."""
        self._writes.hear(changes)

    def _set(self, choices: Choices) -> None:
        self.choices, self._is_dirty = choices, True
        self._saving.start()

    def _save(self) -> Step | None:
        if not self._is_dirty or (self._saving.isActive() and not self._writes.has_steps):
            return None
        self._is_dirty = False
        self._saving.stop()
        return Step(self._kept().save, self._saved, self._not_saved)

    def _kept(self) -> Kept:
        return Kept(self.actor, self.id, self.choices, self.step, self.patient_id)

    def _saved(self, seen: Unfinished) -> None:
        self._writes.version = seen.version
        self._adopt_clock(seen)
        if self._is_unsaved:
            self._is_unsaved = False
            self.unsaved.emit("")
        for sentence in keeping.news(seen):
            self.noted.emit(sentence)

    def _not_saved(self, error: ClinicError) -> None:
        self._is_dirty = self._is_unsaved = True
        self._saving.start()
        self.unsaved.emit(str(error))
        self._writes.later()

    # The hold

    @property
    def now(self) -> datetime:
        """The database's clock, as far as this desk can tell."""
        return self._now + timedelta(seconds=time.monotonic() - self._heard_at)

    @property
    def seconds_left(self) -> float:
        """How long the hold of what is picked lasts by the database's clock; 0 where nothing is."""
        if self.held_until is None or not self.choices.parts:
            return 0.0
        return max(0.0, (self.held_until - self.now).total_seconds())

    @property
    def has_lapsed(self) -> bool:
        """Whether times were picked that are not held any more."""
        return bool(self.choices.parts) and self.held_until is None

    @property
    def picked(self) -> tuple[Part, ...]:
        """The picked parts as the search offers them."""
        return kept.as_listed(self.choices.parts)

    def hold(self, offered: Sequence[Part], then: Callable[[], None], refused: Refused) -> None:
        """Take all the times at once, instead of what was held before; other prices that were agreed on stay."""
        parts = kept.as_agreed(offered, self._priced)

        def work(session: Any, version: int) -> Held:  # noqa: ANN401
            return booking.hold(session, actor=self.actor, session_id=self.id, version=version, parts=parts)

        def taken(held: Held) -> None:
            self._writes.version, self.lost = held.session.version, None
            self.choices = replace(self.choices, parts=held.session.choices.parts)
            self._adopt_clock(held.session)
            self.changed.emit()
            then()

        self._writes.ask(Step(work, taken, refused))

    def change_price(
        self, number: int, cents: int, reason: str, then: Callable[[], None], refused: Refused
    ) -> None:
        """Agree on another price for a part, after everything typed is saved."""

        def priced(seen: Unfinished) -> None:
            self._writes.version = seen.version
            self.choices = replace(self.choices, parts=seen.choices.parts)
            self._adopt_clock(seen)
            self.changed.emit()
            then()

        self._writes.ask(Step(keeping.price(self.actor, self.id, number, cents, reason), priced, refused))

    @property
    def _priced(self) -> tuple[Part, ...]:
        return self.choices.parts or (self.lost.parts if self.lost else ())

    def lose(self, parts: Sequence[Part], why: str) -> None:
        """These times cannot be had, as the sentence says; others are looked for near them."""
        self.lost = Lost(kept.as_agreed(parts, self._priced), self.choices.wishes, why)
        if self.diaries is not None:
            self.diaries.heard(None)  # the notice of it may still be on its way

    def forget_time(self, why: str = "") -> None:
        """The picked time cannot be had, where `why` is said others near it are looked for; one has to be picked."""
        if why and kept.fits(self.choices.parts, self.choices.wishes):
            self.lose(self.choices.parts, why)
        self.edit(parts=())
        self.held.emit()

    def renew(self) -> None:
        """Begin the hold's time anew, if it still lives."""

        def work(session: Any, _version: int) -> datetime | None:  # noqa: ANN401
            return booking.renew(session, actor=self.actor, session_id=self.id)

        if self.held_until is not None:
            self._writes.ask(Step(work, self._renewed, self.tasks.refused.emit, repeatable=True))

    def _renewed(self, until: datetime | None) -> None:
        self.held_until = until
        self.held.emit()

    def tick(self) -> None:
        """Let the hold lapse when its time is over."""
        if self.held_until is not None and self.now >= self.held_until:
            self.held_until = None
            self.held.emit()

    def _adopt_clock(self, seen: Unfinished) -> None:
        self._now, self._heard_at, self.held_until = seen.now, time.monotonic(), seen.held_until
        self.held.emit()

    # The end

    def confirm(self, then: Callable[[Confirmed], None], refused: Refused) -> None:
        """Make the booking, after everything typed is saved; the same request however often it is asked."""

        def work(session: Any, _version: int) -> Confirmed:  # noqa: ANN401
            return booking.confirm(session, actor=self.actor, session_id=self.id, request_id=self.request_id)

        def done(confirmed: Confirmed) -> None:
            self._finish()
            self.held_until = None
            then(confirmed)

        self._writes.ask(Step(work, done, refused, repeatable=True))

    def park(self) -> None:
        """Save everything and put the booking into the tray; the wizard may be gone before it is done."""
        if self.has_ended:
            return
        self._finish()
        self.tasks.write(self, self._kept().park, repeatable=True)

    def discard(self) -> None:
        """Throw the booking away and free its times at once."""
        if self.has_ended:
            return
        self._finish()
        work = partial(booking_session.discard, actor=self.actor, session_id=self.id)
        self.tasks.write(self, work, repeatable=True)

    def _finish(self) -> None:
        self._is_dirty = False
        self._saving.stop()
        self._writes.end()
