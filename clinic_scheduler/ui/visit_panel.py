"""The selected visit at the side: who, when, with whom, status, money, history."""

import html

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.details import Happening, VisitDetails, VisitPart

from . import controls, fonts, texts
from .calendar.typeset import one_line

LONGEST_NOTE = 400
LONGEST_TIP = 4_000
LONG_WORD = 24
NAMES_WIDTH = 64
TOP_LEFT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
MOST_HISTORY = 8


class VisitPanel(QWidget):
    """What is known of one booking.

    Signals:
        cancel_wanted: the VisitDetails shown, to be cancelled in part or whole.
    """

    cancel_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, hint: str = "") -> None:
        super().__init__(parent)
        self._hint = hint or self.tr("Click a visit to see it here. A double click on free time books there.")
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

    def clear(self, words: str = "") -> None:
        """Show that nothing is selected, or why none is shown."""
        self._shown = None
        hint = _wrapped(words or self._hint)
        hint.setProperty("tone", "muted")
        self._replace(hint)

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
        if details.history:
            column.addWidget(_line())
            title = controls.label(self.tr("History"))
            title.setFont(fonts.small(strong=True))
            column.addWidget(title)
        for happening in details.history[-MOST_HISTORY:]:
            entry = _wrapped(told(happening))
            entry.setProperty("tone", "muted")
            entry.setFont(fonts.small())
            column.addWidget(entry)
        self._replace(card)

    def _part(self, part: VisitPart) -> QGridLayout:
        rows = _Rows()
        service = " + ".join([part.service, *part.add_ons])
        rows.add_whole(service + (f" · {part.counter}" if part.counter else ""), strong=True)
        if part.start is not None and part.end is not None:
            rows.add(self.tr("Day"), texts.short_date(part.start.date()))
            rows.add(self.tr("Time"), f"{part.start:%H:%M} to {part.end:%H:%M}")
        else:
            rows.add(self.tr("Time"), self.tr("unknown"))
        rows.add(self.tr("With"), part.practitioner)
        rows.add(self.tr("Room"), part.room)
        rows.add(
            self.tr("Status"), f"{texts.status_word(part.status)} {texts.status_sign(part.status)}".strip()
        )
        rows.add(self.tr("Reason"), part.status_reason)
        rows.add(self.tr("Overlap"), part.overlap_reason)
        rows.add(self.tr("Against a rule"), part.override_reason)
        return rows.grid

    def _facts(self, details: VisitDetails) -> QGridLayout:
        rows = _Rows()
        rows.add(self.tr("Reference"), details.reference)
        rows.add(self.tr("Record"), self.tr("guest, none yet") if details.is_guest else "")
        rows.add(self.tr("Phone"), details.phone)
        rows.add(self.tr("Source"), texts.source_word(details.source))
        rows.add(self.tr("Total"), texts.money(details.total_cents, details.currency))
        rows.add(self.tr("Payment"), texts.payment_word(details.payment_state))
        rows.add_address(details.email)
        rows.add_whole(details.notes)
        return rows.grid

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
        "appointment.changed": tr("VisitPanel", "changed"),
        "appointment.confirmed": tr("VisitPanel", "confirmed"),
        "appointment.arrived": tr("VisitPanel", "arrived"),
        "appointment.in_progress": tr("VisitPanel", "begun"),
        "appointment.completed": tr("VisitPanel", "completed"),
        "appointment.no_show": tr("VisitPanel", "did not come"),
        "appointment.reopened": tr("VisitPanel", "opened again"),
        "appointment.taken_back": tr("VisitPanel", "taken back"),
        "appointment.pinned": tr("VisitPanel", "parked on the pinboard"),
        "appointment.unpinned": tr("VisitPanel", "taken off the pinboard"),
        "import.done": tr("VisitPanel", "imported"),
    }
    what = words.get(happening.action, happening.action)
    reason = f" ({happening.reason[:LONGEST_NOTE]})" if happening.reason else ""
    return f"{happening.at:%d.%m. %H:%M}, {happening.who}, {happening.workstation}: {what}{reason}"


class _Rows:
    """Names at the left, values at the right; what is empty has no row."""

    def __init__(self) -> None:
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnMinimumWidth(0, NAMES_WIDTH)
        self.grid.setColumnStretch(1, 1)

    def add(self, name: str, value: str) -> None:
        if value:
            row = self.grid.rowCount()
            head = controls.label(name, "muted")
            head.setFont(fonts.body())
            head.setAlignment(TOP_LEFT)
            self.grid.addWidget(head, row, 0)
            self.grid.addWidget(_wrapped(value), row, 1)

    def add_whole(self, value: str, *, strong: bool = False) -> None:
        """A value that needs no name, over the whole width."""
        if value:
            self.grid.addWidget(_wrapped(value, strong=strong), self.grid.rowCount(), 0, 1, 2)

    def add_address(self, value: str) -> None:
        """An e-mail address: one long word, at which no line can be broken."""
        if value:
            made = controls.OneLine(one_line(value[:LONGEST_NOTE]))
            made.setFont(fonts.body())
            made.setToolTip(f"<p>{html.escape(value[:LONGEST_TIP])}</p>")
            self.grid.addWidget(made, self.grid.rowCount(), 0, 1, 2)


def _wrapped(text: str, *, strong: bool = False) -> QLabel:
    made = controls.Paragraph(text[:LONGEST_NOTE])
    made.setAlignment(TOP_LEFT)
    if len(text) > LONG_WORD:
        made.setToolTip(f"<p>{html.escape(text[:LONGEST_TIP])}</p>")
    made.setFont(fonts.body(strong=strong))
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("rule", True)
    return line
