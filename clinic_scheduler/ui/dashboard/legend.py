"""What solid, hatched and the line mean."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from clinic_scheduler.ui import fonts, theme

SAMPLE, GAP, APART = 12, 6, 16


class Legend(QWidget):
    """Three samples with a word each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = (self.tr("Number"), self.tr("of it no-shows or missed"), self.tr("Days before"))
        self.setAccessibleName(self.tr("Legend"))
        self.setAccessibleDescription(
            self.tr(
                "Solid is the number, hatched are no-shows or missed sessions, a line is the days before."
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(fonts.small())
        wide = sum(SAMPLE + GAP + metrics.horizontalAdvance(word) for word in self._words)
        return QSize(wide + APART * (len(self._words) - 1), max(20, metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, x = QPainter(self), theme.current(), 0
        painter.setFont(fonts.small())
        for number, word in enumerate(self._words):
            box = QRect(x, (self.height() - SAMPLE) // 2, SAMPLE, SAMPLE)
            if number == 0:
                painter.fillRect(box, colours.accent)
            elif number == 1:
                painter.fillRect(box, colours.now_ground)
                painter.fillRect(box, QBrush(colours.now, Qt.BrushStyle.BDiagPattern))
                painter.setPen(colours.now)
                painter.drawRect(box.adjusted(0, 0, -1, -1))
            else:
                painter.fillRect(box.center().x(), box.top() - 2, 2, SAMPLE + 4, colours.text)
            painter.setPen(colours.muted)
            width = painter.fontMetrics().horizontalAdvance(word)
            place = QRect(x + SAMPLE + GAP, 0, width + 2, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)
            x += SAMPLE + GAP + width + APART
        painter.end()
