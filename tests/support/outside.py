"""A running program as a screen reader finds it: another process, on a screen of its own, asked over AT-SPI."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jeepney import DBusAddress, MessageType, Properties, new_method_call  # type: ignore[import-untyped]  # it has no types
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped]

from tests.support.sources import ROOT

LIMIT_S = 30.0
T = TypeVar("T")
ROOT_PATH = "/org/a11y/atspi/accessible/root"
NEEDED = ("Xvfb", "dbus-daemon")
LAUNCHER = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")


def missing() -> str:
    """What this machine lacks to be listened to, empty if nothing."""
    absent = [name for name in NEEDED if shutil.which(name) is None]
    return ", ".join([*absent, *([] if LAUNCHER.exists() else ["at-spi2-core"])])


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a screen reader knows of."""

    reader: "Reader"
    owner: str
    path: str

    def _ask(
        self, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        address = DBusAddress(self.path, self.owner, f"org.a11y.atspi.{interface}")
        return self.reader.answer(new_method_call(address, method, signature, body))

    @property
    def name(self) -> str:
        address = DBusAddress(self.path, self.owner, "org.a11y.atspi.Accessible")
        return str(self.reader.answer(Properties(address).get("Name"))[0][1])

    @property
    def role(self) -> str:
        return str(self._ask("Accessible", "GetRoleName")[0])

    def children(self) -> "list[Heard]":
        return [Heard(self.reader, *one) for one in self._ask("Accessible", "GetChildren")[0]]

    def everything(self) -> "Iterator[Heard]":
        yield self
        for child in self.children():
            yield from child.everything()

    def find(self, role: str, name: str) -> "Heard":
        return next(one for one in self.everything() if one.name == name and one.role == role)

    def press(self) -> None:
        """Do what it is for."""
        self._ask("Action", "DoAction", "i", (0,))


class Reader:
    """The ears."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection

    def answer(self, message: Any) -> Any:
        """The body of the answer to a call."""
        reply = self._connection.send_and_get_reply(message, timeout=LIMIT_S)
        if reply.header.message_type is MessageType.error:
            raise LookupError(reply.body)
        return reply.body

    def program(self) -> Heard:
        """The program, once it can be heard with a window."""

        def found() -> Heard:
            registry = Heard(self, "org.a11y.atspi.Registry", ROOT_PATH)
            for one in registry.children():
                if any(child.role == "frame" for child in one.children()):
                    return one
            raise LookupError("no window yet")

        return until(found)


def until(ask: Callable[[], T]) -> T:
    """The answer as soon as there is one."""
    give_up = time.monotonic() + LIMIT_S
    while time.monotonic() < give_up:
        try:
            if found := ask():
                return found
        except (LookupError, StopIteration):
            pass
        time.sleep(0.2)
    raise TimeoutError("the program was not heard")


@contextmanager
def listening(url: str, home: Path) -> Iterator[Reader]:
    """The program on that database, running on a screen and a bus that nobody else uses."""
    with ExitStack() as stack:
        display = _screen(stack)
        environment = {**os.environ, "DISPLAY": display, "XDG_RUNTIME_DIR": str(home)}
        bus = _started(stack, ["dbus-daemon", "--session", "--print-address=1", "--nofork"], environment)
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        session = stack.enter_context(open_dbus_connection(address))
        asked = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        reader = Reader(stack.enter_context(open_dbus_connection(Reader(session).answer(asked)[0])))
        environment |= {"DBUS_SESSION_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "xcb"}
        environment |= {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "CLINIC_SCHEDULER_HOME": str(home)}
        _started(stack, [sys.executable, "main.py", "--database", url], environment)
        yield reader


def _screen(stack: ExitStack) -> str:
    number, told = os.pipe()
    stack.callback(os.close, number)
    _started(stack, ["Xvfb", "-displayfd", str(told), "-screen", "0", "1440x900x24"], None, told)
    os.close(told)
    return f":{os.read(number, 16).decode().strip()}"


def _started(
    stack: ExitStack, command: list[str], environment: dict[str, str] | None, *descriptors: int
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT, env=environment,
        pass_fds=descriptors,
    )  # fmt: skip
    stack.callback(process.communicate)
    stack.callback(process.kill)
    return process
