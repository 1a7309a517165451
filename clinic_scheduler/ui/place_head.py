"""The strip over a place: equally high, and equally far from the edges, wherever one goes."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from . import controls

EDGE, BREADTH = 16, 12


class PlaceHead(QFrame):
    """The title and what belongs beside it in one line; further lines below, such as the chips of a filter."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("head", True)
        self.title: QLabel = controls.heading(title)
        self.line = QHBoxLayout()
        self.line.setSpacing(8)
        self.line.addStrut(controls.CONTROL)
        self.line.addWidget(self.title)
        self.line.addSpacing(8)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(EDGE, BREADTH, EDGE, BREADTH)
        self._lines.setSpacing(BREADTH)
        self._lines.addLayout(self.line)

    def add_below(self, widget: QWidget) -> None:
        """Put something into a line of its own."""
        self._lines.addWidget(widget)
