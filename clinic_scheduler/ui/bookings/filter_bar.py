"""What narrows the list: a search, the days, and a chip for everything that can be chosen."""

from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.listing.asked import LONGEST_TEXT, Filter
from clinic_scheduler.ui import icons, texts
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.flow import Flow

from . import days
from .chips import TickChip
from .days_dialog import DaysDialog

TYPES_MS: Final = 180
STATUSES: Final = ("pending", "confirmed", "arrived", "in_progress", "completed", "no_show", "cancelled")
SOURCES: Final = ("phone", "walk_in", "direct", "waitlist", "online", "plan", "imported")
PAYMENTS: Final = ("pending", "part_paid", "paid", "refunded")


class FilterBar(QWidget):
    """Asks for bookings.

    Signals:
        changed: something else is wanted.
        left: the keyboard goes on to the list.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._first, self._last = days.spans(today)["ahead"]
        example = self.tr("Name, phone, e-mail or reference")
        self.search = SearchLine(self.tr("Search bookings"), example, LONGEST_TEXT)
        self.search.setMinimumWidth(304)
        self.search.textChanged.connect(self._typed)
        self.search.entered.connect(self.left)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.left)
        self._timer = QTimer(self, singleShot=True, interval=TYPES_MS)
        self._timer.timeout.connect(self.changed)
        self._chips: dict[str, TickChip] = {
            "statuses": TickChip(self.tr("Status")),
            "practitioner_ids": TickChip(self.tr("Practitioner")),
            "service_ids": TickChip(self.tr("Service")),
            "room_ids": TickChip(self.tr("Room")),
            "sources": TickChip(self.tr("Source")),
            "payments": TickChip(self.tr("Payment")),
        }
        self._chips["statuses"].offer([(one, texts.status_word(one)) for one in STATUSES])
        self._chips["sources"].offer([(one, texts.source_word(one)) for one in SOURCES])
        self._chips["payments"].offer([(one, texts.payment_word(one)) for one in PAYMENTS])
        self._days = QPushButton()
        self._days.setProperty("chip", True)
        self._days.setIcon(icons.icon("calendar", "muted"))
        self._days.setCheckable(True)
        self._menu = QMenu(self)
        self._days.setMenu(self._menu)
        self._menu.triggered.connect(self._choose_days)
        self._clear = QPushButton(self.tr("Clear"))
        self._clear.setProperty("quiet", True)
        self._clear.setProperty("chip", True)  # as high as they are, so that nothing moves when it comes
        self._clear.clicked.connect(self.clear)
        self._lay_out()
        self._fill_days()
        self._say()

    def _lay_out(self) -> None:
        flow = Flow(8)
        flow.addWidget(self._days)
        for chip in self._chips.values():
            chip.changed.connect(self._chosen)
            flow.addWidget(chip)
        flow.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(flow)

    @property
    def filter(self) -> Filter:
        """What is asked for."""
        chosen: dict[str, Any] = {name: chip.ticked() for name, chip in self._chips.items()}
        return Filter(text=self.search.text(), first=self._first, last=self._last, **chosen)

    @property
    def is_ever(self) -> bool:
        """Whether all days are asked for."""
        return self._first is None and self._last is None

    def offer(self, offered: Catalogue) -> None:
        """Let people, services and rooms be chosen."""
        self._chips["practitioner_ids"].offer([(one.id, one.name) for one in offered.practitioners])
        self._chips["service_ids"].offer([(one.id, one.name) for one in offered.services])
        self._chips["room_ids"].offer([(one.id, one.name) for one in offered.rooms])

    def show_filter(self, wanted: Filter) -> None:
        """Show another filter, without a signal."""
        self.search.blockSignals(True)
        self.search.setText(wanted.text)
        self.search.blockSignals(False)
        self._timer.stop()
        self._first, self._last = wanted.first, wanted.last
        for name, chip in self._chips.items():
            chip.tick(getattr(wanted, name))
        self._say()

    def set_today(self, today: date) -> None:
        """Midnight has passed, or the database says which day it is; spans by name go along."""
        name = days.named(self._first, self._last, self._today)
        self._today = today
        if name:
            self._first, self._last = days.spans(today)[name]
        self._fill_days()
        self._say()

    def clear(self) -> None:
        """Ask for everything from today on."""
        first, last = days.spans(self._today)["ahead"]
        self.show_filter(Filter(first=first, last=last))
        self.changed.emit()

    def set_days(self, first: date | None, last: date | None) -> None:
        """Ask for other days."""
        self._first, self._last = first, last
        self._chosen()

    def _fill_days(self) -> None:
        self._menu.clear()
        for name in days.spans(self._today):
            action = QAction(days.word(name), self._menu)
            action.setData(name)
            self._menu.addAction(action)
        self._menu.addSeparator()
        other = QAction(QIcon(), self.tr("Other days…"), self._menu)
        other.setData("")
        self._menu.addAction(other)

    def _choose_days(self, action: QAction) -> None:
        if action.data():
            self.set_days(*days.spans(self._today)[action.data()])
            return
        dialog = DaysDialog(self._first, self._last, self._today, self)
        dialog.chosen.connect(self.set_days)
        dialog.open()

    def _typed(self) -> None:
        self._timer.start()
        self._say()

    def _chosen(self) -> None:
        self._say()
        self._timer.stop()
        self.changed.emit()

    def _say(self) -> None:
        name = days.named(self._first, self._last, self._today)
        if name:
            words = days.word(name)
        else:
            ends = [
                texts.short_date(one, with_year=True) if one else "…" for one in (self._first, self._last)
            ]
            words = f"{ends[0]} \N{EN DASH} {ends[1]}"
        self._days.setText(words)
        self._days.setAccessibleName(self.tr("Days: {days}").format(days=words))
        self._days.setChecked(name != "ever")
        wanted = self.filter
        self._clear.setVisible(not wanted.is_open or name != "ahead")
