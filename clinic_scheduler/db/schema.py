"""Bringing a database to the schema this program was written for."""

import importlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from clinic_scheduler import __version__
from clinic_scheduler.errors import NewerDatabase

from .engine import APPLICATION_ID

UPGRADE_LOCK = 0x434C4E43
MIGRATIONS = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Where a database stands; `revision` is empty for a new one."""

    revision: str
    is_current: bool


def state(connection: Connection) -> SchemaState:
    """Where the database stands.

    Raises:
        NewerDatabase: a newer version of the program upgraded it.
    """
    known, revision = revisions(), _revision(connection)
    if revision and revision not in known:
        needed = _needed(connection)
        raise NewerDatabase(f"This database needs Clinic Scheduler {needed} or newer; this is {__version__}.")
    return SchemaState(revision, revision == known[-1])


def revisions() -> tuple[str, ...]:
    """All that this program knows, the newest last; told by their files' names, which saves loading alembic."""
    return tuple(sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("[0-9]*_*.py")))


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade(engine: Engine, revision: str = "head") -> SchemaState:
    """Apply every migration the database lacks, one client at a time; a SQLite file is copied first."""
    if engine.dialect.name == "sqlite":
        _copy_before_upgrade(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if not state(connection).is_current:
            # Few starts have something to migrate, and alembic takes a tenth of the program's memory.
            importlib.import_module(f"{__package__}.migrating").migrate(connection, revision)
            if inspect(connection).has_table("setting"):
                _remember(connection)
        return state(connection)


def _copy_before_upgrade(engine: Engine) -> None:
    path = Path(str(engine.url.database))
    with engine.connect() as connection:
        found = state(connection)
        if found.is_current or not found.revision:
            return
        copy = path.with_name(f"{path.name}.before-{found.revision}")
        draft = copy.with_name(f"{copy.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        connection.rollback()
        connection.connection.execute("VACUUM INTO ?", (str(draft),))
        shutil.move(draft, copy)


def _remember(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(
        text(
            "INSERT INTO setting (scope, owner, key, value) VALUES ('clinic', '', 'program', :value) "
            "ON CONFLICT (scope, owner, key) DO UPDATE SET value = excluded.value"
        ),
        {"value": f'"{__version__}"'},
    )


def _needed(connection: Connection) -> str:
    if not inspect(connection).has_table("setting"):
        return "of a later version"
    found = connection.execute(
        text("SELECT value FROM setting WHERE scope = 'clinic' AND owner = '' AND key = 'program'")
    ).scalar()
    return str(found or "of a later version").strip('"')
