"""All shortcuts on one sheet, with a field to find one."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.people import persons

from . import controls, fonts
from .palette import entries

SIZE = (640, 640)
KEYS_WIDTH = 180


def calendar_keys() -> tuple[tuple[str, str], ...]:
    """What keys do while the calendar has the keyboard."""
    tr = QCoreApplication.translate
    return (
        (tr("HelpSheet", "Arrows"), tr("HelpSheet", "Walk visits and empty time")),
        (tr("HelpSheet", "Enter"), tr("HelpSheet", "Open the visit, or book the empty time")),
        ("N", tr("HelpSheet", "Book here, or after the visit")),
        (tr("HelpSheet", "Space"), tr("HelpSheet", "Pick the visit up, and put it down")),
        (tr("HelpSheet", "Shift+Space"), tr("HelpSheet", "Pick the whole visit up")),
        (tr("HelpSheet", "Escape"), tr("HelpSheet", "Give up what is being moved, or select nothing")),
        (tr("HelpSheet", "Menu key"), tr("HelpSheet", "What is possible here")),
        (tr("HelpSheet", "Shift and drag"), tr("HelpSheet", "Move the whole visit")),
        (tr("HelpSheet", "Ctrl and wheel"), tr("HelpSheet", "Zoom")),
    )


class HelpSheet(QDialog):
    """Grouped as the menus are."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self.resize(*SIZE)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find a key or a command"))
        self.field.setAccessibleName(self.tr("Find"))
        self.field.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Keys"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setColumnWidth(1, KEYS_WIDTH)
        self.tree.setUniformRowHeights(True)
        self._fill(actions)
        self._nothing = controls.label(self.tr("No key or command is called so; try another word."), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for part in (self.field, self._nothing, self.tree):
            column.addWidget(part)

    def _fill(self, actions: Mapping[str, QAction]) -> None:
        self._group(self.tr("In the calendar"), [(text, keys) for keys, text in calendar_keys()])
        menus: dict[str, list[tuple[str, str]]] = {}
        for entry in entries(actions):
            if not entry.action.shortcut().isEmpty():
                keys = entry.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                menus.setdefault(entry.menu, []).append((entry.text, keys))
        for menu, rows in menus.items():
            self._group(menu, rows)

    def _group(self, name: str, rows: list[tuple[str, str]]) -> None:
        group = QTreeWidgetItem([name])
        group.setFont(0, fonts.body(strong=True))
        for row in rows:
            group.addChild(QTreeWidgetItem(list(row)))
        self.tree.addTopLevelItem(group)
        group.setExpanded(True)

    def _filter(self, typed: str) -> None:
        wanted = persons.folded(typed[:80])
        for group in self._groups():
            rows = [row for n in range(group.childCount()) if (row := group.child(n)) is not None]
            for row in rows:
                row.setHidden(wanted not in persons.folded(f"{row.text(0)} {row.text(1)}"))
            group.setHidden(all(row.isHidden() for row in rows))
        has_any = any(not group.isHidden() for group in self._groups())
        self._nothing.setVisible(not has_any)
        self.tree.setVisible(has_any)
        self.field.setAccessibleDescription("" if has_any else self._nothing.text())

    def _groups(self) -> Iterator[QTreeWidgetItem]:
        for n in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(n)
            if item is not None:
                yield item
