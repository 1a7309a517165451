"""The tray of unfinished bookings: whose, how far, how long the time is held; resume or discard."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.unfinished.unfinished import Unfinished

from . import controls, fonts

MOST = 8
LONGEST_NAME = 60


class Tray(QWidget):
    """Cards of unfinished bookings.

    Signals:
        resumed: the id of a booking to go on with.
        discarded: the id of one to throw away.
    """

    resumed = Signal(object)
    discarded = Signal(object)

    def __init__(self, actor: Actor, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actor, self._zone = actor, zone
        self._title = controls.label(self.tr("Unfinished bookings"))
        self._title.setFont(fonts.body(strong=True))
        self._count = controls.label(tone="muted")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._count)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._cards)

    def show_bookings(self, bookings: Sequence[Unfinished]) -> None:
        """Show these, newest first."""
        while (item := self._cards.takeAt(0)) is not None:
            if (card := item.widget()) is not None:
                card.hide()
                card.deleteLater()
        for booking in bookings[:MOST]:
            card = _Card(booking, describe(booking, self._actor, self._zone), self)
            card.resumed.connect(self.resumed)
            card.discarded.connect(self.discarded)
            self._cards.addWidget(card)
        if not bookings:
            self._cards.addWidget(
                controls.label(self.tr("None. A booking that is left waits here."), "muted")
            )
        more = len(bookings) - MOST
        if more > 0:
            self._cards.addWidget(controls.label(self.tr("and %n more", "", more), "muted"))
        self._count.setText(str(len(bookings)) if bookings else "")


class _Card(QWidget):
    """One unfinished booking.

    Signals:
        resumed: its id.
        discarded: its id.
    """

    resumed = Signal(object)
    discarded = Signal(object)

    def __init__(self, booking: Unfinished, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._id: UUID = booking.id
        name = booking.title[:LONGEST_NAME] or self.tr("Nobody named yet")
        title = controls.label(name)
        title.setFont(fonts.body(strong=True))
        state = controls.label(text, "muted")
        state.setFont(fonts.small())
        for words in (title, state):
            words.setWordWrap(True)
            words.setMinimumWidth(1)  # one long word is cut rather than widening the whole panel
        resume = QPushButton(self.tr("Go on"))
        resume.setAccessibleName(self.tr("Go on with the booking of {name}").format(name=name))
        resume.clicked.connect(self._resume)
        discard = controls.icon_button(
            "trash-2", self.tr("Discard the booking of {name}").format(name=name), quiet=True
        )
        discard.clicked.connect(self._discard)
        frame = controls.card(self)
        buttons = QHBoxLayout()
        buttons.addWidget(resume)
        buttons.addStretch(1)
        buttons.addWidget(discard)
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 12, 12, 12)
        inner.setSpacing(4)
        inner.addWidget(title)
        inner.addWidget(state)
        inner.addSpacing(4)
        inner.addLayout(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _resume(self) -> None:
        self.resumed.emit(self._id)

    def _discard(self) -> None:
        self.discarded.emit(self._id)


def describe(booking: Unfinished, actor: Actor, zone: ZoneInfo) -> str:
    """How far the booking is, at which desk, since when: "Time held until 11:32, at Desk 2, K. Mensah"."""
    tr = QCoreApplication.translate
    steps = {
        "services": tr("Tray", "Choosing services"),
        "practitioners": tr("Tray", "Choosing practitioners"),
        "time": tr("Tray", "Choosing a time"),
        "patient": tr("Tray", "Choosing the patient"),
        "payment": tr("Tray", "Reviewing"),
    }
    held = booking.held_until
    if held is not None:
        what = tr("Tray", "Time held until {time}").format(time=_clock(held, zone))
    elif booking.choices.parts:
        what = tr("Tray", "Hold expired")
    else:
        what = steps.get(booking.step, steps["services"])
    where = tr("Tray", "here") if booking.workstation == actor.workstation else booking.workstation
    minutes = int((booking.now - booking.updated_at).total_seconds() // 60)
    age = tr("Tray", "just now") if minutes < 1 else tr("Tray", "{minutes} min ago").format(minutes=minutes)
    return f"{what} · {where} · {booking.user_name} · {age}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M")
