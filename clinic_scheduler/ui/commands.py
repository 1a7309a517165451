"""Menus, shortcuts and actions, made from the table of commands."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from . import icons
from .command_table import COMMANDS


def build(window: QMainWindow, permissions: Iterable[str], *others: QObject) -> dict[str, QAction]:
    """Fill the window's menu bar and return its actions by name; their slots are the window's or the others'."""
    tr = QCoreApplication.translate
    menus: dict[str, QMenu] = {}
    groups: dict[str, QActionGroup] = {}
    actions: dict[str, QAction] = {}
    allowed = frozenset(permissions)
    for command in COMMANDS:
        if command.menu not in menus:
            menus[command.menu] = window.menuBar().addMenu(tr("commands", command.menu))
        action = QAction(tr("commands", command.text), window)
        if command.icon:
            action.setIcon(icons.icon(command.icon))
        action.setShortcut(QKeySequence(command.shortcut))
        action.setEnabled(not command.needs or command.needs in allowed)
        if command.choice:
            if command.choice not in groups:
                groups[command.choice] = QActionGroup(window)
                menus[command.menu].addSeparator()
            action.setCheckable(True)
            groups[command.choice].addAction(action)
        owner = next(one for one in (window, *others) if hasattr(one, command.name))
        action.triggered.connect(getattr(owner, command.name))
        menus[command.menu].addAction(action)
        actions[command.name] = action
    return actions
