"""Filters that are kept under a name: chosen, kept, removed."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.listing import kept
from clinic_scheduler.services.listing.asked import Asked
from clinic_scheduler.services.listing.kept import Kept
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.tasks import Tasks


class KeptMenu(QObject):
    """The menu of a button.

    Signals:
        chosen: the Asked of a filter that was kept.
        told: a sentence for the desk.
    """

    chosen = Signal(object)
    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, button: QPushButton) -> None:
        super().__init__(button)
        self._tasks, self._actor, self._button = tasks, actor, button
        self._kept: tuple[Kept, ...] = ()
        self.asked = Asked()
        self._menu, self._removing = QMenu(button), QMenu(self.tr("Remove"), button)
        button.setMenu(self._menu)
        self._menu.triggered.connect(self._choose)
        self._removing.triggered.connect(self._remove)
        self._fill()

    def read(self) -> None:
        """Read which filters there are."""
        self._tasks.read(self, partial(kept.all_of, actor=self._actor), self._show, latest="kept")

    def _show(self, found: tuple[Kept, ...]) -> None:
        self._kept = found
        self._fill()

    def _fill(self) -> None:
        self._menu.clear()
        self._removing.clear()
        for one in self._kept:
            for menu in (self._menu, self._removing):
                action = QAction(one_line(one.name).replace("&", "&&"), menu)
                action.setData(one.name)
                menu.addAction(action)
        if self._kept:
            self._menu.addSeparator()
        keep = QAction(self.tr("Keep this filter…"), self._menu)
        keep.setData(None)
        keep.triggered.connect(self._ask)
        self._menu.addAction(keep)
        if self._kept:
            self._menu.addMenu(self._removing)

    def _choose(self, action: QAction) -> None:
        found = next((one for one in self._kept if one.name == action.data()), None)
        if found is not None and action.parent() is self._menu:
            self.chosen.emit(found.asked)

    def _ask(self) -> None:
        dialog = NameDialog(self._button.window())
        dialog.named.connect(self._keep)
        dialog.open()

    def _keep(self, name: str) -> None:
        work = partial(kept.keep, actor=self._actor, name=name, asked=self.asked)
        self._tasks.write(self, work, self._note)

    def _note(self, made: Kept) -> None:
        self.told.emit(self.tr("The filter is kept as {name}.").format(name=made.name))
        self.read()

    def _remove(self, action: QAction) -> None:
        work = partial(kept.forget, actor=self._actor, name=str(action.data()))
        self._tasks.write(self, work, self._forget)

    def _forget(self, _done: object) -> None:
        self.read()


class NameDialog(QDialog):
    """Asks how a filter is called.

    Signals:
        named: the name.
    """

    named = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keep this filter"))
        self._name = QLineEdit()
        self._name.setMaxLength(kept.LONGEST_NAME)
        self._name.setPlaceholderText(self.tr("Name, such as No-shows this month"))
        self._name.setAccessibleName(self.tr("Name"))
        self._name.textChanged.connect(self._check)
        buttons = QDialogButtonBox()
        self._go = buttons.addButton(self.tr("Keep filter"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Leave it"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addWidget(controls.heading(self.tr("How is this filter called?")))
        column.addWidget(
            controls.label(self.tr("It waits for you at every desk. The same name replaces it."), "muted")
        )
        column.addWidget(self._name)
        column.addWidget(buttons)
        self.setMinimumWidth(400)
        self._check()

    def accept(self) -> None:
        """Say the name, and close."""
        if self._go.isEnabled():
            self.named.emit(self._name.text())
            super().accept()

    def _check(self) -> None:
        self._go.setEnabled(bool(self._name.text().strip()))
