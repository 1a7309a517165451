"""The strip on top of the wizard: its steps, and how long the picked time is held."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from clinic_scheduler.ui import controls, fonts, icons, texts
from clinic_scheduler.ui.theme import style_as
from clinic_scheduler.ui.tokens import current

CIRCLE = 22
GAP = 24


class Steps(QWidget):
    """Numbered circles with their words; what is done carries a tick."""

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = tuple(words)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_step(0)

    def show_step(self, number: int) -> None:
        """Mark step `number`, from 0, as the present one; past the last all are done."""
        self._current = number
        if number < len(self._words):
            self.setAccessibleName(
                self.tr("Step {number} of {count}: {name}").format(
                    number=number + 1, count=len(self._words), name=self._words[number]
                )
            )
        else:
            self.setAccessibleName(self.tr("All steps are done"))
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(fonts.body(strong=True))
        widths = [CIRCLE + 8 + metrics.horizontalAdvance(word) for word in self._words]
        return QSize(sum(widths) + GAP * (len(widths) - 1) + 2, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 1.0
        strong = QFontMetrics(fonts.body(strong=True))
        for number, word in enumerate(self._words):
            circle = QRectF(left, (self.height() - CIRCLE) / 2, CIRCLE, CIRCLE)
            self._draw_circle(painter, circle, number)
            is_current = number == self._current
            painter.setFont(fonts.body(strong=is_current))
            painter.setPen(current().accent_text if is_current else current().muted)
            width = strong.horizontalAdvance(word) + 2
            painter.drawText(
                QRectF(circle.right() + 8, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, word
            )
            left = circle.right() + 8 + strong.horizontalAdvance(word) + GAP

    def _draw_circle(self, painter: QPainter, circle: QRectF, number: int) -> None:
        theme = current()
        grounds: tuple[QColor, QColor, QColor] = (theme.surface, theme.outline, theme.muted)
        if number == self._current:
            grounds = (theme.accent, theme.accent, theme.on_accent)
        elif number < self._current:
            grounds = (theme.good_ground, theme.good, theme.good)
        ground, edge, ink = grounds
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        if number < self._current:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(circle.center() - QPointF(6, 6), icons.pixmap("check", 12, "good", ratio))
            return
        painter.setFont(fonts.tiny(strong=True))
        painter.setPen(ink)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number + 1))


class Header(QFrame):
    """The steps on the left, the countdown on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        words = (self.tr("Services"), self.tr("Time"), self.tr("Patient"), self.tr("Review"))
        self.steps = Steps(words, self)
        self.countdown = controls.label()
        self.countdown.setFont(fonts.tabular(fonts.body(strong=True)))
        self.countdown.setProperty("pill", "warning")
        self.countdown.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.addWidget(self.steps)
        row.addStretch()
        row.addWidget(self.countdown, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(64)

    def show_left(self, seconds: float, *, has_lapsed: bool) -> None:
        """Show how long the hold lasts; nothing where nothing is held."""
        if has_lapsed:
            self._say(self.tr("Hold lapsed"), "error")
        elif seconds > 0:
            words = self.tr("Time held for you  {left}").format(left=texts.countdown(seconds))
            self._say(words, "warning")
        else:
            self.countdown.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, current().line)

    def _say(self, text: str, pill: str) -> None:
        self.countdown.setText(text)
        self.countdown.setAccessibleName(text)
        if self.countdown.property("pill") != pill:
            style_as(self.countdown, pill=pill)
        self.countdown.show()
