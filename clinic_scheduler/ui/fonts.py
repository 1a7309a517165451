"""The type scale: the system's family in four sizes and two weights, in logical pixels."""

from PySide6.QtGui import QFont, QGuiApplication


def tiny(*, strong: bool = False) -> QFont:
    """11 px: badges, axis labels."""
    return _sized(11, strong=strong)


def small(*, strong: bool = False) -> QFont:
    """12 px: second lines, captions."""
    return _sized(12, strong=strong)


def body(*, strong: bool = False) -> QFont:
    """13 px: everything that is read."""
    return _sized(13, strong=strong)


def title(*, strong: bool = True) -> QFont:
    """18 px: the title of a page."""
    return _sized(18, strong=strong)


def tabular(font: QFont) -> QFont:
    """A copy of `font` whose digits are all of one width, for times and money."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def _sized(pixels: int, *, strong: bool) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return font
