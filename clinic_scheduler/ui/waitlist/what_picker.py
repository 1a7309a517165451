"""What somebody waits for: one service or several of one visit, found while typing."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.unfinished.choices import MOST_LINES
from clinic_scheduler.services.wishes import Wish
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.booking.frames import Scrolled, as_card, wide
from clinic_scheduler.ui.booking.search_line import SearchLine
from clinic_scheduler.ui.booking.service_list import ROW, SERVICE, ServiceModel, service_view
from clinic_scheduler.ui.waitlist.wish_line import WishLine

SHOWN = 4  # services found at once, without scrolling


class WhatPicker(QWidget):
    """A search; Enter adds what is marked, and Enter in the empty field goes on.

    Signals:
        entered: the keyboard may go on.
    """

    entered = Signal()

    def __init__(self, offered: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered = offered
        self._lines: list[WishLine] = []
        self.search = SearchLine(self.tr("Search services"), self.tr("Add a service"), 100)
        self._model = ServiceModel(offered, self)
        self.found = as_card(service_view(self._model, self.tr("Services")))
        self.search.drive(self.found)
        self._wrong = wide(controls.label(tone="error"))
        self._inner = QWidget()
        self._chosen = QVBoxLayout(self._inner)
        self._chosen.setContentsMargins(0, 0, 0, 0)
        self._chosen.setSpacing(12)
        self._scroll = Scrolled(self._inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.search, self._wrong, self.found, self._scroll):
            column.addWidget(part)
        self.setFocusProxy(self.search)
        self.search.textChanged.connect(self._narrow)
        self.search.entered.connect(self._enter)
        self.found.clicked.connect(self._add)
        self._wrong.hide()
        self._narrow("")

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """The services in their order."""
        return tuple(line.wish for line in self._lines)

    def fill(self, wishes: Sequence[Wish]) -> None:
        """Show what is wished already, as far as it is still offered."""
        known = {service.id for service in self._offered.services}
        for wish in wishes:
            if wish.service_id in known:
                self._append(wish)

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with it, and take the keyboard there."""
        self._say(sentence)
        self.search.setFocus()

    def _narrow(self, text: str) -> None:
        is_asked = bool(text.strip())
        self._model.narrow(text)
        rows = self._model.rowCount() if is_asked or not self._lines else 0
        self.found.setVisible(bool(rows))
        self._scroll.setVisible(bool(self._lines))
        self.found.setFixedHeight(min(rows, SHOWN) * ROW + 10)
        self.found.setCurrentIndex(self._model.index(0) if is_asked and rows else QModelIndex())
        lost = self.tr("No service is called that; try fewer letters.")
        self._say(lost if is_asked and not rows else "")

    def _say(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.search.setAccessibleDescription(sentence)

    def _enter(self) -> None:
        if self.found.currentIndex().isValid():
            self._add(self.found.currentIndex())
        elif not self.search.text().strip():
            self.entered.emit()

    def _add(self, index: QModelIndex) -> None:
        service = index.data(SERVICE)
        if not isinstance(service, ServiceFacts):
            return
        if len(self._lines) == MOST_LINES:
            self.refuse(self.tr("A visit has at most 20 services; remove one first."))
            return
        self._append(Wish(service.id))
        self.search.clear()
        self._narrow("")
        self.search.setFocus()

    def _append(self, wish: Wish) -> None:
        line = WishLine(wish, self._offered, self._inner)
        line.removed.connect(self._remove)
        self._lines.append(line)
        self._chosen.addWidget(line)
        self._narrow(self.search.text())

    def _remove(self, line: WishLine) -> None:
        self._lines.remove(line)
        line.setParent(None)
        line.deleteLater()
        self._narrow(self.search.text())
        self.search.setFocus()
