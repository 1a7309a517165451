"""The rail at the left: the places of the program, icon over word."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QVBoxLayout, QWidget

from . import icons
from .controls import RailButton


@dataclass(frozen=True, slots=True)
class Stop:
    """One button; `key` is what takes there by keyboard, said in the hint."""

    name: str
    text: str
    icon: str
    key: str = ""


class Rail(QFrame):
    """One button a place, one of them pressed.

    Signals:
        chosen: the name of the place to go to.
    """

    chosen = Signal(str)

    def __init__(self, stops: Sequence[Stop], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rail", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._buttons: dict[str, RailButton] = {}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(4)
        for stop in stops:
            button = RailButton(stop.text, icons.icon(stop.icon))
            button.setToolTip(f"{stop.text} ({stop.key})" if stop.key else stop.text)
            group.addButton(button)
            column.addWidget(button)
            self._buttons[stop.name] = button
        column.addStretch(1)
        group.buttonClicked.connect(self._choose)

    def mark(self, name: str) -> None:
        """Press the button of the place that is shown."""
        self._buttons[name].setChecked(True)

    def _choose(self, button: RailButton) -> None:
        self.chosen.emit(next(name for name, each in self._buttons.items() if each is button))
