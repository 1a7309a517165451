"""Every command by its name: type a few letters, press Enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QKeyEvent,
    QKeySequence,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from clinic_scheduler.services.people import persons

from . import controls, fonts, icons, theme
from .command_table import COMMANDS

Role = Qt.ItemDataRole
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SIZE = (560, 420)
ROW_H, PAD, TICK = 32, 12, 16
Align = Qt.AlignmentFlag
Key = Qt.Key
MOVING = {Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_PageDown, Key.Key_Home, Key.Key_End}
PLAIN = {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}


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

    @property
    def state(self) -> str:
        """Why it cannot be run, or that it is what is chosen already."""
        tr = QCoreApplication.translate
        if not self.action.isEnabled():
            return tr("Palette", "not possible now")
        return tr("Palette", "chosen") if self.action.isChecked() else ""

    @property
    def spoken(self) -> str:
        """The whole row, as it is read aloud."""
        return ", ".join(part for part in (self.text, self.menu, self.shortcut, self.state) if part)


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
        return self.shown[index.row()].spoken

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Also what cannot be run is walked over, so that its row can say so."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Rows(QStyledItemDelegate):
    """A tick at what is chosen, text and menu at the left, the keys at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, entry = theme.current(), index.model().shown[index.row()]  # type: ignore[attr-defined]
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_here:
            painter.fillRect(option.rect, colours.accent_ground)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, colours.hover)
        inside = option.rect.adjusted(PAD, 0, -PAD, 0)
        if entry.action.isChecked():
            tick = QRect(inside.x(), inside.center().y() - TICK // 2 + 1, TICK, TICK)
            icons.icon("check", "accent").paint(painter, tick)
        inside.setLeft(inside.x() + TICK + 8)
        painter.setFont(fonts.small())
        painter.setPen(colours.muted)
        painter.drawText(inside, Align.AlignVCenter | Align.AlignRight, entry.shortcut)
        inside.setRight(inside.right() - painter.fontMetrics().horizontalAdvance(entry.shortcut) - PAD)
        painter.setFont(fonts.body())
        painter.setPen(colours.accent_text if is_here else colours.text)
        if not entry.action.isEnabled():
            painter.setPen(colours.muted)
        inside.setLeft(inside.x() + _put(painter, inside, entry.text) + PAD)
        painter.setFont(fonts.small())
        painter.setPen(colours.muted)
        off = "" if entry.action.isEnabled() else entry.state
        _put(painter, inside, ", ".join(part for part in (entry.menu, off) if part))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(ROW_H)
        return size


def _put(painter: QPainter, rect: QRect, text: str) -> int:
    """Write what fits; how wide that is."""
    metrics = painter.fontMetrics()
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, rect.width()))
    painter.drawText(rect, Align.AlignVCenter | Align.AlignLeft, fitting)
    return metrics.horizontalAdvance(fitting)


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
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._run)
        self.list.selectionModel().currentChanged.connect(self._tell)
        self._nothing = controls.label(self.tr("No command is called so; try another word."), "muted")
        self._nothing.setAlignment(Align.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for part in (self.field, self._nothing, self.list):
            column.addWidget(part)
        self._filter("")
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if Qt.Key(event.key()) in MOVING and event.modifiers() in PLAIN:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Key.Key_Return, Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _filter(self, typed: str) -> None:
        self._model.show(ranked(self._entries, typed[:80], self._recent))
        has_any = self._model.rowCount() > 0
        self._nothing.setVisible(not has_any)
        self.list.setVisible(has_any)
        self.list.setCurrentIndex(self._model.index(0))
        if not has_any:
            self._tell(ROOT)

    def _tell(self, index: QModelIndex) -> None:
        """The keyboard stays in the field, so the row that Enter takes is read out there."""
        words = self._model.shown[index.row()].spoken if index.isValid() else self._nothing.text()
        self.field.setAccessibleDescription(words)
        if self.field.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, words))

    def _run(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        entry = self._model.shown[index.row()]
        if entry.action.isEnabled():
            self._recent[:] = [entry.name, *(name for name in self._recent if name != entry.name)]
            self.accept()
            QTimer.singleShot(0, entry.action, entry.action.trigger)
