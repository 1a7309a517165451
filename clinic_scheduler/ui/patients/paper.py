"""Everything on record of one person as a plain PDF to read: sections, tables with repeated heads, numbered pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.ui.patients.sheet import Row, Table, sections
from clinic_scheduler.ui.print_canvas import Canvas
from clinic_scheduler.ui.print_layout import one_line
from clinic_scheduler.ui.printing import Paper, printed_words
from clinic_scheduler.ui.texts import translate

_DPI: Final = 600
_MARGIN: Final = 16.0  # millimetres, as every length here
_TEXT, _SMALL, _HEAD, _TITLE = 3.2, 2.8, 4.0, 5.6
_LINE: Final = 4.6
_LABEL_W: Final = 42.0
_FOOT: Final = 8.0
_INK, _MUTED, _RULE = QColor("#111111"), QColor("#444444"), QColor("#BBBBBB")


@dataclass(frozen=True, slots=True)
class _Cell:
    """A piece of one line; `share` is the part of the width from 0 to 1 where it starts and ends."""

    start: float
    end: float
    text: str
    is_bold: bool = False
    at_right: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One line on paper; `head` is repeated over it where it comes first on a page."""

    cells: tuple[_Cell, ...]
    size: float = _TEXT
    height: float = _LINE
    is_muted: bool = False
    has_rule: bool = False
    head: tuple["_Line", ...] = ()
    stays_with: int = 0  # so many lines after it stand on the same page


def paper(data: Mapping[str, Any], clinic: ClinicFacts, printed_at: datetime) -> Paper:
    """What `handing_out.everything` found, as it is printed."""

    def paint(device: QPagedPaintDevice) -> int:
        return _Sheet(device, data, clinic, printed_at).paint()

    return Paper(one_line(data["person"]["name"]), clinic.name, paint, margin_mm=_MARGIN)


def printable(text: str) -> str:
    """All of the text with single blanks, and without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class _Sheet:
    """One printing of one person."""

    def __init__(
        self, device: QPagedPaintDevice, data: Mapping[str, Any], clinic: ClinicFacts, printed_at: datetime
    ) -> None:
        self._canvas = Canvas(device)
        self._data, self._clinic, self._printed_at = data, clinic, printed_at

    def paint(self) -> int:
        """Paint all pages; how many there are."""
        self._canvas.begin()
        try:
            pages = self._pages(self._lines())
            for number, page in enumerate(pages, 1):
                if number > 1:
                    self._canvas.next_page()
                self._paint_page(page)
                self._paint_footer(number, len(pages))
        finally:
            self._canvas.end()
        return len(pages)

    def _lines(self) -> list[_Line]:
        name = one_line(self._data["person"]["name"])
        about = translate("printing", "Everything on record at {clinic}").format(
            clinic=one_line(self._clinic.name)
        )
        found = [
            _Line((_Cell(0, 1, name, is_bold=True),), _TITLE, 8.0),
            _Line((_Cell(0, 1, about),), _SMALL, _LINE, is_muted=True),
        ]
        for section in sections(self._data, self._clinic):
            found.append(_Line((), height=4.0))
            found.append(
                _Line((_Cell(0, 1, section.title, is_bold=True),), _HEAD, 6.4, has_rule=True, stays_with=3)
            )
            if section.table is not None:
                found += self._table(section.table)
            for row in section.rows:
                found += self._row(row)
        return found

    def _row(self, row: Row) -> list[_Line]:
        """A label, and what it says in as many lines as that takes."""
        share = _LABEL_W / self._canvas.width if row.label else 0.0
        pieces = self._wrapped(row.text, self._canvas.width * (1 - share), _TEXT)
        lines = [_Line((_Cell(0, share, row.label), _Cell(share, 1, pieces[0])))]
        return lines + [_Line((_Cell(share, 1, piece),)) for piece in pieces[1:]]

    def _table(self, table: Table) -> list[_Line]:
        """The head, and a line or more for every row."""
        edges = [0.0]
        for share in table.shares:
            edges.append(edges[-1] + share)
        head = _Line(
            tuple(
                _Cell(edges[n], edges[n + 1], text, is_bold=True, at_right=n == table.at_right)
                for n, text in enumerate(table.headings)
            ),
            _SMALL,
        )
        found = [head]
        for row in table.rows:
            columns = [
                self._wrapped(text, self._canvas.width * table.shares[n] - 2, _SMALL)
                for n, text in enumerate(row)
            ]
            for number in range(max(len(pieces) for pieces in columns)):
                cells = tuple(
                    _Cell(edges[n], edges[n + 1], pieces[number], at_right=n == table.at_right)
                    for n, pieces in enumerate(columns)
                    if number < len(pieces)
                )
                found.append(_Line(cells, _SMALL, _LINE - 0.4, head=(head,)))
        return found

    def _wrapped(self, text: str, width: float, size: float) -> list[str]:
        """The text in pieces that fit; a word that is too long is broken at a letter."""
        found: list[str] = []
        for paragraph in text.split("\n"):
            piece = ""
            for word in printable(paragraph).split(" "):
                rest = word
                joined = f"{piece} {rest}" if piece else rest
                if self._canvas.text_width(joined, size) <= width:
                    piece = joined
                    continue
                if piece:
                    found.append(piece)
                while self._canvas.text_width(rest, size) > width:
                    fits = self._fitting(rest, width, size)
                    found.append(rest[:fits])
                    rest = rest[fits:]
                piece = rest
            found.append(piece)
        return found

    def _fitting(self, word: str, width: float, size: float) -> int:
        """How many letters fit, at least one."""
        low, high = 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            if self._canvas.text_width(word[:middle], size) <= width:
                low = middle
            else:
                high = middle - 1
        return low

    def _pages(self, lines: Sequence[_Line]) -> list[list[_Line]]:
        room = self._canvas.height - _FOOT
        pages: list[list[_Line]] = [[]]
        used = 0.0
        for number, line in enumerate(lines):
            needed = sum(one.height for one in lines[number : number + 1 + line.stays_with])
            if used + needed > room and pages[-1]:
                pages.append(list(line.head))
                used = sum(one.height for one in line.head)
            if line.cells or pages[-1]:  # no empty line at the top of a page
                pages[-1].append(line)
                used += line.height
        return pages

    def _paint_page(self, lines: Sequence[_Line]) -> None:
        y, width = 0.0, self._canvas.width
        for line in lines:
            for cell in line.cells:
                gap = 2.0 if cell.end < 1 else 0.0
                place = QRectF(cell.start * width, y, (cell.end - cell.start) * width - gap, line.height)
                self._canvas.text(
                    place,
                    cell.text,
                    line.size,
                    colour=_MUTED if line.is_muted else _INK,
                    is_bold=cell.is_bold,
                    at_right=cell.at_right,
                )
            y += line.height
            if line.has_rule:
                self._canvas.line(QLineF(0, y - 0.6, width, y - 0.6), _RULE)

    def _paint_footer(self, number: int, total: int) -> None:
        said = printed_words(self._printed_at, number, total)
        line = QRectF(0, self._canvas.height - 4.0, self._canvas.width, 4.0)
        taken = self._canvas.text(line, said, _SMALL, colour=_MUTED, at_right=True)
        name = one_line(self._data["person"]["name"])
        self._canvas.text(line.adjusted(0, 0, -taken - 4, 0), name, _SMALL, colour=_MUTED)
