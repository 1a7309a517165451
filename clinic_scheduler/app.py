"""The program with a window, the tour, the print: the one place where all layers are put together."""

import argparse
import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from clinic_scheduler import __version__, config, opening
from clinic_scheduler.db import probe
from clinic_scheduler.db.changes import Watcher
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import Outcome
from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.opening import Opened
from clinic_scheduler.secrets import Secrets, account
from clinic_scheduler.services import calendar, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.ui import printing, texts, theme, tour
from clinic_scheduler.ui.calendar import accessible
from clinic_scheduler.ui.crash import CrashHook
from clinic_scheduler.ui.first_start import FirstStart, ServerChoice, local_url
from clinic_scheduler.ui.live import Live
from clinic_scheduler.ui.main_window import Desk, MainWindow
from clinic_scheduler.ui.single import SingleInstance
from clinic_scheduler.ui.tasks import Tasks, Work
from clinic_scheduler.ui.trouble import Trouble

T = TypeVar("T")
OK = 0


def show_window(args: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    app = QApplication(sys.argv[:1])
    program = Program(app, args.database or "")
    program.begin()
    code = app.exec()
    program.end()
    return code


def show_tour(args: argparse.Namespace) -> int:
    """Book a visit in a demo clinic through the real window, off screen; leaves pictures and a PDF."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    crashes = CrashHook(__version__, app)
    crashes.install()
    looks = theme.apply(app, "light")
    with TemporaryDirectory(prefix="clinic-tour-") as scratch:
        url = local_url(Path(scratch) / "clinic.db")
        opened = opening.make_demo(opening.open_database(url, Secrets()))
        connected = Connected(opened, looks, config.Workstation(name="Desk 1"), person="Kofi Mensah")
        try:
            return tour.Tour(connected.window, looks, connected.actor, args.out, opened.work.read).run()
        finally:
            connected.window.close()
            connected.close()


def print_day(args: argparse.Namespace) -> int:
    """Write one day as PDF."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    opened = opening.open_database(args.database, Secrets())
    try:
        clinic = opened.work.read(opening.clinic)
        schedule = opened.work.read(partial(calendar.day, clinic_id=clinic.id, on=args.day, by=args.by))
    finally:
        opened.work.close()
    printed_at = schedule.now.astimezone(clinic.where)
    pages = printing.write_pdf(
        args.out, schedule, clinic=clinic.name, printed_at=printed_at, masked=args.masked
    )
    print(
        f"{args.out}: {schedule.day:%d.%m.%Y}, {pages} pages."
        if pages != 1
        else f"{args.out}: {schedule.day:%d.%m.%Y}, one page."
    )
    return OK


class Connected:
    """A window on an open database, and everything that lives exactly as long."""

    def __init__(
        self, opened: Opened, looks: theme.Themes, workstation: config.Workstation, *, person: str = ""
    ) -> None:
        if opened.clinic is None:
            raise ValueError("a window needs a clinic")
        texts.use_country(opened.clinic.country)
        self._work = opened.work
        self._tasks = Tasks(opened.work.read, opened.work.write)
        self._live = Live()
        self.actor: Actor = opening.actor(workstation, opened.clinic.id, person)
        desk = Desk(self._tasks, self._live, looks, self.actor, opened.clinic, opening.database_name(opened))
        self.window = MainWindow(desk)
        self._live.watch(Watcher(opened.work.engine.url, self._live.hear, self._live.line))

    def close(self) -> None:
        """Finish what was asked for, then let go, in the reverse order of making."""
        self._live.stop()
        self._tasks.close()
        self._work.close()


class Program(QObject):
    """From the first question to the last window; holds what outlives a window."""

    def __init__(self, app: QApplication, url: str) -> None:
        super().__init__(app)
        self._app, self._url = app, url
        app.setApplicationName("Clinic Scheduler")
        app.setDesktopFileName(config.APP_ID)
        self._home = config.home()
        self._workstation = config.load(self._home)
        self._crashes = CrashHook(__version__, self)
        self._crashes.install(self._home / "log")
        self._spoken = accessible.install()
        self._looks = theme.apply(app, self._workstation.theme)
        self._secrets = Secrets()
        # Opening takes no session: the bridge runs it off the GUI thread all the same.
        self._opening = Tasks(_without_session, _without_session_written)
        self._single: SingleInstance | None = None
        self._connected: Connected | None = None
        self._start: FirstStart | None = None

    def begin(self) -> None:
        """Open the usual database, or ask which."""
        app_url = self._url or self._workstation.database
        if app_url:
            self._open(app_url)
        else:
            self._ask()

    def end(self) -> None:
        """Let go of everything; after the last window."""
        if self._connected is not None:
            self._connected.close()
        if self._single is not None:
            self._single.release()
        self._opening.close()
        self._crashes.remove()

    def _ask(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._start = FirstStart(self._home / "clinic.db", new_id)
        self._start.demo_chosen.connect(self._start_demo)
        self._start.clinic_chosen.connect(self._start_clinic)
        self._start.test_asked.connect(self._test_server)
        self._start.server_chosen.connect(self._start_server)
        self._start.rejected.connect(self._leave_if_alone)
        self._start.open()
        self._opening.read(self, self._keyring_words, self._start.show_keyring)

    def _keyring_words(self, _session: object) -> str:
        return self._secrets.state.text

    def _start_demo(self) -> None:
        self._choose(
            self.tr("Making the demo clinic…"), partial(self._make, local_url(self._home / "demo.db"), None)
        )

    def _start_clinic(self, clinic: setup.NewClinic) -> None:
        self._choose(
            self.tr("Making your clinic…"), partial(self._make, local_url(self._home / "clinic.db"), clinic)
        )

    def _make(self, url: str, clinic: setup.NewClinic | None, _session: object) -> Opened:
        opened = opening.open_database(url, self._secrets)
        try:
            if clinic is None:
                return opening.make_demo(opened)
            if opened.clinic is not None:
                raise InvalidInput(
                    f"There is a clinic here already: {opened.clinic.name}. Open it instead.", "name"
                )
            return opening.make_clinic(opened, clinic)
        except ClinicError:
            opened.work.close()
            raise

    def _test_server(self, choice: ServerChoice) -> None:
        if self._start is not None:
            self._start.show_progress(self.tr("Trying the server…"))
            work = partial(self._probe, choice)
            self._opening.read(self, work, self._show_found, refused=self._refuse_choice)

    def _probe(self, choice: ServerChoice, _session: object) -> probe.ServerState:
        return probe.check_server(choice.url, choice.password)

    def _show_found(self, found: probe.ServerState) -> None:
        if self._start is not None:
            self._start.show_found(found.sentence, found.step)

    def _start_server(self, choice: ServerChoice) -> None:
        self._choose(self.tr("Connecting…"), partial(self._connect_server, choice))

    def _connect_server(self, choice: ServerChoice, _session: object) -> Opened | probe.ServerState:
        found = probe.check_server(choice.url, choice.password)
        if found.step != "connect" and not choice.prepare:
            return found
        self._secrets.put(account(choice.url), choice.password)
        return opening.open_database(choice.url, self._secrets)

    def _choose(self, words: str, work: Work[Opened | probe.ServerState]) -> None:
        if self._start is not None:
            self._start.show_progress(words)
            self._opening.write(self, work, self._chosen, self._refuse_choice)

    def _chosen(self, result: Opened | probe.ServerState) -> None:
        if isinstance(result, probe.ServerState):
            self._show_found(result)
            return
        self._workstation = replace(self._workstation, database=result.url)
        config.save(self._home, self._workstation)
        if self._start is not None:
            self._start.accept()
            self._start = None
        self._show(result)

    def _refuse_choice(self, error: ClinicError) -> None:
        if self._start is not None:
            self._start.show_refusal(str(error), getattr(error, "field", ""))

    def _open(self, url: str) -> None:
        self._url = url
        self._opening.write(self, partial(self._open_again, url), self._show, self._explain)

    def _open_again(self, url: str, _session: object) -> Opened:
        return opening.open_database(url, self._secrets)

    def _show(self, opened: Opened) -> None:
        if opened.clinic is None:
            opened.work.close()
            self._ask()
            return
        if not self._is_only_one(opened.url):
            opened.work.close()
            self._app.quit()
            return
        if self._connected is not None:
            self._connected.window.close()
            self._connected.close()
        self._connected = Connected(opened, self._looks, self._workstation)
        window = self._connected.window
        window.theme_chosen.connect(self._keep_theme)
        window.database_wanted.connect(self._ask)
        window.show()

    def _is_only_one(self, url: str) -> bool:
        """Whether this is the first window on the database; if not, the first one comes to the front."""
        single = SingleInstance(url, self)
        if not single.acquire():
            single.hand_over("")
            return False
        if self._single is not None:
            self._single.release()
        self._single = single
        single.called.connect(self._come_to_front)
        return True

    def _come_to_front(self) -> None:
        if self._connected is not None:
            self._connected.window.showNormal()
            self._connected.window.raise_()
            self._connected.window.activateWindow()

    def _explain(self, error: ClinicError) -> None:
        trouble = Trouble(str(error))
        trouble.again.connect(self.begin)
        trouble.another.connect(self._ask)
        trouble.rejected.connect(self._leave_if_alone)
        trouble.open()
        self._trouble = trouble

    def _keep_theme(self, choice: str) -> None:
        self._workstation = replace(self._workstation, theme=choice)
        config.save(self._home, self._workstation)

    def _leave_if_alone(self) -> None:
        if self._connected is None:
            self._app.quit()


def _without_session(work: Work[T]) -> T:
    return work(None)


def _without_session_written(work: Work[T], *, repeatable: bool = False) -> Outcome[T]:  # noqa: ARG001
    return Outcome(work(None), frozenset())
