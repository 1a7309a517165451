"""The empty window that is painted while the rest of the program is still being loaded."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from . import tokens

SIZE = (1440, 900)
BAR = 96  # the menu and the strip over the calendar


class Curtain(QWidget):
    """As large as the window that takes its place, in its colours.

    Signals:
        painted: it is on the screen, for the first time.
    """

    painted = Signal()

    def __init__(self, choice: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle(self.tr("Clinic Scheduler"))
        self.resize(*SIZE)
        wants_dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        is_dark = choice == "dark" or (choice != "light" and wants_dark)
        self._theme = tokens.dark() if is_dark else tokens.light()
        self._is_new = True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.surface)
        painter.fillRect(0, BAR, self.width(), 1, self._theme.line)
        painter.setPen(self._theme.muted)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Opening the calendar…"))
        painter.end()
        if self._is_new:
            self._is_new = False
            self.painted.emit()
