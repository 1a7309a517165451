"""The entry of the program."""

import importlib
import sys
from collections.abc import Sequence

# Here, since PySide6 slows down whatever is imported after it: it reads the source of each module.
from clinic_scheduler import config  # noqa: F401


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or do what is asked for: 0 when it was done, 1 when refused, 2 when not understood.

    The usual start has no arguments: the window is on the screen before what reads them, and the log, are loaded.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given:
        code: int = importlib.import_module("clinic_scheduler.arguments").run(given)
    else:
        code = importlib.import_module("clinic_scheduler.front").show_window()
    return code
