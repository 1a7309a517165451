"""The place of the plans, the wizard and the dialogs about plans, on either database."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from clinic_scheduler.services.plans import settings
from clinic_scheduler.services.plans.course import Gap
from clinic_scheduler.ui.booking.kept import Prefill
from clinic_scheduler.ui.places import PLANS
from tests.support.clinics import GAIT
from tests.ui.conftest import seat, sit

__all__ = ["seat", "sit"]
ENTER = Qt.Key.Key_Return


class Planner:
    """Whoever sits there, and what they do with plans."""

    def __init__(self, seat, work, actor, clinic):
        self.seat, self.work, self.actor, self.clinic = seat, work, actor, clinic

    def set_up(self, service=GAIT, **changes):
        """Give the service other plan settings."""
        seen = self.work.read(lambda s: settings.read(s, actor=self.actor, service_id=service))
        wanted = replace(seen, **changes)
        self.work.write(lambda s: settings.change(s, actor=self.actor, seen=seen, wanted=wanted))
        self.seat.window.bookings.forget_catalogue()

    def begin(self, typed="gait"):
        """The wizard on its plan page, with times on show."""
        self.seat.window.bookings.begin(Prefill(self.clinic.monday))
        wizard = self.seat.wizard
        self.seat.type(typed)
        self.seat.press(ENTER, ENTER)
        self.until_proposed(wizard)
        return wizard

    def until_proposed(self, wizard):
        self.seat.until(lambda: wizard.currentId() == 1 and hasattr(wizard.page_now, "editor"))
        self.seat.until(lambda: not wizard.page_now.editor.is_asking and wizard.page_now.editor.proposal)
        self.seat.settle()

    def to_review(self, wizard, who="emma"):
        """Take the times and choose the person."""
        self.seat.press(ENTER)
        self.seat.until(lambda: wizard.currentId() == 2)
        self.seat.settle()
        self.seat.type(who)
        self.seat.press(ENTER)
        self.seat.until(lambda: wizard.currentId() == 3)
        self.seat.settle()

    def finish(self, wizard, who="emma"):
        """Take the times, choose the person, confirm; by Enter alone."""
        self.to_review(wizard, who)
        self.seat.press(ENTER)
        self.seat.until(lambda: wizard.currentId() == 4)
        self.seat.settle()
        return wizard.page_now

    @property
    def place(self):
        """The place of the plans, on show and read."""
        if self.seat.window.places.shown != PLANS:
            self.seat.window.plans.show_plans()
        self.seat.settle()
        return self.seat.window.places.at(PLANS)

    def sentences(self):
        """Patient and sentence of every row."""
        model = self.place.plans.model()
        plans = [model.index(row).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]
        return [(plan.patient, plan.sentence) for plan in plans]

    def show(self, plan_id):
        """The details of one plan."""
        self.seat.window.plans.show_plan(plan_id)
        self.seat.settle()
        details = self.place.details
        self.seat.until(lambda: details.looked is not None and details.looked.plan.id == plan_id)
        return details


@pytest.fixture
def planner(seat, work, actor, clinic):
    return Planner(seat, work, actor, clinic)


MONTHLY = Gap(28, 30, 35)
