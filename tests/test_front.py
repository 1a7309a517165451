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
before = list(sys.meta_path)
front.load_app()
assert "clinic_scheduler.app" in sys.modules and sys.meta_path == before
few = "alembic", "psycopg", "xlsxwriter", "icalendar", "phonenumbers", "email_validator", "ssl", "_hashlib"
rare = "sqlalchemy.dialects.postgresql", "clinic_scheduler.ui.booking.wizard", "clinic_scheduler.ui.printing"
print(*linecache.cache, *{*few, *rare} & set(sys.modules))
"""
WITHOUT_OPENSSL = """
from clinic_scheduler import front
front.load_app()
import hashlib
assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")
import psycopg, ssl, asyncio
print(psycopg.pq.__impl__, hasattr(ssl, "create_default_context"), hasattr(asyncio, "run"))
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
    assert _said(LOADED) == []


def test_the_driver_of_a_server_is_found_all_the_same():
    assert _said(WITHOUT_OPENSSL) == ["binary", "True", "True"]


def _said(script):
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return done.stdout.split()
