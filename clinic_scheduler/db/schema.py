"""Bringing a database to the schema this program was written for."""

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from clinic_scheduler import __version__
from clinic_scheduler.errors import NewerDatabase

from .engine import APPLICATION_ID

UPGRADE_LOCK = 0x434C4E43


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Where a database stands; `revision` is empty for a new one."""

    revision: str
    is_current: bool


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file to lose when packaging."""
    made = Config()
    made.set_main_option("script_location", str(files(__package__) / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def state(connection: Connection) -> SchemaState:
    """Where the database stands.

    Raises:
        NewerDatabase: a newer version of the program upgraded it.
    """
    script = ScriptDirectory.from_config(config())
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    if revision and revision not in {known.revision for known in script.walk_revisions()}:
        needed = _needed(connection)
        raise NewerDatabase(f"This database needs Clinic Scheduler {needed} or newer; this is {__version__}.")
    return SchemaState(revision, revision == script.get_current_head())


def upgrade(engine: Engine, revision: str = "head") -> SchemaState:
    """Apply every migration the database lacks, one client at a time; a SQLite file is copied first."""
    if engine.dialect.name == "sqlite":
        _copy_before_upgrade(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if not state(connection).is_current:
            command.upgrade(config(connection), revision)
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
