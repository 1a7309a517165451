"""Over the screen when a session was completed: when the next could be, to be booked while the patient stands there."""

from functools import partial
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans import creating, following
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.plans.following import NextOffer
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk

from . import words
from .acts import PlanActs
from .asking import Looked, looked_at


class OfferStrip(QFrame):
    """Hidden until a session of a sequential plan is completed here; it blocks nothing and goes by itself when settled.

    Signals:
        refused: a ClinicError.
        told: a sentence for the desk.
    """

    refused = Signal(object)
    told = Signal(str)

    def __init__(
        self, desk: Desk, bookings: BookingDesk, acts: PlanActs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self._desk, self._bookings, self._acts = desk, bookings, acts
        self._offers: list[NextOffer] = []
        self._offered: Catalogue | None = None
        self._completed: tuple[UUID, ...] = ()
        self._request_id = uuid4()
        sign = QLabel()
        sign.setPixmap(icons.pixmap("calendar-plus", 20, "accent", self.devicePixelRatioF()))
        self._said = wide(controls.label())
        self._said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.book = controls.primary(self.tr("Book this time"))
        self.book.setToolTip(self.tr("Books the session (Ctrl+Shift+N)"))
        self.others = QPushButton(self.tr("Other times…"))
        self.later = QPushButton(self.tr("Later"))
        self.later.setToolTip(self.tr("The plan stays among those that are due"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addWidget(self._said, 1)
        for button, slot in ((self.book, self._book), (self.others, self._choose), (self.later, self._leave)):
            button.clicked.connect(slot)
            row.addWidget(button)
        desk.tasks.changed.connect(self._hear)
        self.hide()

    @property
    def text(self) -> str:
        """What is offered, empty while hidden."""
        return "" if self.isHidden() else self._said.text()

    def _hear(self, changes: frozenset[object]) -> None:
        """A write of this desk: when it touched both a visit and a plan, a session may have been completed."""
        topics: dict[str, list[object]] = {}
        for change in changes:
            topics.setdefault(getattr(change, "topic", ""), []).append(getattr(change, "key", None))
        if BOOK not in self._desk.actor.permissions or not {"appointment", "treatment_plan"} <= topics.keys():
            return
        self._completed = tuple(one for one in topics["appointment"] if isinstance(one, UUID))
        self._ask(self._desk.diaries)

    def _ask(self, diaries: Diaries | None) -> None:
        work = partial(
            following.offer_after,
            actor=self._desk.actor,
            appointment_ids=self._completed,
            diaries=diaries,
        )
        self._desk.tasks.read(self, work, self._take, refused=self._ignore, latest="offer")

    def _ignore(self, _error: ClinicError) -> None:
        """The plan stays among those that are due."""

    def _take(self, offers: tuple[NextOffer, ...]) -> None:
        new = {one.plan.id for one in offers}
        self._offers = [*offers, *(one for one in self._offers if one.plan.id not in new)]
        if offers:
            self._bookings.with_catalogue(self._show)
        elif self._offers and self._offers[0].plan.id not in new:
            self._check()

    def _check(self) -> None:
        """Ask whether what stands here is still to be offered, after another change of this desk."""
        work = partial(looked_at, actor=self._desk.actor, plan_id=self._offers[0].plan.id)
        self._desk.tasks.read(self, work, self._checked, refused=self._ignore, latest="check")

    def _checked(self, looked: Looked) -> None:
        offer = self._offers[0] if self._offers else None
        if (
            offer is not None
            and looked.plan.id == offer.plan.id
            and (not looked.plan.progress.is_due or looked.plan.progress.next_number != offer.number)
        ):
            self._next()

    def _show(self, offered: Catalogue) -> None:
        self._offered = offered
        if not self._offers:
            self.hide()
            return
        offer, self._request_id = self._offers[0], uuid4()
        proposed = next(iter(offer.proposal.sessions), None)
        part = proposed.part if proposed else None
        facts = {
            "number": offer.number,
            "total": offer.plan.progress.total,
            "name": one_line(offer.plan.patient),
        }
        if part is None or proposed is None or proposed.note:
            text = self.tr("Next for {name}: session {number} of {total}. {why}")
            facts["why"] = proposed.note if proposed else ""
        else:
            text = self.tr("Next for {name}: session {number} of {total}. {when} with {who} is free.")
            facts |= {"when": words.part_when(part, offered), "who": words.part_who(part, offered)}
        said = text.format(**facts)
        self._said.setText(said)
        self.setAccessibleName(said)
        self.book.setVisible(part is not None and proposed is not None and not proposed.note)
        self.show()

    def book_offered(self) -> None:
        """Book the session that is offered; by key, without going to the button."""
        if self.isHidden() or self.book.isHidden():
            self.told.emit(
                self.tr("No session is offered now; one is when a session of a plan is completed.")
            )
        elif self.book.isEnabled():
            self._book()

    def _book(self) -> None:
        if not self._offers:
            return
        offer = self._offers[0]
        self.book.setEnabled(False)
        work = partial(
            creating.book,
            actor=self._desk.actor,
            request_id=self._request_id,
            plan_id=offer.plan.id,
            version=offer.plan.version,
            parts=offer.proposal.parts,
        )
        self._desk.tasks.write(self, work, partial(self._booked, offer), self._not_booked, repeatable=True)

    def _booked(self, offer: NextOffer, placed: Placed) -> None:
        self.book.setEnabled(True)
        self._acts.note_booked(offer.plan, placed)
        self._offers = [one for one in self._offers if one is not offer]
        self._next(is_gone=True)

    def _not_booked(self, error: ClinicError) -> None:
        """Nothing was booked: say why, and offer what is free now."""
        self.book.setEnabled(True)
        self.refused.emit(error)
        self._ask(None)

    def _choose(self) -> None:
        if self._offers:
            work = partial(looked_at, actor=self._desk.actor, plan_id=self._offers[0].plan.id)
            self._desk.tasks.read(self, work, self._open, refused=self.refused.emit, latest="choose")

    def _open(self, looked: Looked) -> None:
        self._acts.look_at(looked)
        self._acts.book(1)

    def _leave(self) -> None:
        self._next()

    def _next(self, *, is_gone: bool = False) -> None:
        if not is_gone:
            self._offers = self._offers[1:]
        if self._offers and self._offered is not None:
            self._show(self._offered)
        else:
            self.hide()
