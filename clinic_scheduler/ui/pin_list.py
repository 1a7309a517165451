"""The pinboard at the side: visits waiting for another place."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.changing.pinboard import Pinned

from . import controls, fonts, texts
from .calendar.typeset import one_line

MOST = 12


class PinList(QWidget):
    """A card for each visit.

    Signals:
        shown: the Pinned whose visit is to be looked at.
        placed: the Pinned that is to be put where the keyboard stands in the calendar.
        asked: the Pinned whose next free places are wanted.
        unpinned: the appointment id of one that stays where it is.
    """

    shown = Signal(object)
    placed = Signal(object)
    asked = Signal(object)
    unpinned = Signal(object)

    def __init__(self, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        title = controls.label(self.tr("Pinboard"))
        title.setFont(fonts.body(strong=True))
        self._count = controls.label(tone="muted")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._count)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._cards)
        self.show_pins(())

    def show_pins(self, pins: Sequence[Pinned]) -> None:
        """Show these, the oldest first; a card that stays keeps the keyboard."""
        cards: dict[Pinned, _Card] = {}
        while (item := self._cards.takeAt(0)) is not None:
            if isinstance(card := item.widget(), _Card):
                cards[card.pin] = card
            elif card is not None:
                _drop(card)
        for pin in pins[:MOST]:
            self._cards.addWidget(cards.pop(pin) if pin in cards else self._new_card(pin))
        for gone in cards.values():
            _drop(gone)
        if len(pins) > MOST:
            self._cards.addWidget(controls.label(self.tr("and %n more", "", len(pins) - MOST), "muted"))
        self._count.setText(str(len(pins)) if pins else "")
        self.setVisible(bool(pins))

    def _new_card(self, pin: Pinned) -> "_Card":
        card = _Card(pin, self._zone, self)
        card.shown.connect(self.shown)
        card.placed.connect(self.placed)
        card.asked.connect(self.asked)
        card.unpinned.connect(self.unpinned)
        return card


class _Card(QFrame):
    """One visit and what can be done with it."""

    shown = Signal(object)
    placed = Signal(object)
    asked = Signal(object)
    unpinned = Signal(object)

    def __init__(self, pin: Pinned, zone: ZoneInfo, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self.pin = pin
        name = controls.label(one_line(pin.patient))
        name.setFont(fonts.body(strong=True))
        start, end = (moment.astimezone(zone) for moment in (pin.start, pin.end))
        when = self.tr("{day} {start:%H:%M} to {end:%H:%M}").format(
            day=texts.short_date(pin.day), start=start, end=end
        )
        what = self.tr("{service}, {name}").format(
            service=one_line(pin.service), name=one_line(pin.practitioner)
        )
        lines = [name, controls.label(what, "muted"), controls.label(when, "muted")]
        by = self.tr("Parked by {name}, {desk}").format(
            name=one_line(pin.pinned_by), desk=one_line(pin.workstation)
        )
        self.setAccessibleName(f"{one_line(pin.patient)}, {what}, {when}, {by}")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        for line in lines:
            line.setMinimumWidth(1)
            line.setWordWrap(True)
            column.addWidget(line)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for text, tip, act in (
            (self.tr("Free…"), self.tr("The next free places for it"), self._ask),
            (self.tr("Here"), self.tr("Put it where the keyboard stands in the calendar"), self._place),
            (self.tr("Show"), self.tr("Show where it is now"), self._show),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.setProperty("small", True)
            button.clicked.connect(act)
            row.addWidget(button)
        off = controls.icon_button("x", self.tr("Take it off the pinboard; it stays where it is"), quiet=True)
        off.clicked.connect(self._unpin)
        row.addStretch(1)
        row.addWidget(off)
        return row

    def _ask(self) -> None:
        self.asked.emit(self.pin)

    def _place(self) -> None:
        self.placed.emit(self.pin)

    def _show(self) -> None:
        self.shown.emit(self.pin)

    def _unpin(self) -> None:
        self.unpinned.emit(self.pin.appointment_id)


def _drop(widget: QWidget) -> None:
    """Off the screen at once; another card may stand in its place before it is deleted."""
    widget.setParent(None)
    widget.deleteLater()
