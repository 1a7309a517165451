"""The main job without a display: the real window and wizard, driven by keys, watched by pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt

from clinic_scheduler.services import details
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.days.schedule import DaySchedule
from clinic_scheduler.services.plans import reading
from clinic_scheduler.services.plans.creating import Placed
from clinic_scheduler.services.taking.booking import Confirmed

from . import printing
from .booking.wizard import BookingWizard
from .main_window import MainWindow
from .print_page import day_paper
from .tasks import Read
from .theme import Themes
from .tour_hands import Hands, TourFailed

FULL_DAY = 20  # visits; not a Saturday, when the first start would look empty
SERVICES = ("physio", "back mass", "speech")
PATIENT = "fischer"
COURSE, PLANNED_FOR = "implant", "lind"


@dataclass(slots=True)
class Story:
    """What the tour has learnt on its way."""

    confirmed: Confirmed | None = None
    planned: Placed | None = None
    day: date | None = None
    appointment_id: UUID | None = None


class Tour(Hands):
    """Walks through the main job; every step says what it did, and the first that fails ends it."""

    def __init__(self, window: MainWindow, looks: Themes, actor: Actor, out: Path, read: Read) -> None:
        super().__init__(out)
        self._window, self._looks, self._actor, self._read = window, looks, actor, read
        self._story = Story()

    def run(self) -> int:
        """Go all the way; 0 when every step came to pass."""
        self.out.mkdir(parents=True, exist_ok=True)
        steps: tuple[Callable[[], str], ...] = (
            self._see_the_day,
            self._see_it_dark,
            self._choose_services,
            self._choose_time,
            self._choose_patient,
            self._review,
            self._confirm,
            self._see_the_visit,
            self._check_the_rows,
            self._plan_a_course,
            self._book_the_course,
            self._see_the_plan,
            self._print,
        )
        for number, step in enumerate(steps, start=1):
            try:
                print(f"{number:2}. {step()}", flush=True)  # noqa: T201  (the tour tells what it does)
            except TourFailed as failure:
                print(f"{number:2}. FAILED: {failure}", flush=True)  # noqa: T201
                return 1
        print(f"{self.pictures} pictures and a PDF are in {self.out.resolve()}")  # noqa: T201
        return 0

    def _see_the_day(self) -> str:
        self._window.show()
        self.wait(lambda: self._window.model.schedule is not None, "the day to appear")
        for _attempt in range(7):
            if len(self._schedule.visits) >= FULL_DAY:
                break
            self._turn(self._schedule.day + timedelta(days=1))
        self.expect(len(self._schedule.visits) >= FULL_DAY, "a full day within a week")
        self.picture("day-light", self._window)
        return f"the demo clinic on {self._schedule.day:%A %d %B %Y}: {len(self._schedule.visits)} visits"

    def _see_it_dark(self) -> str:
        self._looks.choose("dark")
        self.picture("day-dark", self._window)
        self._looks.choose("light")
        return "the same day in the dark theme"

    def _choose_services(self) -> str:
        self._window.new_booking()
        self.wait(lambda: self._window.bookings.wizard is not None, "the wizard to open")
        for typed in SERVICES:
            self.type(self._wizard, typed)
            self.press(self._wizard, Qt.Key.Key_Return)
        chosen = len(self._wizard.draft.choices.wishes)
        self.expect(chosen == len(SERVICES), f"three services on the list, there are {chosen}")
        self.picture("wizard-1-services", self._wizard)
        self.press(self._wizard, Qt.Key.Key_Return)
        return "New booking: three services typed"

    def _choose_time(self) -> str:
        page = self._on_page("time")
        self.wait(lambda: page.may_go_on, "free times for the whole visit")
        self.picture("wizard-2-time", self._wizard)
        self.press(self._wizard, Qt.Key.Key_Return)
        self._on_page("patient")
        self.expect(self._wizard.draft.seconds_left > 0, "the time to be held")
        return f"a time for the whole visit, held for {int(self._wizard.draft.seconds_left) // 60} minutes"

    def _choose_patient(self) -> str:
        self.type(self._wizard, PATIENT)
        self.pause(0.6)
        self.picture("wizard-3-patient", self._wizard)
        self.press(self._wizard, Qt.Key.Key_Return)
        self._on_page("payment")
        return f"the patient found by typing {PATIENT!r}"

    def _review(self) -> str:
        self.pause(0.3)
        self.picture("wizard-4-review", self._wizard)
        return "everything reviewed"

    def _confirm(self) -> str:
        self._wizard.booked.connect(self._remember)
        self.press(self._wizard, Qt.Key.Key_Return)
        self.wait(lambda: self._story.confirmed is not None, "the confirmation")
        self.pause(0.2)
        self.picture("wizard-5-confirmed", self._wizard)
        self._wizard.close()
        self.wait(lambda: self._window.bookings.wizard is None, "the wizard to close")
        return f"booked as {self._confirmed.reference}"

    def _see_the_visit(self) -> str:
        found = self._read(
            partial(details.of_booking, actor=self._actor, booking_id=self._confirmed.booking_id)
        )
        start = found.parts[0].start
        self.expect(start is not None, "the visit to have a time")
        if start is not None:
            self._turn(start.date())
        self._window.day_view.select(found.parts[0].id)
        self.wait(lambda: self._window.panel.visit.shown is not None, "the visit at the side")
        self.pause(0.2)
        self.picture("day-booked", self._window)
        return f"the visit on its day: {', '.join(part.practitioner for part in found.parts)}"

    def _check_the_rows(self) -> str:
        day: DaySchedule = self._read(
            partial(calendar.day, clinic_id=self._actor.clinic_id, on=self._schedule.day)
        )
        booked = [visit for visit in day.visits if visit.booking_id == self._confirmed.booking_id]
        self.expect(
            len(booked) == len(SERVICES), f"three appointments in the database, there are {len(booked)}"
        )
        self.expect(not any(hold.session_id for hold in day.holds), "no hold left over")
        return "three appointments of one booking in the database, no hold left over"

    def _plan_a_course(self) -> str:
        self._window.new_booking()
        self.wait(lambda: self._window.bookings.wizard is not None, "the wizard to open")
        self.type(self._wizard, COURSE)
        self.press(self._wizard, Qt.Key.Key_Return)
        self.press(self._wizard, Qt.Key.Key_Return)
        page = self._on_page("time")
        self.wait(lambda: page.may_go_on, "times for all the sessions")
        self.picture("plan-1-sessions", self._wizard)
        self.press(self._wizard, Qt.Key.Key_Return)
        return f"New booking: a service of several sessions, found by typing {COURSE!r}, with a time for each"

    def _book_the_course(self) -> str:
        self._on_page("patient")
        self.type(self._wizard, PLANNED_FOR)
        self.pause(0.6)
        self.press(self._wizard, Qt.Key.Key_Return)
        self._on_page("payment")
        self.pause(0.3)
        self._wizard.booked.connect(self._remember_plan)
        self.press(self._wizard, Qt.Key.Key_Return)
        self.wait(lambda: self._story.planned is not None, "the plan to be booked")
        self.pause(0.2)
        self.picture("plan-2-booked", self._wizard)
        self._wizard.close()
        self.wait(lambda: self._window.bookings.wizard is None, "the wizard to close")
        return f"all of them booked: {', '.join(self._planned.references)}"

    def _see_the_plan(self) -> str:
        plan = self._read(partial(reading.plan, actor=self._actor, plan_id=self._planned.plan_id))
        booked = [one for one in plan.sessions if one.state == "booked"]
        self.expect(len(booked) == len(self._planned.references) > 1, "every session booked in the database")
        self._window.plans.show_plan(plan.id)
        place: Any = self._window.places.at("plans")
        self.wait(
            lambda: place.details.looked is not None and place.details.looked.plan.id == plan.id,
            "the plan in its place",
        )
        self.pause(0.3)
        self.picture("plan-3-place", self._window)
        self._window.places.go("calendar")
        return f"the plan of {plan.patient}: {plan.sentence}"

    def _print(self) -> str:
        path = self.out / "day.pdf"
        schedule = self._schedule
        printed_at = schedule.now.astimezone(ZoneInfo(schedule.zone))
        pages = printing.write_pdf(path, day_paper(schedule, self._window.clinic_name, printed_at))
        self.expect(path.stat().st_size > 0, "a PDF that holds something")
        return f"printed: {path} ({pages} page{'s' if pages > 1 else ''})"

    # Hands and eyes

    @property
    def _schedule(self) -> DaySchedule:
        schedule = self._window.model.schedule
        if schedule is None:
            raise TourFailed("no day is shown")
        return schedule

    @property
    def _wizard(self) -> BookingWizard:
        wizard = self._window.bookings.wizard
        if wizard is None:
            raise TourFailed("no wizard is open")
        return wizard

    @property
    def _confirmed(self) -> Confirmed:
        if self._story.confirmed is None:
            raise TourFailed("nothing was confirmed")
        return self._story.confirmed

    @property
    def _planned(self) -> Placed:
        if self._story.planned is None:
            raise TourFailed("no plan was booked")
        return self._story.planned

    def _remember(self, confirmed: Confirmed) -> None:
        self._story.confirmed = confirmed

    def _remember_plan(self, placed: Placed) -> None:
        self._story.planned = placed

    def _turn(self, day: date) -> None:
        self._window.show_day(day)
        self.wait(lambda: self._schedule.day == day, f"{day} to appear")

    def _on_page(self, step: str) -> Any:  # noqa: ANN401  (any page of the wizard)
        self.wait(lambda: self._wizard.page_now.step == step, f"the page {step!r}")
        return self._wizard.page_now
