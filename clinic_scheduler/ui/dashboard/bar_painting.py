"""Painting one bar: a solid part, a hatched part, a line where it was in the days before."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from clinic_scheduler.ui import fonts, theme
from clinic_scheduler.ui.calendar.typeset import one_line

from .bar_model import BarModel, Index
from .shown import Bar

ROW_H, BAR_H, PAD, GAP = 28, 12, 4, 8
FOOT_H, HEAD_H, WIDEST = 20, 18, 36
LABEL_SHARE = 0.36
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter


class BarPainting(QStyledItemDelegate):
    """Shared by lying and upright bars."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self.measure()

    def measure(self) -> None:
        """Take the fonts of today."""
        self._body, self._small = fonts.tabular(fonts.body()), fonts.tabular(fonts.tiny())

    @property
    def bars(self) -> BarModel:
        """What is painted."""
        model = self._view.model()
        assert isinstance(model, BarModel)  # noqa: S101 - the view has no other
        return model

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """A ground under the pointer, an outline where the keyboard stands."""
        colours, rect = theme.current(), QRectF(option.rect).adjusted(1, 1, -1, -1)
        state = option.state
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(colours.hover)
            painter.drawRoundedRect(rect, 4, 4)
        if state & QStyle.StateFlag.State_Selected and self._view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRoundedRect(rect, 4, 4)

    @staticmethod
    def _part(painter: QPainter, solid: QRect, hatched: QRect) -> None:
        colours = theme.current()
        painter.fillRect(solid, colours.accent)
        if not hatched.isEmpty():
            painter.fillRect(hatched, colours.now_ground)
            painter.fillRect(hatched, QBrush(colours.now, Qt.BrushStyle.BDiagPattern))
            painter.setPen(colours.now)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(hatched.adjusted(0, 0, -1, -1))

    @staticmethod
    def _word(
        painter: QPainter, rect: QRect, text: str, font: QFont, ink: QColor, how: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        shown = QFontMetrics(font).elidedText(one_line(text), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, how, shown)


class LyingBars(BarPainting):
    """A line a bar: label, bar, number, and what stands beside it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._view.viewport().width(), ROW_H)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar, colours = self.bars.bars[index.row()], theme.current()
        rect = QRect(option.rect).adjusted(PAD + 4, 0, -PAD - 4, 0)
        labels, numbers, beside = self._columns(rect.width())
        painter.save()
        self._ground(painter, option)
        label = QRect(rect.left(), rect.top(), labels, rect.height())
        self._word(painter, label, bar.label, self._body, colours.text, LEFT)
        right = rect.right() + 1
        if beside:
            text = bar.beside.text() if bar.beside else ""
            self._word(
                painter,
                QRect(right - beside, rect.top(), beside, rect.height()),
                text,
                self._body,
                colours.muted,
                RIGHT,
            )
            right -= beside + GAP
        number = QRect(right - numbers, rect.top(), numbers, rect.height())
        self._word(painter, number, bar.amount.text(), self._body, colours.text, RIGHT)
        space = QRect(label.right() + GAP, rect.center().y() - BAR_H // 2, 0, BAR_H)
        space.setRight(number.left() - GAP)
        self._bar(painter, space, bar)
        painter.restore()

    def _columns(self, width: int) -> tuple[int, int, int]:
        """How wide labels, numbers, and what stands beside them are."""
        metrics, bars = QFontMetrics(self._body), self.bars.bars
        labels = max((metrics.horizontalAdvance(one_line(bar.label)) for bar in bars), default=0) + 2
        numbers = max((metrics.horizontalAdvance(bar.amount.text()) for bar in bars), default=0) + 2
        beside = (
            max((metrics.horizontalAdvance(bar.beside.text()) for bar in bars if bar.beside), default=-2) + 2
        )
        return min(labels, int(width * LABEL_SHARE)), numbers, beside

    def _bar(self, painter: QPainter, space: QRect, bar: Bar) -> None:
        whole, longest = max(space.width(), 1), self.bars.longest
        length = round(whole * (bar.amount.value or 0) / longest)
        if bar.amount.value:
            length = max(length, 2)
        hatched = min(length, max(3, round(whole * bar.hatched / longest))) if bar.hatched else 0
        solid = QRect(space.left(), space.top(), length - hatched, space.height())
        self._part(painter, solid, QRect(solid.right() + 1, space.top(), hatched, space.height()))
        if bar.before is not None and bar.before.value:
            at = space.left() + round(whole * bar.before.value / longest)
            _line(painter, QRect(at - 1, space.top() - 4, 2, space.height() + 8))


class UprightBars(BarPainting):
    """A column a bar: its number above where there is room, its label below, as often as labels fit."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self.height = 176

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width, count = self._view.viewport().width(), max(1, self.bars.rowCount())
        row = index.row()
        return QSize(max(1, (row + 1) * width // count - row * width // count), self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bar, colours, rect = self.bars.bars[index.row()], theme.current(), QRect(option.rect)
        painter.save()
        self._ground(painter, option)
        space = rect.adjusted(0, HEAD_H, 0, -FOOT_H)
        painter.fillRect(rect.left(), space.bottom() + 1, rect.width(), 1, colours.line)
        top = self._column(painter, space, bar)
        metrics = QFontMetrics(self._small)
        text = bar.amount.text()
        if bar.amount.value and metrics.horizontalAdvance(text) <= rect.width() - 2:
            self._word(
                painter,
                QRect(rect.left(), top - HEAD_H, rect.width(), HEAD_H),
                text,
                self._small,
                colours.text,
                CENTRE,
            )
        every = self._every(metrics, rect.width())
        if index.row() % every == 0:
            wide = rect.adjusted(0, 0, (every - 1) * rect.width(), 0) if every > 1 else rect
            foot = QRect(wide.left(), rect.bottom() - FOOT_H + 3, wide.width(), FOOT_H - 4)
            self._word(painter, foot, bar.label, self._small, colours.muted, LEFT if every > 1 else CENTRE)
        painter.restore()

    def _every(self, metrics: QFontMetrics, width: int) -> int:
        """Of how many columns one says its label."""
        widest = (
            max((metrics.horizontalAdvance(one_line(bar.label)) for bar in self.bars.bars), default=0) + 6
        )
        return -(-widest // max(width, 1))

    def _column(self, painter: QPainter, space: QRect, bar: Bar) -> int:
        """Paint it; where its number may stand, clear of the line of the days before."""
        longest, whole = self.bars.longest, space.height()
        width = max(2, min(WIDEST, round(space.width() * 0.64)))
        left = space.center().x() - width // 2 + 1
        height = round(whole * (bar.amount.value or 0) / longest)
        if bar.amount.value:
            height = max(height, 2)
        hatched = min(height, max(3, round(whole * bar.hatched / longest))) if bar.hatched else 0
        bottom = space.bottom() + 1
        solid = QRect(left, bottom - height + hatched, width, height - hatched)
        self._part(painter, solid, QRect(left, bottom - height, width, hatched))
        top = bottom - height
        if bar.before is not None and bar.before.value:
            at = bottom - round(whole * bar.before.value / longest)
            _line(painter, QRect(left - 2, at - 1, width + 4, 2))
            if top - HEAD_H < at < top:
                top = at - 1
        return top


def _line(painter: QPainter, place: QRect) -> None:
    """The line of the days before, with ground around it: dark on a dark bar it would not be seen."""
    painter.fillRect(place.adjusted(-1, -1, 1, 1), theme.current().surface)
    painter.fillRect(place, theme.current().text)


def painting(view: QListView, *, is_upright: bool) -> BarPainting:
    """Who paints the bars of a view."""
    return UprightBars(view) if is_upright else LyingBars(view)
