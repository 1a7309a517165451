"""The program with a window, the tour, the print: the one place where all layers are put together."""

import argparse
import logging
import os
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from clinic_scheduler import __version__, config, logs, opening
from clinic_scheduler.db import probe
from clinic_scheduler.db.changes import Change, Watcher
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import Outcome
from clinic_scheduler.errors import OutcomeUnknown
from clinic_scheduler.opening import Opened
from clinic_scheduler.secrets import Secrets
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.days import calendar
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.ui import texts, theme
from clinic_scheduler.ui.calendar import accessible
from clinic_scheduler.ui.collecting import Collecting
from clinic_scheduler.ui.crash import CrashHook
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.live import Live
from clinic_scheduler.ui.main_window import MainWindow
from clinic_scheduler.ui.single import SingleInstance
from clinic_scheduler.ui.start.server import ServerChoice, local_url
from clinic_scheduler.ui.starting import Doors, Starting
from clinic_scheduler.ui.tasks import Tasks, Work

log = logging.getLogger(__name__)
T = TypeVar("T")
OK = 0


def show_tour(args: argparse.Namespace) -> int:
    """Book a visit in a demo clinic through the real window, off screen; leaves pictures and a PDF."""
    from clinic_scheduler.ui import tour  # noqa: PLC0415 - it alone needs Qt's tests, and few ask for it

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    CrashHook(__version__, app).install()
    Collecting(app).begin()
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
    from clinic_scheduler.ui import printing  # noqa: PLC0415 - the window loads it when it prints
    from clinic_scheduler.ui.print_page import day_paper  # noqa: PLC0415

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    opened = opening.open_database(args.database, Secrets())
    try:
        clinic = opened.work.read(opening.clinic)
        schedule = opened.work.read(partial(calendar.day, clinic_id=clinic.id, on=args.day, by=args.by))
    finally:
        opened.work.close()
    paper = day_paper(schedule, clinic.name, schedule.now.astimezone(clinic.where), masked=args.masked)
    pages = printing.write_pdf(args.out, paper)
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
        self.url, self._work = opened.url, opened.work
        self._diaries = Diaries()
        self._tasks = Tasks(opened.work.read, self._write)
        self._live = Live()
        self.actor: Actor = opening.actor(workstation, opened.clinic.id, person)
        name = opening.database_name(opened)
        desk = Desk(
            self._tasks,
            self._live,
            looks,
            self.actor,
            opened.clinic,
            name,
            self._diaries,
            workstation.views,
        )
        self.window = MainWindow(desk)
        self._live.watch(Watcher(opened.work.engine.url, self._hear, self._line))

    def _write(self, work: Work[T], *, repeatable: bool = False) -> Outcome[T]:
        """In the writing thread: what this desk changed is forgotten before its answer is shown."""
        try:
            outcome = self._work.write(work, repeatable=repeatable)
        except OutcomeUnknown:
            self._diaries.heard(None)
            raise
        self._diaries.heard(outcome.changes)
        return outcome

    def _hear(self, changes: frozenset[Change] | None) -> None:
        """In the watching thread: at once, so that no answer is computed from what is known to be over."""
        self._diaries.heard(changes)
        self._live.hear(changes)

    def _line(self, is_up: bool) -> None:  # noqa: FBT001 - as the watcher tells it
        """In the watching thread."""
        self._diaries.listening(is_up)
        self._live.line(is_up)

    def close(self) -> None:
        """Finish what was asked for, then let go, in the reverse order of making."""
        self._live.stop()
        self._tasks.close()
        self._work.close()
        # They hold each other. Left to Python's collector, which runs in whichever thread is at work, they
        # would be taken apart away from the GUI thread, and a timer still running then ends the program.
        for made in (self.window, self._tasks, self._live):
            made.deleteLater()


class Program(QObject):
    """From the first question to the last window; holds what outlives a window.

    Signals:
        shown: a window or a question is on the screen.
    """

    shown = Signal()

    def __init__(self, app: QApplication, url: str) -> None:
        super().__init__(app)
        self._app, self._url = app, url
        app.setApplicationName("Clinic Scheduler")
        app.setDesktopFileName(config.APP_ID)
        app.setQuitOnLastWindowClosed(False)  # between two clinics there is no window for a moment
        self._home = config.home()
        logs.start(self._home / "log")
        self._workstation = config.load(self._home)
        self._crashes = CrashHook(__version__, self)
        self._crashes.install(self._home / "log")
        self._spoken = accessible.install()
        self._looks = theme.apply(app, self._workstation.theme)
        self._secrets = Secrets()
        # Opening takes no session: the bridge runs it off the GUI thread all the same.
        self._opening = Tasks(_without_session, _without_session_written)
        own = self._home / "clinic.db"
        self.starting = Starting(self._doors(), self._opening, (own, local_url(own)), new_id, self)
        self.starting.opened.connect(self._show)
        self.starting.left.connect(self._leave_if_alone)
        self._single: SingleInstance | None = None
        self.connected: Connected | None = None

    def begin(self) -> None:
        """Open the usual database, or ask which."""
        url = self._url or self._workstation.database
        if url:
            self.starting.open(url)
        else:
            self._ask()

    def end(self) -> None:
        """Let go of everything; after the last window."""
        self._opening.close()
        if self.connected is not None:
            self.connected.close()
        if self._single is not None:
            self._single.release()
        self._crashes.remove()

    def _doors(self) -> Doors:
        return Doors(
            open=partial(opening.open_database, kept=self._secrets),
            demo=self._open_demo,
            fill=opening.make_clinic,
            probe=_probe,
            server=self._open_server,
            keyring=self._keyring_words,
        )

    def _open_demo(self) -> Opened:
        """In a thread: a demo around today; each day has a file of its own, since an older one may be open."""
        path = self._home / f"demo-{date.today()}.db"  # noqa: DTZ011  (only a name)
        return opening.make_demo(opening.open_database(local_url(path), self._secrets))

    def _open_server(self, choice: ServerChoice) -> Opened | probe.ServerState:
        return opening.open_server(choice.url, choice.password, self._secrets, prepare=choice.prepare)

    def _keyring_words(self) -> str:
        return self._secrets.state.text

    def _ask(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.starting.ask()
        self.shown.emit()

    def _show(self, opened: Opened) -> None:
        if self.connected is not None and self.connected.url == opened.url:
            opened.work.close()
            self._come_to_front()
            return
        if not self._is_only_one(opened.url):
            opened.work.close()
            self._leave_if_alone()
            return
        before = self.connected
        self.connected = Connected(opened, self._looks, self._workstation)
        window = self.connected.window
        window.theme_chosen.connect(self._keep_theme)
        window.views_kept.connect(self._keep_views)
        window.database_wanted.connect(self._ask)
        window.closed.connect(self._app.quit)
        window.show()
        window.activateWindow()
        self.shown.emit()
        if before is not None:
            before.window.closed.disconnect(self._app.quit)
            before.window.close()
            before.close()
        if not self._url:
            self._keep(replace(self._workstation, database=opened.url))
        self._url = ""

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
        if self.connected is not None:
            self.connected.window.showNormal()
            self.connected.window.raise_()
            self.connected.window.activateWindow()

    def _keep_theme(self, choice: str) -> None:
        self._keep(replace(self._workstation, theme=choice))

    def _keep_views(self, views: str) -> None:
        self._keep(replace(self._workstation, views=views))

    def _keep(self, workstation: config.Workstation) -> None:
        """Remember; a folder that cannot be written is no reason to stop the desk."""
        self._workstation = workstation
        try:
            config.save(self._home, workstation)
        except OSError as error:
            log.warning("the workstation's choices were not saved: %s", error)

    def _leave_if_alone(self) -> None:
        if self.connected is None:
            self._app.quit()


def _probe(choice: ServerChoice) -> probe.ServerState:
    return probe.check_server(choice.url, choice.password)


def _without_session(work: Work[T], *, is_one: bool = False) -> T:  # noqa: ARG001
    return work(None)


def _without_session_written(work: Work[T], *, repeatable: bool = False) -> Outcome[T]:  # noqa: ARG001
    return Outcome(work(None), frozenset())
