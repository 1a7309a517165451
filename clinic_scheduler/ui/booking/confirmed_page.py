"""The end: the reference to read out, the visit in plain sentences, and what is handed out or sent."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from clinic_scheduler.services.taking.booking import Confirmed
from clinic_scheduler.ui import controls, fonts, icons
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import Scrolled, wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.papers import Papers, papers
from clinic_scheduler.ui.booking.slip import preview
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
        self.papers: Papers | None = None
        self.message = QPlainTextEdit()
        self.message.setReadOnly(True)
        self.message.setTabChangesFocus(True)
        self.message.setAccessibleName(self.tr("The message"))
        self.slip = QPushButton(icons.icon("printer"), self.tr("Print slip…"))
        self.slip.clicked.connect(self._print)
        self.save = QPushButton(icons.icon("calendar-days"), self.tr("Save calendar file…"))
        self.save.clicked.connect(self._ask_where)
        self.told = wide(controls.label(tone="muted"))
        self.told.hide()
        self.again = QPushButton(self.tr("Book another"))
        self.again.clicked.connect(self.another)
        self.close_button = controls.primary(self.tr("Close"))
        self.close_button.clicked.connect(self.done)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 24)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._card(), 3)
        row.addWidget(self._sheet(), 2)
        page.addLayout(row, 1)

    def _card(self) -> QFrame:
        card = controls.card()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.slip)
        buttons.addWidget(self.save)
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
        column.addStretch(1)
        column.addWidget(self.told)
        column.addLayout(buttons)
        return card

    def _sheet(self) -> QFrame:
        """What whoever comes will read."""
        card = controls.card()
        title = controls.label(self.tr("What the message says"))
        title.setFont(fonts.body(strong=True))
        self.subject = wide(controls.label())
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.subject)
        column.addWidget(self.message, 1)
        column.addWidget(self.sent)
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
        self.papers = papers(confirmed, name, chosen, catalogue, self.draft.now)
        self.subject.setText(self.papers.subject)
        self.message.setPlainText(self.papers.body)

    def _print(self) -> None:
        if self.papers is not None:
            preview(self.window(), self.papers)

    def _ask_where(self) -> None:
        if self.papers is None:
            return
        dialog = QFileDialog(
            self, self.tr("Save calendar file"), self.papers.file_name, self.tr("Calendar (*.ics)")
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("ics")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Write the calendar file there, and say so."""
        if self.papers is None:
            return
        try:
            Path(path).write_bytes(self.papers.calendar)
            said = self.tr("The calendar file was written to {path}.").format(path=path)
        except OSError as error:
            said = self.tr("The file could not be written: {reason}. Choose another folder.").format(
                reason=error.strerror or error
            )
        self.told.setText(said)
        self.told.show()

    def enter(self) -> None:
        self.close_button.setFocus()

    def go_on(self) -> None:
        self.done.emit()
