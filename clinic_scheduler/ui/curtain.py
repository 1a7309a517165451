"""The empty window that is painted while the rest of the program is still being loaded.

It is coloured by its palette, and `Qt` is named nowhere: for the first colour that a painter is given, as for the
first name of that space, PySide6 makes all its enumerations, which takes a tenth of the time to the first paint.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from . import tokens

SIZE = (1440, 900)


class Curtain(QWidget):
    """As large as the window that takes its place, in its colours. One that was not chosen follows the system's.

    Signals:
        painted: it is on the screen with its words, for the first time.
    """

    painted = Signal()

    def __init__(self, choice: str) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Clinic Scheduler"))
        self.resize(*SIZE)
        wants_dark = QApplication.palette().window().color().lightness() < 128
        is_dark = choice == "dark" or (choice != "light" and wants_dark)
        theme = tokens.dark() if is_dark else tokens.light()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.surface)
        palette.setColor(QPalette.ColorRole.WindowText, theme.muted)
        self.setPalette(palette)
        self._is_blank = self._is_new = True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_blank:  # the ground is there before a font for the words is found
            self._is_blank = False
            QTimer.singleShot(0, self.update)
            return
        painter = QPainter(self)
        words = self.tr("Opening the calendar…")
        left = (self.width() - painter.fontMetrics().horizontalAdvance(words)) // 2
        painter.drawText(left, self.height() // 2, words)
        painter.end()
        if self._is_new:
            self._is_new = False
            self.painted.emit()
