"""Buttons, chips, segments and cards that carry their look with them."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from clinic_scheduler.ui import fonts, icons

CONTROL = 32
RAIL_WIDTH, RAIL_HEIGHT, RAIL_PADDING = 76, 62, 6


class ToggleButton(QPushButton):
    """A button that stays down; wide enough for the bold text it has then."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(_bold_growth(self), 0)


class RailButton(QToolButton):
    """Icon over word, for the left rail."""

    def __init__(self, text: str, icon: QIcon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setIcon(icon)
        self.setIconSize(icons.LARGE)
        self.setFont(fonts.tiny())
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setProperty("rail", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The same whether it is pressed or not: Qt measures the word in the weight that it has just now."""
        bold = self.font()
        bold.setWeight(QFont.Weight.DemiBold)
        room = QFontMetrics(bold).horizontalAdvance(self.text()) + 2 * RAIL_PADDING
        return QSize(max(RAIL_WIDTH, room), RAIL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Segments(QWidget):
    """One choice of a few, side by side.

    Signals:
        chosen: the key of the segment the user picked.
    """

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        """`choices` are (key, text); `name` is what a screen reader calls the group."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._keys = [key for key, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (_, text) in enumerate(choices):
            button = ToggleButton(text, self)
            button.setProperty("segment", _place(number, len(choices)))
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._pick)

    @property
    def key(self) -> str:
        """The key of the chosen segment."""
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        """Show `key` as chosen, without a signal."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def _pick(self, number: int) -> None:
        self.chosen.emit(self._keys[number])


def primary(text: str, icon: str = "") -> QPushButton:
    """The one button of a page that goes on."""
    button = QPushButton(text)
    button.setProperty("primary", True)
    if icon:
        button.setIcon(icons.icon(icon, "on-accent"))
    return button


def chip(text: str) -> ToggleButton:
    """A filter that is on or off."""
    made = ToggleButton(text)
    made.setProperty("chip", True)
    return made


def icon_button(icon: str, name: str, *, quiet: bool = False) -> QToolButton:
    """A square button with an icon only; `name` is its tooltip and what a screen reader says."""
    button = QToolButton()
    button.setIcon(icons.icon(icon))
    button.setIconSize(icons.SMALL)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFixedHeight(CONTROL)
    if quiet:
        button.setProperty("quiet", True)
    return button


def card(parent: QWidget | None = None) -> QFrame:
    """A panel on surface with a line around it."""
    frame = QFrame(parent)
    frame.setProperty("card", True)
    return frame


def label(text: str = "", tone: str = "") -> QLabel:
    """A label that shows `text` as it is, whatever stands in it; `tone` as in stylesheet.py."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    if tone:
        made.setProperty("tone", tone)
    return made


class Paragraph(QLabel):
    """Plain text over as many lines as it takes."""

    def __init__(self, text: str, tone: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        self.setMinimumWidth(1)  # one long word is cut rather than widening the whole panel
        if tone:
            self.setProperty("tone", tone)


class OneLine(QLabel):
    """Plain text in one line, cut with an ellipsis where there is no room; it is copied whole."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setMinimumWidth(1)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        if self.fontMetrics().horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(self.alignment()), shown)


def level(form: QFormLayout) -> QFormLayout:
    """Bring the labels of a form to the middle of their controls; Qt puts them higher beside high ones."""
    for row in range(form.rowCount()):
        name = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        field = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
        beside = name.widget() if name is not None else None
        is_low = field is None or isinstance(field.widget(), QCheckBox)
        if isinstance(beside, QLabel) and beside.text() and not is_low:
            beside.setMinimumHeight(CONTROL)
    return form


def heading(text: str) -> QLabel:
    """The title of a page or dialog."""
    made = label(text)
    made.setFont(fonts.title())
    return made


def _place(number: int, total: int) -> str:
    return "first" if number == 0 else "last" if number == total - 1 else "middle"


def _bold_growth(button: QPushButton | QToolButton) -> int:
    bold = button.font()
    bold.setWeight(bold.Weight.DemiBold)
    text = button.text()
    return max(0, QFontMetrics(bold).horizontalAdvance(text) - button.fontMetrics().horizontalAdvance(text))
