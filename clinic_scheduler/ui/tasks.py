"""Running services off the GUI thread and handing the outcome back on it."""

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from clinic_scheduler.errors import ClinicError

log = logging.getLogger(__name__)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
# A service call that still wants its session; what a session is, the views do not know.
Work = Callable[[Any], T]
Refused = Callable[[ClinicError], None]


class Outcome(Protocol[T_co]):
    """What a write returned, and what it changed."""

    @property
    def value(self) -> T_co: ...

    @property
    def changes(self) -> frozenset[object]: ...


class Read(Protocol):
    """Runs work that changes nothing; where it `is_one` statement, without a transaction around it."""

    def __call__(self, work: Work[T], /, *, is_one: bool = False) -> T: ...


class Write(Protocol):
    """Runs work in one transaction; `repeatable` work has no effect outside the database."""

    def __call__(self, work: Work[T], /, *, repeatable: bool = False) -> Outcome[T]: ...


class _Job:
    """One piece of work, owned by the GUI thread until the end.

    The worker stores its result here and lets go of everything before it says so: the last
    reference to a widget must never be dropped in a thread.
    """

    def __init__(
        self,
        owner: QObject,
        execute: Callable[[], object],
        then: Callable[[Any], None] | None,
        refused: Refused | None,
        *,
        is_read: bool,
    ) -> None:
        self.owner = owner
        self.execute = execute
        self.then = then
        self.refused = refused
        self.is_read = is_read
        self.is_stale = False
        self.key: tuple[int, str] | None = None
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        if self.is_stale:
            return
        try:
            self.result = self.execute()
        except BaseException as error:  # noqa: BLE001 - handed to the GUI thread, which tells refusals from bugs
            self.error = error


class Tasks(QObject):
    """The only bridge between views and services.

    Signals:
        refused: a ClinicError no caller claimed; show its text.
        changed: the frozenset of changes a write of this client committed.
        busy: how many pieces of work are under way or waiting.
    """

    refused = Signal(object)
    changed = Signal(object)
    busy = Signal(int)
    _settled = Signal(int)

    def __init__(self, read: Read, write: Write, *, readers: int = 4) -> None:
        super().__init__()
        self._read = read
        self._write = write
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._numbers = count(1)
        self._jobs: dict[int, _Job] = {}
        self._newest: dict[tuple[int, str], int] = {}
        self._is_closed = False
        self._settled.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        owner: QObject,
        work: Work[T],
        then: Callable[[T], None],
        *,
        refused: Refused | None = None,
        latest: str = "",
        is_one: bool = False,
    ) -> None:
        """Do `work`, which may be but one statement, in a thread, then call `then(value)` on the GUI thread.

        Nothing is called once `owner` is destroyed. Of several reads of one owner with the same
        `latest` name only the newest is delivered, so quick paging never shows an old week.
        `refused(error)` takes a ClinicError for itself; without it the error is announced.
        """
        job = _Job(owner, lambda: self._read(work, is_one=is_one), then, refused, is_read=True)
        if latest:
            job.key = (id(owner), latest)
        self._submit(self._readers, job)

    def write(
        self,
        owner: QObject,
        work: Work[T],
        then: Callable[[T], None] | None = None,
        refused: Refused | None = None,
        *,
        repeatable: bool = False,
    ) -> None:
        """Like `read`, but one at a time and in the order asked, as the user clicked.

        A write always happens, also when its owner is gone by then, and its refusal is announced then.
        """
        job = _Job(owner, lambda: self._write(work, repeatable=repeatable), then, refused, is_read=False)
        self._submit(self._writer, job)

    @property
    def running(self) -> int:
        """How many pieces of work are under way or waiting."""
        return len(self._jobs)

    def close(self) -> None:
        """Finish every write that was asked for, start no read any more; wait for both."""
        self._is_closed = True
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        for job in self._jobs.values():
            if isinstance(job.error, ClinicError):
                log.warning("refused while closing: %s", type(job.error).__name__)
            elif job.error is not None:
                sys.excepthook(type(job.error), job.error, job.error.__traceback__)
        self._jobs.clear()
        self._newest.clear()

    def _submit(self, pool: ThreadPoolExecutor, job: _Job) -> None:
        if self._is_closed:
            return
        number = next(self._numbers)
        if job.key is not None:
            older = self._jobs.get(self._newest.get(job.key, 0))
            if older is not None:
                older.is_stale = True
            self._newest[job.key] = number
        self._jobs[number] = job
        pool.submit(self._run, number)
        self.busy.emit(len(self._jobs))

    def _run(self, number: int) -> None:
        """In a thread."""
        self._jobs[number].run()
        self._settled.emit(number)

    def _deliver(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job is None:  # closed meanwhile
            return
        if job.key is not None and self._newest.get(job.key) == number:
            del self._newest[job.key]
        self.busy.emit(len(self._jobs))
        if job.error is not None:
            self._fail(job, job.error)
        elif job.is_read:
            self._hand_over(job, job.result)
        else:
            if job.result.changes:
                self.changed.emit(job.result.changes)
            self._hand_over(job, job.result.value)

    def _hand_over(self, job: _Job, value: object) -> None:
        if job.then is not None and not job.is_stale and isValid(job.owner):
            job.then(value)

    def _fail(self, job: _Job, error: BaseException) -> None:
        if not isinstance(error, ClinicError):
            sys.excepthook(type(error), error, error.__traceback__)
            return
        is_awaited = not job.is_stale and isValid(job.owner)
        if job.refused is not None and is_awaited:
            job.refused(error)
        elif is_awaited or not job.is_read:
            self.refused.emit(error)
