"""Bugs: logged, and shown once with a report that holds no patient data."""

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtWidgets import QApplication

from clinic_scheduler.ui.crash_dialog import CrashDialog

log = logging.getLogger(__name__)

_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_CHAIN_LIMIT: Final = 8


@dataclass(frozen=True, slots=True)
class Report:
    """What is known about a bug: kinds of errors and places in the code, never a value."""

    kind: str
    place: str
    text: str


def report(error: BaseException) -> Report:
    """The report of an error and what led to it.

    An error's own text is left out: that of a failed statement quotes its parameters, that of a
    failed lookup the key, and either may be a patient's name.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain and len(chain) < _CHAIN_LIMIT:
        chain.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    parts = [_stack(one) for one in reversed(chain)]
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return Report(_kind(error), place, "\nled to\n\n".join(parts))


class CrashHook(QObject):
    """Catches what nobody caught, in every thread, and opens one dialog in the GUI thread.

    Signals:
        raised: the Report of a bug, from whichever thread.
    """

    raised = Signal(object)

    def __init__(self, version: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heading = (
            f"Clinic Scheduler {version}, Qt {qVersion()}, Python {platform.python_version()}, {sys.platform}"
        )
        self._seen: set[tuple[str, str]] = set()
        self._dialog: CrashDialog | None = None
        self._faults: IO[str] | None = None
        self._undo: list[Callable[[], object]] = []
        self.raised.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self, log_folder: Path | None = None) -> None:
        """Take over every hook; hard crashes of Qt itself leave their stack in `log_folder`."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable
        previous = qInstallMessageHandler(log_qt_message)
        self._undo = [lambda: _restore(*before), lambda: qInstallMessageHandler(previous)]
        if log_folder is not None:
            log_folder.mkdir(parents=True, exist_ok=True)
            self._faults = (log_folder / "crash.log").open("a", encoding="utf-8")
            faulthandler.enable(self._faults)

    def remove(self) -> None:
        """Give every hook back to who had it."""
        for undo in self._undo:
            undo()
        self._undo = []
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
            return
        found = report(error)
        log.error("bug: %s at %s\n%s", found.kind, found.place, found.text)
        self.raised.emit(found)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(object)
    def _show(self, found: Report) -> None:
        if (found.kind, found.place) in self._seen:
            return
        self._seen.add((found.kind, found.place))
        if self._dialog is None:
            self._dialog = CrashDialog(self._heading, QApplication.activeWindow())
            self._dialog.finished.connect(self._forget)
            self._dialog.open()
        self._dialog.add(f"{found.kind} at {found.place}\n\n{found.text}")

    def _forget(self) -> None:
        self._dialog = None


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own messages, in the log under "qt.CATEGORY"."""
    logging.getLogger(f"qt.{context.category or 'default'}").log(_LEVELS[kind], "%s", text)


def _kind(error: BaseException) -> str:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name} (SQLSTATE {state})" if state else name


def _stack(error: BaseException) -> str:
    lines = [
        f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}\n    {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join([*lines, _kind(error)]) + "\n"


def _short(filename: str) -> str:
    """A path without the folders above the last three, which may name the person at the desk."""
    return "/".join(Path(filename).parts[-3:])


def _restore(
    excepthook: Callable[..., object], thread_hook: Callable[..., object], unraisable: Callable[..., object]
) -> None:
    sys.excepthook, threading.excepthook, sys.unraisablehook = excepthook, thread_hook, unraisable
