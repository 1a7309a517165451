"""A bug is logged, shown once, and its report names no patient."""

import gc
import logging
import sys
import threading

import pytest
from PySide6.QtCore import QThread, QTimer, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from clinic_scheduler.ui.crash import CrashHook, report
from clinic_scheduler.ui.crash_dialog import CrashDialog

PATIENT = "Priya Nair"


class StatementError(Exception):
    """Like that of the database driver: it quotes the parameters."""

    def __init__(self, parameters):
        super().__init__(f"(driver) duplicate key [parameters: {parameters}]")
        self.orig = OriginalError()


class OriginalError(Exception):
    sqlstate = "23505"


@pytest.fixture
def hook(qtbot, tmp_path):
    made = CrashHook("1.0")
    made.install(tmp_path)
    yield made
    made.remove()
    for dialog in dialogs():
        dialog.close()
    qtbot.waitUntil(lambda: not dialogs())


def dialogs():
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog)]


def caught(action):
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is, the report is tested
        return error
    raise AssertionError


def deep():
    try:
        {}[PATIENT]
    except KeyError as error:
        raise StatementError((PATIENT,)) from error


def test_a_report_names_kinds_and_places_but_no_patient():
    made = report(caught(deep))
    assert PATIENT not in made.text + made.kind + made.place
    assert "KeyError" in made.text
    assert "StatementError (SQLSTATE 23505)" in made.kind
    assert "in deep" in made.text
    assert (
        made.place.startswith("tests/ui/test_crash.py") or made.place.startswith("main/") or ":" in made.place
    )


def test_a_report_holds_no_folder_of_the_person(tmp_path):
    made = report(caught(deep))
    assert not any(line.strip().startswith("/") for line in made.text.splitlines())


def test_errors_that_cause_each_other_end():
    one, other = ValueError("a"), TypeError("b")
    one.__cause__, other.__cause__ = other, one
    assert "ValueError" in report(one).text


def test_the_same_bug_is_shown_once(qtbot, hook, caplog):
    for _ in range(3):
        error = caught(deep)
        with qtbot.waitSignal(hook.raised):
            sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialog = dialogs()[0]
    assert dialog.text.count("StatementError (SQLSTATE 23505) at") == 1
    assert dialog.isVisible()
    assert PATIENT not in caplog.text
    assert caplog.text.count("bug:") == 3
    caplog.clear()


def test_another_bug_joins_the_open_dialog(qtbot, hook, caplog):
    for action in (deep, lambda: 1 // 0):
        error = caught(action)
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: any("ZeroDivisionError" in dialog.text for dialog in dialogs()))
    assert len(dialogs()) == 1
    assert "StatementError" in dialogs()[0].text
    caplog.clear()


def test_a_bug_in_a_thread_opens_its_dialog_in_the_gui_thread(qtbot, qapp, hook, caplog):
    worker = threading.Thread(target=int, args=("x",))
    with qtbot.waitSignal(hook.raised):
        worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert dialogs()[0].thread() is qapp.thread() is QThread.currentThread()
    caplog.clear()


def test_a_bug_in_a_destructor_is_reported(qtbot, hook, caplog):
    class Fragile:
        def __del__(self):
            raise OSError(PATIENT)

    with qtbot.waitSignal(hook.raised) as heard:
        Fragile()
        gc.collect()
    assert heard.args[0].kind == "OSError"
    caplog.clear()


def test_an_interrupt_is_no_bug(qtbot, hook, capsys):
    with qtbot.assertNotEmitted(hook.raised):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_messages_of_qt_are_logged(hook, caplog):
    with caplog.at_level(logging.WARNING, "qt.default"):
        qWarning("something of Qt's")
    assert ("qt.default", logging.WARNING, "something of Qt's") in caplog.record_tuples
    caplog.clear()


def test_the_report_can_be_copied(qtbot, hook, caplog):
    error = caught(deep)
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialog = dialogs()[0]
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy report")
    button.click()
    assert QGuiApplication.clipboard().text() == dialog.text
    assert button.text() == "Copied"
    caplog.clear()


def test_a_closed_dialog_is_deleted_and_a_new_bug_opens_another(qtbot, hook, caplog):
    error = caught(deep)
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialogs()[0].accept()
    qtbot.waitUntil(lambda: not dialogs())
    other = caught(lambda: 1 // 0)
    QTimer.singleShot(0, hook, lambda: sys.excepthook(type(other), other, other.__traceback__))
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    caplog.clear()


def test_hooks_are_given_back(qapp, tmp_path):
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    hook = CrashHook("1.0")
    hook.install(tmp_path / "logs")
    assert sys.excepthook != before[0]
    hook.remove()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert (tmp_path / "logs" / "crash.log").exists()
