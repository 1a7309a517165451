"""The one question of the first start, as three cards."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts, icons


class Card(QPushButton):
    """A button that explains itself."""

    def __init__(self, icon: str, title: str, words: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self._icon = icon
        self._sign, self._onward = QLabel(), QLabel()
        name, explained = controls.label(title), controls.label(words, tone="muted")
        name.setFont(fonts.body(strong=True))
        explained.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(name)
        column.addWidget(explained)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self._onward, 0, Qt.AlignmentFlag.AlignVCenter)
        for part in (self._sign, name, explained, self._onward):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._draw()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A button would take the arrows for itself; they belong to the cards together."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other inks."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._sign.setPixmap(icons.icon(self._icon, "accent").pixmap(icons.LARGE))
        self._onward.setPixmap(icons.icon("chevron-right", "muted").pixmap(icons.SMALL))


class Question(QWidget):
    """Which clinic this desk opens.

    Signals:
        demo, own, server: that card was chosen.
    """

    demo = Signal()
    own = Signal()
    server = Signal()

    def __init__(self, database: Path) -> None:
        """`database` is the file of this computer's own clinic, where there is one."""
        super().__init__()
        own = (
            self.tr("Set up my clinic"),
            self.tr("For one computer. You name the clinic, one practitioner and one service."),
        )
        if database.exists():
            own = (self.tr("Open my clinic"), self.tr("The clinic that was set up on this computer."))
        self._cards = [
            Card(
                "sparkles",
                self.tr("Try the demo clinic"),
                self.tr("A made-up clinic with patients and a full calendar. Nothing in it is real."),
            ),
            Card("building-2", *own),
            Card(
                "server",
                self.tr("Connect to our server"),
                self.tr("For desks that share one PostgreSQL database. You need its address and a login."),
            ),
        ]
        for card, chosen in zip(self._cards, (self.demo, self.own, self.server), strict=True):
            card.clicked.connect(chosen)
        words = controls.label(
            self.tr("Which clinic shall this desk open? It is opened from then on."), tone="muted"
        )
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("Welcome to Clinic Scheduler")))
        column.addWidget(words)
        column.addSpacing(4)
        for card in self._cards:
            column.addWidget(card)
        column.addStretch()

    def focus(self, number: int = 0) -> None:
        """Give a card the keyboard."""
        self._cards[number].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go from card to card."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        held = [number for number, card in enumerate(self._cards) if card.hasFocus()]
        if step and held:
            self.focus((held[0] + step) % len(self._cards))
        else:
            super().keyPressEvent(event)
