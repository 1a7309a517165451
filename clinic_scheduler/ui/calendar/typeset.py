"""Measuring, cutting and keeping the short texts that a calendar paints over and over."""

import re
import unicodedata
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTransform

LONGEST: Final = 120  # a name of a megabyte must not cost a second to measure
KEPT: Final = 20_000


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_KEPT: Final = frozenset("\t\n\r\u200c\u200d")  # white space becomes blanks; joiners shape letters and emoji
_MARK: Final = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_MARKS: Final = re.compile(f"({_MARK}{{2}}){_MARK}+")


def one_line(text: str) -> str:
    """The text as far as anyone would read it, without line breaks, controls and half characters.

    Direction marks go too: one forgotten override would turn everything after it. No letter keeps
    more than two accents, or they would tower over the lines above.
    """
    head = text[: 4 * LONGEST]
    if head.isascii() and head.isprintable():
        return head[:LONGEST].strip()
    if not head.isprintable():
        head = "".join(" " if c.isspace() else c for c in head if _is_seen(c))
    return _MARKS.sub(r"\1", head)[:LONGEST].strip()


def _is_seen(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _UNSEEN


class Typesetter:
    """The texts of one font: their widths and their shaped lines are kept between paints."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self.ascent = self._metrics.ascent()
        self._widths: dict[str, int] = {}
        self._cuts: dict[tuple[str, int], str] = {}
        self._lines: dict[str, QStaticText] = {}

    def width(self, text: str) -> int:
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) > KEPT:
                self._widths.clear()
            width = self._widths[text] = self._metrics.horizontalAdvance(text)
        return width

    def cut(self, text: str, space: int) -> str:
        """The text if it fits, else cut at a letter with "…", else nothing."""
        if self.width(text) <= space:
            return text
        short = self._cuts.get((text, space))
        if short is None:
            if len(self._cuts) > KEPT:
                self._cuts.clear()
            short = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, space)
            short = self._cuts[text, space] = short if short.strip("… ") else ""
        return short

    def line(self, text: str) -> QStaticText:
        """The shaped text, to be drawn by its top left corner with this font."""
        line = self._lines.get(text)
        if line is None:
            if len(self._lines) > KEPT:
                self._lines.clear()
            line = QStaticText(text)
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            line.prepare(QTransform(), self.font)
            self._lines[text] = line
        return line
