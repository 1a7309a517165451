"""Databases of one kind, and a spoilt line to a server."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, insert, make_url, text

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.taking import claims
from tests.support.claim_rows import DAY, at, put
from tests.support.clinics import ANA, CLINIC, PHYSIO
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


@pytest.fixture
def hold(work, clinic):
    """Puts a claim that expires so many minutes from now by the database's clock."""
    now, session_id = work.read(claims.now), new_id()
    whose = {"id": session_id, "clinic_id": CLINIC, "user_id": new_id(), "user_name": "", "workstation": ""}
    with work.engine.begin() as connection:
        connection.execute(insert(t.BookingSession).values(**whose, choices={}, expires_at=now))

    def put_hold(minutes=15, **values):
        row = {"kind": "hold", "session_id": session_id, "live_to": now + timedelta(minutes=minutes)}
        return put(work, **row | values)

    return put_hold


@pytest.fixture
def appointment_id(work, clinic, actor):
    booking, appointment = new_id(), new_id()
    row = {"id": booking, "clinic_id": CLINIC, "reference": "R", "guest_name": "G", "source": "phone"}
    visit = {"id": appointment, "booking_id": booking, "clinic_id": CLINIC, "position": 0, "zone": "UTC"}
    visit |= {"service_id": PHYSIO, "practitioner_id": ANA, "day": DAY.date(), "price_cents": 0}
    with work.engine.begin() as connection:
        connection.execute(insert(t.Booking).values(**row, total_cents=0, created_by=actor.user_id))
        connection.execute(insert(t.Appointment).values(**visit, start_at=at(600), end_at=at(660)))
    return appointment
