"""Icons of one family, drawn in the colour of the text they stand beside, in every theme."""

from functools import cache
from typing import Final, Literal

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from clinic_scheduler.config import RESOURCES
from clinic_scheduler.ui.tokens import current

Ink = Literal["text", "muted", "accent", "on-accent", "warning", "good", "error"]

SMALL: Final = QSize(16, 16)  # in buttons, menus, fields
LARGE: Final = QSize(20, 20)  # in the rail, tool bars, empty pages


@cache
def icon(name: str, ink: Ink = "text") -> QIcon:
    """The icon of `resources/icons/NAME.svg`; checked and selected it takes the accent, disabled it pales.

    Raises:
        FileNotFoundError: there is no such icon, which is a bug.
    """
    return QIcon(_Engine(name, (RESOURCES / "icons" / f"{name}.svg").read_bytes(), ink))


def pixmap(name: str, size: int, ink: Ink = "text", scale: float = 1.0) -> QPixmap:
    """One picture of an icon for a label or a painted widget; `size` in logical pixels."""
    return icon(name, ink).pixmap(QSize(size, size), scale)


class _Engine(QIconEngine):
    """Fills in `currentColor` when drawing, so that no icon has to be replaced when the theme changes."""

    def __init__(self, name: str, source: bytes, ink: Ink) -> None:
        super().__init__()
        self._name = name
        self._source = source
        self._ink = ink

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._source, self._ink)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = _colour(self._ink, mode, state)
        svg = QSvgRenderer(QByteArray(self._source.replace(b"currentColor", colour.name().encode())))
        svg.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        svg.render(painter, QRectF(_leading_square(rect)))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        colour = _colour(self._ink, mode, state).name()
        direction = QGuiApplication.layoutDirection().name
        key = f"clinic-icon/{self._name}/{colour}/{size.width()}x{size.height()}/{direction}"
        found = QPixmap()
        if QPixmapCache.find(key, found):
            return found
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        QPixmapCache.insert(key, drawn)
        return drawn


def _leading_square(rect: QRect) -> QRect:
    """Buttons ask for icons wider than high: what is left over is the gap to their text."""
    if rect.width() <= rect.height():
        return rect
    square = QRect(rect.topLeft(), QSize(rect.height(), rect.height()))
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        square.moveRight(rect.right())
    return square


def _colour(ink: Ink, mode: QIcon.Mode, state: QIcon.State) -> QColor:
    theme = current()
    if mode == QIcon.Mode.Disabled:
        group = QPalette.ColorGroup.Disabled
        return QGuiApplication.palette().color(group, QPalette.ColorRole.WindowText)
    if ink == "on-accent":
        return theme.on_accent
    if mode == QIcon.Mode.Selected or state == QIcon.State.On:
        return theme.accent_text
    inks = {
        "text": theme.text,
        "muted": theme.muted,
        "accent": theme.accent_text,
        "warning": theme.warning,
        "good": theme.good,
        "error": theme.now,
    }
    return inks[ink]
