"""The history of one booking: the newest first, each with before and after, and a way back to it."""

from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.history import Event
from clinic_scheduler.ui import controls, fonts, history_words

LONGEST = 300
MOST = 200
TAKEN_BACK = "appointment.taken_back"


class HistoryList(QWidget):
    """What happened.

    Signals:
        restore_wanted: the id of the entry whose state is to be had again.
    """

    restore_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: list[QWidget] = []
        self._entries: dict[QObject, UUID] = {}

    def show_events(self, events: tuple[Event, ...], *, may_restore: bool) -> None:
        """Show a history; the state that is now cannot be gone back to."""
        for widget in self._shown:
            widget.hide()
            widget.deleteLater()
        self._shown, self._entries = [], {}
        newest = next((one for one in reversed(events) if one.is_restorable), None)
        for event in events[: -MOST - 1 : -1]:
            is_past = may_restore and event.is_restorable and event is not newest
            entry = self._entry(event, is_past=is_past)
            self._column.addWidget(entry)
            self._shown.append(entry)

    def _entry(self, event: Event, *, is_past: bool) -> QWidget:
        frame = QFrame()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        what = _line(history_words.headline(event))
        what.setFont(fonts.body(strong=True))
        column.addWidget(what)
        for text in history_words.more(event):
            column.addWidget(_line(text))
        if event.reason and event.action != TAKEN_BACK:  # it says so already
            column.addWidget(_line(self.tr("Reason: {reason}").format(reason=event.reason)))
        row = QHBoxLayout()
        row.setSpacing(8)
        who = _line(history_words.by_whom(event), "muted")
        who.setFont(fonts.small())
        row.addWidget(who, 1)
        if is_past and event.entry_id is not None:
            back = QPushButton(self.tr("Back to this"))
            back.setProperty("quiet", True)
            words = self.tr("Bring the visit back to how it was after: {what}")
            back.setAccessibleName(words.format(what=history_words.headline(event)[:LONGEST]))
            self._entries[back] = event.entry_id
            back.clicked.connect(self._restore)
            row.addWidget(back)
        column.addLayout(row)
        column.addSpacing(8)
        rule = QFrame()
        rule.setFixedHeight(1)
        rule.setProperty("rule", True)
        column.addWidget(rule)
        return frame

    def _restore(self) -> None:
        entry = self._entries.get(self.sender())
        if entry is not None:
            self.restore_wanted.emit(entry)


def _line(text: str, tone: str = "") -> QLabel:
    return controls.Paragraph(text[:LONGEST], tone)
