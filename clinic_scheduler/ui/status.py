"""The status bar: which database, whether the line stands, who is at work, what the upkeep did."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from . import controls

BUSY_AFTER_MS = 500


class Status(QStatusBar):
    """Calm words at the bottom of the window."""

    def __init__(self, database: str, who: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._database = database
        self._is_up: bool | None = None
        self._read_at = ""
        self.setSizeGripEnabled(False)
        self._line = controls.label()
        self._who = controls.label(who, "muted")
        self._upkeep = controls.label(tone="muted")
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(96)
        self._busy.setAccessibleName(self.tr("Work in progress"))
        self._busy.hide()
        self._busy_timer = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self._busy.show)
        self.addWidget(self._line)
        self.addWidget(self._who)
        self.addPermanentWidget(self._busy)
        self.addPermanentWidget(self._upkeep)
        self._show_line(is_up=None)

    def note_line(self, is_up: bool) -> None:
        """Say whether changes of others arrive."""
        self._show_line(is_up=is_up)

    def note_read(self, wall_time: str) -> None:
        """What is on the screen was read at that time of the clinic's clock."""
        self._read_at = wall_time
        if self._is_up is False:
            self._show_line(is_up=False)

    def _show_line(self, *, is_up: bool | None) -> None:
        self._is_up = is_up
        offline = self.tr("○ {database}, offline; the calendar is as of {time}")
        words = {
            None: self.tr("◌ {database}, connecting"),
            True: self.tr("● {database}, live"),
            False: offline if self._read_at else self.tr("○ {database}, offline"),
        }
        tones = {None: "muted", True: "good", False: "error"}
        self._line.setText(words[is_up].format(database=self._database, time=self._read_at))
        self._line.setProperty("tone", tones[is_up])
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)

    def show_upkeep(self, text: str) -> None:
        """Say what the last clearing up did."""
        self._upkeep.setText(text)

    def note_busy(self, running: int) -> None:
        """Show that work takes longer than a moment; `running` is how much is under way."""
        if not running:
            self._busy_timer.stop()
            self._busy.hide()
        elif not self._busy_timer.isActive() and self._busy.isHidden():
            self._busy_timer.start()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that can be read there."""
        return self._line.text(), self._who.text(), self._upkeep.text()
