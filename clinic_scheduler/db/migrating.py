"""Alembic, as this program uses it; loaded only where a database has to be migrated."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file to lose when packaging."""
    made = Config()
    made.set_main_option("script_location", str(files(__package__) / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def migrate(connection: Connection, revision: str) -> None:
    """Apply the migrations up to a revision, or "head"."""
    command.upgrade(config(connection), revision)
