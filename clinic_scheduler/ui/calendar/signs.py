"""The small shapes of the calendar, drawn once per theme and screen: status signs and hatches."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from clinic_scheduler.ui.calendar.boxes import SIGN, Faces
from clinic_scheduler.ui.tokens import Theme

HATCH = 8
HOLD_HATCH = 16


class Signs:
    """Pixmaps for one theme and device pixel ratio."""

    def __init__(self, theme: Theme, faces: Faces, ratio: float) -> None:
        self.hatch = _hatch(theme.closed, theme.hatch, HATCH, 1, ratio)
        self.hold_hatch = _hatch(theme.surface, theme.warning_ground, HOLD_HATCH, 5.5, ratio)
        self.by_status = {
            "pending": _question(theme.warning, faces, ratio),
            "arrived": _dot(theme.accent, ratio),
            "in_progress": _triangle(theme.accent, ratio),
            "completed": _strokes(theme.good, [(2, 6.5), (4.8, 9.3), (10, 3)], [], ratio),
            "no_show": _strokes(theme.now, [(2.5, 2.5), (9.5, 9.5)], [(9.5, 2.5), (2.5, 9.5)], ratio),
            "cancelled": _strokes(theme.muted, [(2.5, 2.5), (9.5, 9.5)], [(9.5, 2.5), (2.5, 9.5)], ratio),
        }


def _blank(side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(side, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painter(pixmap: QPixmap) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _hatch(ground: QColor, stripe: QColor, side: int, width: float, ratio: float) -> QPixmap:
    """A tile of diagonal stripes that meet their neighbours' without a seam."""
    pixmap = _blank(side, ratio)
    pixmap.fill(ground)
    painter = _painter(pixmap)
    painter.setPen(QPen(stripe, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift - side, 2 * side), QPointF(shift + 2 * side, -side))
    painter.end()
    return pixmap


def _dot(colour: QColor, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(2, 2, 8, 8))
    painter.end()
    return pixmap


def _triangle(colour: QColor, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(2.5, 1.5), QPointF(10.5, 6), QPointF(2.5, 10.5)]))
    painter.end()
    return pixmap


def _strokes(
    colour: QColor, first: list[tuple[float, float]], second: list[tuple[float, float]], ratio: float
) -> QPixmap:
    pixmap = _blank(SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(
        QPen(colour, 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    for line in (first, second):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    painter.end()
    return pixmap


def _question(colour: QColor, faces: Faces, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(colour)
    painter.setFont(faces.name.font)
    painter.drawText(QRectF(0, -2, SIGN, SIGN + 4), Qt.AlignmentFlag.AlignCenter, "?")
    painter.end()
    return pixmap
