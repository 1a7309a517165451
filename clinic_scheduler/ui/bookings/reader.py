"""Reading the list as it is looked at: the next page, the one before, or somewhere else altogether."""

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.listing import extent, lines
from clinic_scheduler.services.listing.asked import Asked, Order
from clinic_scheduler.services.listing.extent import HIGHEST, LOWEST, Extent
from clinic_scheduler.services.listing.lines import PAGE, Line, Page
from clinic_scheduler.services.listing.statements import Key
from clinic_scheduler.ui.tasks import Tasks

from .model import BookingsModel
from .rows import DayRow, Row

MARGIN: Final = 40  # rows before the end of what is known at which more is read
SETTLES_MS: Final = 60  # after dragging the scroll bar far away
COUNTS_MS: Final = 300  # counting may wait until nobody types


class Reader(QObject):
    """Keeps the model filled with what is asked for.

    Signals:
        shown: the list was read from its beginning.
        counted: the Extent.
        cut: whether the text means more people or bookings than are looked through.
        moved: rows were put in before what is known; by how many.
        rereading: what is known is about to be read anew; `reread` once that is done.
        jumped: something else is known now than what was selected.
        refused: a ClinicError.
    """

    shown = Signal()
    counted = Signal(object)
    cut = Signal(bool)
    moved = Signal(int)
    rereading = Signal()
    reread = Signal()
    jumped = Signal()
    refused = Signal(object)

    def __init__(self, tasks: Tasks, actor: Actor, model: BookingsModel) -> None:
        super().__init__(model)
        self._tasks, self._actor, self._model = tasks, actor, model
        self.asked = Asked()
        self.extent: Extent | None = None
        self._has_before = self._has_after = False
        self._is_reading = self._is_outdated = False
        self._first = self._last = 0
        self._jump = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._jump.timeout.connect(self._go)
        self._count = QTimer(self, singleShot=True, interval=COUNTS_MS)
        self._count.timeout.connect(self._measure)

    def ask(self, asked: Asked) -> None:
        """Show something else, from its beginning."""
        self.asked, self.extent = asked, None
        self._is_reading = True
        work = partial(lines.page, actor=self._actor, asked=asked)
        self._tasks.read(self, work, self._begin, refused=self._refuse, latest="page")

    def refresh(self) -> None:
        """Read again what is looked at; it may have changed."""
        if self._is_reading:
            self._is_outdated = True  # what is being read may be from before the change
            return
        if not self._model.lines:
            self.ask(self.asked)
            return
        self._is_reading = True
        number, key = self._anchor()
        work = partial(lines.page, actor=self._actor, asked=self.asked, after=key, limit=2 * PAGE)
        self._tasks.read(self, work, partial(self._again, number), refused=self._refuse, latest="page")
        self._count.start()

    def look_at(self, first: int, last: int) -> None:
        """Those rows are on the screen."""
        self._first, self._last = first, last
        model = self._model
        if not model.lines or self._is_reading:
            return
        if last < model.before or first >= model.end:
            self._jump.start()
        elif last > model.end - MARGIN and self._has_after:
            self._read_on(model.lines[-1].key, is_back=False)
        elif first < model.before + MARGIN and self._has_before:
            self._read_on(model.lines[0].key, is_back=True)

    def _anchor(self) -> tuple[int, Key | None]:
        """The first line on the screen and a place just before it; near the beginning, that."""
        model = self._model
        if not self._has_before and self._first < model.before + PAGE // 2:
            return 0, None
        for number in range(max(self._first, model.before), model.end):
            row = model.row(number)
            if row is not None and not isinstance(row, DayRow):
                key = row.line.key
                return number, Key(key.stage, key.value, HIGHEST if self.asked.is_descending else LOWEST)
        return 0, None

    def _read_on(self, key: Key, *, is_back: bool) -> None:
        self._is_reading = True
        work = partial(lines.page, actor=self._actor, asked=self.asked, after=key, is_back=is_back)
        then = self._put_before if is_back else self._put_after
        self._tasks.read(self, work, then, refused=self._refuse, latest="page")

    def _go(self) -> None:
        """Read where the scroll bar was dragged to."""
        first, last, count = self._first, self._last, self._model.rowCount()
        if self._is_reading or self._model.before <= first < self._model.end or not count:
            return
        self._is_reading = True
        if last >= count - 1:
            work = partial(lines.page, actor=self._actor, asked=self.asked, is_back=True)
        elif first == 0:
            work = partial(lines.page, actor=self._actor, asked=self.asked)
        else:
            work = partial(extent.somewhere, actor=self._actor, asked=self.asked, share=first / count)
        then = partial(self._land, first, last >= count - 1)
        self._tasks.read(self, work, then, refused=self._refuse, latest="page")

    def _begin(self, page: Page) -> None:
        self._is_reading = False
        self._has_before, self._has_after = False, page.has_more
        self._model.show_lines(page.lines, 0, len(page.lines) if page.has_more else 0)
        self.cut.emit(page.is_cut)
        self.shown.emit()
        self._count.start()
        self._catch_up()

    def _again(self, number: int, page: Page) -> None:
        self._is_reading = False
        if not page.lines:
            self.ask(self.asked)
            return
        model = self._model
        self._has_before, self._has_after = number > 0, page.has_more
        count = model.rowCount()
        # The day stands above the anchor.
        before = max(0, number - 1) if model.by_day else number
        self.rereading.emit()
        model.show_lines(page.lines, before, max(0, count - before - len(page.lines)) if page.has_more else 0)
        self.reread.emit()
        self._catch_up()

    def _catch_up(self) -> None:
        """Read once more what changed while it was being read."""
        if self._is_outdated:
            self._is_outdated = False
            self.refresh()

    def _land(self, first: int, is_end: bool, page: Page) -> None:
        self._is_reading = False
        self.jumped.emit()
        count = self._model.rowCount()
        if is_end:
            self._has_before, self._has_after = page.has_more, False
            self._model.show_lines(page.lines, 0, 0) if not page.has_more else self._end_with(page, count)
            self._catch_up()
            return
        self._has_before, self._has_after = first > 0, page.has_more
        after = count - first - len(page.lines)
        self._model.show_lines(page.lines, first, after if page.has_more else 0)
        self.look_at(self._first, self._last)
        self._catch_up()

    def _end_with(self, page: Page, count: int) -> None:
        self._model.show_lines(page.lines, 0, count)  # how many rows they make is known then
        made = self._model.end
        self._model.show_lines(page.lines, count - made, 0)

    def _put_after(self, page: Page) -> None:
        self._is_reading = False
        self._has_after = page.has_more
        self._model.append(page.lines, has_more=page.has_more)
        self.look_at(self._first, self._last)
        self._catch_up()

    def _put_before(self, page: Page) -> None:
        self._is_reading = False
        self._has_before = page.has_more
        by = self._model.prepend(page.lines, has_more=page.has_more)
        if by:
            self.moved.emit(by)
        self._catch_up()

    def _measure(self) -> None:
        work = partial(extent.measure, actor=self._actor, asked=self.asked)
        self._tasks.read(self, work, self._note_extent, refused=self._count_later, latest="count")

    def _note_extent(self, found: Extent) -> None:
        self.extent = found
        model = self._model
        rest = found.lines - model.before - len(model.lines)
        if self._has_after and rest > model.after:
            model.show_lines(model.lines, model.before, rest)
        self.counted.emit(found)

    def _count_later(self, _error: ClinicError) -> None:
        """That nobody could count it keeps nobody from reading it."""

    def _refuse(self, error: ClinicError) -> None:
        self._is_reading = self._is_outdated = False
        self.refused.emit(error)


def line_of(row: Row | None) -> Line | None:
    """The visit that a row belongs to."""
    return None if row is None or isinstance(row, DayRow) else row.line


def is_by_day(asked: Asked) -> bool:
    """Whether the lines stand below their days."""
    return asked.order is Order.START


def booking_of(row: Row | None) -> UUID | None:
    """The booking that a row belongs to."""
    line = line_of(row)
    return line.visit.id if line else None
