"""Measuring, cutting and keeping the short texts that a calendar paints over and over."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTransform

LONGEST: Final = 120  # a name of a megabyte must not cost a second to measure
KEPT: Final = 20_000


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_KEPT: Final = frozenset("\t\n\r\u200c\u200d")  # white space becomes blanks; joiners shape letters and emoji
_MARK: Final = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_MARKS: Final = re.compile(f"({_MARK}{{2}}){_MARK}+")


@lru_cache(maxsize=KEPT)
def one_line(text: str) -> str:
    """The text as far as anyone would read it, then "…"; without line breaks, controls and half characters.

    Direction marks go too: one forgotten override would turn everything after it. No letter keeps
    more than two accents, or they would tower over the lines above.
    """
    head = text[: 4 * LONGEST]
    if not head.isascii() or not head.isprintable():
        head = "".join(" " if c.isspace() else c for c in head if _is_seen(c))
        head = _MARKS.sub(r"\1", head)
    line = head.strip()
    if len(line) <= LONGEST and len(text) <= 4 * LONGEST:
        return line
    return line[: LONGEST - 1].rstrip() + "…"


def _is_seen(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character) not in _UNSEEN


class Word(NamedTuple):
    """A shaped text and its top left corner."""

    x: int
    y: int
    line: QStaticText
    width: int


class Typesetter:
    """The texts of one font: their widths and their shaped lines are kept between paints."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetrics(font)
        self.height = self._metrics.height()
        self.ascent = self._metrics.ascent()
        self._widths: dict[str, int] = {}
        self._fitted: dict[tuple[str, int], tuple[QStaticText, int] | tuple[()]] = {}
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
        short = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, space)
        return short if short.strip("… ") else ""

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

    def word(self, text: str, x: int, y: int) -> Word:
        return Word(x, y, self.line(text), self.width(text))

    def fitted(self, text: str, space: int, x: int, y: int) -> Word | None:
        """The text cut to the space; None where nothing would be left of it."""
        shaped = self._fitted.get((text, space))
        if shaped is None:
            if len(self._fitted) > KEPT:
                self._fitted.clear()
            short = self.cut(text, space)
            shaped = self._fitted[text, space] = (self.line(short), self.width(short)) if short else ()
        return Word(x, y, *shaped) if shaped else None
