#!/usr/bin/env python3
"""The developer's front door: from a bare machine to the running program, its tests and its frozen build.

python3 dev.py run [arguments]     start the program (without a display: the tour, which draws every screen)
python3 dev.py test [arguments]    lint, types and every test; with arguments only pytest, given those
python3 dev.py check               lint and types alone
python3 dev.py freeze              build dist/clinic-scheduler and let the result test itself

Each first makes .venv and installs what requirements*.lock names. Standard library only.
"""

# Keeps this file readable for the old Python that is to be told that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed-locks"

RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"

OLDEST_PYTHON = (3, 11)
IS_LINUX = sys.platform == "linux"
VENV_PACKAGE = f"python3.{sys.version_info.minor}-venv"

# Shared libraries that Qt loads, and the Debian or Ubuntu package of each.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libbrotlidec.so.1": "libbrotli1",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def main() -> int:
    """Return the exit status of the command named on the command line."""
    commands = {"run": run, "test": test, "check": check, "freeze": freeze}
    name, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in commands or (arguments and name in ("check", "freeze")):
        print(__doc__)
        return 2
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    try:
        return commands[name](arguments)
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Start the program, or without a display and arguments its tour."""
    has_display = not IS_LINUX or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    install_system_packages({**QT_LIBRARIES, **(X11_LIBRARIES if has_display else {})})
    install_locked(RUN_LOCK)
    if has_display or "QT_QPA_PLATFORM" in os.environ:
        return start("main.py", *arguments)
    return start("main.py", *(arguments or ["tour"]), offscreen=True)


def test(arguments: list[str]) -> int:
    """Run lint, types and every test, or only pytest with `arguments`."""
    install_system_packages(QT_LIBRARIES)
    install_locked(DEV_LOCK)
    if not arguments and (status := lint()):
        return status
    return start("-m", "pytest", *arguments, offscreen=True)


def check(_: list[str]) -> int:
    """Run lint and types."""
    install_system_packages({})
    install_locked(DEV_LOCK)
    return lint()


def freeze(_: list[str]) -> int:
    """Build the program that needs no Python, and let it test itself."""
    # It carries X11's libraries along, which the build would otherwise leave out without failing.
    install_system_packages({**QT_LIBRARIES, **X11_LIBRARIES}, needs_freezing=True)
    install_locked(DEV_LOCK)
    spec = ROOT / "packaging" / "clinic_scheduler.spec"
    status = start("-m", "PyInstaller", "--noconfirm", "--log-level=WARN", str(spec))
    if status:
        return status
    program = ROOT / "dist" / "clinic-scheduler" / ("clinic-scheduler" + (".exe" if os.name == "nt" else ""))
    return call([str(program), "self-test"], offscreen=True)


def lint() -> int:
    """Return the first failing status of ruff and mypy, else 0."""
    return (
        start("-m", "ruff", "check", "--quiet")
        or start("-m", "ruff", "format", "--check", "--quiet")
        or start("-m", "mypy")
    )


def start(*arguments: str, offscreen: bool = False) -> int:
    """Return the status of the virtual environment's Python, run in the project's folder."""
    return call([str(PYTHON), *arguments], offscreen=offscreen)


def call(command: list[str], *, offscreen: bool) -> int:
    """Return the status of `command`; death by a signal counts as in a shell."""
    environment = dict(os.environ)
    if offscreen:  # the same on every machine, whatever its screen and language
        environment |= {"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return status if status >= 0 else 128 - status


def install_system_packages(libraries: dict[str, str], *, needs_freezing: bool = False) -> None:
    """Install what pip cannot bring, or end with the line that does."""
    if not IS_LINUX:
        return
    packages = missing_packages(libraries, needs_freezing=needs_freezing)
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing", *packages)
        install = ("install", "-y", "--no-install-recommends", *packages)
        # A bare machine has no package lists yet, an old one has stale ones.
        if apt(*install, stderr=subprocess.DEVNULL):
            apt("update")
            apt(*install)
        importlib.invalidate_caches()
        packages = missing_packages(libraries, needs_freezing=needs_freezing)
    if packages:
        sys.exit(f"Please install what is missing:\n  sudo apt-get install {' '.join(packages)}")


def apt(*arguments: str, stderr: int | None = None) -> int:
    return subprocess.run(
        ["apt-get", "-qq", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        check=False,
    ).returncode


def missing_packages(libraries: dict[str, str], *, needs_freezing: bool) -> list[str]:
    """Return the Debian packages of what is not there."""
    packages = [package for library, package in libraries.items() if not is_loadable(library)]
    if libraries and not any(found for folder in FONT_FOLDERS for found in folder.rglob("*.[ot]t[fc]")):
        packages.append("fonts-dejavu-core")
    # Debian splits these from its own Python; any other Python has them or cannot get them from apt.
    if not importlib.util.find_spec("ensurepip") and not is_usable_venv():
        packages.append(VENV_PACKAGE)
    if needs_freezing:
        packages += [] if shutil.which("objdump") else ["binutils"]
        library = str(sysconfig.get_config_var("INSTSONAME"))
        if sys.base_prefix == "/usr" and not is_loadable(library):
            packages.append(library.partition(".so")[0])
    return packages


def is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_locked(lock: Path) -> None:
    """Bring .venv to what `lock` names; the developer's lock holds all of the other one."""
    wanted = stamp_of(lock)
    if PYTHON.exists() and STAMP.exists() and wanted in STAMP.read_text(encoding="ascii").split():
        return
    if not is_usable_venv():
        say("making", VENV.name)
        venv.create(VENV, with_pip=True, clear=True)
    say("installing what", lock.name, "names")
    STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # A lock is whole. Looking for what its packages need, an old pip would stumble over releases newer than the lock.
    if subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], check=False).returncode:
        sys.exit(f"pip could not install {lock.name}: put right what it says above and try again.")
    STAMP.write_text("\n".join({wanted, stamp_of(RUN_LOCK)}), encoding="ascii")


def stamp_of(lock: Path) -> str:
    return hashlib.sha256(sys.version.encode() + lock.read_bytes()).hexdigest()


def is_usable_venv() -> bool:
    """Return whether .venv is of this Python's version and can install."""
    probe = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-c", probe], check=False, stderr=subprocess.DEVNULL).returncode == 0


def say(*words: str) -> None:
    print("dev.py:", *words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
