"""The strip over the calendar: walk the days, choose the columns, begin a booking."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from . import controls, texts


class TopBar(QFrame):
    """Walks days and chooses what is shown.

    Signals:
        stepped: -1 or +1 day.
        today_wanted: back to today.
        columns_chosen: "practitioner" or "room".
        booking_wanted: begin a booking.
    """

    stepped = Signal(int)
    today_wanted = Signal()
    columns_chosen = Signal(str)
    booking_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        back = controls.icon_button("chevron-left", self.tr("Previous day (Ctrl+Left)"))
        on = controls.icon_button("chevron-right", self.tr("Next day (Ctrl+Right)"))
        today = QPushButton(self.tr("Today"))
        for button, place in ((back, "first"), (today, "middle"), (on, "last")):
            button.setProperty("segment", place)
        back.clicked.connect(self._step_back)
        on.clicked.connect(self._step_on)
        today.clicked.connect(self.today_wanted)
        self._title = controls.heading("")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._columns = controls.Segments(
            (("practitioner", self.tr("Practitioners")), ("room", self.tr("Rooms"))), self.tr("Columns")
        )
        self._columns.chosen.connect(self.columns_chosen)
        new = controls.primary(self.tr("New booking"), "plus")
        new.setToolTip(self.tr("New booking (Ctrl+N)"))
        new.clicked.connect(self.booking_wanted)
        walker = QHBoxLayout()
        walker.setSpacing(0)
        for button in (back, today, on):
            walker.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addLayout(walker)
        row.addWidget(self._title, 1)
        row.addWidget(self._columns)
        row.addWidget(new)

    def show_day(self, day: date, today: date) -> None:
        """Name the day; the year only where it is another."""
        self._title.setText(texts.long_date(day, with_year=day.year != today.year))

    def show_columns(self, by: str) -> None:
        """Mark what the columns are."""
        self._columns.choose(by)

    def _step_back(self) -> None:
        self.stepped.emit(-1)

    def _step_on(self) -> None:
        self.stepped.emit(1)
