"""Every command by its name: type a few letters, press Enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.people import persons

from . import fonts, theme
from .commands import COMMANDS

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SIZE = (560, 420)
ROW_H, PAD = 32, 12
MOVING = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as it is listed."""

    name: str
    text: str
    menu: str
    action: QAction

    @property
    def shortcut(self) -> str:
        """Its keys in the words of the platform."""
        return self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def entries(actions: Mapping[str, QAction]) -> list[Entry]:
    """All commands in the order of the menus."""
    return [
        Entry(command.name, _plain(actions[command.name].text()), _plain(command.menu), actions[command.name])
        for command in COMMANDS
    ]


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def ranked(found: Sequence[Entry], typed: str, recent: Sequence[str]) -> list[Entry]:
    """Those that fit what is typed, the best first; without a letter the most recently used first."""
    wanted = persons.folded(typed).split()
    if not wanted:
        order = {name: place for place, name in enumerate(recent)}
        return sorted(found, key=lambda entry: order.get(entry.name, len(order)))
    scored = [(_score(entry, wanted), place, entry) for place, entry in enumerate(found)]
    return [entry for score, _place, entry in sorted(scored, key=lambda one: one[:2]) if score < MISSES]


MISSES = 1000


def _score(entry: Entry, wanted: Sequence[str]) -> int:
    """Lower is better: beginnings of words, then parts of words, then letters in their order."""
    own, whole = persons.folded(entry.text), persons.folded(f"{entry.text} {entry.menu}")
    return sum(_fit(own, whole, word) for word in wanted)


def _fit(own: str, whole: str, word: str) -> int:
    if own.startswith(word):
        return 0
    if any(part.startswith(word) for part in own.split()):
        return 1
    if any(part.startswith(word) for part in whole.split()):
        return 3
    if word in whole:
        return 5
    letters = iter(own)
    return 20 if all(letter in letters for letter in word) else MISSES


class _Model(QAbstractListModel):
    """The commands that fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shown: list[Entry] = []

    def show(self, shown: list[Entry]) -> None:
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid() or role not in (Role.DisplayRole, Role.AccessibleTextRole):
            return None
        entry = self.shown[index.row()]
        off = "" if entry.action.isEnabled() else self.tr("not possible now")
        return ", ".join(part for part in (entry.text, entry.menu, entry.shortcut, off) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.shown[index.row()].action.isEnabled():
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsSelectable


class _Rows(QStyledItemDelegate):
    """Text and menu at the left, the keys at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, entry = theme.current(), index.model().shown[index.row()]  # type: ignore[attr-defined]
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect = option.rect
        if is_chosen:
            painter.fillRect(rect, colours.accent_ground)
        inside = rect.adjusted(PAD, 0, -PAD, 0)
        ink = colours.accent_text if is_chosen else colours.text
        painter.setPen(ink if entry.action.isEnabled() else colours.disabled)
        painter.setFont(fonts.body(strong=entry.action.isChecked()))
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, flags | Qt.AlignmentFlag.AlignLeft, entry.text)
        width = painter.fontMetrics().horizontalAdvance(entry.text) + PAD
        painter.setPen(colours.muted)
        painter.setFont(fonts.small())
        painter.drawText(inside, flags | Qt.AlignmentFlag.AlignRight, entry.shortcut)
        painter.drawText(inside.adjusted(width, 0, 0, 0), flags | Qt.AlignmentFlag.AlignLeft, entry.menu)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(ROW_H)
        return size


class Palette(QDialog):
    """Runs the command that is chosen once it is closed, so that what that opens does not lie beneath."""

    def __init__(self, actions: Mapping[str, QAction], recent: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Commands"))
        self.resize(*SIZE)
        self._entries, self._recent = entries(actions), recent
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What would you like to do?"))
        self.field.setAccessibleName(self.tr("Command"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self._model = _Model(self)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._run)
        self._nothing = QLabel(self.tr("No command is called so; try another word."))
        self._nothing.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for part in (self.field, self._nothing, self.list):
            column.addWidget(part)
        self._filter("")
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if Qt.Key(event.key()) in MOVING:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        self._model.show(ranked(self._entries, typed[:80], self._recent))
        has_any = self._model.rowCount() > 0
        self._nothing.setVisible(not has_any)
        self.list.setVisible(has_any)
        self.list.setCurrentIndex(self._model.index(0))

    def _run(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        entry = self._model.shown[index.row()]
        if entry.action.isEnabled():
            self._recent[:] = [entry.name, *(name for name in self._recent if name != entry.name)]
            self.accept()
            QTimer.singleShot(0, entry.action, entry.action.trigger)
