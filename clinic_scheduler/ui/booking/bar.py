"""A strip under the header that says what happened and what can be done; it stays until it is over."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from clinic_scheduler.ui import controls, icons
from clinic_scheduler.ui.tokens import current

LONGEST = 400


class Bar(QFrame):
    """One sentence, and at most one thing to do about it.

    Signals:
        acted: the key of what the button stands for.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_warning = True
        self._key = ""
        self._sign = QLabel()
        self._text = controls.label()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.clicked.connect(self._act)
        self._close = controls.icon_button("x", self.tr("Close this notice"), quiet=True)
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 16, 8)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What stands there now, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def key(self) -> str:
        """What the bar is about, empty while hidden."""
        return "" if self.isHidden() else self._key

    @property
    def button(self) -> QPushButton:
        """The button, hidden where there is nothing to do."""
        return self._button

    def warn(self, text: str, key: str = "", action: str = "") -> None:
        """Say what went wrong, nothing that it is over; `action` is the words of the button."""
        if not text:
            self.clear(key)
            return
        self._show(text, key, action, is_warning=True)

    def tell(self, text: str, key: str = "", action: str = "") -> None:
        """Say what the desk should know."""
        self._show(text, key, action, is_warning=False)

    def clear(self, key: str) -> None:
        """Take the sentence away if it is about `key`."""
        if self._key == key:
            self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        ground: QColor = theme.warning_ground if self._is_warning else theme.accent_ground
        painter = QPainter(self)
        painter.fillRect(self.rect(), ground)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, 48))

    def _show(self, text: str, key: str, action: str, *, is_warning: bool) -> None:
        self._is_warning, self._key = is_warning, key
        self._text.setText(text[:LONGEST])
        self.setAccessibleName(text[:LONGEST])
        self._sign.setPixmap(self._picture())
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._close.setVisible(key not in {"ended", "checking"})
        self.show()
        self.update()

    def _picture(self) -> QPixmap:
        name = "triangle-alert" if self._is_warning else "info"
        return icons.pixmap(name, 20, "warning" if self._is_warning else "accent", self.devicePixelRatioF())

    def _act(self) -> None:
        self.acted.emit(self._key)
