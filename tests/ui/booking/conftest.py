"""A desk: the real bridge, a real database, and the wizard as the main window opens it."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid
from sqlalchemy import func, select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.types import clock
from clinic_scheduler.services import catalogue
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking.kept import Prefill
from clinic_scheduler.ui.booking.wizard import BookingWizard
from clinic_scheduler.ui.tasks import Tasks
from tests.support.clinics import CLINIC

ENTER = Qt.Key.Key_Return


class Desk:
    def __init__(self, qtbot, tasks, work, actor, clinic):
        self.qtbot, self.tasks, self.work, self.actor, self.clinic = qtbot, tasks, work, actor, clinic
        self.wizards = []
        self.refused = []
        tasks.refused.connect(self.refused.append)

    def begin(self, **given):
        """A session, as the main window starts one."""
        return self.work.write(lambda s: booking_session.start(s, actor=self.actor, **given)).value

    def open(self, begun=None, *, actor=None, prefill=None):
        """The wizard over a session; it looks for times from the test clinic's Monday on."""
        begun = begun or self.begin()
        offered = self.work.read(lambda s: catalogue.catalogue(s, CLINIC))
        prefill = prefill or (None if begun.choices.typed else Prefill(self.clinic.monday))
        wizard = BookingWizard(self.tasks, actor or self.actor, offered, begun, prefill=prefill)
        wizard.show()
        wizard.activateWindow()
        self.wizards.append(wizard)
        self.settle()
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return wizard

    def resume(self, wizard, *, actor=None):
        """The same session, gone on with after the wizard was closed."""
        identifier = wizard.draft.id
        begun = self.work.write(
            lambda s: booking_session.resume(s, actor=actor or self.actor, session_id=identifier)
        ).value
        return self.open(begun, actor=actor)

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.tasks.running)

    def saved(self, wizard):
        """The session as it stands in the database once nothing is unsaved."""
        self.qtbot.waitUntil(lambda: not wizard.draft._is_dirty and not self.tasks.running)
        return self.stored(wizard.draft.id)

    def stored(self, identifier):
        return self.work.read(lambda s: booking_session.find(s, actor=self.actor, session_id=identifier))

    def close(self, wizard):
        """Close it, and wait until it is gone."""
        wizard.close()
        self.qtbot.waitUntil(lambda: not isValid(wizard) and not self.tasks.running)

    def press(self, *keys):
        for key in keys:
            QTest.keyClick(QApplication.focusWidget(), key)

    def type(self, text):
        QTest.keyClicks(QApplication.focusWidget(), text)

    def until_step(self, wizard, number):
        self.qtbot.waitUntil(lambda: wizard.currentId() == number and not self.tasks.running)

    def until_answers(self, wizard):
        self.until_step(wizard, 1)
        self.qtbot.waitUntil(lambda: wizard.page_now.answers.currentIndex().isValid())

    def to_time(self, wizard, *services):
        """Add services by the keyboard and go on."""
        for service in services or ("physio",):
            self.type(service)
            self.press(ENTER)
        self.press(ENTER)
        self.until_answers(wizard)

    def to_patient(self, wizard, *services):
        self.to_time(wizard, *services)
        self.press(ENTER)
        self.until_step(wizard, 2)

    def to_review(self, wizard, name="emma", *services):
        self.to_patient(wizard, *services)
        self.type(name)
        self.press(ENTER)
        self.until_step(wizard, 3)

    def count(self, table, *where):
        return self.work.read(lambda s: s.scalar(select(func.count()).select_from(table).where(*where)))

    def live_holds(self):
        return self.count(t.Claim, t.Claim.kind == "hold", t.Claim.live_to > clock())


@pytest.fixture
def tasks(qapp, work):
    made = Tasks(work.read, work.write)
    yield made
    made.close()


@pytest.fixture
def german():
    """Money and days as the window of a clinic in Germany writes them."""
    before = QLocale()
    texts.use_country("DE")
    yield
    QLocale.setDefault(before)


@pytest.fixture
def desk(qtbot, tasks, work, actor, clinic):
    made = Desk(qtbot, tasks, work, actor, clinic)
    yield made
    for wizard in made.wizards:
        if isValid(wizard):
            made.close(wizard)
    assert not made.refused
