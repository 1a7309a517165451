"""Things that listen where a database server is expected, and what the check of a server says of them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from clinic_scheduler.db.probe import check_server
from clinic_scheduler.errors import ClinicError

Answer = Callable[[socket.socket, threading.Event], object]


def refused(url: str, password: str = "", limit_s: float = 5.0) -> tuple[str, str]:
    """The field and the sentence with which a server is refused."""
    with pytest.raises(ClinicError) as caught:
        check_server(url, password, limit_s)
    return getattr(caught.value, "field", ""), str(caught.value)


@contextmanager
def speaking(answer: Answer) -> Iterator[str]:
    """A server that hands every caller's connection to `answer`."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                caller, _ = listener.accept()
            except TimeoutError:
                continue
            with caller:
                caller.settimeout(10)
                try:
                    answer(caller, is_over)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"postgresql://anna@127.0.0.1:{listener.getsockname()[1]}/clinic"
    finally:
        is_over.set()
        thread.join()
        listener.close()
