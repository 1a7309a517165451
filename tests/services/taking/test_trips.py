"""How often a desk waits for the server in a hold and in a confirm, as decision 4 promises."""

import psycopg
import pytest

from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.line import Line
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services.unfinished.choices import Choices, Guest
from tests.support import clinics, desk
from tests.support.clinics import BEN, EMMA, MASSAGE

HOLD, CONFIRM = 3, 4


@pytest.fixture
def pg_work(pg_url):
    unit = UnitOfWork(open_engine(pg_url))
    yield unit
    unit.close()


def through(asked, waits):
    """What psycopg waits for, noted if it waits at all."""
    try:
        wanted = next(asked)
        waits.append(asked)
        while True:
            wanted = asked.send((yield wanted))
    except StopIteration as done:
        return done.value


@pytest.fixture
def counted(monkeypatch):
    """Do a step, and say how many trips it made and how often psycopg waited, on a trip or otherwise."""
    trips, waits = [], []
    trip, wait = Line.trip, psycopg.Connection.wait
    monkeypatch.setattr(Line, "trip", lambda self, asked: trips.append(self) or trip(self, asked))
    monkeypatch.setattr(
        psycopg.Connection, "wait", lambda self, asked, *more: wait(self, through(asked, waits), *more)
    )

    def count(step, *given):
        trips.clear()
        waits.clear()
        return step(*given), (len(trips), len(waits))

    return count


@pytest.mark.parametrize("patient", [EMMA, None])
def test_a_hold_is_three_trips_and_a_confirm_four_and_nothing_else_goes_to_the_server(
    pg_work, actor, counted, patient
):
    clinic, guest = clinics.make(pg_work, actor), Choices(guest=Guest("" if patient else "Guest"))
    for days in range(3):  # from the third on some of it is kept prepared
        begun = desk.start(pg_work, actor, patient, guest)
        parts = [
            clinic.part("09:00", days=days),
            clinic.part("10:00", BEN, MASSAGE, minutes=30, days=days),
        ]
        held, took = counted(desk.hold, pg_work, actor, begun, *parts)
        assert took == (HOLD, HOLD)
        _booked, took = counted(desk.confirm, pg_work, actor, held.session)
        assert took == (CONFIRM, CONFIRM)
