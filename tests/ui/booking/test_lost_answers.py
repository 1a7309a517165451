"""The line to the database breaks while saving, holding, confirming."""

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import DatabaseUnavailable, OutcomeUnknown
from clinic_scheduler.ui.booking import writes
from tests.ui.booking.conftest import ENTER


class Line:
    """Writes to the real database; the next answer may be lost, or the next write may not arrive."""

    def __init__(self, write):
        self._write = write
        self.loses = self.is_down = False

    def __call__(self, work, *, repeatable=False):
        if self.is_down:
            raise DatabaseUnavailable("The database does not answer; nothing was changed. Please try again.")
        outcome = self._write(work, repeatable=repeatable)
        if self.loses:
            self.loses = False
            raise OutcomeUnknown("The connection was lost while saving; please check whether it was saved.")
        return outcome


@pytest.fixture
def line(tasks, work, monkeypatch):
    made = Line(work.write)
    monkeypatch.setattr(tasks, "_write", made)
    monkeypatch.setattr(writes, "AGAIN_MS", 20)
    return made


def test_a_lost_answer_to_a_confirmation_is_checked_and_books_once(desk, line):
    wizard = desk.open()
    desk.to_review(wizard)
    desk.saved(wizard)
    line.loses = True
    desk.press(ENTER)
    desk.qtbot.waitUntil(lambda: "Checking is safe" in wizard.bar.text)
    wizard.hear(None)
    desk.settle()
    with desk.qtbot.waitSignal(wizard.booked):
        wizard.bar.button.click()
    assert desk.count(t.Booking) == 1


def test_a_lost_answer_to_a_save_loses_nothing(desk, line):
    wizard = desk.open()
    desk.saved(wizard)
    line.loses = True
    desk.type("physio")
    assert desk.saved(wizard).choices.typed["service_search"] == "physio"
    desk.press(ENTER)
    assert len(desk.saved(wizard).choices.wishes) == 1
    assert not wizard.draft.has_ended


def test_a_lost_answer_to_a_hold_can_simply_be_asked_again(desk, line):
    wizard = desk.open()
    desk.to_time(wizard)
    desk.saved(wizard)
    line.loses = True
    desk.press(ENTER)
    desk.qtbot.waitUntil(lambda: "connection was lost" in wizard.bar.text and not desk.tasks.running)
    desk.press(ENTER)
    desk.until_step(wizard, 2)
    assert desk.live_holds() == 1


def test_what_is_typed_without_a_database_is_said_and_saved_when_it_is_back(desk, line):
    wizard = desk.open()
    desk.saved(wizard)
    line.is_down = True
    desk.type("physio")
    desk.qtbot.waitUntil(lambda: "does not answer" in wizard.bar.text)
    line.is_down = False
    assert desk.saved(wizard).choices.typed["service_search"] == "physio"
    desk.qtbot.waitUntil(lambda: wizard.bar.text == "")
