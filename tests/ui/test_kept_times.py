"""The times that a desk keeps in memory hear of its own writes at once, and of other desks' as they arrive."""

import pytest
from sqlalchemy import insert

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.changes import announce
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import OutcomeUnknown
from clinic_scheduler.services.localtime import Span
from tests.support import clinics
from tests.support.clinics import ANA


@pytest.fixture
def block(clinic):
    """A service that takes an hour of somebody's time."""

    def take(session):
        times = {"start_at": clinic.at("10:00"), "end_at": clinic.at("11:00")}
        row = {"id": new_id(), "clinic_id": clinic.id, "resource_id": ANA, "kind": "block"}
        session.execute(insert(t.Claim).values(row | times))
        announce(session, "time", ANA)

    return take


@pytest.fixture
def ask(seat, clinic):
    """What the desk believes of Ana's Monday, and whether it was taken by now."""
    span = Span(clinic.monday, 1, clinics.ZONE)
    kept = seat.connected._diaries
    seat.until(lambda: "live" in seat.status)
    return lambda: seat.read(lambda s: kept.look(s, clinic.id, (ANA,), span)).of[ANA].taken != (0,)


def test_its_own_writes_count_at_once(seat, ask, block):
    assert not ask()
    believed = []
    seat.tasks.write(seat.window, block, lambda _done: believed.append(ask()))
    seat.until(lambda: believed)
    assert believed == [True]


def test_what_another_desk_wrote_counts_as_soon_as_it_is_heard(seat, ask, work, block):
    assert not ask()
    work.write(block)
    seat.until(ask, seat.live_ms)


def test_a_write_of_unknown_outcome_may_have_changed_anything(seat, ask, work, block, monkeypatch):
    assert not ask()
    refused = []

    def lost(service, **_how):
        work.write(service)
        raise OutcomeUnknown("unknown")

    monkeypatch.setattr(seat.connected._work, "write", lost)
    monkeypatch.setattr(seat.connected._live, "hear", lambda _changes: None)
    seat.tasks.write(seat.window, block, refused=lambda error: refused.append(ask()))
    seat.until(lambda: refused)
    assert refused == [True]


def test_the_wizard_asks_what_is_kept(seat, clinic):
    seat.window.bookings.begin()
    assert seat.wizard.draft.diaries is seat.connected._diaries
