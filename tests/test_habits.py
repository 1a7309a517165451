"""Habits with Qt that no linter knows; each forbidden one has crashed or frozen a program."""

import ast

import pytest

from tests.support.sources import PACKAGE, calls, place, python_files

# Path to the reason why that file may run the event loop itself.
BLOCKING = {"clinic_scheduler/ui/tour_hands.py": "draws each screen at once, with nobody waiting"}


def screens():
    return [*python_files(PACKAGE / "ui"), *(path for path in [PACKAGE / "app.py"] if path.exists())]


def is_translation(name, call):
    owner = getattr(getattr(call.func, "value", None), "id", "")
    return name in {"tr", "QT_TRANSLATE_NOOP"} or (name == "translate" and owner.endswith("Application"))


def is_anonymous(value):
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(value, ast.Lambda) or getattr(called, "attr", getattr(called, "id", "")) == "partial"


def test_signals_reach_bound_methods():
    """A lambda or partial outlives its widget and is then called for a dead one."""
    wrong = [
        place(path, call)
        for path in screens()
        for name, call in calls(path)
        if name in {"connect", "singleShot"} and any(is_anonymous(value) for value in call.args)
    ]
    assert not wrong


def test_no_screen_waits_in_a_loop_of_its_own():
    """While exec() waits, every other signal runs inside the slot that called it."""
    wrong = [
        place(path, call)
        for path in python_files(PACKAGE / "ui")
        for name, call in calls(path)
        if name in {"exec", "exec_", "processEvents"} and place(path) not in BLOCKING
    ]
    assert not wrong


def test_no_screen_asks_through_a_static_dialog():
    """QMessageBox.question() and its like block, and their buttons die before Python lets go of them."""
    static = {"question", "information", "warning", "critical", "about", "getText", "getItem", "getInt"}
    static |= {"getOpenFileName", "getSaveFileName", "getExistingDirectory"}
    dialogs = {"QMessageBox", "QInputDialog", "QFileDialog"}
    wrong = [
        place(path, call)
        for path in screens()
        for name, call in calls(path)
        if name in static
        and isinstance(call.func, ast.Attribute)
        and getattr(call.func.value, "id", "") in dialogs
    ]
    assert not wrong


@pytest.mark.parametrize("kind", [ast.JoinedStr, ast.BinOp, ast.Call])
def test_translated_texts_are_literals(kind):
    """An f-string is extracted for the translators, but its words never match while running."""
    wrong = [
        place(path, call)
        for path in screens()
        for name, call in calls(path)
        if is_translation(name, call) and any(isinstance(text, kind) for text in call.args[:2])
    ]
    assert not wrong
