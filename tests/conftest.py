"""Real databases of both kinds, built by the migrations; a small clinic to work in."""

import gc
import os
import shutil
import sys
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from clinic_scheduler.db import schema
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.actor import EVERYTHING, Actor
from clinic_scheduler.ui.collecting import collect
from tests.support import clinics
from tests.support.pg_server import postgres


@pytest.fixture(autouse=True)
def collect_here():
    """As in the program: a widget is never freed by a thread that reads."""
    gc.disable()
    yield
    collect()


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """No test reads or writes the settings of whoever runs it."""
    monkeypatch.setenv("CLINIC_SCHEDULER_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def pg_server():
    """The URL of a superuser on a throw-away server, or on the one that CLINIC_TEST_DATABASE_URL names."""
    given = os.environ.get("CLINIC_TEST_DATABASE_URL")
    if given:
        yield given
    else:
        with postgres() as url:
            yield url


@pytest.fixture(scope="session")
def pg_template(pg_server):
    """A migrated database to copy; making one takes a second, a copy 30 ms."""
    name = f"template_{new_id().hex}"
    admin = create_engine(pg_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_engine(_named(pg_server, name))
    schema.upgrade(engine)
    engine.dispose()
    yield admin, name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "clinic.db"
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.rollback()
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    path = tmp_path / "clinic.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def pg_url(pg_template, pg_server):
    admin, template = pg_template
    name = f"test_{new_id().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    yield _named(pg_server, name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """An empty, migrated database, once of each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url")


@pytest.fixture
def work(database_url):
    unit = UnitOfWork(open_engine(database_url))
    yield unit
    unit.close()


@pytest.fixture
def sqlite_work(sqlite_url):
    unit = UnitOfWork(open_engine(sqlite_url))
    yield unit
    unit.close()


@pytest.fixture
def actor() -> Actor:
    return Actor(UUID(int=1), "Kofi Mensah", "KM", "Desk 1", clinics.CLINIC, EVERYTHING)


@pytest.fixture
def colleague() -> Actor:
    """Somebody else, at another desk of the same clinic."""
    return Actor(UUID(int=2), "Rosa Lind", "RL", "Desk 2", clinics.CLINIC, EVERYTHING)


@pytest.fixture
def clinic(work, actor):
    """A small clinic in Berlin: two practitioners, two rooms, four services, three patients."""
    return clinics.make(work, actor)


@pytest.fixture
def sqlite_clinic(sqlite_work, actor):
    """The same in SQLite only."""
    return clinics.make(sqlite_work, actor)


def _named(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name
