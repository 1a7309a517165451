"""A search field that keeps the keyboard while its list moves below it."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from clinic_scheduler.ui import icons

_FOR_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class SearchLine(QLineEdit):
    """Arrows move in the list, Enter takes what is marked there.

    Signals:
        entered: Enter was pressed; the wizard does not see the key.
    """

    entered = Signal()

    def __init__(self, name: str, example: str, longest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list: QListView | None = None
        self.setMaxLength(longest)
        self.setAccessibleName(name)
        self.setPlaceholderText(example)
        icon: QIcon = icons.icon("search", "muted")
        self.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self._clear = self.addAction(icons.icon("x", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(self.tr("Clear"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._offer_to_clear)

    def drive(self, view: QListView) -> None:
        """Let the arrow keys move in `view`, which takes no focus of its own."""
        self._list = view
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _offer_to_clear(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and is_plain:
            self.entered.emit()
        elif event.key() in _FOR_THE_LIST and self._list is not None and is_plain:
            QCoreApplication.sendEvent(self._list, event)
        else:
            super().keyPressEvent(event)
