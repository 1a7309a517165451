"""The program from its first question to its last window."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid
from sqlalchemy import make_url

from clinic_scheduler import config, opening, secrets
from clinic_scheduler.app import Program
from clinic_scheduler.config import Workstation
from clinic_scheduler.secrets import Secrets
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.ui.crash_dialog import CrashDialog
from clinic_scheduler.ui.first_start import local_url
from clinic_scheduler.ui.start.question import Card
from tests.support import clinics, screen
from tests.support.sources import ROOT


@pytest.fixture
def begin(qtbot, qapp):
    """Starts the program as the command line does, the event loop aside."""
    programs = []
    before = QLocale()

    def begin(url=""):
        program = Program(qapp, url)
        programs.append(program)
        program.begin()
        return program

    yield begin
    crashed = [
        one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog) and one.isVisible()
    ]
    for program in programs:
        for shown in (program.starting.question, program.starting.trouble):
            if shown is not None:
                shown.close()
        if program.connected is None:
            program.end()
        elif isValid(program.connected.window):
            program.connected.window.close()
            program.end()
        program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setQuitOnLastWindowClosed(True)
    QLocale.setDefault(before)
    assert not crashed


@pytest.fixture
def until(qtbot):
    def until(is_so):
        qtbot.waitUntil(lambda: bool(is_so()), timeout=15_000)

    return until


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def window_of(program):
    assert program.connected is not None
    return program.connected.window


def outside(url):
    """A second start in a process of its own."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "main.py"), "--database", url],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


def test_the_first_start_asks_and_the_demo_is_a_window_later(begin, until, home):
    program = begin()
    question = program.starting.question
    assert question.findChildren(Card)[0].accessibleName() == "Try the demo clinic"
    screen.press(question, "Try the demo clinic")
    until(lambda: program.connected is not None)
    until(lambda: window_of(program).model.schedule is not None)
    assert window_of(program).isVisible()
    assert program.starting.question is None
    (made,) = home.glob("demo-*.db")
    assert config.load(home).database == local_url(made)


def fill_clinic(question):
    screen.press(question, "Set up my clinic")
    screen.control(question, "Name of the clinic").setText("Green Street")
    screen.control(question, "Time zone").setEditText("Europe/Berlin")
    screen.control(question, "Country").setEditText("germany")
    screen.control(question, "Name of the practitioner").setText("Ana Silva")
    screen.control(question, "Name of the service").setText("Physiotherapy")
    screen.control(question, "Price").setText("48.50")


def test_a_clinic_of_ones_own_is_made_and_opened_the_next_time(begin, until, home):
    program = begin()
    fill_clinic(program.starting.question)
    screen.press(program.starting.question, "Make the clinic")
    until(lambda: program.connected is not None)
    assert window_of(program).windowTitle() == "Green Street - Clinic Scheduler"
    assert config.load(home).database == local_url(home / "clinic.db")
    window_of(program).close()
    program.end()
    again = begin()
    until(lambda: again.connected is not None)
    assert window_of(again).clinic_name == "Green Street"


def test_whoever_chooses_nothing_leaves(begin, qtbot):
    program = begin()
    with qtbot.waitSignal(program.starting.left):
        screen.press(program.starting.question, "Close")
    assert program.connected is None


@pytest.fixture
def usual(home, sqlite_url, sqlite_work, actor):
    """The database that this workstation opens, with the small clinic in it."""
    clinics.make(sqlite_work, actor)
    config.save(home, Workstation(sqlite_url, "Desk 7"))
    return sqlite_url


def test_the_usual_database_is_opened_without_a_question(begin, until, home, usual):
    program = begin()
    until(lambda: program.connected is not None)
    assert program.starting.question is None
    assert "Desk 7" in window_of(program).status.texts[1]
    window_of(program).looks.use_dark_theme()
    assert config.load(home) == Workstation(usual, "Desk 7", "dark")


def test_a_database_named_at_the_start_is_not_remembered(begin, until, home, usual):
    config.save(home, Workstation("sqlite:///elsewhere.db"))
    program = begin(usual)
    until(lambda: program.connected is not None)
    assert config.load(home).database == "sqlite:///elsewhere.db"


def test_a_window_of_another_clinic_takes_the_place_of_the_first(begin, until, usual):
    """What the first held is taken apart on the GUI thread: left to the collector it ended the program."""
    program = begin()
    until(lambda: program.connected is not None)
    first = program.connected
    first.window.open_another()
    screen.press(program.starting.question, "Try the demo clinic")
    until(lambda: program.connected is not first)
    assert first.window.isHidden() if isValid(first.window) else True
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(isValid(one) for one in (first.window, first._tasks, first._live))
    until(lambda: window_of(program).model.schedule is not None)
    assert window_of(program).isVisible()


def test_asking_for_the_clinic_that_is_open_brings_it_to_the_front(begin, until, usual):
    program = begin()
    until(lambda: program.connected is not None)
    connected = program.connected
    connected.window.showMinimized()
    program.starting.open(usual)
    until(lambda: not connected.window.isMinimized())
    assert program.connected is connected


def test_a_second_start_hands_over_and_ends(begin, until, usual):
    program = begin()
    until(lambda: program.connected is not None)
    window = window_of(program)
    window.showMinimized()
    second = outside(usual)
    until(lambda: second.poll() is not None)
    assert (second.returncode, second.communicate()[1]) == (0, "")
    assert not window.isMinimized()


def test_a_newer_database_is_explained_and_another_clinic_can_be_had(begin, until, usual, sqlite_work):
    with sqlite_work.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    program = begin()
    until(lambda: program.starting.trouble is not None)
    said = screen.words(program.starting.trouble)
    assert "The clinic cannot be opened" in said
    assert any("needs Clinic Scheduler" in words for words in said)
    screen.press(program.starting.trouble, "Open another clinic")
    assert program.starting.question.isVisible()


def test_trying_again_opens_what_can_be_opened_by_then(begin, until, usual, sqlite_work):
    with sqlite_work.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept AS SELECT version_num FROM alembic_version")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    program = begin()
    until(lambda: program.starting.trouble is not None)
    with sqlite_work.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = (SELECT version_num FROM kept)")
    screen.press(program.starting.trouble, "Try again")
    until(lambda: program.connected is not None)


def test_a_server_that_is_not_there_is_explained_and_its_form_comes_filled(begin, until, home):
    config.save(home, Workstation("postgresql://anna@127.0.0.1:1/clinic"))
    program = begin()
    until(lambda: program.starting.trouble is not None)
    assert any("does not answer" in words for words in screen.words(program.starting.trouble))
    screen.press(program.starting.trouble, "Open another clinic")
    assert screen.control(program.starting.question, "Name or address").text() == "127.0.0.1"


def test_a_home_that_cannot_be_written_stops_nobody(begin, until, home, usual, caplog):
    (home / "workstation.toml.new").mkdir()
    program = begin()
    until(lambda: program.connected is not None)
    window_of(program).looks.use_dark_theme()
    assert "choices were not saved" in caplog.text


def test_the_window_closes_even_with_a_booking_open_and_the_booking_waits(begin, until, usual, sqlite_work):
    program = begin()
    until(lambda: program.connected is not None)
    window_of(program).new_booking()
    until(lambda: window_of(program).bookings.wizard is not None)
    actor = program.connected.actor
    window_of(program).close()
    program.end()
    (left,) = sqlite_work.read(lambda s: booking_session.unfinished(s, actor=actor))
    assert left.outcome == "parked"


class Keyring:
    """Knows one password."""

    priority = 5

    def __init__(self, account, password):
        self._account, self._password = account, password

    def get_password(self, service, username):
        return self._password if username == self._account else None


def test_the_password_of_a_server_comes_from_the_keyring(pg_url, monkeypatch):
    keyring = Keyring(secrets.account(pg_url), "s3cret")
    monkeypatch.setattr(secrets, "usable_backend", lambda: keyring)
    work = opening.database(pg_url, Secrets())
    try:
        assert work.engine.url.password == "s3cret"
        assert work.read(opening._is_current)
    finally:
        work.close()


def test_a_password_in_the_address_is_not_asked_for(pg_url, monkeypatch):
    monkeypatch.setattr(secrets, "usable_backend", lambda: Keyring(secrets.account(pg_url), "other"))
    given = make_url(pg_url).set(password="given").render_as_string(hide_password=False)
    work = opening.database(given, Secrets())
    assert work.engine.url.password == "given"
    work.close()
