"""The place "Bookings": search and chips above, the list, the details at its side."""

from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout

from clinic_scheduler.services.details import VisitDetails
from clinic_scheduler.services.listing import clock, lines
from clinic_scheduler.services.listing.asked import Asked, Order
from clinic_scheduler.services.listing.extent import Extent
from clinic_scheduler.services.listing.lines import Page
from clinic_scheduler.ui import controls, icons, texts
from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.cancel_dialog import CancelDialog
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Place
from clinic_scheduler.ui.printing import open_preview

from . import list_paper
from .acts import BookingActs, possible
from .details_panel import DetailsPanel
from .empty import Empty
from .exporting import Exporting
from .filter_bar import FilterBar
from .kept_menu import KeptMenu
from .model import BookingsModel
from .reader import Reader, booking_of, is_by_day
from .table import BookingTable

TOPICS = frozenset({"appointment", "booking", "patient", "clinic"})
REREADS_MS = 200


class BookingsPlace(Place):
    """All bookings of the clinic."""

    def __init__(self, desk: Desk, acting: Acting, bookings: BookingDesk) -> None:
        super().__init__()
        self._desk, self._tasks, self._actor = desk, desk.tasks, desk.actor
        self._bookings = bookings
        self._is_descending, self._order = False, Order.START
        self.model = BookingsModel(desk.clinic.currency, self)
        self.reader = Reader(desk.tasks, desk.actor, self.model)
        self.table = BookingTable(self.model)
        self.bar = FilterBar(date.today())  # noqa: DTZ011  (until the database says which day it is)
        self.panel = DetailsPanel(desk.tasks, desk.actor)
        self.acts = BookingActs(desk.tasks, desk.actor, acting, self)
        self.exporting = Exporting(desk.tasks, desk.actor, desk.clinic, self)
        self._saved = QPushButton(self.tr("Kept filters"))
        self.kept = KeptMenu(desk.tasks, desk.actor, self._saved)
        self._export, self._print = QPushButton(self.tr("Export…")), QPushButton(self.tr("Print…"))
        self._status = QPushButton(self.tr("Change status"))
        self._menu = QMenu(self._status)
        self._count = wide(controls.label("", "muted"))
        self._empty = Empty()
        self._stack = QStackedWidget()
        self._reread = QTimer(self, singleShot=True, interval=REREADS_MS)
        self._is_fresh = False
        self._build()
        self._connect()

    def _build(self) -> None:
        head = PlaceHead(self.tr("Bookings"))
        first = head.line
        first.addWidget(self.bar.search)
        self._count.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        first.addWidget(self._count, 1)
        self._status.setMenu(self._menu)
        for button, icon in ((self._saved, "list"), (self._export, "download"), (self._print, "printer")):
            button.setIcon(icons.icon(icon))
        for button in (self._status, self._saved, self._export, self._print):
            first.addWidget(button)
        head.add_below(self.bar)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._stack, 1)
        beside.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addLayout(beside, 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._ask)
        self.bar.left.connect(self._enter)
        self.table.looked_at.connect(self.reader.look_at)
        self.table.opened.connect(self.panel.setFocus)
        self.table.menu_wanted.connect(self._open_menu)
        self.table.sort_wanted.connect(self._sort)
        self.table.selectionModel().selectionChanged.connect(self._select)
        self.reader.shown.connect(self._show)
        self.reader.counted.connect(self._say_count)
        self.reader.cut.connect(self._say_cut)
        self.reader.moved.connect(self.table.stay)
        self.reader.rereading.connect(self.table.remember)
        self.reader.reread.connect(self.table.recall)
        self.reader.jumped.connect(self.table.clearSelection)
        self.reader.refused.connect(self.refused)
        self.panel.cancel_wanted.connect(self._ask_to_cancel)
        self.panel.reopen_wanted.connect(self.acts.ask_to_reopen)
        self.panel.restore_wanted.connect(self.acts.ask_to_restore)
        self.panel.calendar_wanted.connect(self.visit_wanted)
        self.panel.refused.connect(self.refused)
        for one in (self.acts, self.exporting, self.kept):
            one.told.connect(self.told)
        self.exporting.refused.connect(self.refused)
        self.exporting.progressed.connect(self._say_progress)
        self.kept.chosen.connect(self.show_asked)
        self._export.clicked.connect(self._export_or_stop)
        self._print.clicked.connect(self.print_list)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._put)
        self._empty.everything_wanted.connect(self._show_everything)
        self._reread.timeout.connect(self._read_again)

    @property
    def asked(self) -> Asked:
        """What is asked for."""
        return Asked(self.bar.filter, self._order, self._is_descending)

    def come(self) -> None:
        """Read what is asked for, and let somebody type a name."""
        self._bookings.with_catalogue(self.bar.offer)
        self.kept.read()
        work = partial(clock.now, actor=self._actor)
        self._tasks.read(self, work, self._note_day, latest="clock")
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def hear(self, changes: frozenset[object] | None) -> None:
        """Read again what is looked at, once a burst of changes is over."""
        if changes is None or any(getattr(change, "topic", "") in TOPICS for change in changes):
            self._reread.start()

    def show_asked(self, asked: Asked) -> None:
        """Show something else, such as a filter that was kept."""
        self._order, self._is_descending = asked.order, asked.is_descending
        self.bar.show_filter(asked.filter)
        self._ask()

    def _note_day(self, now: datetime) -> None:
        self.bar.set_today(now.date())
        if self._is_fresh:
            self._read_again()
        else:
            self._is_fresh = True
            self._ask()

    def _ask(self) -> None:
        asked = self.asked
        self.kept.asked = asked
        self.model.by_day = is_by_day(asked)
        self.table.mark_sorted(asked.order, is_descending=asked.is_descending)
        self.reader.ask(asked)

    def _read_again(self) -> None:
        self.reader.refresh()
        self.panel.refresh()

    def _show(self) -> None:
        self.table.clearSelection()
        self.table.scrollToTop()
        self._count.setText("")
        has_lines = bool(self.model.lines)
        self._stack.setCurrentIndex(0 if has_lines else 1)
        self._empty.say(is_open=self.bar.filter.is_open, is_ever=self.bar.is_ever)
        self._select()

    def _say_count(self, found: Extent) -> None:
        number = f"{found.appointments:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        if found.is_more:
            words = self.tr("more than {count} appointments")
        else:
            words = self.tr("1 appointment") if found.appointments == 1 else self.tr("{count} appointments")
        self._count.setText(words.format(count=number))

    def _say_cut(self, is_cut: bool) -> None:
        if is_cut:
            self.told.emit(self.tr("So many people are called so that some are missing; type more letters."))

    def _say_progress(self, count: int) -> None:
        is_busy = count >= 0
        self._export.setText(
            self.tr("Stop export ({count})").format(count=count) if is_busy else self.tr("Export…")
        )

    def _select(self) -> None:
        chosen = list(self.table.chosen())
        self._status.setEnabled(bool(possible(chosen)) and "book" in self._actor.permissions)
        self.panel.show_bookings({one for row in chosen if (one := booking_of(row)) is not None})

    def _enter(self) -> None:
        """From the search into the list."""
        at = self.model.row(self.table.currentIndex().row())
        if self.model.lines and booking_of(at) is None:
            first = self.model.place(self.model.lines[0].visit.id)
            self.table.choose(first or 0)
        self.table.setFocus()

    def _sort(self, order: str) -> None:
        self._is_descending = order == self._order and not self._is_descending
        self._order = Order(order)
        self._ask()

    def _fill_menu(self) -> None:
        self._menu.clear()
        for status in possible(self.table.chosen()):
            action = QAction(texts.status_word(status), self._menu)
            action.setData(status)
            self._menu.addAction(action)

    def _put(self, action: QAction) -> None:
        self.acts.put(self.table.chosen(), action.data())

    def _open_menu(self, place: QPoint) -> None:
        self._fill_menu()
        if not self._menu.isEmpty():
            self._menu.popup(place)

    def _ask_to_cancel(self, visit: VisitDetails) -> None:
        dialog = CancelDialog(visit, self.window())
        dialog.cancelled.connect(self.acts.cancel)
        dialog.open()

    def _export_or_stop(self) -> None:
        if self.exporting.is_busy:
            self.exporting.stop()
        else:
            self.exporting.ask(self.asked)

    def print_list(self) -> None:
        """Open the print preview of what is asked for."""
        work = partial(lines.page, actor=self._actor, asked=self.asked, limit=list_paper.MOST_LINES)
        self._tasks.read(self, work, self._preview, latest="print")

    def _preview(self, page: Page) -> None:
        if page.has_more:
            words = self.tr("Only the first {count} visits are printed; choose fewer days for the others.")
            self.told.emit(words.format(count=list_paper.MOST_LINES))
        paper = list_paper.paper(
            page.lines,
            title=self.tr("Bookings"),
            clinic=self._desk.clinic.name,
            printed_at=datetime.now(self._desk.clinic.where),
            by_day=is_by_day(self.asked),
        )
        open_preview(self.window(), paper, self.tr("Print the list"))

    def _show_everything(self) -> None:
        self.bar.search.clear()
        self.show_asked(Asked(order=self._order, is_descending=self._is_descending))
