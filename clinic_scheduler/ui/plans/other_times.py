"""Beside the sessions: the other times of the one that is marked, or a time of the desk's own."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking.frames import wide

from . import words
from .proposal_list import TimeList, TimeModel


class _OwnTime(QDateTimeEdit):
    """A field of its own mind about Enter: it takes the time, and the page does not go on.

    Signals:
        entered: Enter was pressed.
    """

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.interpretText()
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class OtherTimes(QFrame):
    """A list and a field.

    Signals:
        taken: the Part that the session shall have.
        reset: it shall be placed with the others again.
        left: the keyboard goes back to the sessions.
        refused: a ClinicError about the time that was typed.
    """

    taken = Signal(object)
    reset = Signal()
    left = Signal()
    refused = Signal(object)

    def __init__(self, offered: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._offered = offered
        self._part: Part | None = None
        self._title = controls.label()
        self._title.setFont(fonts.body(strong=True))
        self._said = wide(controls.label(tone="muted"))
        self._model = TimeModel(offered, self)
        self.times = TimeList(self._model, self.tr("Other times"))
        self.times.setProperty("quiet", True)
        self.times.picked.connect(self.taken)
        self.times.left.connect(self.left)
        self.own = _OwnTime()
        self.own.entered.connect(self._take_own)
        self.own.setCalendarPopup(True)
        self.own.setDisplayFormat(words.DAY_AND_TIME)
        self.own.setAccessibleName(self.tr("Another day and time"))
        self.own_button = QPushButton(self.tr("Take"))
        self.own_button.setAccessibleName(self.tr("Take that time"))
        self.own_button.setAutoDefault(False)
        self.own_button.clicked.connect(self._take_own)
        self.back = QPushButton(self.tr("Place it with the others"))
        self.back.setProperty("quiet", True)
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.reset)
        self._lay_out()
        self.show_nothing()

    def _lay_out(self) -> None:
        own = QHBoxLayout()
        own.setContentsMargins(12, 0, 12, 0)
        own.addWidget(self.own, 1)
        own.addWidget(self.own_button)
        head = QVBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.times, 1)
        column.addLayout(own)
        column.addWidget(self.back)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The times on offer."""
        return self._model.parts

    def show_nothing(self) -> None:
        """No session is marked that could have another time."""
        self._part = None
        self._title.setText(self.tr("Other times"))
        self._say(self.tr("Choose a session at the left to see when else it could be."))
        self._model.show_parts(())
        for part in (self.own, self.own_button, self.back):
            part.hide()

    def show_session(self, number: int, part: Part | None, *, is_chosen: bool) -> None:
        """Another session is marked; `part` is the time that it has now."""
        self._part = part
        self._title.setText(self.tr("Other times for session {number}").format(number=number))
        self.back.setVisible(is_chosen)
        self.own.setVisible(part is not None)
        self.own_button.setVisible(part is not None)
        if part is not None:
            wall = part.start.astimezone(self._offered.clinic.where)
            self.own.setDateTime(
                QDateTime(QDate(wall.year, wall.month, wall.day), QTime(wall.hour, wall.minute))
            )

    def show_times(self, parts: Sequence[Part]) -> None:
        """These are free."""
        if tuple(parts) != self._model.parts:
            self._model.show_parts(parts)
            self._mark_first()
        self._say("" if parts else self.tr("No other time is free between its neighbours."))

    def take_keyboard(self) -> None:
        """Choose by arrows and Enter."""
        self.times.setFocus()
        self._mark_first()

    def _mark_first(self) -> None:
        """Whoever came before the times did finds the first marked."""
        if self.times.hasFocus() and self._model.rowCount() and not self.times.currentIndex().isValid():
            self.times.setCurrentIndex(self._model.index(0))

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def _take_own(self) -> None:
        if self._part is None:
            return
        shown = self.own.dateTime().toPython()
        try:
            start = localtime.chosen(shown, self._offered.clinic.where)  # type: ignore[arg-type]
        except ClinicError as error:
            self.refused.emit(error)
            return
        self.taken.emit(replace(self._part, start=start, end=start + (self._part.end - self._part.start)))
