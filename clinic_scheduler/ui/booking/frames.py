"""Small frames the pages share: labels that break or are cut, and scrolling without a ground of its own."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QLabel,
    QListView,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from clinic_scheduler.ui.booking import painting
from clinic_scheduler.ui.tokens import current


def wide(label: QLabel) -> QLabel:
    """The label, free to break its lines and to take the width there is."""
    label.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    # Absolute: a name from right to left starts where all the others do.
    label.setAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute
    )
    return label


def as_card(view: QListView) -> QListView:
    """The list, with the rounded edge of a card."""
    view.setProperty("card", True)
    view.setViewportMargins(0, 4, 0, 4)
    return view


class CutLabel(QWidget):
    """One line, cut with an ellipsis where it does not fit."""

    def __init__(self, text: str, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._font = text, font
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(painting.width(self._text, self._font), max(18, QFontMetrics(self._font).height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painting.put(QPainter(self), self.rect(), self._text, self._font, current().text)


class Scrolled(QScrollArea):
    """As high as its child wants, scrolling only where there is less room."""

    def __init__(self, child: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(child)
        child.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def viewportEvent(self, event: QEvent) -> bool:
        """A child that wants another height has no layout above it that would ask for ours."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().viewportEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        child = self.widget()
        return child.sizeHint() if child else super().sizeHint()
