"""Beside the answers: until when the picked visit is held."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import wide


class HeldCard(QFrame):
    """Hidden while nothing is held."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._draft = draft
        self.title, self.words = controls.label(), wide(controls.label(tone="muted"))
        self.title.setFont(fonts.tabular(fonts.body(strong=True)))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(self.words)

    def refresh(self) -> None:
        """Say what is held now."""
        draft = self._draft
        self.setVisible(draft.held_until is not None and bool(draft.choices.parts))
        if draft.held_until is None:
            return
        until = words.time_text(draft.held_until, draft.catalogue)
        self.title.setText(self.tr("Held until {time}").format(time=until))
        self.words.setText(
            self.tr("This visit is yours while you go on. If the hold lapses, nothing you typed is lost.")
            if draft.is_time_chosen
            else self.tr(
                "The services changed since: pick a time for all of them. The old time is kept until then."
            )
        )
