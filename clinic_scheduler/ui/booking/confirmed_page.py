"""The end: the reference to read out, and the visit in plain sentences."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.ui import controls, fonts, icons
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import Scrolled, wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.visit_table import VisitTable
from clinic_scheduler.ui.calendar.typeset import one_line


class ConfirmedPage(Page):
    """Enter closes.

    Signals:
        another: the next booking is wanted.
    """

    another = Signal()
    step = ""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._tick = QLabel()
        self._tick.setPixmap(icons.pixmap("check", 32, "good", self.devicePixelRatioF()))
        self.reference = controls.label()
        large = fonts.tabular(fonts.title())
        large.setPixelSize(32)
        self.reference.setFont(large)
        self.reference.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentences = wide(controls.label())
        self.table = VisitTable(draft.catalogue)
        self.sent = wide(controls.label(tone="muted"))
        self.again = QPushButton(self.tr("Book another"))
        self.again.clicked.connect(self.another)
        self.close_button = controls.primary(self.tr("Close"))
        self.close_button.clicked.connect(self.done)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 24)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._card())
        row.addStretch()
        page.addStretch(1)
        page.addLayout(row)
        page.addStretch(2)

    def _card(self) -> QFrame:
        card = controls.card()
        card.setFixedWidth(560)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.again)
        buttons.addWidget(self.close_button)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._tick)
        head.addWidget(controls.heading(self.tr("The visit is booked")))
        head.addStretch()
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.reference)
        column.addWidget(self.sentences)
        column.addWidget(Scrolled(self.table))
        column.addWidget(self.sent)
        column.addSpacing(8)
        column.addLayout(buttons)
        return card

    def show_booking(self, confirmed: Confirmed) -> None:
        """Say what was booked."""
        chosen, catalogue = self.draft.choices, self.draft.catalogue
        self.reference.setText(confirmed.reference)
        self.reference.setAccessibleName(self.tr("Reference {code}").format(code=confirmed.reference))
        name = one_line(self.draft.patient.name if self.draft.patient else chosen.guest.name)
        when = words.when_text(chosen.parts, catalogue, with_year=True)
        self.sentences.setText(self.tr("{name} comes on {when}.").format(name=name, when=when))
        self.table.show_parts(chosen.parts)
        self.sent.setText(words.sent_text(self.draft.patient, chosen.guest))

    def enter(self) -> None:
        self.close_button.setFocus()

    def go_on(self) -> None:
        self.done.emit()
