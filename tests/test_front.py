"""The window is there before the program is."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from clinic_scheduler.front import Front
from clinic_scheduler.ui import tokens
from clinic_scheduler.ui.curtain import Curtain


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
    assert front._curtain.isVisible()
    assert front.program is None
    qtbot.waitUntil(lambda: front.program is not None and front.program.connected is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not front._curtain.isVisible())
    assert front.program.connected.window.isVisible()


@pytest.mark.parametrize(("choice", "theme"), [("dark", tokens.dark()), ("light", tokens.light())])
def test_it_wears_the_colours_that_were_chosen(qtbot, choice, theme):
    curtain = Curtain(choice)
    qtbot.addWidget(curtain)
    with qtbot.waitSignal(curtain.painted):
        curtain.show()
    assert curtain.grab().toImage().pixelColor(5, 300) == theme.surface
