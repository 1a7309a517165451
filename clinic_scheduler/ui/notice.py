"""A calm strip that says what was refused and what to do next."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from clinic_scheduler.errors import ClinicError

from . import controls, icons

STAYS_MS, PROPOSAL_STAYS_MS = 12_000, 60_000
LONGEST = 400


class Notice(QFrame):
    """Hidden until there is something to say; goes by itself, at a click, or with Escape on its button.

    Signals:
        led_on: the button of what was proposed was pressed.
    """

    led_on = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self._sign = QLabel()
        self._text = controls.label()
        self._text.setWordWrap(True)
        self._text.setMinimumWidth(1)  # one long word is cut rather than widening the whole window
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._on = QPushButton()
        self._on.clicked.connect(self.hide)
        self._on.clicked.connect(self.led_on)
        close = controls.icon_button("x", self.tr("Close this notice"), quiet=True)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._on)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self.hide)
        self._longer = QTimer(self, singleShot=True, interval=PROPOSAL_STAYS_MS)
        self._longer.timeout.connect(self.hide)
        self.hide()

    def refuse(self, error: ClinicError) -> None:
        """Say why something was not done."""
        self._show(str(error), "triangle-alert", is_warning=True)

    def tell(self, text: str) -> None:
        """Say something that the desk should know."""
        self._show(text, "info", is_warning=False)

    def propose(self, text: str, button: str) -> None:
        """Say what can be done next, with a button that leads there."""
        self._show(text, "info", is_warning=False)
        self._on.setText(button)
        self._on.show()
        self._timer.stop()
        self._longer.start()

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
        self._on.hide()
        self.show()
        self._longer.stop()
        self._timer.start()
