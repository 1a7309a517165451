"""The fields of two records side by side: whose value the record gets, chosen one by one."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QGridLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people.merge_preview import Half, Preview
from clinic_scheduler.services.people.merging import FIELDS, JOINED, Side
from clinic_scheduler.services.people.persons import shown_phone
from clinic_scheduler.ui import controls, fonts
from clinic_scheduler.ui.booking import dates
from clinic_scheduler.ui.booking.frames import CutLabel, wide
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients import words

SIGN_W = 32  # of the dot before the words
SIDES = (Side.KEPT, Side.GONE, Side.BOTH)


class CutRadio(QRadioButton):
    """A choice whose words are cut with an ellipsis where there is no room for them."""

    def __init__(self, text: str, *, can_shrink: bool, parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self._whole, self._can_shrink = text, can_shrink
        self.setMinimumHeight(24)
        if can_shrink:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._can_shrink:
            room = max(0, self.width() - SIGN_W)
            cut = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
            self.setText(cut.replace("&", "&&"))


class MergeFields(QWidget):
    """A row for every field in which the two differ; what is alike is not asked."""

    def __init__(self, clinic: ClinicFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clinic = clinic
        self._groups: dict[str, QButtonGroup] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        for column, share in ((1, 1), (2, 1)):
            self._grid.setColumnStretch(column, share)
        self._row = 0

    @property
    def sides(self) -> dict[str, Side]:
        """Whose value was chosen, by field."""
        return {field: SIDES[group.checkedId()] for field, group in self._groups.items()}

    @property
    def buttons(self) -> list[QAbstractButton]:
        """All choices, in the order in which they stand."""
        return [button for group in self._groups.values() for button in group.buttons()]

    def show_preview(self, found: Preview) -> None:
        """Show these two instead."""
        self._clear()
        for column, (title, half) in enumerate(
            ((self.tr("Stays"), found.kept), (self.tr("Is merged into it"), found.gone)), 1
        ):
            self._head(column, title, half)
        self._row = 1
        for field in FIELDS:
            kept, gone = self._value(found.kept, field), self._value(found.gone, field)
            if kept != gone:
                self._ask(field, kept, gone)
        self._grid.setRowStretch(self._row, 1)

    def refuse(self, field: str) -> None:
        """Take the keyboard to a field that cannot be as it was chosen."""
        button = self._groups[field].checkedButton() if field in self._groups else None
        if button is not None:
            button.setFocus()

    def _head(self, column: int, title: str, half: Half) -> None:
        caption = controls.label(title, "muted")
        caption.setFont(fonts.small(strong=True))
        name = CutLabel(one_line(half.line.name), fonts.body(strong=True))
        has = wide(controls.label(words.holdings(half, self._clinic.currency), "muted"))
        box = QVBoxLayout()
        box.setSpacing(4)
        for part in (caption, name, has):
            box.addWidget(part)
        box.addStretch(1)
        top = QWidget()
        box.setContentsMargins(0, 0, 0, 4)
        top.setLayout(box)
        self._grid.addWidget(top, 0, column)

    def _ask(self, field: str, kept: str, gone: str) -> None:
        caption = controls.label(self._caption(field))
        caption.setFont(fonts.small(strong=True))
        group = QButtonGroup(self)
        options = [kept, gone]
        if field in JOINED and kept and gone:
            options.append(self.tr("Both"))
        chosen = 2 if len(options) == 3 else 0 if kept else 1
        self._grid.addWidget(caption, self._row, 0)
        for number, text in enumerate(options):
            shown = one_line(text) or self.tr("nothing")
            button = CutRadio(shown, can_shrink=number < 2)
            button.setAccessibleName(f"{self._caption(field)}: {shown}")
            button.setChecked(number == chosen)
            group.addButton(button, number)
            self._grid.addWidget(button, self._row, number + 1)
        self._groups[field] = group
        self._row += 1

    def _clear(self) -> None:
        self._grid.setRowStretch(self._row, 0)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for group in self._groups.values():
            group.deleteLater()
        self._groups, self._row = {}, 0

    def _caption(self, field: str) -> str:
        return {
            "name": self.tr("Name"),
            "phone": self.tr("Phone"),
            "email": self.tr("E-mail"),
            "birth_date": self.tr("Birth date"),
            "code": self.tr("Code"),
            "alert": self.tr("Alert"),
            "notes": self.tr("Notes"),
        }[field]

    def _value(self, half: Half, field: str) -> str:
        own: dict[str, Any] = {"code": half.code, "notes": half.notes}
        value = own[field] if field in own else getattr(half.line, field)
        if field == "birth_date":
            return dates.shown(value) if value else ""
        if field == "phone":
            return shown_phone(value, self._clinic.country) if value else ""
        return str(value)
