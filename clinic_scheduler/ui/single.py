"""One window per database and person: a second start hands over what it was asked and ends."""

import hashlib
from typing import Final

from PySide6.QtCore import QDir, QLockFile, QObject, QStandardPaths, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_LONGEST: Final = 4096  # bytes of a message; anything longer is not from us


class SingleInstance(QObject):
    """Holds the place of the running program for one database.

    Signals:
        called: the text a second start handed over, possibly empty: come to the front.
    """

    called = Signal(str)

    def __init__(self, database: str, parent: QObject | None = None) -> None:
        """`database` is its address without a password; two databases may be open side by side."""
        super().__init__(parent)
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        digest = hashlib.sha256(f"{home}|{database}".encode()).hexdigest()
        self._name = f"clinic-scheduler-{digest[:16]}"
        self._lock = QLockFile(QDir.temp().filePath(f"{self._name}.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale only when its process is gone
        self._server: QLocalServer | None = None
        self._parts: dict[QLocalSocket, bytes] = {}

    def acquire(self) -> bool:
        """Whether this is the first program on the database; from then on it answers later ones."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)  # a crash leaves its socket behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        # Without a server a second start still ends, it only cannot say why it came.
        self._server.listen(self._name)
        return True

    def hand_over(self, text: str, limit_ms: int = 2000) -> bool:
        """Whether the running program took `text`; called by the second start, before any window."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(limit_ms):
            return False
        socket.write(text.encode()[: _LONGEST - 1] + b"\0")
        is_sent = socket.bytesToWrite() == 0 or socket.waitForBytesWritten(limit_ms)
        socket.disconnectFromServer()
        return is_sent

    def release(self) -> None:
        """Give the place up; the next start is the first again."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _accept(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._parts[socket] = b""
            socket.readyRead.connect(self._receive)
            socket.disconnected.connect(self._leave)

    def _receive(self) -> None:
        for socket in list(self._parts):
            if socket not in self._parts or not socket.bytesAvailable():  # an abort below took it away
                continue
            self._parts[socket] += socket.read(_LONGEST).data()
            text, end, _ = self._parts[socket].partition(b"\0")
            if end:
                self._parts[socket] = b""
                self.called.emit(text.decode("utf-8", "replace"))
            elif len(text) >= _LONGEST:
                socket.abort()

    def _leave(self) -> None:
        self._receive()
        for socket in [
            one for one in self._parts if one.state() == QLocalSocket.LocalSocketState.UnconnectedState
        ]:
            del self._parts[socket]
            socket.deleteLater()
