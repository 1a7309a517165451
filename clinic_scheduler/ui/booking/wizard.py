"""New booking: services, time, patient, review, confirmed; parked and resumed without losing a letter."""

from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWizard

from clinic_scheduler.errors import ClinicError, TimeTaken
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.unfinished.unfinished import Unfinished
from clinic_scheduler.ui.booking.bar import Bar
from clinic_scheduler.ui.booking.course_draft import CourseDraft
from clinic_scheduler.ui.booking.footer import Footer
from clinic_scheduler.ui.booking.header import Header
from clinic_scheduler.ui.booking.kept import Prefill
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.pages import Pages
from clinic_scheduler.ui.tasks import Tasks

TICK_MS: Final = 1_000
LOOK_TICKS: Final = 60  # a desk that slept must not trust its own count
STEPS: Final = ("services", "time", "patient", "payment")
CONFIRMED: Final = len(STEPS)


class BookingWizard(QWizard):
    """One unfinished booking from its first service to its reference; parks itself when closed.

    Signals:
        booked: the Confirmed, or the Placed of a course.
        parked, discarded: it was closed so, and the write is on its way.
        taken_over: it goes on elsewhere or is over; this window only shows it.
        another: the desk wants to make the next booking.
    """

    booked = Signal(object)
    parked = Signal()
    discarded = Signal()
    taken_over = Signal()
    another = Signal()

    def __init__(
        self,
        tasks: Tasks,
        actor: Actor,
        catalogue: Catalogue,
        begun: Unfinished,
        *,
        diaries: Diaries | None = None,
        prefill: Prefill | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New booking"))
        self.draft = CourseDraft(tasks, actor, catalogue, begun, self, diaries)
        if prefill is not None:
            self.draft.note(**prefill.typed())
        self._is_leaving, self._ticks = False, 0
        self.header, self.bar, self.footer = Header(), Bar(), Footer()
        self.pages = Pages(self.draft)
        self.review, self.confirmed = self.pages.review, self.pages.confirmed
        self._build()
        self._connect()
        if begun.damaged:
            self.bar.warn(self.tr("Part of this booking could not be read back; please look through it."))
        self._start_at(prefill.step if prefill and prefill.step else begun.step)
        self._show_hold()
        self.draft.begin()

    def _build(self) -> None:
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.IndependentPages)
        self.setButtonLayout([])
        self.setMinimumSize(880, 600)
        self.resize(1000, 720)
        (middle,) = (child for child in self.children() if isinstance(child, QWidget))
        for number, page in enumerate(self.pages.all):
            self.setPage(number, page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.bar)
        column.addWidget(middle, 1)
        column.addWidget(self.footer)
        self._middle = middle
        self._flatten()

    def _connect(self) -> None:
        for page in self.pages.all:
            page.done.connect(self._next)
            page.stuck.connect(self._get_stuck)
            page.ready.connect(self._refresh)
        self.review.confirmed.connect(self._show_confirmed)
        self.pages.course_review.booked.connect(self._show_confirmed)
        for review in (self.review, self.pages.course_review):
            review.stood.connect(self._stand_still)
        for last in (self.confirmed, self.pages.course_confirmed):
            last.another.connect(self._make_another)
        self.pages.when.turned.connect(self._turn)
        self.footer.park.clicked.connect(self.reject)
        self.footer.discard.clicked.connect(self.discard)
        self.footer.back.clicked.connect(self.back)
        self.footer.go_on.clicked.connect(self._go_on)
        self.currentIdChanged.connect(self._enter)
        self.bar.acted.connect(self._act)
        self.draft.held.connect(self._show_hold)
        self.draft.changed.connect(self._refresh)
        self.draft.noted.connect(self.bar.tell)
        self.draft.unsaved.connect(self._show_unsaved)
        self.draft.ended.connect(self._show_ended)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()

    @property
    def page_now(self) -> Page:
        """The page on show."""
        return self.pages.now(self.currentId())

    def hear(self, changes: frozenset[Any] | None) -> None:
        """Take a change notice of any desk; None stands for everything."""
        self.draft.hear(changes)

    def discard(self) -> None:
        """Throw the booking away, free its times and close."""
        self.draft.discard()
        self._is_leaving = True
        self.discarded.emit()
        super().reject()

    def reject(self) -> None:
        """Park the booking and close; a finished one just closes."""
        if not self._is_leaving:
            self._is_leaving = True
            if not self.draft.has_ended:
                self.draft.park()
                self.parked.emit()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing by the window's own button parks as well."""
        if not self._is_leaving:
            self.reject()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from anywhere that has no use of its own for it; Escape parks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """QWizard spreads its pages over the whole window; ours lie between header and footer."""
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_middle"):
            self._flatten()

    def _flatten(self) -> None:
        """Take away the margins and the rule that QWizard puts around its pages."""
        grid = self._middle.layout()
        if grid is not None:
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(0)
        for child in self._middle.children():
            if isinstance(child, QWidget) and child.metaObject().className() == "QWidget":
                child.hide()

    def _start_at(self, step: str) -> None:
        self.restart()
        reachable = STEPS.index(step) if step in STEPS else 0
        if not self.draft.choices.wishes:
            reachable = 0
        elif not self.draft.is_time_chosen:
            reachable = min(reachable, 1)
        for _ in range(reachable):
            super().next()

    def _enter(self, number: int) -> None:
        if number < 0:
            return
        self.header.steps.show_step(number)
        if number < CONFIRMED:
            self.draft.go_to(STEPS[number])
        self._turn()

    def _turn(self) -> None:
        """Show the page that is meant, for a visit or for a course."""
        self.pages.turn(self.currentId())
        self._refresh()
        self.page_now.enter()

    def _refresh(self) -> None:
        number = self.currentId()
        self.footer.show_for(self.page_now, number, has_ended=self.draft.has_ended)
        self.footer.setVisible(number != CONFIRMED)
        is_unsure = self.bar.key == "checking"
        self._middle.setEnabled(number == CONFIRMED or not (is_unsure or self.draft.has_ended))
        self.footer.setDisabled(is_unsure)

    def _go_on(self) -> None:
        if self.currentId() == CONFIRMED:
            self.page_now.go_on()
        elif self.draft.has_ended:
            self.reject()
        elif self.page_now.may_go_on:
            self.page_now.go_on()

    def _next(self) -> None:
        if self.currentId() == CONFIRMED:
            self.reject()
        elif self.currentId() < CONFIRMED - 1:
            super().next()

    def _get_stuck(self, sentence: str, step: str) -> None:
        self.bar.warn(sentence, "stuck")
        while step and self.currentId() > STEPS.index(step):
            self.back()

    def _show_confirmed(self, confirmed: Confirmed | Placed) -> None:
        self._clock.stop()
        self.bar.hide()
        self.header.show_left(0, has_lapsed=False)
        self.pages.show_booking(confirmed)
        super().next()
        self.booked.emit(confirmed)

    def _make_another(self) -> None:
        self.another.emit()
        self.reject()

    # The hold

    def _tick(self) -> None:
        self._ticks += 1
        self.draft.tick()
        self.header.show_left(self.draft.seconds_left, has_lapsed=self.draft.has_lapsed)
        if self._ticks % LOOK_TICKS == 0:
            self.draft.hear(None)

    def _show_hold(self) -> None:
        has_lapsed = self.draft.has_lapsed and not self.draft.has_ended
        self.header.show_left(self.draft.seconds_left, has_lapsed=has_lapsed)
        if not has_lapsed:
            self.bar.clear("lapsed")
        elif self.bar.key != "lapsed" and self.draft.is_time_chosen:
            self.bar.warn(
                self.tr("The hold on this time has lapsed. Nothing you typed is lost."),
                "lapsed",
                self.tr("Take it again"),
            )

    def _act(self, key: str) -> None:
        if key == "lapsed":
            self.draft.hold(self.draft.choices.parts, self._refresh, self._not_held)
        elif key == "checking":
            self.bar.clear("checking")
            self.page_now.go_on()

    def _stand_still(self, sentence: str, key: str, action: str) -> None:
        """Change nothing while it is not known whether the visit is booked."""
        self.bar.tell(sentence, key, action)
        self._refresh()

    def _not_held(self, error: ClinicError) -> None:
        if isinstance(error, TimeTaken):
            sentence = self.tr("That time was given away meanwhile. Please pick another.")
            self.draft.forget_time(sentence)
            self._get_stuck(sentence, "time")
            self.page_now.enter()
        else:
            self.bar.warn(str(error), "stuck")

    def _show_unsaved(self, sentence: str) -> None:
        self.bar.warn(sentence, "unsaved")

    def _show_ended(self, sentence: str) -> None:
        self._clock.stop()
        self.header.show_left(0, has_lapsed=False)
        self.bar.warn(sentence, "ended")
        self._refresh()
        self.taken_over.emit()
