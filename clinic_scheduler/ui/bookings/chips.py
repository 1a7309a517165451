"""A chip that opens a menu of choices of which any number can be ticked."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from clinic_scheduler.ui.calendar.typeset import one_line

LONGEST = 28


class TickMenu(QMenu):
    """Stays open while things are ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        is_tick = event.key() == Qt.Key.Key_Space
        if action is not None and action.isCheckable() and is_tick:
            action.trigger()
        else:
            super().keyPressEvent(event)


class TickChip(QPushButton):
    """Says what is ticked, or what could be.

    Signals:
        changed: the user ticked something else.
    """

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._choices: dict[Any, QAction] = {}
        self._ticked: frozenset[Any] = frozenset()  # also what is not offered (any more)
        self.setProperty("chip", True)
        self.setCheckable(True)
        self._menu = TickMenu(self)
        self.setMenu(self._menu)
        self._menu.triggered.connect(self._tick)
        self._say()

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Offer these; what was ticked and is still there stays so."""
        self._menu.clear()
        self._choices = {}
        for key, text in choices:
            action = QAction(one_line(text).replace("&", "&&"), self._menu)
            action.setCheckable(True)
            action.setChecked(key in self._ticked)
            self._menu.addAction(action)
            self._choices[key] = action
        self._menu.addSeparator()
        clear = QAction(self.tr("Any"), self._menu)
        clear.triggered.connect(self._clear)
        self._menu.addAction(clear)
        self._say()

    def ticked(self) -> frozenset[Any]:
        """The keys that are ticked."""
        return self._ticked

    def tick(self, keys: Iterable[Any]) -> None:
        """Show these as ticked, without a signal."""
        self._ticked = frozenset(keys)
        for key, action in self._choices.items():
            action.setChecked(key in self._ticked)
        self._say()

    def _tick(self, action: QAction) -> None:
        if action.isCheckable():
            key = next(key for key, one in self._choices.items() if one is action)
            self._ticked ^= {key}
            self._say()
            self.changed.emit()

    def _clear(self) -> None:
        self.tick(())
        self.changed.emit()

    def _say(self) -> None:
        chosen = [action.text() for action in self._choices.values() if action.isChecked()]
        chosen += ["…"] * len(self._ticked - self._choices.keys())
        said = self._name
        if len(chosen) == 1:
            said = chosen[0] if len(chosen[0]) <= LONGEST else f"{chosen[0][: LONGEST - 1]}…"
        elif chosen:
            said = self.tr("{name} ({count})").format(name=self._name, count=len(chosen))
        self.setText(said)
        self.setAccessibleName(f"{self._name}: {', '.join(chosen).replace('&&', '&') or self.tr('any')}")
        self.setChecked(bool(chosen))
