"""The window is there before the program is."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from clinic_scheduler.front import Front
from clinic_scheduler.ui import tokens
from clinic_scheduler.ui.curtain import Curtain
from tests.support.sources import ROOT

LOADED = """
import linecache, sys
from clinic_scheduler import front
front.load_parts()
assert "clinic_scheduler.app" in sys.modules
print(*linecache.cache, *{"alembic", "psycopg", "xlsxwriter", "icalendar"} & set(sys.modules))
"""


@pytest.fixture
def front(qtbot, qapp, sqlite_url, sqlite_clinic):
    """The program on the test clinic, as the command line starts it."""
    made = Front(qapp, sqlite_url)
    yield made
    if made.program is not None and made.program.connected is not None:
        made.program.connected.window.close()
    made.end()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QGuiApplication.setQuitOnLastWindowClosed(True)


def test_a_curtain_is_painted_and_goes_when_the_calendar_comes(qtbot, front):
    curtain = front._curtain
    assert curtain.isVisible()
    assert front.program is None
    qtbot.waitUntil(lambda: front.program is not None and front.program.connected is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not isValid(curtain))
    assert front.program.connected.window.isVisible()


@pytest.mark.parametrize(("choice", "theme"), [("dark", tokens.dark()), ("light", tokens.light())])
def test_it_wears_the_colours_that_were_chosen(qtbot, choice, theme):
    curtain = Curtain(choice)
    qtbot.addWidget(curtain)
    with qtbot.waitSignal(curtain.painted):
        curtain.show()
    assert curtain.grab().toImage().pixelColor(5, 300) == theme.surface


def test_neither_sources_nor_what_few_need_are_kept_in_memory():
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout.split() == []
