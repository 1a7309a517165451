"""When somebody could come: days, weekdays, times of day; how urgent it is."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, Qt, QTime
from PySide6.QtWidgets import (
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.waitlist.wish import LONGEST_NOTES, MOST_URGENT, Wanted
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import kept
from clinic_scheduler.ui.booking.frames import wide
from clinic_scheduler.ui.controls import Segments
from clinic_scheduler.ui.start.weekdays import Weekdays
from clinic_scheduler.ui.theme import style_as
from clinic_scheduler.ui.waitlist import words

USUAL_DAYS = 28
NOTES_H = 64


class WhenForm(QWidget):
    """All of a wish but who and what. From midnight until midnight is any time of day."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        first = QDate(today.year, today.month, today.day)
        self.from_day = _day(first, self.tr("First day"))
        self.until_day = _day(first.addDays(USUAL_DAYS), self.tr("Last day"))
        self.weekdays = Weekdays(QLocale())
        self.weekdays.choose(())
        self.from_time = _time(QTime(0, 0), self.tr("Earliest time"))
        self.until_time = _time(QTime(0, 0), self.tr("Latest time"))
        choices = [(str(level), words.urgency_choice(level)) for level in range(MOST_URGENT + 1)]
        self.urgency = Segments(choices, self.tr("Urgency"))
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(self.tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(NOTES_H)
        self._wrong = wide(controls.label(tone="error"))
        self._wrong.hide()
        self._build()

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Days"), _pair(self.from_day, self.tr("until"), self.until_day)),
            (self.tr("Weekdays"), self.weekdays),
            (self.tr("Times"), _pair(self.from_time, self.tr("until"), self.until_time)),
            (self.tr("Urgency"), self.urgency),
            (self.tr("Notes"), self.notes),
        )
        for number, (name, field) in enumerate(rows):
            caption = controls.label(name)
            caption.setFont(fonts.small(strong=True))
            grid.addWidget(caption, number, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            caption.setContentsMargins(0, 8, 0, 0)
            grid.addWidget(field, number, 1)
        hints = QVBoxLayout()
        hint = wide(
            controls.label(
                self.tr("No weekday chosen means any; 00:00 until 00:00 any time of day."), "muted"
            )
        )
        hint.setFont(fonts.small())
        hints.addWidget(hint)
        hints.addWidget(self._wrong)
        grid.addLayout(hints, len(rows), 1)

    def fill(self, wanted: Wanted) -> None:
        """Show a wish."""
        for edit, day in ((self.from_day, wanted.from_day), (self.until_day, wanted.until_day)):
            edit.setDate(QDate(day.year, day.month, day.day))
        self.weekdays.choose(tuple(wanted.weekdays))
        for clock, minute in (
            (self.from_time, wanted.from_min),
            (self.until_time, wanted.until_min % DAY_MIN),
        ):
            clock.setTime(QTime(minute // 60, minute % 60))
        self.urgency.choose(str(wanted.urgency))
        self.notes.setPlainText(wanted.notes)

    def wanted(self, before: Wanted | None = None) -> Wanted:
        """The wish without its services; what has no field here stays as it was."""
        return Wanted(
            services=(),
            from_day=_date(self.from_day),
            until_day=_date(self.until_day),
            weekdays=frozenset(self.weekdays.chosen),
            from_min=_minute(self.from_time),
            until_min=_minute(self.until_time) or DAY_MIN,
            urgency=int(self.urgency.key),
            notes=kept.storable(self.notes.toPlainText())[:LONGEST_NOTES],
            plan_session_id=before.plan_session_id if before else None,
        )

    def refuse(self, sentence: str, field: str) -> None:
        """Say what is wrong, and take the keyboard to where it is."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        places: dict[str, QWidget] = {
            "until_day": self.until_day,
            "weekdays": self.weekdays,
            "until_min": self.until_time,
            "urgency": self.urgency,
        }
        for name, place in places.items():
            if isinstance(place, QDateEdit | QTimeEdit):
                style_as(place, invalid=name == field)
            if name == field:
                place.setFocus()


def _day(day: QDate, name: str) -> QDateEdit:
    edit = QDateEdit(day)
    edit.setCalendarPopup(True)
    edit.setAccessibleName(name)
    return edit


def _time(time: QTime, name: str) -> QTimeEdit:
    edit = QTimeEdit(time)
    edit.setDisplayFormat("HH:mm")
    edit.setAccessibleName(name)
    return edit


def _pair(first: QWidget, word: str, second: QWidget) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part in (first, controls.label(word), second):
        row.addWidget(part)
    row.addStretch()
    return pair


def _date(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())


def _minute(edit: QTimeEdit) -> int:
    time = edit.time()
    return time.hour() * 60 + time.minute()
