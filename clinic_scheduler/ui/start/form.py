"""What the pages of the first start have in common: fields that say themselves what is wrong."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.start.field import Field

GAP = 12
EDGE = 24


class Form(QScrollArea):
    """A page of fields by name; a subclass says with `problems` what is wrong with which.

    Signals:
        edited: something was typed or chosen.
    """

    edited = Signal()

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(title)
        self._fields: dict[str, Field] = {}
        self._refused: dict[str, str] = {}
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(EDGE, EDGE, EDGE, 16)
        self._column.setSpacing(GAP)
        self._column.addWidget(controls.heading(title))
        lead = controls.label(words, tone="muted")
        lead.setWordWrap(True)
        self._column.addWidget(lead)
        self.setWidget(page)
        # The page would otherwise paint the surface of views over the window's ground.
        self.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    def problems(self) -> dict[str, str]:
        """A sentence for each field that cannot be used; none, unless a page has rules."""
        return {}

    def field(self, name: str) -> Field:
        return self._fields[name]

    def is_complete(self) -> bool:
        """Judge every field, touched or not, and go to the first that is wrong."""
        for field in self._fields.values():
            field.is_touched = True
        found = self.judge()
        if found:
            self.go_to(next(iter(found)))
        return not found

    def judge(self) -> dict[str, str]:
        """Say at each field the person has left what is wrong with it; all problems, also those not shown yet."""
        found = self.problems()
        for name, field in self._fields.items():
            shown = found.get(name, "") if field.is_touched else ""
            field.say(shown or self._refused.get(name, ""))
        return found

    def refuse(self, text: str, name: str) -> bool:
        """Say a refusal at its field until something is edited; False where the page has no such field."""
        if name not in self._fields or self._fields[name].isHidden():
            return False
        self._refused = {name: text}
        self.judge()
        self.go_to(name)
        return True

    def go_to(self, name: str) -> None:
        """Give the field the keyboard, and bring it into view."""
        field = self._fields[name]
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(field, 0, GAP)

    def _section(self, title: str) -> QGridLayout:
        """A card of two equal columns."""
        card: QFrame = controls.card()
        grid = QGridLayout(card)
        grid.setContentsMargins(16, GAP, 16, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(GAP)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        words = controls.label(title)
        words.setFont(fonts.body(strong=True))
        grid.addWidget(words, 0, 0, 1, 2)
        self._column.addWidget(card)
        return grid

    def _add(self, name: str, field: Field) -> Field:
        self._fields[name] = field
        field.left.connect(self.judge)
        return field

    def _make_room(self, _least: int, most: int) -> None:
        """The scroll bar lies in the margin, so that the cards end where the buttons do."""
        taken = self.verticalScrollBar().sizeHint().width() if most > 0 else 0
        self._column.setContentsMargins(EDGE, EDGE, EDGE - taken, 16)

    def _on_edit(self) -> None:
        self._refused = {}
        self.judge()
        self.edited.emit()
