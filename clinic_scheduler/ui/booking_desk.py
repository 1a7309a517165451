"""What the desk does with bookings: begin, go on, discard, cancel."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue, catalogue
from clinic_scheduler.services.changing.copying import Copied
from clinic_scheduler.services.details import VisitDetails
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.unfinished import Unfinished

from .booking.kept import Prefill
from .cancel_dialog import CancelDialog
from .tasks import Tasks

if TYPE_CHECKING:
    from .booking.wizard import BookingWizard


class BookingDesk(QObject):
    """At most one booking is open at a desk; the others wait in the tray.

    Signals:
        opened: a wizard came up.
        ended: it went away, whatever became of the booking.
        told: a sentence for the desk.
        cancelled: appointment ids, their versions and the reason, as chosen in the dialog.
    """

    cancelled = Signal(object, object, str)
    opened = Signal()
    ended = Signal()
    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, diaries: Diaries, window: QWidget) -> None:
        super().__init__(window)
        self._tasks, self._actor, self._window = tasks, actor, window
        self._diaries = diaries
        self._catalogue: Catalogue | None = None
        self._prefill: Prefill | None = None
        self._begun: Unfinished | None = None
        self._is_starting = False
        self._wants_another = False
        self.wizard: BookingWizard | None = None

    @property
    def open_id(self) -> UUID | None:
        """The booking that is open here."""
        return self._begun.id if self._begun is not None else None

    def begin(self, prefill: Prefill | None = None, copy: Copied | None = None) -> None:
        """Begin a booking, at the place given and like the copy, or come back to the one that is open."""
        if self._come_back():
            return
        self._is_starting, self._prefill = True, prefill
        work = partial(booking_session.start, actor=self._actor)
        if copy is not None:
            work = partial(work, chosen=copy.chosen, patient_id=copy.patient_id)
        self._tasks.write(self, work, self._open, self._refuse)

    def with_catalogue(self, then: Callable[[Catalogue], None]) -> None:
        """Go on with what the clinic offers."""
        if self._catalogue is not None:
            then(self._catalogue)
            return

        def keep(offered: Catalogue) -> None:
            self._catalogue = offered
            then(offered)

        self._tasks.read(self, partial(catalogue, clinic_id=self._actor.clinic_id), keep)

    def resume(self, session_id: UUID) -> None:
        """Go on with an unfinished booking here."""
        if self._come_back():
            self.told.emit(self.tr("Finish or park the booking that is open, then go on with the other."))
            return
        self._is_starting, self._prefill = True, None
        work = partial(booking_session.resume, actor=self._actor, session_id=session_id)
        self._tasks.write(self, work, self._open, self._refuse)

    def discard(self, session_id: UUID) -> None:
        """Throw an unfinished booking away and free its time."""
        self._tasks.write(self, partial(booking_session.discard, actor=self._actor, session_id=session_id))

    def park(self) -> None:
        """Put the open booking into the tray; the program ends."""
        if self.wizard is not None:
            self.wizard.close()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Tell the open booking what changed."""
        if self.wizard is not None:
            self.wizard.hear(changes)

    def forget_catalogue(self) -> None:
        """Read what the clinic offers anew before the next booking."""
        self._catalogue = None

    def ask_to_cancel(self, shown: VisitDetails | None) -> None:
        """Ask which parts of a visit are cancelled."""
        if shown is None or not any(part.may_cancel for part in shown.parts):
            self.told.emit(self.tr("Select a visit that still stands, then cancel it."))
            return
        dialog = CancelDialog(shown, self._window)
        dialog.cancelled.connect(self.cancelled)
        dialog.open()

    def _come_back(self) -> bool:
        if self.wizard is not None:
            self.wizard.raise_()
            self.wizard.activateWindow()
        return self.wizard is not None or self._is_starting

    def _open(self, begun: Unfinished) -> None:
        self._begun = begun
        if self._catalogue is not None:
            self._show(self._catalogue)
            return
        work = partial(catalogue, clinic_id=self._actor.clinic_id)
        self._tasks.read(self, work, self._show, refused=self._refuse)

    def _show(self, offered: Catalogue) -> None:
        if self._begun is None:
            return
        from .booking.wizard import BookingWizard  # noqa: PLC0415 - the first day on the screen needs no wizard

        self._catalogue, self._is_starting = offered, False
        self.wizard = BookingWizard(
            self._tasks,
            self._actor,
            offered,
            self._begun,
            diaries=self._diaries,
            prefill=self._prefill,
            parent=self._window,
        )
        self.wizard.another.connect(self._note_another)
        self.wizard.finished.connect(self._forget)
        self.wizard.show()
        self.opened.emit()

    def _note_another(self) -> None:
        self._wants_another = True

    def _forget(self) -> None:
        self.wizard, self._begun = None, None
        self.ended.emit()
        if self._wants_another:
            self._wants_another = False
            self.begin()

    def _refuse(self, error: ClinicError) -> None:
        self._is_starting, self._begun = False, None
        self.told.emit(str(error))
        self.ended.emit()
