"""Drawing in millimetres on whatever prints: shapes, hatching, and text that is cut at a letter."""

from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen

_STEPS: Final = 40  # text is laid out in fortieths of a millimetre: font sizes are whole numbers
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


class Canvas:
    """A painter of one printing; the origin is the printable area's corner."""

    def __init__(self, device: QPagedPaintDevice) -> None:
        self._device = device
        area = device.pageLayout().paintRect(device.pageLayout().Unit.Millimeter)
        self.width = area.width()
        self.height = area.height()
        self._painter = QPainter()

    def begin(self) -> None:
        """Start the first page."""
        self._painter.begin(self._device)
        self._painter.scale(self._device.logicalDpiX() / 25.4, self._device.logicalDpiY() / 25.4)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def next_page(self) -> None:
        """Start another page."""
        self._device.newPage()

    def end(self) -> None:
        """Close the last page."""
        self._painter.end()

    def text(
        self,
        place: QRectF,
        text: str,
        size: float,
        *,
        colour: QColor,
        is_bold: bool = False,
        is_struck: bool = False,
        at_right: bool = False,
    ) -> float:
        """Write one line into `place`, with an ellipsis where it is too narrow; the width it took.

        `size` is the height of the font.
        """
        font = _font(size, is_bold=is_bold, is_struck=is_struck)
        metrics = QFontMetricsF(font, self._device)
        cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width() * _STEPS)
        self._painter.save()
        self._painter.scale(1 / _STEPS, 1 / _STEPS)
        self._painter.setFont(font)
        self._painter.setPen(colour)
        box = QRectF(*(part * _STEPS for part in (place.x(), place.y(), place.width(), place.height())))
        flags = (_RIGHT if at_right else _LEFT) | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
        self._painter.drawText(box, int(flags), cut)
        self._painter.restore()
        return metrics.horizontalAdvance(cut) / _STEPS

    def text_width(self, text: str, size: float, *, is_bold: bool = False) -> float:
        """How wide `text` would be in one line."""
        return QFontMetricsF(_font(size, is_bold=is_bold), self._device).horizontalAdvance(text) / _STEPS

    def line(self, line: QLineF, colour: QColor, width: float = 0.15, *, is_dashed: bool = False) -> None:
        """Draw one line, flat at its ends."""
        self._painter.setPen(_pen(colour, width, is_dashed=is_dashed))
        self._painter.drawLine(line)

    def fill(self, place: QRectF, colour: QColor) -> None:
        """Fill a rectangle."""
        self._painter.fillRect(place, colour)

    def hatch(self, place: QRectF, colour: QColor, gap: float = 2.4) -> None:
        """Slant lines through a rectangle; real lines, as a pattern brush is invisible at printer resolution."""
        self._painter.save()
        self._painter.setClipRect(place)
        self._painter.setPen(_pen(colour, 0.12))
        x = place.left() - place.height()
        x -= x % gap  # neighbouring columns continue each other's lines
        while x < place.right():
            self._painter.drawLine(QLineF(x, place.bottom(), x + place.height(), place.top()))
            x += gap
        self._painter.restore()

    def frame(
        self,
        place: QRectF,
        colour: QColor,
        *,
        has_top: bool = True,
        has_bottom: bool = True,
        is_dashed: bool = False,
    ) -> None:
        """Outline a rectangle, open at the edge where it goes on over the page."""
        edges = [QLineF(place.topLeft(), place.bottomLeft()), QLineF(place.topRight(), place.bottomRight())]
        if has_top:
            edges.append(QLineF(place.topLeft(), place.topRight()))
        if has_bottom:
            edges.append(QLineF(place.bottomLeft(), place.bottomRight()))
        for edge in edges:
            self.line(edge, colour, 0.2, is_dashed=is_dashed)


def _font(size: float, *, is_bold: bool = False, is_struck: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(size * _STEPS)))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
    font.setStrikeOut(is_struck)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _pen(colour: QColor, width: float, *, is_dashed: bool = False) -> QPen:
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if is_dashed:
        pen.setDashPattern([1.2 / width, 0.8 / width])  # counted in pen widths
    return pen
