"""The slip that somebody takes home: an A6 page in vectors, readable in black and white."""

from typing import Final

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPagedPaintDevice, QPageSize
from PySide6.QtWidgets import QDialog, QWidget

from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking.papers import Papers, SlipLine
from clinic_scheduler.ui.print_canvas import Canvas
from clinic_scheduler.ui.printing import Paper, open_preview

INK, MUTED, LINE = QColor("#111111"), QColor("#444444"), QColor("#BBBBBB")
MARGIN: Final = 8.0  # millimetres, as every length here
ROW: Final = 10.0
TIME: Final = 13.0
FOOT: Final = 5.0


class SlipPainter:
    """One printing of one slip; as many pages as its services take."""

    def __init__(self, device: QPagedPaintDevice, shown: Papers) -> None:
        self._canvas, self._shown = Canvas(device), shown
        self._y = 0.0

    def paint(self) -> int:
        """Paint all pages; how many there were."""
        self._canvas.begin()
        pages = 1
        try:
            self._head()
            for line in self._shown.lines:
                if self._y + ROW > self._canvas.height - FOOT:
                    pages += self._turn()
                self._line(line)
            rest = self._rest()
            if self._y + 7 + 5 * len(rest) > self._canvas.height - FOOT:
                pages += self._turn()
            self._sum(rest)
            self._foot()
        finally:
            self._canvas.end()
        return pages

    def _put(self, text: str, size: float, *, is_bold: bool = False, colour: QColor = INK) -> None:
        place = QRectF(0, self._y, self._canvas.width, size * 1.4)
        self._canvas.text(place, text, size, colour=colour, is_bold=is_bold)
        self._y += size * 1.4

    def _turn(self) -> int:
        self._foot()
        self._canvas.next_page()
        self._y = 0.0
        return 1

    def _head(self) -> None:
        self._put(self._shown.clinic, 3.4, colour=MUTED)
        self._y += 1
        self._put(self._shown.name, 5, is_bold=True)
        self._put(self._shown.when, 3.6)
        self._y += 1
        self._put(self._shown.reference, 6, is_bold=True)
        self._y += 2

    def _line(self, line: SlipLine) -> None:
        width, top = self._canvas.width, self._y
        self._canvas.line(QLineF(0, top, width, top), LINE)
        price = self._canvas.text_width(line.price, 3.2) + 2
        first, second = top + 1.2, top + 5.2
        self._canvas.text(QRectF(0, first, TIME, 4), line.time, 3.2, colour=INK)
        place = QRectF(width - price, first, price, 4)
        self._canvas.text(place, line.price, 3.2, colour=INK, at_right=True)
        name = QRectF(TIME, first, width - TIME - price - 2, 4)
        self._canvas.text(name, line.service, 3.2, colour=INK, is_bold=True)
        self._canvas.text(QRectF(TIME, second, width - TIME, 4), line.who, 2.9, colour=MUTED)
        self._y += ROW

    def _rest(self) -> list[str]:
        """What is said below the sum, broken into lines of the page."""
        lines: list[str] = []
        for text in (self._shown.paid, self._shown.policy):
            line = ""
            for word in text.split():
                longer = f"{line} {word}".strip()
                if line and self._canvas.text_width(longer, 3) > self._canvas.width:
                    lines.append(line)
                    longer = word
                line = longer
            lines += [line] if line else []
        return lines

    def _sum(self, rest: list[str]) -> None:
        width = self._canvas.width
        self._canvas.line(QLineF(0, self._y, width, self._y), INK)
        place = QRectF(0, self._y + 1.2, width, 4.6)
        self._canvas.text(place, texts.translate("papers", "In all"), 3.4, colour=INK)
        self._canvas.text(place, self._shown.total, 3.4, colour=INK, is_bold=True, at_right=True)
        self._y += 8
        for line in rest:
            self._put(line, 3, colour=MUTED)

    def _foot(self) -> None:
        place = QRectF(0, self._canvas.height - 4, self._canvas.width, 4)
        printed = texts.translate("papers", "Printed {when}").format(when=self._shown.printed_at)
        self._canvas.text(place, printed, 2.4, colour=MUTED)


def paper(shown: Papers) -> Paper:
    """The slip as it is printed: A6, upright."""

    def paint(device: QPagedPaintDevice) -> int:
        return SlipPainter(device, shown).paint()

    return Paper(shown.reference, shown.clinic, paint, QPageSize.PageSizeId.A6, MARGIN)


def preview(parent: QWidget, shown: Papers) -> QDialog:
    """Open the print preview of the slip over `parent` and return at once."""
    return open_preview(parent, paper(shown), texts.translate("printing", "Print the slip"), (640, 760))
