"""One field of a form with its label, its hint and the sentence that says what is wrong with it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QCompleter,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.theme import style_as


class Field(QWidget):
    """Label, control and one line below it: the hint, or in its place what is wrong.

    Signals:
        left: the keyboard went elsewhere, so what was typed may be judged.
    """

    left = Signal()

    def __init__(self, label: str | QCheckBox, control: QWidget, *, hint: str = "", spoken: str = "") -> None:
        """`label` may be a box that switches the control on.

        `spoken` is what a screen reader calls the control where the label alone says too little.
        """
        super().__init__()
        self.control = control
        self.is_touched = False
        self._hint = hint
        self._error = ""
        self._head = head = _label(label, control) if isinstance(label, str) else label
        self._note = controls.label(hint, tone="muted")
        self._note.setFont(fonts.small())
        self._note.setWordWrap(True)
        self._note.setVisible(bool(hint))
        control.setAccessibleName(spoken or head.text())
        control.setAccessibleDescription(hint)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(control)
        column.addWidget(self._note)
        column.addStretch()
        self._inputs = [control, *control.findChildren(QLineEdit), *control.findChildren(QAbstractSpinBox)]
        for widget in (*self._inputs, *control.findChildren(QAbstractButton)):
            widget.installEventFilter(self)

    @property
    def error(self) -> str:
        """The sentence now shown, empty where nothing is wrong."""
        return self._error

    def say(self, error: str) -> None:
        """Show what is wrong; nothing brings the hint back."""
        if error == self._error:
            return
        self._error = error
        self._show(error or self._hint, "error" if error else "muted")
        for widget in self._inputs:
            style_as(widget, invalid=bool(error))

    def advise(self, hint: str, tone: str = "muted") -> None:
        """Replace the hint."""
        self._hint = hint
        if not self._error:
            self._show(hint, tone)

    def align_with(self, neighbour: "Field") -> None:
        """Make the label as high as that of the field beside it."""
        self._head.setMinimumHeight(neighbour._head.sizeHint().height())  # noqa: SLF001 - of this class

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            # A popup or another window borrows the keyboard and gives it back.
            if event.reason() not in (
                Qt.FocusReason.PopupFocusReason,
                Qt.FocusReason.ActiveWindowFocusReason,
            ):
                self.is_touched = True
                self.left.emit()
        elif isinstance(event, QWheelEvent) and not self._has_keyboard():
            # Whoever scrolls the page does not mean the number under the pointer.
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _has_keyboard(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self.control or self.control.isAncestorOf(focused))

    def _show(self, text: str, tone: str) -> None:
        self._note.setText(text)
        style_as(self._note, tone=tone)
        self._note.setVisible(bool(text))
        self.control.setAccessibleDescription(text)


def _label(text: str, control: QWidget) -> QLabel:
    made = controls.label(text)
    made.setFont(fonts.small())
    made.setBuddy(control)
    return made


class SearchCombo(QComboBox):
    """A long list that is searched by typing any part of a word."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        """`choices` are (key, text), as they shall stand in the list."""
        super().__init__()
        line = QLineEdit()
        line.setMaxLength(80)
        self.setLineEdit(line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self._keys: dict[str, str] = {}
        for key, text in choices:
            self.addItem(text, key)
            self._keys[text.casefold()] = key
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setMaxVisibleItems(12)
        self.setCompleter(completer)
        self.setCurrentIndex(-1)

    @property
    def key(self) -> str:
        """The key of what stands in the field, empty while that is not in the list."""
        return self._keys.get(" ".join(self.currentText().split()).casefold(), "")

    def choose(self, key: str) -> None:
        """Put `key` into the field; one that is not in the list empties it."""
        self.setCurrentIndex(self.findData(key))
