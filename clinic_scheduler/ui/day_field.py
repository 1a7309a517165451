"""A field that shows which days are looked at, and turns to the day that is typed."""

from datetime import date

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from . import controls, fonts, texts
from .day_words import understood

LONGEST = 80
PADDING = 8  # of the line, with its edge and what Qt keeps free inside


class DayField(QWidget):
    """Words in large letters until somebody types.

    Signals:
        chosen: the date that was entered.
        left: the keyboard goes back to where it was.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._today = "", date.min
        self.edit = _Line()
        self.edit.setProperty("quiet", True)
        self.edit.setFont(fonts.title())
        self.edit.setMaxLength(LONGEST)
        self.edit.setAccessibleName(self.tr("Day"))
        self.edit.setToolTip(self.tr("Type a day, such as tue, +2w or 14.3. (Ctrl+G)"))
        self.edit.begun.connect(self._begin)
        self.edit.away.connect(self._reset)
        self.edit.escaped.connect(self._end)
        self.edit.textEdited.connect(self._hint)
        self.edit.returnPressed.connect(self._choose)
        self._said = controls.label()
        self._said.setProperty("tip", True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.edit)

    @property
    def hint(self) -> QLabel:
        """What is said about the words typed."""
        return self._said

    def text(self) -> str:
        """What stands there while nobody types."""
        return self._words

    def show_words(self, words: str, today: date) -> None:
        """Say what is looked at."""
        self._words, self._today = words, today
        self.edit.setToolTip(words)
        if not self.edit.hasFocus():
            self._put()

    def ask(self) -> None:
        """Let a day be typed."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def _hint(self, typed: str) -> None:
        day = understood(typed, self._today)
        if not typed.strip():
            words = self.tr("Type a day, such as tue, +2w or 14.3.")
        elif day is None:
            words = self.tr("No day yet; try tue, +2w, 14.3. or week 12.")
        else:
            words = texts.long_date(day, with_year=True)
        self._said.setText(words)
        self.edit.setAccessibleDescription(words)
        self._said.setParent(self.window())
        self._said.adjustSize()
        self._said.move(self.edit.mapTo(self.window(), QPoint(8, self.edit.height() + 2)))
        self._said.show()
        self._said.raise_()

    def _choose(self) -> None:
        day = understood(self.edit.text(), self._today)
        if day is None:
            self._hint(self.edit.text())
            return
        self._end()
        self.chosen.emit(day)

    def _end(self) -> None:
        self.edit.clearFocus()
        self.left.emit()

    def _reset(self) -> None:
        self._said.hide()
        self._put()

    def _put(self) -> None:
        """Show the words, cut with an ellipsis where there is no room for them."""
        room = self.edit.width() - 2 * PADDING
        is_laid_out = self.isVisible() and room > 0
        metrics = self.edit.fontMetrics()
        shown = (
            metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room) if is_laid_out else self._words
        )
        self.edit.setText(shown)
        self.edit.setCursorPosition(0)

    def _begin(self) -> None:
        self.edit.setText(self._words)
        self.edit.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.edit.hasFocus():
            self._put()


class _Line(QLineEdit):
    """Tells when the keyboard comes and when it is sent away.

    Signals:
        begun: the keyboard is here.
        away: it went elsewhere.
        escaped: Escape was pressed.
    """

    begun = Signal()
    away = Signal()
    escaped = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.begun.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.away.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
