"""What can be done for whoever is marked on the waitlist."""

from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from clinic_scheduler.services.waitlist.listed import STANDING, Entry
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.waitlist import words
from clinic_scheduler.ui.waitlist.desk import WaitlistDesk


class Answers(QFrame):
    """Buttons that name the act; those that make no sense are hidden.

    Signals:
        shown: who is marked is another, or stands differently.
    """

    shown = Signal()

    def __init__(self, waitlist: WaitlistDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._waitlist = waitlist
        self._entry: Entry | None = None
        self._said = wide(controls.label())
        self._said.setFont(fonts.body(strong=True))
        self.offer = controls.primary(self.tr("Make an offer…"))
        self.accept = controls.primary(self.tr("Accepted, book it"))
        self.decline = QPushButton(self.tr("Declined this time"))
        self.leave = QPushButton(self.tr("Wants none any more"))
        self.take_back = QPushButton(self.tr("Take the offer back"))
        self.change = QPushButton(self.tr("Change…"))
        self.withdraw = QPushButton(self.tr("Take off the waitlist"))
        self.withdraw.setProperty("danger", True)
        acts = (
            (self.offer, self._offer, "Ctrl+O"),
            (self.accept, self._accept, "Ctrl+Return"),
            (self.decline, self._decline, "Ctrl+Backspace"),
            (self.leave, self._leave, ""),
            (self.take_back, self._take_back, ""),
            (self.change, self._change, "Ctrl+E"),
            (self.withdraw, self._withdraw, "Ctrl+Del"),
        )
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._said)
        column.addLayout(row)
        row.setSpacing(8)
        for button, act, key in acts:
            button.setShortcut(key)
            button.setToolTip(f"{button.text()} ({key})" if key else button.text())
            button.clicked.connect(act)
            button.hide()
            row.addWidget(button)
        row.addStretch()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_entry(self, entry: Entry | None, where: ZoneInfo) -> None:
        """Offer what can be done for this person now."""
        if entry == self._entry:
            return
        self._entry = entry
        is_standing = entry is not None and entry.state in STANDING
        self.setVisible(is_standing)
        if entry is None or not is_standing:
            return
        made = entry.offer
        name = one_line(entry.name)
        if made is None:
            self._said.setText(f"{name}: {words.offers(entry.offers_made)}")
        else:
            until = words.short(made.expires_at, where)
            self._said.setText(self.tr("{name}: held until {until}").format(name=name, until=until))
        self.offer.setVisible(made is None)
        for button in (self.accept, self.decline, self.leave, self.take_back):
            button.setVisible(made is not None)
        self.change.show()
        self.withdraw.setVisible(made is None)
        self.shown.emit()

    def _offer(self) -> None:
        if self._entry is not None:
            self._waitlist.offer_to(self._entry)

    def _accept(self) -> None:
        if self._entry is not None:
            self._waitlist.accept(self._entry)

    def _decline(self) -> None:
        if self._entry is not None:
            self._waitlist.decline(self._entry, keeps_waiting=True)

    def _leave(self) -> None:
        if self._entry is not None:
            self._waitlist.decline(self._entry, keeps_waiting=False)

    def _take_back(self) -> None:
        if self._entry is not None:
            self._waitlist.withdraw_offer(self._entry)

    def _change(self) -> None:
        if self._entry is not None:
            self._waitlist.change(self._entry)

    def _withdraw(self) -> None:
        if self._entry is not None:
            self._waitlist.withdraw(self._entry)
