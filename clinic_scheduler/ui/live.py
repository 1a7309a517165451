"""What other desks change, brought from the watching thread to the GUI thread in batches."""

from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

BATCH_MS = 100


class Watching(Protocol):
    """A thread that watches the database until it is stopped."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


class Live(QObject):
    """Collects notices for a moment, so that a burst of changes is one refresh.

    Signals:
        changed: a frozenset of changes, or None when anything may have changed.
        connected: whether the line to the database stands.
    """

    changed = Signal(object)
    connected = Signal(bool)
    _heard = Signal(object)
    _line = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: set[object] = set()
        self._is_everything = False
        self._watching: Watching | None = None
        self._timer = QTimer(self, singleShot=True, interval=BATCH_MS)
        self._timer.timeout.connect(self._flush)
        self._heard.connect(self._collect, Qt.ConnectionType.QueuedConnection)
        self._line.connect(self.connected, Qt.ConnectionType.QueuedConnection)

    def watch(self, watching: Watching) -> None:
        """Start the thread and keep it until `stop`."""
        self._watching = watching
        watching.start()

    def stop(self) -> None:
        """End the thread."""
        if self._watching is not None:
            self._watching.stop()
            self._watching = None

    def hear(self, changes: frozenset[object] | None) -> None:
        """Take a notice; called in the watching thread."""
        self._heard.emit(changes)

    def line(self, is_up: bool) -> None:
        """Take the state of the line; called in the watching thread."""
        self._line.emit(is_up)

    def _collect(self, changes: frozenset[object] | None) -> None:
        if changes is None:
            self._is_everything = True
        else:
            self._waiting |= changes
        if not self._timer.isActive():
            self._timer.start()

    def _flush(self) -> None:
        batch = None if self._is_everything else frozenset(self._waiting)
        self._waiting, self._is_everything = set(), False
        self.changed.emit(batch)
