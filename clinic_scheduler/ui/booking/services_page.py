"""Step 1: which services, in which order, by whom."""

from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinic_scheduler.services.catalogue import ServiceFacts
from clinic_scheduler.services.unfinished.choices import MOST_LINES
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.frames import Scrolled, as_card, wide
from clinic_scheduler.ui.booking.lines import Line
from clinic_scheduler.ui.booking.page import Page
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.booking.service_list import SERVICE, ServiceModel, service_view
from clinic_scheduler.ui.theme import style_as


class ServicesPage(Page):
    """Type, Enter, next; the visit grows on the right."""

    step = "services"

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._lines: list[Line] = []
        self.search = SearchLine(self.tr("Search services"), self.tr("Type a service"), 100)
        self._model = ServiceModel(draft.catalogue, self)
        self.found = service_view(self._model, self.tr("Services"))
        as_card(self.found)
        self.search.drive(self.found)
        self.search.textChanged.connect(self._narrow)
        self.search.entered.connect(self._enter_pressed)
        self.found.clicked.connect(self._add)
        self._said = wide(controls.label(tone="muted"))
        self._total = controls.label()
        self._total.setFont(fonts.tabular(fonts.body(strong=True)))
        self.others = wide(controls.label(tone="muted"))
        self.others.hide()
        draft.changed.connect(self._show_others)
        self._empty = wide(
            controls.label(self.tr("Nothing yet. Type a service at the left and press Enter."), tone="muted")
        )
        self._column = QVBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 8)
        row.setSpacing(24)
        row.addLayout(self._left(), 1)
        row.addWidget(self._right(), 1)

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(controls.heading(self.tr("What is booked?")))
        left.addWidget(self.search)
        left.addWidget(self._said)
        left.addWidget(self.found, 1)
        return left

    def _right(self) -> QFrame:
        card = controls.card()
        self._inner = QWidget()
        self._inner.setLayout(self._column)
        self._column.setContentsMargins(16, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._empty)
        self._column.addStretch()
        self._scroll = Scrolled(self._inner)
        title = controls.label(self.tr("This visit"))
        title.setFont(fonts.body(strong=True))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 0)
        self._in_all = controls.label(self.tr("In all"), tone="muted")
        foot.addWidget(self._in_all)
        foot.addStretch()
        foot.addWidget(self._total)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 12, 0, 12)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(title)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        beside = QHBoxLayout()
        beside.setContentsMargins(16, 8, 16, 0)
        beside.addWidget(self.others)
        column.addLayout(beside)
        column.addLayout(foot)
        return card

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines on show, in order."""
        return tuple(self._lines)

    @property
    def may_go_on(self) -> bool:
        return bool(self.draft.choices.wishes)

    @property
    def hint(self) -> str:
        if self.search.text() or not self.draft.choices.wishes:
            return self.tr("Enter adds")
        return self.tr("Enter continues")

    def enter(self) -> None:
        kept = self.draft.choices.typed.get("service_search", "")
        if kept != self.search.text():
            self.search.setText(kept)
        else:
            self._narrow(kept)
        self._rebuild()
        self.search.setFocus()

    # Finding

    def _narrow(self, text: str) -> None:
        self.draft.note(service_search=text)
        self._model.narrow(text)
        if text.strip() and self._model.rowCount():
            self.found.setCurrentIndex(self._model.index(0))
        else:
            self.found.setCurrentIndex(QModelIndex())
        is_lost = bool(text.strip()) and not self._model.rowCount()
        self._say(self.tr("No service is called that; try fewer letters.") if is_lost else "")
        self.ready.emit()

    def _enter_pressed(self) -> None:
        marked = self.found.currentIndex()
        if marked.isValid():
            self._add(marked)
        elif not self.search.text().strip() and self.may_go_on:
            self.go_on()

    def _add(self, index: QModelIndex) -> None:
        service = index.data(SERVICE)
        wishes = self.draft.choices.wishes
        if not isinstance(service, ServiceFacts):
            return
        if len(wishes) >= MOST_LINES:
            self._say(self.tr("A visit has at most 20 services; please make a second booking."))
            return
        self._wish((*wishes, Wish(service.id, self._wished_with(service))))
        self.search.clear()
        self.search.setFocus()
        self._scroll.ensureWidgetVisible(self._lines[-1])

    def _wished_with(self, service: ServiceFacts) -> tuple[UUID, ...]:
        """The practitioner in whose column the booking began, where that person performs the service."""
        wanted = self.draft.choices.typed.get("with", "")
        return tuple(p.practitioner_id for p in service.performers if str(p.practitioner_id) == wanted)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))

    # The lines

    def _wish(self, wishes: tuple[Wish, ...]) -> None:
        """Other services than those held: the hold is renewed, and the time is picked again for the new whole."""
        self.draft.edit(wishes=wishes)
        self.draft.renew()
        self._rebuild()

    def _rebuild(self) -> None:
        wishes = self.draft.choices.wishes
        if tuple(line.wish for line in self._lines) != wishes:
            for line in self._lines:
                self._column.removeWidget(line)
                line.hide()
                line.deleteLater()
            self._lines = [
                Line(n, wish, self.draft.catalogue, self._inner) for n, wish in enumerate(wishes, 1)
            ]
            for number, line in enumerate(self._lines):
                self._column.insertWidget(number, line)
                line.show()  # at once: the keyboard goes to no hidden widget
                self._listen_to(line)
        self._empty.setVisible(not wishes)
        self._sum_up()

    def _listen_to(self, line: Line) -> None:
        line.wished.connect(self._change)
        line.moved.connect(self._move)
        line.walked.connect(self._walk)
        line.removed.connect(self._remove)
        line.dragged.connect(self._drag)

    def _show_others(self) -> None:
        """Say what else the person has booked, and what of it is wished here again."""
        known, offered, said = self.draft.glance, self.draft.catalogue, ""
        if known is not None:
            clash = words.clash_text(known, self.draft.choices.wishes, offered)
            said = clash or words.ahead_text(known, offered)
            style_as(self.others, tone="warning" if clash else "muted")
        self.others.setText(said)
        self.others.setVisible(bool(said))

    def _sum_up(self) -> None:
        wishes = self.draft.choices.wishes
        self._in_all.setVisible(bool(wishes))
        self._show_others()
        if not wishes:
            self._total.setText("")
            return
        length, price = words.totals(self.draft.catalogue, wishes)
        money = words.price_text(price, self.draft.catalogue.clinic.currency)
        self._total.setText(f"{words.length_text(length)} · {money}")

    def _sender_line(self) -> int:
        sender = self.sender()
        return self._lines.index(sender) if isinstance(sender, Line) and sender in self._lines else -1

    def _change(self, wish: object) -> None:
        self.draft.edit(wishes=tuple(line.wish for line in self._lines))
        self.draft.renew()
        self._sum_up()

    def _remove(self) -> None:
        number = self._sender_line()
        if number < 0:
            return
        wishes = self.draft.choices.wishes
        self._wish(wishes[:number] + wishes[number + 1 :])
        self._focus(number)

    def _move(self, by: int) -> None:
        self._move_to(self._sender_line(), by)

    def _walk(self, by: int) -> None:
        self._focus(self._sender_line() + by)

    def _drag(self, place: QPoint) -> None:
        number = self._sender_line()
        if number < 0:
            return
        line = self._lines[number]
        below = line.mapFromGlobal(place).y()
        if below < 0 or below > line.height():
            self._move_to(number, -1 if below < 0 else 1)

    def _move_to(self, number: int, by: int) -> None:
        target = number + by
        if number < 0 or not 0 <= target < len(self._lines):
            return
        wishes = list(self.draft.choices.wishes)
        wishes.insert(target, wishes.pop(number))
        moved = self._lines.pop(number)
        self._lines.insert(target, moved)
        # The widget itself moves, so that a drag does not lose the mouse.
        self._column.removeWidget(moved)
        self._column.insertWidget(target, moved)
        self.draft.edit(wishes=tuple(wishes))
        self.draft.renew()
        for place, line in enumerate(self._lines, 1):
            line.number(place)
        moved.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus(self, number: int) -> None:
        if 0 <= number < len(self._lines):
            self._lines[number].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._lines and number > 0:
            self._lines[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.search.setFocus()
