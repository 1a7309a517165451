"""The selected visit at the side: who, when, with whom, status, money, history."""

import html

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.details import Happening, VisitDetails, VisitPart

from . import controls, fonts, texts

LONGEST_NOTE = 400
LONG_WORD = 24
MOST_HISTORY = 8


class VisitPanel(QWidget):
    """What is known of one booking.

    Signals:
        cancel_wanted: the VisitDetails shown, to be cancelled in part or whole.
    """

    cancel_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = controls.label(self.tr("Selected visit"))
        title.setFont(fonts.body(strong=True))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(title)
        self._card: QWidget | None = None
        self._shown: VisitDetails | None = None
        self.clear()

    @property
    def shown(self) -> VisitDetails | None:
        """The booking on show."""
        return self._shown

    def clear(self) -> None:
        """Show that nothing is selected."""
        self._shown = None
        self._replace(controls.label(self.tr("Click a visit to see it here."), "muted"))

    def show_visit(self, details: VisitDetails) -> None:
        """Show one booking with all its parts."""
        self._shown = details
        card = controls.card()
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        name = _wrapped(details.patient, strong=True)
        column.addWidget(name)
        if details.alert:
            alert = _wrapped(details.alert)
            alert.setProperty("pill", "warning")
            column.addWidget(alert)
        for part in details.parts:
            column.addWidget(_line())
            column.addLayout(self._part(part))
        column.addWidget(_line())
        column.addLayout(self._facts(details))
        if any(part.may_cancel for part in details.parts):
            cancel = QPushButton(self.tr("Cancel visit…"))
            cancel.clicked.connect(self._ask_to_cancel)
            column.addWidget(cancel)
        column.addWidget(_line())
        history = controls.label(self.tr("History"))
        history.setFont(fonts.small(strong=True))
        column.addWidget(history)
        for happening in details.history[-MOST_HISTORY:]:
            entry = _wrapped(told(happening))
            entry.setProperty("tone", "muted")
            entry.setFont(fonts.small())
            column.addWidget(entry)
        self._replace(card)

    def _part(self, part: VisitPart) -> QFormLayout:
        form = _form()
        service = part.service + (f" · {part.counter}" if part.counter else "")
        form.addRow(_wrapped(service, strong=True))
        if part.start is not None and part.end is not None:
            when = f"{texts.short_date(part.start.date())}\n{part.start:%H:%M} to {part.end:%H:%M}"
        else:
            when = self.tr("time unknown")
        _row(form, self.tr("When"), when)
        _row(form, self.tr("With"), ", ".join(filter(None, (part.practitioner, part.room))))
        _row(
            form,
            self.tr("Status"),
            f"{texts.status_word(part.status)} {texts.status_sign(part.status)}".strip(),
        )
        if part.status_reason:
            _row(form, self.tr("Reason"), part.status_reason[:LONGEST_NOTE])
        if part.overlap_reason:
            _row(form, self.tr("Overlap"), part.overlap_reason[:LONGEST_NOTE])
        return form

    def _facts(self, details: VisitDetails) -> QFormLayout:
        form = _form()
        _row(form, self.tr("Reference"), details.reference)
        if details.phone:
            _row(form, self.tr("Phone"), details.phone)
        if details.email:
            form.addRow(_wrapped(details.email))
        if details.is_guest:
            _row(form, self.tr("Guest"), self.tr("no record yet"))
        _row(form, self.tr("Source"), texts.source_word(details.source))
        money = texts.money(details.total_cents, details.currency)
        _row(form, self.tr("Payment"), f"{money}, {texts.payment_word(details.payment_state)}")
        if details.notes:
            _row(form, self.tr("Notes"), details.notes[:LONGEST_NOTE])
        return form

    def _ask_to_cancel(self) -> None:
        self.cancel_wanted.emit(self._shown)

    def _replace(self, widget: QWidget) -> None:
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
        self._card = widget
        self._column.addWidget(widget)


def told(happening: Happening) -> str:
    """A history line in words: "21 Nov 10:32, Kofi Mensah: booked"."""
    tr = QCoreApplication.translate
    words = {
        "booking.confirmed": tr("VisitPanel", "booked"),
        "appointment.cancelled": tr("VisitPanel", "cancelled"),
        "import.done": tr("VisitPanel", "imported"),
    }
    what = words.get(happening.action, happening.action)
    reason = f" ({happening.reason[:LONGEST_NOTE]})" if happening.reason else ""
    return f"{happening.at:%d.%m. %H:%M}, {happening.who}, {happening.workstation}: {what}{reason}"


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(4)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return form


def _row(form: QFormLayout, name: str, value: str) -> None:
    head = controls.label(name, "muted")
    head.setMinimumWidth(72)
    form.addRow(head, _wrapped(value))


def _wrapped(text: str, *, strong: bool = False) -> QLabel:
    made = controls.label(text)
    made.setWordWrap(True)
    made.setMinimumWidth(1)  # one long word is cut rather than widening the whole panel
    if len(text) > LONG_WORD:
        made.setToolTip(f"<p>{html.escape(text)}</p>")
    made.setFont(fonts.body(strong=strong))
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("rule", True)
    return line
