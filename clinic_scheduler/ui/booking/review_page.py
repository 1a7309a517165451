"""Step 4: what, when, who and for how much; notes, payment, what will be sent; then it is confirmed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from clinic_scheduler.errors import ClinicError, InvalidInput, NotFound, OutcomeUnknown, RuleBroken, TimeTaken
from clinic_scheduler.services.actor import OVERRIDE
from clinic_scheduler.services.unfinished.choices import LONGEST_TEXT
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking import kept, words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import Scrolled, wide
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.payment import CAPTION, Payment, below, combo, fill
from clinic_scheduler.ui.booking.price_dialog import PriceDialog
from clinic_scheduler.ui.booking.visit_table import VisitTable
from clinic_scheduler.ui.calendar.typeset import one_line


class ReviewPage(Page):
    """Everything at one glance; Enter confirms.

    Signals:
        confirmed: the Confirmed.
        stood: text, key and button for the bar while the outcome is not known.
    """

    confirmed = Signal(object)
    stood = Signal(str, str, str)
    step = "payment"

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._is_asking = False
        self._who, self._when = wide(controls.label()), wide(controls.label(tone="muted"))
        self._who.setFont(fonts.title())
        self.table = VisitTable(draft.catalogue)
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(88)
        self.notes.textChanged.connect(self._note)
        self.notes_error = below()
        self.source = combo(self.tr("Source"))
        self.payment = Payment(draft)
        self.payment.changed.connect(self.ready)
        self.price = QPushButton(self.tr("Another price…"))
        self.price.setProperty("quiet", True)
        self.price.setVisible(OVERRIDE in draft.actor.permissions)
        self.price.clicked.connect(self._ask_for_price)
        self._asked: PriceDialog | None = None
        self.source.activated.connect(self._choose)
        self.sent = wide(controls.label(tone="muted"))
        self.policy = wide(controls.label(tone="muted"))
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 8)
        page.setSpacing(12)
        page.addWidget(controls.heading(self.tr("Is everything right?")))
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self._visit(), 3)
        row.addWidget(self._details(), 2)
        page.addLayout(row, 1)

    def _visit(self) -> QFrame:
        card = controls.card()
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addWidget(self._who)
        column.addWidget(self._when)
        column.addSpacing(8)
        column.addWidget(Scrolled(self.table))
        column.addWidget(self.price, 0, Qt.AlignmentFlag.AlignRight)
        column.addStretch(1)
        column.addWidget(self.policy)
        column.addWidget(self.sent)
        return card

    def _details(self) -> QFrame:
        card = controls.card()
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        caption = controls.label(self.tr("Source"), "muted")
        caption.setBuddy(self.source)
        grid.addWidget(caption, 0, 0)
        grid.addWidget(self.source, 0, 1)
        grid.addWidget(self.payment, 1, 0, 1, 2)
        caption = controls.label(self.tr("Notes"), "muted")
        caption.setBuddy(self.notes)
        grid.addWidget(caption, 4, 0, 1, 2)
        grid.addWidget(self.notes, 5, 0, 1, 2)
        grid.addWidget(self.notes_error, 6, 0, 1, 2)
        grid.setRowStretch(7, 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, CAPTION)
        return card

    @property
    def may_go_on(self) -> bool:
        return not self._is_asking

    @property
    def hint(self) -> str:
        return self.tr("Enter confirms") if not self.notes.hasFocus() else self.tr("Ctrl+Enter confirms")

    def enter(self) -> None:
        draft, chosen = self.draft, self.draft.choices
        self._who.setText(one_line(self._name()))
        if chosen.parts:
            self._when.setText(words.when_text(chosen.parts, draft.catalogue, with_year=True))
            self.policy.setText(words.policy_text(chosen.parts, draft.catalogue, draft.now))
        self.table.show_parts(chosen.parts)
        fill(self.source, [(key, texts.source_word(key)) for key in words.SOURCES], chosen.source)
        self.payment.restore()
        if self.notes.toPlainText() != chosen.notes:
            self.notes.setPlainText(chosen.notes)
        self.sent.setText(words.sent_text(draft.patient, chosen.guest))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def go_on(self) -> None:
        if self._is_asking:
            return
        if not self.payment.check():
            return
        self._is_asking = True
        self.ready.emit()
        self.draft.confirm(self._done, self._refused)

    def _name(self) -> str:
        patient = self.draft.patient
        return patient.name if patient else self.draft.choices.guest.name

    def _note(self) -> None:
        text = self.notes.toPlainText()
        is_long = len(text) > LONGEST_TEXT
        if is_long:
            self.notes.blockSignals(True)
            self.notes.setPlainText(text[:LONGEST_TEXT])
            self.notes.moveCursor(self.notes.textCursor().MoveOperation.End)
            self.notes.blockSignals(False)
        _say(
            self.notes_error,
            self.tr("Notes have at most 4,000 characters; the rest was left out.") if is_long else "",
        )
        self.draft.edit(notes=kept.storable(self.notes.toPlainText()))

    def _choose(self, _index: int) -> None:
        self.draft.edit(source=self.source.currentData())

    def _ask_for_price(self) -> None:
        self._asked = PriceDialog(self.draft.choices.parts, self.draft.catalogue, self)
        self._asked.wanted.connect(self._agree_on)
        self._asked.finished.connect(self._forget_dialog)
        self._asked.open()

    def _forget_dialog(self) -> None:
        self._asked = None

    def _agree_on(self, number: int, cents: int, reason: str) -> None:
        self.draft.change_price(number, cents, reason, self._agreed, self._not_agreed)

    def _agreed(self) -> None:
        if self._asked is not None:
            self._asked.accept()
        self.table.show_parts(self.draft.choices.parts)
        self.payment.restore()

    def _not_agreed(self, error: ClinicError) -> None:
        if self._asked is not None:
            self._asked.refuse(error)
        else:
            self.stuck.emit(str(error), "")

    def _done(self, confirmed: object) -> None:
        self._is_asking = False
        self.confirmed.emit(confirmed)

    def _refused(self, error: ClinicError) -> None:
        self._is_asking = False
        self.ready.emit()
        if isinstance(error, OutcomeUnknown):
            self.stood.emit(
                self.tr("The connection broke while confirming. Checking is safe: it never books twice."),
                "checking",
                self.tr("Check again"),
            )
        elif isinstance(error, TimeTaken | RuleBroken | NotFound):
            self.draft.forget_time(str(error))
            self.stuck.emit(str(error), "time")
        elif isinstance(error, InvalidInput) and error.field in {"paid", "method"}:
            self.payment.check()
        elif isinstance(error, InvalidInput) and error.field in {"time", "patient"}:
            self.stuck.emit(str(error), error.field)
        else:
            self.stuck.emit(str(error), "")


def _say(label: QLabel, sentence: str) -> None:
    label.setText(sentence)
    label.setVisible(bool(sentence))
