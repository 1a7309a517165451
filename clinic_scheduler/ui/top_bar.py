"""The strip over the calendar: walk through time, choose how to look at it, begin a booking."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from clinic_scheduler.services.days.schedule import Column

from . import controls, texts
from .calendar.typeset import one_line
from .calendar.views import Kind, View
from .day_field import DayField
from .place_head import BREADTH, EDGE

WIDEST_NAME = 160
WIDE = 1180
SHORTEST_DAY = 144
SPACING = 8
NAMES_ALSO = 160  # more where the menu of names takes its room too


class TopBar(QFrame):
    """Walks days and chooses what is shown.

    Signals:
        stepped: -1 or +1 page.
        today_wanted: back to today.
        kind_chosen: a word of `Kind`.
        columns_chosen: "practitioner" or "room".
        one_chosen: the id of the practitioner or room to look at, None for everybody.
        booking_wanted: begin a booking.
        search_wanted: open the search line.
    """

    stepped = Signal(int)
    today_wanted = Signal()
    kind_chosen = Signal(str)
    columns_chosen = Signal(str)
    one_chosen = Signal(object)
    booking_wanted = Signal()
    search_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("head", True)
        self.day = DayField()
        self.day.setMinimumWidth(SHORTEST_DAY)
        self.day.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        kinds = (
            (Kind.DAY.value, self.tr("Day")),
            (Kind.DAYS.value, self.tr("Days")),
            (Kind.WEEK.value, self.tr("Week")),
            (Kind.MONTH.value, self.tr("Month")),
            (Kind.AGENDA.value, self.tr("Agenda")),
        )
        self._kinds = controls.Segments(kinds, self.tr("View"))
        self._kinds.chosen.connect(self.kind_chosen)
        self._columns = controls.Segments(
            (("practitioner", self.tr("People")), ("room", self.tr("Rooms"))), self.tr("Columns")
        )
        self._columns.chosen.connect(self.columns_chosen)
        self._one = QComboBox()
        self._one.setAccessibleName(self.tr("Whose time"))
        self._one.setMaximumWidth(WIDEST_NAME)
        self._one.activated.connect(self._choose_one)
        new = controls.primary(self.tr("New booking"), "plus")
        new.setToolTip(self.tr("New booking (Ctrl+N)"))
        new.clicked.connect(self.booking_wanted)
        search = controls.icon_button("search", self.tr("Search or book (Ctrl+F)"))
        search.clicked.connect(self.search_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE, BREADTH, EDGE, BREADTH)
        row.setSpacing(SPACING)
        row.addLayout(self._walker())
        row.addWidget(self.day, 1)
        for part in (self._one, self._kinds, self._columns, search, new):
            row.addWidget(part)
        self.show_view(View(), ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what the menu and the keys P and R have too, before the days are cut."""
        needed = WIDE if self._one.isHidden() else WIDE + NAMES_ALSO
        self._columns.setVisible(self.width() >= needed)

    def minimumSizeHint(self) -> QSize:
        """Without what goes where the window is narrow."""
        own = super().minimumSizeHint()
        spared = 0 if self._columns.isHidden() else self._columns.minimumSizeHint().width() + SPACING
        return QSize(own.width() - spared, own.height())

    def _walker(self) -> QHBoxLayout:
        self._back = controls.icon_button("chevron-left", "")
        self._on = controls.icon_button("chevron-right", "")
        today = QPushButton(self.tr("Today"))
        for button, place in ((self._back, "first"), (today, "middle"), (self._on, "last")):
            button.setProperty("segment", place)
        self._back.clicked.connect(self._step_back)
        self._on.clicked.connect(self._step_on)
        today.clicked.connect(self.today_wanted)
        walker = QHBoxLayout()
        walker.setSpacing(0)
        for button in (self._back, today, self._on):
            walker.addWidget(button)
        return walker

    def show_day(self, view: View, first: date, today: date) -> None:
        """Name what is shown; the year only where it is another."""
        last = first + timedelta(days=view.count - 1)
        with_year = first.year != today.year or last.year != today.year
        if view.kind is Kind.MONTH:
            text = texts.month_and_year(first)
        elif view.count == 1:
            text = texts.long_date(first, with_year=with_year)
        else:
            text = self.tr("{first} to {last}").format(
                first=texts.day_and_month(first), last=texts.day_and_month(last, with_year=with_year)
            )
        self.day.show_words(text, today)

    def show_view(self, view: View, everybody: Sequence[Column]) -> None:
        """Mark how time is looked at."""
        self._kinds.choose(view.kind.value)
        self._columns.choose(view.by)
        page = {Kind.DAY: self.tr("day"), Kind.WEEK: self.tr("week"), Kind.MONTH: self.tr("month")}
        word = page.get(view.kind, self.tr("days"))
        for button, tip in (
            (self._back, self.tr("Previous {page} (Ctrl+Left)")),
            (self._on, self.tr("Next {page} (Ctrl+Right)")),
        ):
            button.setToolTip(tip.format(page=word))
            button.setAccessibleName(tip.format(page=word))
        self._one.setVisible(view.kind is not Kind.DAY)
        self._fit()
        with QSignalBlocker(self._one):
            self._one.clear()
            self._one.addItem(
                self.tr("Everybody") if view.by == "practitioner" else self.tr("All rooms"), None
            )
            for column in everybody:
                self._one.addItem(one_line(column.name), column.resource_id)
            ids: list[UUID | None] = [None, *(column.resource_id for column in everybody)]
            self._one.setCurrentIndex(ids.index(view.of) if view.of in ids else 0)

    def _choose_one(self, place: int) -> None:
        self.one_chosen.emit(self._one.itemData(place))

    def _step_back(self) -> None:
        self.stepped.emit(-1)

    def _step_on(self) -> None:
        self.stepped.emit(1)
