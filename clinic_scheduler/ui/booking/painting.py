"""Texts in painted rows: one line each, cut at a letter, never clipped."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from clinic_scheduler.ui import fonts
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tokens import current

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


def put(
    painter: QPainter,
    place: QRect,
    text: str,
    font: QFont,
    ink: QColor,
    side: Qt.AlignmentFlag = LEFT,
) -> int:
    """Draw a text in `place`, cut with an ellipsis where it is too long; the width it took."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, max(0, place.width()))
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(place, int(side | Qt.TextFlag.TextSingleLine), shown)
    return min(place.width(), metrics.horizontalAdvance(shown))


def width(text: str, font: QFont) -> int:
    """How wide a text is drawn."""
    return QFontMetrics(font).horizontalAdvance(one_line(text))


def card(painter: QPainter, place: QRect, *, is_current: bool, is_hovered: bool) -> None:
    """A rounded card with a line around it, a strong one for the row that is marked."""
    theme = current()
    painter.setPen(QPen(theme.accent, 2) if is_current else QPen(theme.line, 1))
    painter.setBrush(theme.hover if is_hovered and not is_current else theme.surface)
    inset = 1.0 if is_current else 0.5
    painter.drawRoundedRect(QRectF(place).adjusted(inset, inset, -inset, -inset), 8, 8)


def row(painter: QPainter, place: QRect, option: QStyleOptionViewItem) -> None:
    """The ground of a plain row: accent where it is marked, a breath of grey under the mouse."""
    theme = current()
    if option.state & QStyle.StateFlag.State_Selected:
        ground = theme.accent_ground
    elif option.state & QStyle.StateFlag.State_MouseOver:
        ground = theme.hover
    else:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(place).adjusted(4, 1, -4, -1), 6, 6)


def pill(painter: QPainter, right: int, middle: int, text: str, ground: QColor, ink: QColor) -> int:
    """A small rounded label that ends at `right`; the width it took."""
    font = fonts.tiny(strong=True)
    size = QSize(width(text, font) + 16, 20)
    place = QRect(right - size.width(), middle - size.height() // 2, size.width(), size.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(place), 4, 4)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
    return size.width()
