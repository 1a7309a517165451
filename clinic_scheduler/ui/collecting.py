"""Taking apart what only points to itself, on the GUI thread alone, and dropping what nobody asked to be kept."""

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Collecting(QObject):
    """Python's collector, moved out of the threads that read and write.

    It runs in whichever thread happens to make one object too many. A widget, a timer or a pixmap that it
    frees in another thread than its own ends the program, so here it runs between two events of the GUI thread.
    What stands when it begins (all modules, mostly) is never gone through again: that would hold up the window.
    PySide6 looks into the source of each imported module for its own name, and leaves all it read in `linecache`,
    which asks the file again where a traceback has to be shown.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect)
        self._timer.timeout.connect(linecache.clearcache)

    def begin(self) -> None:
        """Take over from Python."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Give it back."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()


def collect() -> None:
    """Collect the generations that are due by Python's own thresholds."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count <= threshold:
            break
        gc.collect(generation)
