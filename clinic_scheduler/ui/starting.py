"""From the program's start to an open clinic: the usual one, or whichever the person chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.setup import NewClinic

from .start.server import ServerChoice, choice_of
from .tasks import Tasks
from .trouble import Trouble

if TYPE_CHECKING:
    from .first_start import FirstStart


class Opened(Protocol):
    """An open database; `clinic` is missing while it holds none."""

    @property
    def url(self) -> str: ...
    @property
    def clinic(self) -> ClinicFacts | None: ...


class Found(Protocol):
    """What stands behind a server's address."""

    @property
    def sentence(self) -> str: ...
    @property
    def step(self) -> Literal["connect", "create", "update", "none"]: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """What the start asks to be done; each may take its time and is called off the GUI thread."""

    open: Callable[[str], Opened]
    demo: Callable[[], Opened]
    fill: Callable[[Any, NewClinic], Opened]
    probe: Callable[[ServerChoice], Found]
    server: Callable[[ServerChoice], Opened | Found]
    keyring: Callable[[], str]


class Starting(QObject):
    """Asks, opens, explains.

    Signals:
        opened: an Opened that holds a clinic.
        left: the person chose none.
    """

    opened = Signal(object)
    left = Signal()

    def __init__(
        self, doors: Doors, tasks: Tasks, local: tuple[Path, str], new_id: Callable[[], UUID], parent: QObject
    ) -> None:
        """`local` are the file of this computer's own clinic and its URL."""
        super().__init__(parent)
        self._doors, self._tasks, self._new_id = doors, tasks, new_id
        self._path, self._local_url = local
        self._url = ""
        self._start: FirstStart | None = None
        self._trouble: Trouble | None = None
        self._empty: Opened | None = None

    def open(self, url: str) -> None:
        """Open the database at `url`, or explain why not."""
        self._url = url
        self._tasks.write(self, partial(_call, self._doors.open, url), self._take, self._explain)

    def ask(self) -> "FirstStart":
        """Ask which clinic to open."""
        if self._start is not None:
            self._start.raise_()
            self._start.activateWindow()
            return self._start
        from .first_start import FirstStart  # noqa: PLC0415 - it is asked once in the life of a desk

        self._start = start = FirstStart(self._path, self._new_id)
        start.demo_chosen.connect(self._choose_demo)
        start.own_chosen.connect(self._choose_own)
        start.clinic_chosen.connect(self._choose_clinic)
        start.test_asked.connect(self._test)
        start.server_chosen.connect(self._choose_server)
        start.rejected.connect(self._leave)
        start.open()
        self._tasks.read(start, partial(_call, self._doors.keyring), start.show_keyring)
        return start

    @property
    def question(self) -> "FirstStart | None":
        """The question, while it is on the screen."""
        return self._start

    @property
    def trouble(self) -> Trouble | None:
        """The explanation, while it is on the screen."""
        return self._trouble

    def _choose_demo(self) -> None:
        self._do(self.tr("Making the demo clinic…"), partial(_call, self._doors.demo))

    def _choose_own(self) -> None:
        self._do(self.tr("Opening your clinic…"), partial(_call, self._doors.open, self._local_url))

    def _choose_clinic(self, clinic: NewClinic) -> None:
        self._do(self.tr("Making your clinic…"), partial(self._make, clinic))

    def _make(self, clinic: NewClinic, _session: object) -> Opened:
        """In a thread; into the empty database that was opened, else into the local file."""
        opened = self._empty or self._doors.open(self._local_url)
        return opened if opened.clinic is not None else self._doors.fill(opened, clinic)

    def _test(self, choice: ServerChoice) -> None:
        if self._start is not None:
            self._start.show_progress(self.tr("Trying the server…"))
            work = partial(_call, self._doors.probe, choice)
            self._tasks.write(self, work, self._show_found, self._refuse)

    def _choose_server(self, choice: ServerChoice) -> None:
        self._do(self.tr("Connecting…"), partial(_call, self._doors.server, choice))

    def _do(self, words: str, work: Callable[[Any], Opened | Found]) -> None:
        if self._start is not None:
            self._start.show_progress(words)
            self._tasks.write(self, work, self._take, self._refuse)

    def _take(self, result: Any) -> None:  # noqa: ANN401  (an Opened or a Found; protocols are not told apart)
        if not hasattr(result, "clinic"):
            self._show_found(result)
        elif result.clinic is None:
            self._empty = result
            self.ask().ask_clinic()
            if self._start is not None:
                self._start.show_refusal(self.tr("This database holds no clinic yet; set one up."))
        else:
            self._empty = None
            self._close_question()
            self.opened.emit(result)

    def _show_found(self, found: Found) -> None:
        if self._start is not None:
            self._start.show_found(found.sentence, found.step)

    def _refuse(self, error: ClinicError) -> None:
        if self._start is not None:
            self._start.show_refusal(str(error), getattr(error, "field", ""))

    def _explain(self, error: ClinicError) -> None:
        self._trouble = trouble = Trouble(str(error))
        trouble.again.connect(self._again)
        trouble.another.connect(self._another)
        trouble.rejected.connect(self._leave)
        trouble.open()

    def _again(self) -> None:
        self._trouble = None
        self.open(self._url)

    def _another(self) -> None:
        """Ask; a server that could not be opened stands in the form, so that only what was wrong is typed."""
        self._trouble = None
        choice = choice_of(self._url)
        start = self.ask()
        if choice is not None:
            start.ask_server(choice)

    def _close_question(self) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            start.accept()

    def _leave(self) -> None:
        self._start = self._trouble = None
        self.left.emit()


def _call(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Tasks hand a session to what they run, as the last argument; opening has none."""
    return function(*arguments[:-1])
