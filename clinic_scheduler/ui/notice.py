"""A calm strip that says what was refused and what to do next."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from clinic_scheduler.errors import ClinicError

from . import controls, icons

STAYS_MS = 12_000
LONGEST = 400


class Notice(QFrame):
    """Hidden until there is something to say; goes by itself, at a click, or with Escape on its button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self._sign = QLabel()
        self._text = controls.label()
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(1)  # one long word is cut rather than widening the whole window
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = controls.icon_button("x", self.tr("Close this notice"), quiet=True)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def refuse(self, error: ClinicError) -> None:
        """Say why something was not done."""
        self._show(str(error), "triangle-alert", is_warning=True)

    def tell(self, text: str) -> None:
        """Say something that the desk should know."""
        self._show(text, "info", is_warning=False)

    @property
    def text(self) -> str:
        """What stands there now, empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def _show(self, text: str, icon: str, *, is_warning: bool) -> None:
        self._text.setText(text[:LONGEST])
        self._sign.setPixmap(
            icons.pixmap(icon, 20, "warning" if is_warning else "accent", self.devicePixelRatioF())
        )
        self.setAccessibleName(text[:LONGEST])
        self.show()
        self._timer.start()
