"""The pages of the wizard in their order; where the booking is a course, three of them are others."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.confirmed_page import ConfirmedPage
from clinic_scheduler.ui.booking.course_confirmed import CourseConfirmedPage
from clinic_scheduler.ui.booking.course_draft import SINGLE, CourseDraft
from clinic_scheduler.ui.booking.course_review import CourseReviewPage
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.patient_page import PatientPage
from clinic_scheduler.ui.booking.plan_page import PlanPage
from clinic_scheduler.ui.booking.review_page import ReviewPage
from clinic_scheduler.ui.booking.services_page import ServicesPage
from clinic_scheduler.ui.booking.time_page import TimePage


class Either(Page):
    """One of two pages: for a visit, or for a course."""

    def __init__(self, draft: CourseDraft, visit: Page, course: Page) -> None:
        super().__init__(draft)
        self._draft, self._visit, self._course = draft, visit, course
        self.step = visit.step
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._stack = QStackedWidget()
        self._head()
        self.column.addWidget(self._stack, 1)
        for page in (visit, course):
            self._stack.addWidget(page)
            page.done.connect(self.done)
            page.stuck.connect(self.stuck)
            page.ready.connect(self.ready)

    def _head(self) -> None:
        """What stands above both; Tab goes the way in which things were put in."""

    @property
    def now(self) -> Page:
        """The page that is meant."""
        return self._course if self._draft.is_course else self._visit

    def turn(self) -> None:
        """Show the page that is meant."""
        self._stack.setCurrentWidget(self.now)


class When(Either):
    """Step 2, with the choice between all sessions and one visit where the service takes several.

    Signals:
        turned: the other page is meant now.
    """

    turned = Signal()

    def _head(self) -> None:
        self.choice = controls.Segments(
            (("course", self.tr("Plan all sessions")), ("visit", self.tr("Only one visit"))),
            self.tr("What is booked"),
        )
        self.choice.chosen.connect(self._choose)
        self._line = QWidget()
        row = QHBoxLayout(self._line)
        row.setContentsMargins(24, 16, 24, 0)
        row.addWidget(self.choice)
        row.addStretch(1)
        self.column.addWidget(self._line)

    def turn(self) -> None:
        self._line.setVisible(self._draft.course_service is not None)
        self.choice.choose("course" if self._draft.is_course else "visit")
        super().turn()

    def _choose(self, key: str) -> None:
        self._draft.note(**{SINGLE: "" if key == "course" else "yes"})
        self.turned.emit()


class Pages:
    """All pages; those on show are found by their number."""

    def __init__(self, draft: CourseDraft) -> None:
        self.review, self.course_review = ReviewPage(draft), CourseReviewPage(draft)
        self.confirmed, self.course_confirmed = ConfirmedPage(draft), CourseConfirmedPage(draft)
        self.when = When(draft, TimePage(draft), PlanPage(draft))
        self.all: tuple[Page, ...] = (
            ServicesPage(draft),
            self.when,
            PatientPage(draft),
            Either(draft, self.review, self.course_review),
            Either(draft, self.confirmed, self.course_confirmed),
        )

    def now(self, number: int) -> Page:
        """The page that is meant at that place."""
        page = self.all[max(0, number)]
        return page.now if isinstance(page, Either) else page

    def turn(self, number: int) -> None:
        """Let the page that is meant be the one on show."""
        page = self.all[max(0, number)]
        if isinstance(page, Either):
            page.turn()

    def show_booking(self, made: Confirmed | Placed) -> None:
        """Let the last page say what was booked."""
        if isinstance(made, Placed):
            self.course_confirmed.show_booking(made)
        else:
            self.confirmed.show_booking(made)
