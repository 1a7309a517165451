"""Databases of one kind, and a spoilt line to a server."""

import pytest
from sqlalchemy import create_engine, make_url, text

from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from tests.support.fault_proxy import FaultProxy


@pytest.fixture
def pg_work(pg_url):
    unit = UnitOfWork(open_engine(pg_url))
    yield unit
    unit.close()


@pytest.fixture
def pg_elsewhere(pg_url):
    """Another client of the same database, without any limits."""
    engine = create_engine(pg_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def empty_pg_url(pg_server):
    """A database without any table."""
    name = f"empty_{new_id().hex}"
    admin = create_engine(pg_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield pg_server.rpartition("/")[0] + "/" + name
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """A database without any table, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("empty_pg_url")


@pytest.fixture
def proxy(pg_url):
    url = make_url(pg_url)
    with FaultProxy(url.host, url.port) as made:
        yield made


@pytest.fixture
def proxied_url(pg_url, proxy):
    url = make_url(pg_url).set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
    return url.render_as_string(hide_password=False)
