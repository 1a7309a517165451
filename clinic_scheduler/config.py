"""Where things lie on this workstation, and the few choices that belong to it, not to the clinic."""

import os
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

APP_ID = "org.clinicscheduler.ClinicScheduler"
PACKAGE = Path(__file__).parent


def _resources() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    installed = PACKAGE / "resources"
    return installed if installed.is_dir() else PACKAGE.parent / "resources"


RESOURCES = _resources()


def home() -> Path:
    """The folder of this person's data; `CLINIC_SCHEDULER_HOME` names another."""
    chosen = os.environ.get("CLINIC_SCHEDULER_HOME")
    return Path(chosen) if chosen else platformdirs.user_data_path("clinic-scheduler", appauthor=False)


@dataclass(frozen=True, slots=True)
class Workstation:
    """What this workstation remembers. `database` is a URL without a password, empty before the first start.

    `views` are the ways to look at the calendar that stand on keys, as the window writes them.
    """

    database: str = ""
    name: str = ""
    theme: str = "system"
    views: str = ""

    @property
    def desk(self) -> str:
        """The name the other desks see."""
        import socket  # noqa: PLC0415 - the first window, which waits for this module, has no use for it

        return self.name or socket.gethostname() or "this desk"


def load(folder: Path) -> Workstation:
    """The saved choices, or the defaults where there are none or the file is damaged."""
    try:
        found = tomllib.loads((folder / "workstation.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return Workstation()
    known = {
        key: value for key, value in found.items() if key in Workstation.__slots__ and isinstance(value, str)
    }
    return Workstation(**known)


def save(folder: Path, workstation: Workstation) -> None:
    """Write the choices whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / "workstation.toml.new"
    draft.write_text(
        "".join(f"{key} = {_quoted(value)}\n" for key, value in asdict(workstation).items()), "utf-8"
    )
    draft.replace(folder / "workstation.toml")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'
