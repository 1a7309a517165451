"""Painting the rows of the list: arrow and time, status with its sign, the bar of a course, days over all cells."""

from functools import cache
from typing import Final

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from clinic_scheduler.ui import fonts, icons, texts
from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.tokens import Theme, current

from . import cells
from .model import ROW, Index
from .rows import DayRow, LineRow, PartRow, Row, SessionRow

HIGH: Final = 32
FOLD: Final = 24  # width of the arrow
INDENT: Final = 16
BAR: Final = 4
FINISHED: Final = frozenset({"completed", "no_show", "cancelled"})
_FIGURES: Final = frozenset({"when", "total", "reference", "booked"})


class BookingDelegate(QStyledItemDelegate):
    """Paints a cell: arrow and time, status with its sign, the bar of a course."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        name = cells.COLUMNS[index.column()].name
        theme = current()
        place = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, theme.accent_ground)
        elif isinstance(row, DayRow):
            painter.fillRect(place, theme.ground)
        painter.setPen(QPen(theme.faint_line, 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        inner = place.adjusted(8, 0, -8, 0)
        if isinstance(row, DayRow):
            self._day(painter, option, index)
            painter.restore()
            return
        if name == "when":
            self._when(painter, inner, row)
        if name == "status" and isinstance(row, LineRow | PartRow):
            self._status(painter, inner, row, theme)
        elif name == "course" and isinstance(row, LineRow) and row.line.course:
            self._course(painter, inner, row, theme)
        else:
            self._text(painter, inner, index, row, name)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, HIGH)

    def _day(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The day, written over all cells as if they were one."""
        view = option.widget
        if isinstance(view, QTableView):
            left = view.columnViewportPosition(0) + 8
            line = QRect(left, option.rect.top(), view.viewport().width() - 16, option.rect.height())
            painter.setClipRect(option.rect)
            said = index.siblingAtColumn(0).data() if isinstance(index, QModelIndex) else index.data()
            painting.put(painter, line, str(said or ""), fonts.body(strong=True), current().text)

    def _when(self, painter: QPainter, inner: QRect, row: Row | None) -> None:
        """The arrow, and how far what stands beside it is moved in."""
        if isinstance(row, LineRow):
            if row.can_open:
                arrow = "chevron-down" if row.is_open else "chevron-right"
                ratio = painter.device().devicePixelRatioF()
                painter.drawPixmap(
                    inner.left() - 2, inner.center().y() - 7, icons.pixmap(arrow, 16, "muted", ratio)
                )
            inner.adjust(FOLD, 0, 0, 0)
        elif isinstance(row, PartRow | SessionRow):
            inner.adjust(FOLD + INDENT, 0, 0, 0)

    def _text(self, painter: QPainter, inner: QRect, index: Index, row: Row | None, name: str) -> None:
        side = painting.RIGHT if name in cells.NUMBERS else painting.LEFT
        said = index.data()
        if said:
            painting.put(painter, inner, str(said), _font(row, name), _ink(row), side)

    def _status(self, painter: QPainter, inner: QRect, row: LineRow | PartRow, theme: Theme) -> None:
        part = row.line.lead if isinstance(row, LineRow) else row.part
        sign = texts.status_sign(part.status)
        inks = {"no_show": theme.now, "completed": theme.good, "pending": theme.warning}
        inks |= {"arrived": theme.accent_text, "in_progress": theme.accent_text}
        box = QRect(inner.left(), inner.top(), 18, inner.height())
        painting.put(painter, box, sign, _font(row, "patient"), inks.get(part.status, theme.muted))
        painting.put(
            painter, inner.adjusted(20, 0, 0, 0), cells.status(part), _font(row, "status"), _ink(row)
        )

    def _course(self, painter: QPainter, inner: QRect, row: LineRow, theme: Theme) -> None:
        course = row.line.course
        if course is None:
            return
        text = inner.adjusted(0, 2, 0, -10)
        painting.put(painter, text, row.line.lead.counter, fonts.tabular(fonts.small()), _ink(row))
        whole = QRectF(inner.left(), inner.bottom() - 9, inner.width(), BAR)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.line)
        painter.drawRoundedRect(whole, 2, 2)
        whole.setWidth(whole.width() * course.done / len(course.sessions))
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(whole, 2, 2)


@cache
def _face(family: str, *, strong: bool, tabular: bool) -> QFont:
    """A font of the table; `family` is the application's, so that another one counts."""
    del family
    font = fonts.body(strong=strong)
    return fonts.tabular(font) if tabular else font


def _font(row: Row | None, name: str) -> QFont:
    is_strong = isinstance(row, DayRow) or name == "patient"
    return _face(QGuiApplication.font().family(), strong=is_strong, tabular=name in _FIGURES)


def _ink(row: Row | None) -> QColor:
    theme = current()
    if row is None or isinstance(row, SessionRow):
        return theme.muted
    if isinstance(row, PartRow):
        return theme.text if row.part.is_wanted and row.part.status not in FINISHED else theme.muted
    if isinstance(row, LineRow):
        return theme.muted if row.line.lead.status in ("cancelled", "no_show") else theme.text
    return theme.text
