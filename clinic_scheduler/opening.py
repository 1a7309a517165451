"""Opening a database for whoever sits there: password, upgrade, clinic, person."""

import getpass
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from clinic_scheduler import config, secrets
from clinic_scheduler.config import APP_ID, Workstation
from clinic_scheduler.db import probe, schema
from clinic_scheduler.db.engine import MIGRATION_LIMITS, Limits, open_engine, parse
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.refusals import explained
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ClinicError, NotFound
from clinic_scheduler.services import catalogue, localtime, setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import persons

DEMO_ZONE = "Europe/Berlin"


def database(url: str, kept: secrets.Secrets, limits: Limits | None = None) -> UnitOfWork:
    """The database at `url`, brought to this program's schema.

    Raises:
        ClinicError: it cannot be reached, belongs to something else, or is newer than the program.
    """
    parsed = parse(url)
    if parsed.get_backend_name() == "postgresql" and parsed.password is None:
        known = kept.get(secrets.account(url))
        parsed = parsed.set(password=known) if known else parsed
    address = parsed.render_as_string(hide_password=False)
    work = UnitOfWork(open_engine(address, limits), limits)
    try:
        if not work.read(_is_current):
            _upgrade(address)
    except ClinicError:
        work.close()
        raise
    return work


def _is_current(session: Session) -> bool:
    return schema.state(session.connection()).is_current


def _upgrade(address: str) -> None:
    """Apply the migrations under limits of their own: they may take minutes."""
    engine = open_engine(address, MIGRATION_LIMITS)
    try:
        schema.upgrade(engine)
    except DBAPIError as error:
        raise explained(error) from error
    finally:
        engine.dispose()


def clinic(session: Session) -> ClinicFacts:
    """The clinic that this desk works in: the first of the database.

    Raises:
        NotFound: none was made yet.
    """
    found = catalogue.clinics(session)
    if not found:
        raise NotFound(
            "This database holds no clinic yet; start the program to set one up, or import a book."
        )
    return found[0]


def actor(workstation: Workstation, clinic_id: UUID, name: str = "") -> Actor:
    """The person signed in at this machine, with every right: there is one local user so far."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = "desk"
    name = name or login.replace(".", " ").replace("_", " ").title()
    user_id = uuid5(NAMESPACE_URL, f"{APP_ID}/{login}")
    return Actor(user_id, name, persons.initials(name) or "?", workstation.desk, clinic_id, EVERYTHING)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open database; `clinic` is missing while it holds none."""

    url: str
    work: UnitOfWork
    clinic: ClinicFacts | None


def open_database(url: str, kept: secrets.Secrets) -> Opened:
    """Open and upgrade the database at `url`; not on the GUI thread where it may be far away."""
    work = database(url, kept)
    try:
        found = work.read(catalogue.clinics)
    except ClinicError:
        work.close()
        raise
    return Opened(url, work, found[0] if found else None)


def make_clinic(opened: Opened, clinic: setup.NewClinic) -> Opened:
    """Put a clinic into an open database that has none."""
    who = actor(config.load(config.home()), clinic.id)
    opened.work.write(partial(setup.create_clinic, actor=who, clinic=clinic))
    return replace(opened, clinic=opened.work.read(partial(catalogue.clinic, clinic_id=clinic.id)))


def make_demo(opened: Opened) -> Opened:
    """Put the demo clinic into an open database, unless it holds a clinic."""
    if opened.clinic is not None:
        return opened
    from clinic_scheduler.services import demo  # noqa: PLC0415 - most desks never see it

    clinic_id = new_id()
    who = actor(config.load(config.home()), clinic_id)
    today = localtime.local_day(datetime.now(UTC), localtime.zone(DEMO_ZONE))
    opened.work.write(partial(demo.create_demo, actor=who, today=today, clinic_id=clinic_id))
    return replace(opened, clinic=opened.work.read(partial(catalogue.clinic, clinic_id=clinic_id)))


def open_server(
    url: str, password: str, kept: secrets.Secrets, *, prepare: bool
) -> Opened | probe.ServerState:
    """The server's database, or what stands in the way where tables would have to be made without `prepare`.

    The password is kept only once it has worked.
    """
    found = probe.check_server(url, password)
    if found.step != "connect" and not (prepare and found.may_create):
        return found
    kept.put(secrets.account(url), password)
    return open_database(url, kept)


def database_name(opened: Opened) -> str:
    """The database as the status bar names it."""
    url = opened.work.engine.url
    if url.get_backend_name() == "sqlite":
        return Path(str(url.database)).name
    return f"{url.database} on {url.host or url.query.get('host', '')}"
