"""What lies over the painted day while a visit is on the move: dimmed places, the visit itself, and the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.calendar.geometry import BAR, INSET
from clinic_scheduler.ui.calendar.signs import RADIUS
from clinic_scheduler.ui.hues import Block
from clinic_scheduler.ui.tokens import Theme

DIM = 150  # of 255
WHY_WIDTH = 280
PAD = 8


@dataclass(frozen=True, slots=True)
class Lifted:
    """A gesture as painted. `is_allowed` is None while that is not known; `why` is empty where it may be dropped."""

    rect: QRect
    lines: tuple[str, ...]
    dim: Sequence[QRect]
    colours: Block | None
    is_allowed: bool | None
    why: str


def paint(p: QPainter, part: QRect, lifted: Lifted, theme: Theme, content: QRect) -> None:
    """Everything of it that lies in `part`."""
    shade = QColor(theme.ground)
    shade.setAlpha(DIM)
    for rect in lifted.dim:
        if rect.intersects(part):
            p.fillRect(rect.intersected(part), shade)
    _body(p, lifted, theme)
    if lifted.why:
        _reason(p, lifted, theme, content)


def _body(p: QPainter, lifted: Lifted, theme: Theme) -> None:
    rect, colours = lifted.rect, lifted.colours
    edge = theme.now if lifted.is_allowed is False else theme.accent
    p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    pen = QPen(edge, 2)
    if lifted.is_allowed is False:
        pen.setDashPattern([3, 2])
    p.setPen(pen)
    p.setBrush(colours.ground if colours else theme.accent_ground)
    p.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    if colours:
        p.fillRect(rect.x() + 2, rect.y() + 3, BAR - 1, rect.height() - 6, colours.bar)
    inside = rect.adjusted(INSET, 3, -4, -2)
    font = fonts.tabular(fonts.tiny(strong=True))
    p.setFont(font)
    p.setPen(colours.ink if colours else theme.accent_text)
    line = p.fontMetrics().height()
    for number, text in enumerate(lifted.lines):
        top = inside.y() + number * line
        if number and top + line > rect.bottom():
            break
        cut = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        p.drawText(QRect(inside.x(), top, inside.width(), line), Qt.AlignmentFlag.AlignVCenter, cut)
        p.setFont(fonts.tabular(fonts.tiny()))


def _reason(p: QPainter, lifted: Lifted, theme: Theme, content: QRect) -> None:
    """A card below the visit, or above it at the end of the day."""
    p.setFont(fonts.small())
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    inner = p.fontMetrics().boundingRect(QRect(0, 0, WHY_WIDTH - 2 * PAD, 400), flags, lifted.why)
    card = QRect(lifted.rect.x(), lifted.rect.bottom() + 6, inner.width() + 2 * PAD, inner.height() + 2 * PAD)
    if card.bottom() > content.bottom() - 4:
        card.moveBottom(lifted.rect.top() - 6)
    if card.right() > content.right() - 4:
        card.moveRight(content.right() - 4)
    p.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    p.setPen(QPen(theme.now, 1))
    p.setBrush(theme.raised)
    p.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    p.setPen(theme.text)
    p.drawText(card.adjusted(PAD, PAD, -PAD, -PAD), flags, lifted.why)
