"""The marked visit beside the answers: its day, what else the person has then, and its parts to scale."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import Scrolled, wide
from clinic_scheduler.ui.booking.preview import Preview


class VisitCard(QFrame):
    """Hidden while no visit is marked."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._draft = draft
        self._day, self.beside = controls.label(), wide(controls.label(tone="warning"))
        self._day.setFont(fonts.body(strong=True))
        self.preview = Preview(draft.catalogue)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        for part in (self._day, self.beside, Scrolled(self.preview)):
            column.addWidget(part)

    def show_visit(self, parts: tuple[Part, ...]) -> None:
        """Show these parts, or nothing."""
        self.setVisible(bool(parts))
        self.preview.show_visit(parts)
        if not parts:
            return
        catalogue, known = self._draft.catalogue, self._draft.glance
        self._day.setText(texts.long_date(local_day(parts[0].start, catalogue.clinic.where)))
        said = words.same_day_text(known, parts, catalogue) if known else ""
        self.beside.setText(said)
        self.beside.setVisible(bool(said))
