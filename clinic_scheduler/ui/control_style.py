"""What a style sheet cannot draw: tick boxes, arrows, and a focus ring only for who uses the keyboard."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QDateTimeEdit,
    QListView,
    QProxyStyle,
    QPushButton,
    QStyle,
    QStyleOption,
    QToolButton,
    QTreeView,
    QWidget,
)

from clinic_scheduler.ui.tokens import current

_Element = QStyle.PrimitiveElement
_ARROWS = {
    _Element.PE_IndicatorArrowDown: 0,
    _Element.PE_IndicatorArrowLeft: 90,
    _Element.PE_IndicatorArrowUp: 180,
    _Element.PE_IndicatorArrowRight: 270,
}
_ROW = 32
_ICON_AND_GAP = QSize(20, 16)  # icons keep to the leading edge, see icons.py
_METRICS = {
    QStyle.PixelMetric.PM_IndicatorWidth: 16,
    QStyle.PixelMetric.PM_IndicatorHeight: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 16,
    QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
    QStyle.PixelMetric.PM_RadioButtonLabelSpacing: 8,
    QStyle.PixelMetric.PM_ButtonIconSize: 16,
    QStyle.PixelMetric.PM_SmallIconSize: 16,
    QStyle.PixelMetric.PM_ToolBarIconSize: 20,
    QStyle.PixelMetric.PM_LayoutLeftMargin: 16,
    QStyle.PixelMetric.PM_LayoutTopMargin: 16,
    QStyle.PixelMetric.PM_LayoutRightMargin: 16,
    QStyle.PixelMetric.PM_LayoutBottomMargin: 16,
    QStyle.PixelMetric.PM_LayoutHorizontalSpacing: 8,
    QStyle.PixelMetric.PM_LayoutVerticalSpacing: 8,
}


class ControlStyle(QProxyStyle):
    """Fusion with our indicators; the style sheet draws the boxes around them."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Sizes on the 4 px grid."""
        ours = _METRICS.get(metric)
        return super().pixelMetric(metric, option, widget) if ours is None else ours

    def polish(self, target: QApplication | QWidget | QPalette | Qt.GlobalColor | QColor, /) -> None:
        """Mend two things that a style sheet cannot."""
        if isinstance(target, QAbstractSpinBox) and not _is_drop_down(target):
            target.lineEdit().setTextMargins(8, 0, 0, 0)  # its padding is lost, the text would touch the edge
        elif isinstance(target, QPushButton) and target.text():
            target.setIconSize(_ICON_AND_GAP)
        super().polish(target)

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Rows of lists are 32 high; a style sheet's height comes too late for a list filled unseen."""
        made = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # the stub forgot None
        if kind == QStyle.ContentsType.CT_ItemViewItem and isinstance(widget, QListView | QTreeView):
            made.setHeight(max(made.height(), _ROW))
        return made

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw what is ours, leave the rest to Fusion."""
        if element in _ARROWS:
            _arrow(painter, option, _ARROWS[element])
        elif element in (_Element.PE_IndicatorCheckBox, _Element.PE_IndicatorItemViewItemCheck):
            _check_box(painter, option)
        elif element == _Element.PE_IndicatorRadioButton:
            _radio(painter, option)
        elif element == _Element.PE_FrameFocusRect:
            _focus_ring(painter, option, widget)
        else:
            super().drawPrimitive(element, option, painter, widget)


def _is_drop_down(box: QAbstractSpinBox) -> bool:
    return isinstance(box, QDateTimeEdit) and box.calendarPopup()


def _colour(option: QStyleOption, role: QPalette.ColorRole) -> QColor:
    group = (
        QPalette.ColorGroup.Active
        if _is(option, QStyle.StateFlag.State_Enabled)
        else QPalette.ColorGroup.Disabled
    )
    return option.palette.color(group, role)


def _is(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _square(option: QStyleOption, side: float) -> QRectF:
    box = QRectF(0, 0, side, side)
    box.moveCenter(QRectF(option.rect).center())
    return box


def _arrow(painter: QPainter, option: QStyleOption, degrees: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(_colour(option, QPalette.ColorRole.ButtonText), 1.5))
    painter.translate(QRectF(option.rect).center())
    painter.rotate(degrees)
    painter.drawPolyline(QPolygonF([QPointF(-4, -2), QPointF(0, 2), QPointF(4, -2)]))
    painter.restore()


def _indicator_colours(option: QStyleOption, *, is_on: bool) -> tuple[QColor, QColor]:
    """Edge and filling of a tick box or radio button."""
    accent = _colour(option, QPalette.ColorRole.Accent)
    if is_on:
        return accent, accent
    is_hovered = _is(option, QStyle.StateFlag.State_MouseOver) and _is(option, QStyle.StateFlag.State_Enabled)
    return accent if is_hovered else current().outline, _colour(option, QPalette.ColorRole.Base)


def _check_box(painter: QPainter, option: QStyleOption) -> None:
    is_mixed = _is(option, QStyle.StateFlag.State_NoChange)
    is_on = _is(option, QStyle.StateFlag.State_On)
    edge, filling = _indicator_colours(option, is_on=is_on or is_mixed)
    box = _square(option, 15)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(filling)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(_pen(current().on_accent, 2))
    centre = box.center()
    if is_mixed:
        painter.drawLine(centre + QPointF(-3.5, 0), centre + QPointF(3.5, 0))
    elif is_on:
        tick = [centre + QPointF(-3.5, 0.5), centre + QPointF(-1, 3), centre + QPointF(4, -3)]
        painter.drawPolyline(QPolygonF(tick))
    painter.restore()


def _radio(painter: QPainter, option: QStyleOption) -> None:
    is_on = _is(option, QStyle.StateFlag.State_On)
    edge, filling = _indicator_colours(option, is_on=is_on)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(filling)
    painter.drawEllipse(_square(option, 15))
    if is_on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().on_accent)
        painter.drawEllipse(_square(option, 6))
    painter.restore()


def _focus_ring(painter: QPainter, option: QStyleOption, widget: QWidget | None) -> None:
    """Two pixels of accent around what the keyboard is on; a click of the mouse shows none."""
    if not _is(option, QStyle.StateFlag.State_KeyboardFocusChange):
        return
    is_boxed = isinstance(widget, QPushButton | QToolButton)
    ring = QRectF(widget.rect() if widget is not None and is_boxed else option.rect).adjusted(1, 1, -1, -1)
    is_pill = widget is not None and bool(widget.property("chip"))
    radius = min(ring.height() / 2, 13) if is_pill else 5 if is_boxed else 3
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # On a primary button the accent would vanish in the accent.
    is_primary = widget is not None and bool(widget.property("primary"))
    painter.setPen(QPen(current().text if is_primary else current().accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(ring, radius, radius)
    painter.restore()
