"""How a service in several sessions works: plain sentences, and a small line of days."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinic_scheduler.services.plans.settings import Point
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import Scrolled, wide

from . import words
from .timeline import Mark, Timeline


class SettingsPreview(QFrame):
    """Follows what is typed; what cannot be leaves it as it was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        title = controls.label(self.tr("How it works"))
        title.setFont(fonts.body(strong=True))
        self._sentences = wide(controls.label())
        self._said = wide(controls.label(tone="good"))
        self._said.hide()
        self.timeline = Timeline()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(self.timeline)
        column.addWidget(Scrolled(self._sentences), 1)
        column.addWidget(self._said)

    @property
    def text(self) -> str:
        """The sentences."""
        return self._sentences.text()

    def show_settings(self, sentences: Sequence[str], points: Sequence[Point]) -> None:
        """Say how these settings work."""
        self._said.hide()
        self._sentences.setText("\n".join(sentences))
        self.setAccessibleDescription(" ".join(sentences))
        marks = [Mark(one.number, one.ideal, "planned", one.earliest, one.latest) for one in points]
        last = points[-1].ideal if points else 0
        self.timeline.show_marks(
            marks,
            self.tr("first session"),
            self.tr("best after {days}").format(days=words.days(last)),
        )
        self.timeline.setVisible(len(marks) > 1)

    def tell(self, sentence: str) -> None:
        """Say that something was done."""
        self._said.setText(sentence)
        self._said.show()
