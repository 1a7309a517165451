"""From the start of a process to its first painted window, and to today's schedule on the screen.

The floor of the first paint is a bare PySide6 window; that of the whole is the program with everything imported
before. All of them are processes of their own, by turns, with the demo clinic in a SQLite file, and compiled as
`packaging/` compiles the program that is installed: without docstrings.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from benchmarks._timing import are_met, case
from clinic_scheduler import config
from clinic_scheduler.db import schema
from clinic_scheduler.db.engine import MIGRATION_LIMITS, open_engine
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import demo
from clinic_scheduler.services.actor import EVERYTHING, Actor

ROUNDS = 7
MOST_MIB = 120
COMPILED = "-OO"  # OPTIMIZE in packaging/clinic_scheduler.spec
_ID = UUID(int=1)
# Each prints "WHAT MILLISECONDS" since its parent started it, and ends with the resident memory.
WATCH = """
import os, sys, time
born = float(sys.argv[1])
sys.argv = ["clinic-scheduler", *sys.argv[2:]]
def say(what):
    print(what, (time.time() - born) * 1000, flush=True)
def memory():
    pages = int(open("/proc/self/statm").read().split()[1])
    print("memory", pages * os.sysconf("SC_PAGE_SIZE") / 2**20, flush=True)
"""
BARE = (
    WATCH
    + """
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        say("painted")
        QApplication.instance().quit()
app = QApplication(sys.argv)
window = Bare()
window.resize(1440, 900)
window.show()
app.exec()
"""
)
PROGRAM = (
    WATCH
    + """
if "--eager" in sys.argv:
    sys.argv.remove("--eager")
    import clinic_scheduler.app
from clinic_scheduler import command_line, front
first = front.Curtain.paintEvent
def paint(self, event):
    first(self, event)
    say("painted")
front.Curtain.paintEvent = paint
class Watched(front.Front):
    def _load(self):
        super()._load()
        self.program.shown.connect(self._wait)
    def _wait(self):
        view = self.program.connected.window.day_view
        shown = type(view).paintEvent
        def paint(canvas, event):
            shown(canvas, event)
            if canvas.scene is not None:
                say("schedule")
                memory()
                os._exit(0)
        type(view).paintEvent = paint
front.Front = Watched
command_line.main()
"""
)


def run() -> dict[str, Any]:
    """First paint, everything, and memory."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/clinic.db"
        _make(url)
        config.save(Path(folder), config.Workstation(database=url))
        bare, lazy, eager = list[dict[str, float]](), list[dict[str, float]](), list[dict[str, float]]()
        _started(folder, PROGRAM, ())  # compiles
        for _ in range(ROUNDS):
            bare.append(_started(folder, BARE, ()))
            lazy.append(_started(folder, PROGRAM, ()))
            eager.append(_started(folder, PROGRAM, ("--eager",)))
    cases = [
        case("first paint", _typical(lazy, "painted"), _typical(bare, "painted"), 1.15),
        case("today's schedule", _typical(lazy, "schedule"), _typical(eager, "schedule"), 1.15),
        case("memory", _typical(lazy, "memory"), _typical(eager, "memory"), MOST_MIB, "MiB"),
    ]
    return {"name": "startup", "cases": cases, "ok": are_met(cases)}


def _make(url: str) -> None:
    engine = open_engine(url, MIGRATION_LIMITS)
    schema.upgrade(engine)
    engine.dispose()
    with closing(UnitOfWork(open_engine(url))) as work:
        actor = Actor(_ID, "Starter", "S", "Desk", _ID, EVERYTHING)
        work.write(
            lambda s: demo.create_demo(
                s,
                actor=actor,
                today=date.today(),  # noqa: DTZ011  (as the first start does)
            )
        )


def _started(home: str, source: str, arguments: Sequence[str]) -> dict[str, float]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "CLINIC_SCHEDULER_HOME": home,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": f"{home}/compiled",
    }
    command = [sys.executable, COMPILED, "-c", source, repr(time.time()), *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    found: dict[str, float] = {}
    for line in done.stdout.splitlines():
        what, value = line.split()
        found.setdefault(what, float(value))  # a window is painted more than once
    return found


def _typical(found: Sequence[dict[str, float]], what: str) -> float:
    return median(one[what] for one in found)
