"""The list on paper: heads repeated on every page, days as headings, page and time of print below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice

from clinic_scheduler.services.listing.lines import Line
from clinic_scheduler.ui.print_canvas import Canvas
from clinic_scheduler.ui.printing import Paper, printed_words

from . import cells
from .rows import DayRow, LineRow, PartRow, Row, flattened

MOST_LINES: Final = 2_000
# Shares of the page's width, which always add up to it: what is longer is cut at a letter.
SHARES: Final = {
    "when": 17,
    "patient": 19,
    "service": 20,
    "practitioner": 14,
    "room": 9,
    "status": 11,
    "reference": 10,
}
_ROW: Final = 5.4  # millimetres, as every length here
_TOP: Final = 17.0
_FOOT: Final = 8.0
_TEXT: Final = 2.8
_INK, _MUTED, _LINE = QColor("#111111"), QColor("#444444"), QColor("#BBBBBB")


class ListPaper:
    """One printing of some lines onto one device."""

    def __init__(
        self,
        device: QPagedPaintDevice,
        lines: Sequence[Line],
        *,
        title: str,
        clinic: str,
        printed_at: datetime,
        by_day: bool,
    ) -> None:
        self._canvas = Canvas(device)
        self._title, self._clinic, self._printed_at, self._by_day = title, clinic, printed_at, by_day
        opened = {line.visit.id for line in lines if len(line.parts) > 1}
        rows = flattened(lines, opened, by_day=by_day)
        self._rows = [row for row in rows if isinstance(row, DayRow | LineRow | PartRow)]

    def paint(self) -> int:
        """Paint all pages; how many there are."""
        per_page = max(1, int((self._canvas.height - _TOP - _FOOT) // _ROW))
        pages = [self._rows[at : at + per_page] for at in range(0, len(self._rows), per_page)] or [[]]
        self._canvas.begin()
        try:
            for number, rows in enumerate(pages, 1):
                if number > 1:
                    self._canvas.next_page()
                self._paint_head()
                for place, row in enumerate(rows):
                    self._paint_row(_TOP + place * _ROW, row)
                self._paint_foot(number, len(pages))
        finally:
            self._canvas.end()
        return len(pages)

    def _paint_head(self) -> None:
        place = QRectF(0, 0, self._canvas.width, 6)
        self._canvas.text(place, self._title, 4.6, colour=_INK, is_bold=True)
        for name, box in self._boxes(10.5):
            self._canvas.text(box, cells.head(name), _TEXT, colour=_MUTED, is_bold=True)
        self._rule(16.2, _MUTED)

    def _paint_row(self, top: float, row: Row) -> None:
        if isinstance(row, DayRow):
            place = QRectF(0, top, self._canvas.width, _ROW)
            self._canvas.text(place, cells.text(row, "when", "", by_day=True), 3.0, colour=_INK, is_bold=True)
        else:
            is_part = isinstance(row, PartRow)
            for name, box in self._boxes(top):
                if name == "when" and is_part:
                    box.adjust(4, 0, 0, 0)
                said = cells.text(row, name, "", by_day=self._by_day) if name != "total" else ""
                self._canvas.text(
                    box, said, _TEXT, colour=_MUTED if is_part else _INK, is_bold=name == "patient"
                )
        self._rule(top + _ROW - 0.2, _LINE)

    def _paint_foot(self, number: int, total: int) -> None:
        line = QRectF(0, self._canvas.height - 4.5, self._canvas.width, 4)
        self._canvas.text(line, self._clinic, 2.6, colour=_MUTED)
        said = printed_words(self._printed_at, number, total)
        self._canvas.text(line, said, 2.6, colour=_MUTED, at_right=True)

    def _boxes(self, top: float) -> list[tuple[str, QRectF]]:
        x, found = 0.0, []
        for name, share in SHARES.items():
            width = self._canvas.width * share / 100
            found.append((name, QRectF(x, top, width - 2, _ROW)))
            x += width
        return found

    def _rule(self, y: float, colour: QColor) -> None:
        self._canvas.line(QLineF(0, y, self._canvas.width, y), colour)


def paper(lines: Sequence[Line], *, title: str, clinic: str, printed_at: datetime, by_day: bool) -> Paper:
    """The list as it is printed: A4 across, with narrow margins."""
    kept = tuple(lines)

    def paint(device: QPagedPaintDevice) -> int:
        made = ListPaper(device, kept, title=title, clinic=clinic, printed_at=printed_at, by_day=by_day)
        return made.paint()

    return Paper(title, clinic, paint, is_upright=False)
