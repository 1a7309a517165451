"""What is kept in memory while the line over which other desks are heard is down: nothing, and nothing is missed."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, make_url, text

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.localtime import Span
from clinic_scheduler.services.times import timelines
from tests.support import clinics
from tests.support.clinics import ANA
from tests.support.statements import statements
from tests.support.window import seats


@pytest.fixture
def elsewhere(pg_url):
    """Another desk, which stays connected."""
    unit = UnitOfWork(open_engine(pg_url))
    yield unit
    unit.close()


@pytest.fixture
def clinic(elsewhere, actor):
    return clinics.make(elsewhere, actor)


@pytest.fixture
def seat(qtbot, qtlog, pg_url, clinic):
    with seats(qtbot, qtlog, pg_url) as sit_down:
        yield sit_down()


@pytest.fixture
def server(pg_template, pg_url):
    """Says something to the server about the database."""
    admin, _template = pg_template
    name = make_url(pg_url).database

    def say(words):
        with admin.connect() as connection:
            connection.execute(text(words.format(name=name)))

    yield say
    say("ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def take(work, clinic, start):
    times = {"start_at": clinic.at(start), "end_at": clinic.at(start) + timedelta(minutes=30)}
    row = {"id": new_id(), "clinic_id": clinic.id, "resource_id": ANA, "kind": "block", **times}

    def block(session):
        session.execute(insert(t.Claim).values(row))
        announce(session, "time", ANA)

    work.write(block)


def test_what_was_written_while_nobody_listened_is_seen_once_the_line_stands_again(
    seat, elsewhere, clinic, server
):
    work, kept = seat._work, seat.connected._diaries
    span, lines = Span(clinic.monday, 1, clinics.ZONE), []
    seat.connected._live.connected.connect(lines.append)

    def taken():
        """How many times of Ana are taken, and how many statements it took to know."""
        with statements(work.engine) as said:
            look = work.read(lambda s: kept.look(s, clinic.id, (ANA,), span, 5))
        return len(list(timelines.intervals(look.of[ANA].taken[0]))), len(said)

    seat.until(lambda: taken() == (0, 0))
    server("ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = '{name}' AND application_name = 'clinic-scheduler-watcher'"
    )
    seat.until(lambda: False in lines)
    for start, count in (("10:00", 1), ("14:00", 2)):
        take(elsewhere, clinic, start)
        assert taken() == (count, 1)
    lines.clear()
    server("ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    seat.until(lambda: True in lines)
    assert taken()[0] == 2
    seat.until(lambda: taken() == (2, 0))
    take(elsewhere, clinic, "16:00")
    seat.until(lambda: taken()[0] == 3)
