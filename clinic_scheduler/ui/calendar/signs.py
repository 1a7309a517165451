"""The small shapes of the calendar, drawn once per theme and screen: status signs and hatches."""

from functools import cached_property

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from clinic_scheduler.ui.calendar.boxes import SIGN, Faces
from clinic_scheduler.ui.calendar.geometry import BAR
from clinic_scheduler.ui.hues import Block
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
        self.caps = Caps(ratio)
        self._dashes: dict[int, QPixmap] = {}
        self.by_status = {
            "pending": _question(theme.warning, faces, ratio),
            "arrived": _dot(theme.accent, ratio),
            "in_progress": _triangle(theme.accent, ratio),
            "completed": _strokes(theme.good, [(2, 6.5), (4.8, 9.3), (10, 3)], [], ratio),
            "no_show": _strokes(theme.now, [(2.5, 2.5), (9.5, 9.5)], [(9.5, 2.5), (2.5, 9.5)], ratio),
            "cancelled": _strokes(theme.muted, [(2.5, 2.5), (9.5, 9.5)], [(9.5, 2.5), (2.5, 9.5)], ratio),
        }

    @cached_property
    def hatch(self) -> QPixmap:
        """A tile of closed time."""
        theme, _, ratio = self.key
        return _hatch(theme.closed, theme.hatch, HATCH, 1, ratio)

    @cached_property
    def hold_hatch(self) -> QPixmap:
        """A tile of held time."""
        theme, _, ratio = self.key
        return _hatch(theme.surface, theme.warning_ground, HOLD_HATCH, 5.5, ratio)

    def dashes(self, bar: QColor) -> QPixmap:
        """A tile of the bar of a visit that nobody confirmed yet."""
        found = self._dashes.get(bar.rgb())
        if found is None:
            found = self._dashes[bar.rgb()] = _blank(BAR, 8, self._ratio)
            painter = QPainter(found)
            painter.fillRect(0, 0, BAR, 5, bar)
            painter.end()
        return found


class Caps(dict[tuple[int, Block, bool], tuple[QPixmap, QPixmap]]):
    """The rounded top and bottom of a visit's box by its width, its colours and whether its bar is dashed.

    Drawn when first asked for, so that the boxes, which are many, need no antialiasing.
    """

    def __init__(self, ratio: float) -> None:
        super().__init__()
        self._ratio = ratio
        self._corners = _corners(ratio)
        self._half, self._whole = ((QSize(0, rows) * ratio).height() for rows in (RADIUS, 2 * RADIUS))
        self._sheet = QPixmap()  # one to draw on, as beginning on a new one takes longer than drawing

    def __missing__(self, key: tuple[int, Block, bool]) -> tuple[QPixmap, QPixmap]:
        if len(self) > KEPT:
            self.clear()
        width, colours, is_dashed = key
        across = int(width * self._ratio + 0.5)
        if self._sheet.width() < across:
            self._sheet = _blank(width, 2 * RADIUS, self._ratio)
        self._draw(width, colours.ground, colours.ground if is_dashed else colours.bar)
        copy, half = self._sheet.copy, self._half
        drawn = self[key] = copy(0, 0, across, half), copy(0, self._whole - half, across, half)
        return drawn

    def _draw(self, width: int, ground: QColor, bar: QColor) -> None:
        self._sheet.fill(ground)
        painter = QPainter(self._sheet)
        painter.fillRect(0, 0, BAR, 2 * RADIUS, bar)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
        left, right = self._corners
        painter.drawPixmap(0, 0, left)
        painter.drawPixmap(width - RADIUS, 0, right)
        painter.end()


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
