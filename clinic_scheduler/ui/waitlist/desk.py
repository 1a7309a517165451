"""What the desk does with the waitlist from wherever: who could come, offers and their answers, the next."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.offers.using import FreeTime
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.waitlist import entries, lapsing, listed, matching, offering
from clinic_scheduler.services.waitlist.listed import Entry, Offer
from clinic_scheduler.services.waitlist.matching import Matches
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.calendar_page import CalendarPage
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.history import Step, Wanted
from clinic_scheduler.ui.places import Places
from clinic_scheduler.ui.tasks import Tasks
from clinic_scheduler.ui.waitlist import words

if TYPE_CHECKING:
    from clinic_scheduler.ui.waitlist.offer_dialog import OfferDialog

WAITLIST: Final = "waitlist"
FREEING: Final = frozenset({"cancelled", "no_show"})
A_MOMENT_MS: Final = 250  # after the deadline, so that the database's clock has passed it too
LONGEST_MS: Final = 24 * 3_600_000


class WaitlistDesk(QObject):
    """The commands of the waitlist, and a clock that lets offers lapse at their deadline.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError.
        proposed: a sentence, and the word of the button that leads on (`show_proposed`).
    """

    told = Signal(str)
    refused = Signal(object)
    proposed = Signal(str, str)

    def __init__(
        self, desk: Desk, page: CalendarPage, bookings: BookingDesk, acting: Acting, places: Places
    ) -> None:
        super().__init__(page)
        self._tasks: Tasks = desk.tasks
        self._actor, self._where, self._diaries = desk.actor, desk.clinic.where, desk.diaries
        self._page, self._bookings, self._places = page, bookings, places
        self._acting = acting
        self._times: tuple[FreeTime, ...] = ()  # that were freed last
        self._deadline = QTimer(self, singleShot=True)
        self._deadline.timeout.connect(self._lapse)
        acting.acted.connect(self._note_freed)
        self.hear(None)

    # Commands

    def show_waitlist(self) -> None:
        """Go to the waitlist."""
        self._places.go(WAITLIST)

    def add_to_waitlist(self) -> None:
        """Put somebody on the waitlist."""
        self._bookings.with_catalogue(self._ask_wish)

    def who_could_come(self) -> None:
        """Say who fits the free time the keyboard stands on, that the selected visit left, or that was freed last."""
        time, visit = self._page.cursor_time(), self._page.visit(self._page.selected)
        if time is not None:
            work = partial(matching.around, actor=self._actor, resource_id=time[0], at=time[1])
            self._tasks.read(self, work, self._show_who_at, refused=self.refused.emit, latest="who")
        elif visit is not None and visit.status in FREEING:
            work_of = partial(matching.freed, actor=self._actor, appointment_ids=(visit.id,))
            self._tasks.read(self, work_of, self.show_who, latest="who")
        elif self._times:
            self.show_proposed()
        else:
            self.told.emit(self.tr("Go to a free time first, then ask who could come there."))

    def show_proposed(self) -> None:
        """Say who fits the time that was freed last."""
        self.show_who(self._times)

    # What the place asks for

    def with_catalogue(self, then: Callable[[Catalogue], None]) -> None:
        """Go on with what the clinic offers."""
        self._bookings.with_catalogue(then)

    def change(self, entry: Entry) -> None:
        """Change what somebody waits for."""
        self._bookings.with_catalogue(partial(self._ask_wish, entry=entry))

    def offer_to(self, entry: Entry) -> None:
        """Choose a free time for somebody, and offer it."""
        self._bookings.with_catalogue(partial(self._ask_when, entry))

    def accept(self, entry: Entry) -> None:
        """The person takes what was offered: book it."""
        if entry.offer is not None:
            work = partial(offering.accept, actor=self._actor, offer_id=entry.offer.id, request_id=uuid4())
            self._tasks.write(self, work, partial(self._tell_booked, entry), self._fail, repeatable=True)

    def decline(self, entry: Entry, *, keeps_waiting: bool) -> None:
        """The person does not want this time, or none any more; offer it to the next."""
        if entry.offer is not None:
            work = partial(
                offering.decline, actor=self._actor, offer_id=entry.offer.id, keeps_waiting=keeps_waiting
            )
            said = self.tr("{name} declined.").format(name=one_line(entry.name))
            self._tasks.write(self, work, partial(self._next, said, entry.offer.id), self._fail)

    def withdraw_offer(self, entry: Entry) -> None:
        """Take the offer back."""
        if entry.offer is not None:
            work = partial(offering.withdraw, actor=self._actor, offer_id=entry.offer.id)
            said = self.tr("The offer to {name} is withdrawn.").format(name=one_line(entry.name))
            self._tasks.write(self, work, partial(self._next, said, entry.offer.id), self._fail)

    def withdraw(self, entry: Entry) -> None:
        """Take somebody off the waitlist."""
        work = partial(entries.withdraw, actor=self._actor, entry_id=entry.id, version=entry.version)
        self._tasks.write(self, work, partial(self._tell_off, entry), self._fail)

    def _tell_off(self, entry: Entry, version: int) -> None:
        self._acting.note(self._back(entry, version))
        words_of = self.tr("{name} is off the waitlist. Ctrl+Z takes it back.")
        self.told.emit(words_of.format(name=one_line(entry.name)))

    def _back(self, entry: Entry, version: int) -> Step:
        """The step that lets somebody wait on who was taken off."""
        return self._step(entry, partial(entries.put_back, version=version), self._again)

    def _again(self, entry: Entry, version: int) -> Step:
        return self._step(entry, partial(entries.withdraw, version=version), self._back)

    def _step(self, entry: Entry, call: Callable[..., int], turned: Callable[[Entry, int], Step]) -> Step:
        def ask(_wanted: Wanted, _request_id: UUID) -> Callable[..., int]:
            return partial(call, actor=self._actor, entry_id=entry.id)

        what = self.tr("take {name} off the waitlist").format(name=one_line(entry.name))
        return Step(what, (), ask, _nothing, turned=partial(turned, entry))

    def show_who(self, times: Sequence[FreeTime]) -> None:
        """List who could come in these times."""
        if not times:
            self.told.emit(self.tr("That time is over; nobody can come any more."))
            return
        self._bookings.with_catalogue(partial(self._ask_who, tuple(times)))

    def show_who_of(self, offer_id: UUID) -> None:
        """List who could come in the time of an offer that ended."""
        work = partial(matching.of_offer, actor=self._actor, offer_id=offer_id)
        self._tasks.read(self, work, self.show_who, refused=self.refused.emit, latest="who")

    # Dialogs

    def _ask_wish(self, offered: Catalogue, entry: Entry | None = None) -> None:
        from .wish_dialog import WishDialog  # noqa: PLC0415 - like all dialogs here not needed at the start

        today = self._page.local_day(self._page.day_view.live.now() or datetime.now(self._where))
        dialog = WishDialog(self._tasks, self._actor, offered, today, entry=entry, parent=self._page.window())
        dialog.kept.connect(self._tell_kept)
        dialog.open()

    def _show_who_at(self, time: FreeTime) -> None:
        self.show_who((time,))

    def _ask_who(self, times: tuple[FreeTime, ...], offered: Catalogue) -> None:
        from .offer_dialog import WhoDialog  # noqa: PLC0415 - see above

        self._open(WhoDialog(self._tasks, self._actor, offered, times, self._page.window()))

    def _ask_when(self, entry: Entry, offered: Catalogue) -> None:
        from .offer_dialog import WhenDialog  # noqa: PLC0415 - see above

        self._open(WhenDialog(self._tasks, self._actor, offered, entry, self._diaries, self._page.window()))

    def _open(self, dialog: "OfferDialog") -> None:
        dialog.offered.connect(self._tell_offered)
        dialog.open()

    # What came of it

    def _tell_kept(self, entry: Entry) -> None:
        self.told.emit(
            self.tr("{name} waits {when}.").format(name=one_line(entry.name), when=words.when(entry.wanted))
        )

    def _tell_offered(self, made: Offer, entry: Entry) -> None:
        sentence = self.tr("{time} is held for {name} until {until}; a message is queued.")
        if not entry.email:
            sentence = self.tr(
                "{time} is held for {name} until {until}; please call, the task is on the list."
            )
        self.told.emit(
            sentence.format(
                time=words.short(made.parts[0].start, self._where),
                name=one_line(entry.name),
                until=words.short(made.expires_at, self._where),
            )
        )

    def _tell_booked(self, entry: Entry, confirmed: Confirmed) -> None:
        sentence = self.tr("Booked {name}, reference {reference}.")
        self.told.emit(sentence.format(name=one_line(entry.name), reference=confirmed.reference))

    def _fail(self, error: ClinicError) -> None:
        self.refused.emit(error)

    # Time that is free again

    def _note_freed(self, step: Step, answer: object) -> None:
        """Something was done in the calendar: propose who could come where time is free now."""
        done = self.tr("Done: {what}. Ctrl+Z takes it back.").format(what=step.words)
        freed = [one.appointment_id for one in step.wanted if isinstance(one, Put) and one.status in FREEING]
        if freed:
            work = partial(matching.freed, actor=self._actor, appointment_ids=freed)
            self._tasks.read(self, work, partial(self._propose, done), latest="freed")
            return
        back = step.back(answer).wanted if step.wanted and isinstance(step.wanted[0], Change) else ()
        self._propose(
            done,
            tuple(
                FreeTime(one.practitioner_id, one.start, one.end)
                for one in back
                if one.practitioner_id and one.start and one.end
            ),
        )

    def _next(self, said: str, offer_id: UUID, _answer: object = None) -> None:
        """The time of an offer is free again."""
        self.told.emit(said)
        work = partial(matching.of_offer, actor=self._actor, offer_id=offer_id)
        self._tasks.read(self, work, partial(self._propose, said), latest="freed")

    def _propose(self, said: str, times: Sequence[FreeTime]) -> None:
        if times:
            self._times = tuple(times)
            work = partial(matching.matches, actor=self._actor, times=self._times)
            self._tasks.read(self, work, partial(self._tell_matches, said), latest="matches")

    def _tell_matches(self, said: str, found: Matches) -> None:
        if not found.best:
            return
        first = found.best[0]
        sentence = self.tr("{said} {count} of the waitlist could come then, first {name} ({why}).")
        self.proposed.emit(
            sentence.format(
                said=said,
                count=len(found.best),
                name=one_line(first.entry.name),
                why=words.reasons(first, found.now),
            ),
            self.tr("Who could come…"),
        )

    # Deadlines

    def hear(self, changes: frozenset[object] | None) -> None:
        """Something changed, here or at another desk: wait for what is now the next deadline."""
        if changes is None or any(getattr(change, "topic", "") == "waitlist_entry" for change in changes):
            work = partial(listed.next_deadline, actor=self._actor)
            self._tasks.read(self, work, self._wait, latest="deadline")

    def _wait(self, deadline: tuple[datetime | None, datetime]) -> None:
        ends, now = deadline
        if ends is None:
            self._deadline.stop()
            return
        left_ms = int((ends - now).total_seconds() * 1000) + A_MOMENT_MS
        self._deadline.start(max(0, min(left_ms, LONGEST_MS)))

    def _lapse(self) -> None:
        """At most one desk notes it; the others hear of it."""
        self._tasks.write(self, partial(lapsing.lapse_due, actor=self._actor), self._tell_lapsed)

    def _tell_lapsed(self, offer_ids: tuple[UUID, ...]) -> None:
        self.hear(None)
        if offer_ids:
            self._next(self.tr("An offer lapsed without an answer."), offer_ids[-1])


def _nothing(_version: int) -> Wanted:
    return ()
