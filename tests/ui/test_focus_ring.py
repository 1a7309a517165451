"""Whoever uses the keyboard sees where it is, on buttons with an icon only too."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from clinic_scheduler.ui import controls, theme
from clinic_scheduler.ui.tokens import current


@pytest.mark.parametrize("is_quiet", [False, True])
def test_the_edge_of_an_icon_button_is_marked_while_it_has_the_keyboard(qtbot, is_quiet):
    theme.apply(QApplication.instance(), "light")
    box = QWidget()
    row = QHBoxLayout(box)
    button = controls.icon_button("x", "Close", quiet=is_quiet)
    line = QLineEdit()
    row.addWidget(line)
    row.addWidget(button)
    qtbot.addWidget(box)
    box.show()
    qtbot.waitExposed(box)
    box.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    before = button.size()
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    qtbot.waitUntil(button.hasFocus)
    edge = button.grab().toImage().pixelColor(QPoint(button.width() // 2, 1))
    assert edge == current().accent
    assert button.size() == before
