"""Whether an installation is whole: run by hand after installing, and on every frozen build."""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase, QGuiApplication, QIcon
from PySide6.QtSvg import QSvgRenderer

from clinic_scheduler import __version__, config, opening
from clinic_scheduler.db import schema
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.secrets import Secrets
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.offers.availability import Within, free_visits
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from clinic_scheduler.services.wishes import Opening, Wish

ICONS = 40
OK, FAILED = 0, 1


def run(args: argparse.Namespace) -> int:
    """Do every check; 0 when all passed."""
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("time zones", _zones),
        ("database driver", _driver),
        ("keyring", _keyring),
        ("icons", _icons),
        ("fonts", _fonts),
        ("database and booking", _booking),
    )
    lines, failed = [f"Clinic Scheduler {__version__}"], 0
    for name, step in steps:
        try:
            lines.append(f"ok      {name}: {step()}")
        except Exception as error:  # noqa: BLE001 - whatever is wrong belongs into the report
            failed += 1
            lines.append(f"FAILED  {name}: {type(error).__name__}: {error}")
    lines.append("everything is there" if not failed else f"{failed} of {len(steps)} checks failed")
    report = "\n".join(lines)
    print(report)
    if args.report is not None:
        Path(args.report).write_text(report + "\n", "utf-8")
    return FAILED if failed else OK


def _zones() -> str:
    names = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia")
    return ", ".join(localtime.zone(name).key for name in names)


def _driver() -> str:
    # A build that loses the private libraries falls back to the slow driver without a word.
    if psycopg.pq.__impl__ != "binary":
        raise RuntimeError(f"the {psycopg.pq.__impl__} driver is in use, not the binary one")
    return f"psycopg {psycopg.__version__}, libpq {psycopg.pq.version()}"


def _keyring() -> str:
    return Secrets("self-test").state.text


def _icons() -> str:
    files = sorted((config.RESOURCES / "icons").glob("*.svg"))
    if len(files) < ICONS:
        raise RuntimeError(f"only {len(files)} icons in {config.RESOURCES / 'icons'}")
    for file in files:
        if not QSvgRenderer(QByteArray(file.read_bytes())).isValid():
            raise RuntimeError(f"{file.name} cannot be drawn")
    _application()
    if QIcon(str(config.RESOURCES / "controls" / "chevron-down.svg")).pixmap(16, 16).isNull():
        raise RuntimeError("the SVG image plugin is missing")
    return f"{len(files)} drawn"


def _fonts() -> str:
    _application()
    families = QFontDatabase.families()
    if not families:
        raise RuntimeError("no font was found; on Linux install fonts-dejavu-core")
    return f"{len(families)} families"


def _application() -> QGuiApplication:
    found = QGuiApplication.instance()
    if isinstance(found, QGuiApplication):
        return found
    return QGuiApplication(["clinic-scheduler", "-platform", "offscreen"])


def _booking() -> str:
    with TemporaryDirectory(prefix="clinic-self-test-") as scratch:
        opened = opening.make_demo(
            opening.open_database(f"sqlite:///{Path(scratch) / 'clinic.db'}", Secrets("self-test"))
        )
        work, clinic = opened.work, opened.clinic
        if clinic is None:
            raise RuntimeError("the demo clinic is missing")
        try:
            actor = opening.actor(config.Workstation(), clinic.id)
            offered = work.read(partial(catalogue, clinic_id=clinic.id))
            wishes = tuple(Wish(service.id) for service in offered.services[:1])
            first = localtime.local_day(work.read(claims.now), clinic.where)
            found: tuple[Opening, ...] = work.read(
                partial(free_visits, clinic_id=clinic.id, wishes=wishes, within=Within(first, limit=1))
            )
            patient = work.read(partial(patients.search, clinic_id=clinic.id, text="a", limit=1))[0]
            begun = work.write(
                partial(
                    booking_session.start, actor=actor, patient_id=patient.id, chosen=Choices(wishes=wishes)
                )
            ).value
            work.write(
                partial(
                    booking.hold,
                    actor=actor,
                    session_id=begun.id,
                    version=begun.version,
                    parts=found[0].parts,
                )
            )
            done = work.write(
                partial(booking.confirm, actor=actor, session_id=begun.id, request_id=new_id())
            ).value
            with work.engine.connect() as connection:
                revision = schema.state(connection).revision
        finally:
            work.close()
    return f"schema {revision}, booked as {done.reference}"
