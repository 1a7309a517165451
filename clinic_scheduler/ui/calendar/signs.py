"""The small shapes of the calendar, drawn once per theme and screen: status signs and hatches."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from clinic_scheduler.ui.calendar.boxes import SIGN, Faces
from clinic_scheduler.ui.calendar.geometry import BAR
from clinic_scheduler.ui.tokens import Theme

HATCH = 8
HOLD_HATCH = 16
RADIUS = 4
KEPT = 2000


class Signs:
    """Pixmaps for one theme and device pixel ratio."""

    def __init__(self, theme: Theme, faces: Faces, ratio: float) -> None:
        self.key = (theme, faces, ratio)
        self._ratio = ratio
        self._caps: dict[tuple[int, int, int], tuple[QPixmap, QPixmap]] = {}
        self._dashes: dict[int, QPixmap] = {}
        self._corners = _corners(ratio)
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

    def caps(self, width: int, ground: QColor, bar: QColor) -> tuple[QPixmap, QPixmap]:
        """The rounded top and bottom of a visit's box; drawn over and over, so that boxes need no antialiasing."""
        key = (width, ground.rgb(), bar.rgb())
        found = self._caps.get(key)
        if found is None:
            if len(self._caps) > KEPT:
                self._caps.clear()
            whole = self._rounded(width, ground, bar)
            half = QSize(width, RADIUS) * self._ratio
            lower = QPoint(0, whole.height() - half.height())
            found = self._caps[key] = whole.copy(QRect(QPoint(), half)), whole.copy(QRect(lower, half))
        return found

    def dashes(self, bar: QColor) -> QPixmap:
        """A tile of the bar of a visit that nobody confirmed yet."""
        found = self._dashes.get(bar.rgb())
        if found is None:
            found = self._dashes[bar.rgb()] = _blank(BAR, 8, self._ratio)
            painter = QPainter(found)
            painter.fillRect(0, 0, BAR, 5, bar)
            painter.end()
        return found

    def _rounded(self, width: int, ground: QColor, bar: QColor) -> QPixmap:
        pixmap = _blank(width, 2 * RADIUS, self._ratio)
        painter = QPainter(pixmap)
        painter.fillRect(0, 0, BAR, 2 * RADIUS, bar)
        painter.fillRect(BAR, 0, width - BAR, 2 * RADIUS, ground)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        left, right = self._corners
        painter.drawPixmap(0, 0, left)
        painter.drawPixmap(width - RADIUS, 0, right)
        painter.end()
        return pixmap


def _corners(ratio: float) -> tuple[QPixmap, QPixmap]:
    """What is cut off at the left and at the right of a box for its corners to be round."""
    found = []
    for shift in (0, -RADIUS):
        pixmap = _blank(RADIUS, 2 * RADIUS, ratio)
        pixmap.fill(Qt.GlobalColor.black)
        painter = _painter(pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawEllipse(QRectF(shift, 0, 2 * RADIUS, 2 * RADIUS))
        painter.end()
        found.append(pixmap)
    return found[0], found[1]


def _blank(width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(width, height) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painter(pixmap: QPixmap) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _hatch(ground: QColor, stripe: QColor, side: int, width: float, ratio: float) -> QPixmap:
    """A tile of diagonal stripes that meet their neighbours' without a seam."""
    pixmap = _blank(side, side, ratio)
    pixmap.fill(ground)
    painter = _painter(pixmap)
    painter.setPen(QPen(stripe, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift - side, 2 * side), QPointF(shift + 2 * side, -side))
    painter.end()
    return pixmap


def _dot(colour: QColor, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QRectF(2, 2, 8, 8))
    painter.end()
    return pixmap


def _triangle(colour: QColor, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(2.5, 1.5), QPointF(10.5, 6), QPointF(2.5, 10.5)]))
    painter.end()
    return pixmap


def _strokes(
    colour: QColor, first: list[tuple[float, float]], second: list[tuple[float, float]], ratio: float
) -> QPixmap:
    pixmap = _blank(SIGN, SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(
        QPen(colour, 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    for line in (first, second):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    painter.end()
    return pixmap


def _question(colour: QColor, faces: Faces, ratio: float) -> QPixmap:
    pixmap = _blank(SIGN, SIGN, ratio)
    painter = _painter(pixmap)
    painter.setPen(colour)
    painter.setFont(faces.name.font)
    painter.drawText(QRectF(0, -2, SIGN, SIGN + 4), Qt.AlignmentFlag.AlignCenter, "?")
    painter.end()
    return pixmap
