"""A field with its name above and what is wrong with it below."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.theme import style_as


class Field(QWidget):
    """One line of text.

    Signals:
        edited: the text as the user changed it.
    """

    edited = Signal(str)

    def __init__(self, name: str, longest: int, example: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setMaxLength(longest)
        self.line.setPlaceholderText(example)
        self.line.setAccessibleName(name)
        self.line.textEdited.connect(self._edit)
        caption = controls.label(name)
        caption.setFont(fonts.small(strong=True))
        caption.setBuddy(self.line)
        self._below = wide(controls.label(tone="muted"))
        self._below.setFont(fonts.small())
        self._below.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption)
        column.addWidget(self.line)
        column.addWidget(self._below)

    @property
    def text(self) -> str:
        """What stands in the field, without what no database keeps."""
        return kept.storable(self.line.text())

    @property
    def error(self) -> str:
        """What is wrong with it, empty where nothing is."""
        return self._below.text() if self.line.property("invalid") else ""

    def fill(self, text: str) -> None:
        """Put a text in, as kept before."""
        if text != self.line.text():
            self.line.setText(text)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong and take the keyboard there."""
        self._say(sentence, "error", is_invalid=True)
        self.line.setFocus()

    def tell(self, sentence: str) -> None:
        """Say how the text was understood; an empty sentence takes everything away."""
        self._say(sentence, "muted", is_invalid=False)

    def _say(self, sentence: str, tone: str, *, is_invalid: bool) -> None:
        self._below.setText(sentence)
        self._below.setVisible(bool(sentence))
        style_as(self._below, tone=tone)
        style_as(self.line, invalid=is_invalid)
        self.line.setAccessibleDescription(sentence)

    def _edit(self, text: str) -> None:
        if self.line.property("invalid"):
            self.tell("")
        self.edited.emit(text)
