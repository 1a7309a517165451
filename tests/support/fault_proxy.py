"""A TCP proxy that spoils the line between a desk and its server, on command."""

import socket
import threading
from types import TracebackType
from typing import Self

Pair = tuple[socket.socket, socket.socket]


class FaultProxy:
    """Passes bytes both ways until told otherwise; plain text only, so that it can read what passes."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._flowing = threading.Event()
        self._flowing.set()
        self._is_refusing = False
        self._plan: tuple[bytes, bool, str] | None = None
        self._guard = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.fired = 0

    def __enter__(self) -> Self:
        self._thread(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_refusing = True
        self._flowing.set()
        for line in [self._listener, *self._sockets]:
            _end(line)
        for thread in list(self._threads):
            thread.join(5)
        for line in [self._listener, *self._sockets]:
            line.close()

    def stall(self) -> None:
        """Keep every line open and pass nothing on."""
        self._flowing.clear()

    def pass_on(self) -> None:
        """Pass everything on again, also what was kept back."""
        self._flowing.set()

    def refuse(self) -> None:
        """Hang up on everybody who comes from now on."""
        self._is_refusing = True

    def cut_all(self) -> None:
        """Hang up on everybody, now and from now on."""
        self.refuse()
        for line in list(self._sockets):
            _end(line)

    def accept(self) -> None:
        """Let everybody in again."""
        self._is_refusing = False

    def once(self, words: bytes, *, from_server: bool, then: str = "cut") -> None:
        """When `words` come by, do not pass them on: `cut` that line, `refuse` (cut it and every later one) or `stall`.

        Or `hand over`: pass them on, then cut that line without waiting for an answer.
        `from_server` with a command's tag means that the server has done it, and that nobody hears of it.
        """
        self._plan = (words, from_server, then)

    def _accept(self) -> None:
        while True:
            try:
                desk, _address = self._listener.accept()
            except OSError:
                return
            self._sockets.append(desk)
            if self._is_refusing:
                _end(desk)
                continue
            server = socket.create_connection(self._upstream, 5)
            server.settimeout(None)
            self._sockets.append(server)
            self._thread(self._pump, (desk, server), True)
            self._thread(self._pump, (desk, server), False)

    def _pump(self, pair: Pair, from_desk: bool) -> None:
        source, target = pair if from_desk else pair[::-1]
        while data := _received(source):
            self._flowing.wait()
            spoils = self._spoils(data, from_server=not from_desk)
            if spoils and spoils != "hand over":
                break
            self._flowing.wait()
            try:
                target.sendall(data)
            except OSError:
                break
            if spoils:
                break
        for line in pair:
            _end(line)

    def _spoils(self, data: bytes, *, from_server: bool) -> str:
        """What is to become of the data instead of being passed on; empty where it passes."""
        with self._guard:
            if self._plan is None or self._plan[1] != from_server or self._plan[0] not in data:
                return ""
            _words, _way, then = self._plan
            self._plan = None
            self.fired += 1
        if then == "stall":
            self.stall()
            return ""
        self._is_refusing = then == "refuse"
        return then

    def _thread(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, name="fault-proxy", daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except OSError:
        return b""


def _end(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
