"""Desks in processes of their own act on one unfinished booking at the same moment, or die in the middle.

More rounds than every test run has:
    CLINIC_RACE_ROUNDS=200 python -m pytest --timeout 0 tests/services/unfinished/test_session_races.py -k two_desks
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.taking import claims
from clinic_scheduler.services.unfinished import booking_session
from tests.support import desk, rivals, sessions
from tests.support.clinics import OLGA, shift_clock

ROUNDS = int(os.environ.get("CLINIC_RACE_ROUNDS", "4"))


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as made:
        yield made


@pytest.fixture
def at_once(pool, work, database_url):
    """Let each of (act, actor, booking) happen at one moment; what each was told."""

    def run(*acts):
        gate = time.time() + 0.15
        asked = [pool.submit(rivals.act_at, database_url, who, act, begun, gate) for act, who, begun in acts]
        return [one.result(60) for one in asked]

    return run


def held(work, actor, clinic):
    begun = desk.start(work, actor)
    begun = desk.hold(work, actor, begun, clinic.part("09:00")).session
    return sessions.save(work, actor, begun, begun.choices)


def clear(work):
    """Let the next round begin with nothing open."""
    for row in work.read(lambda s: s.scalars(select(t.BookingSession.id)).all()):
        work.write(lambda s, row=row: _end(s, row))


def _end(session, identifier):
    row = session.get(t.BookingSession, identifier)
    if row.outcome in {"open", "parked"}:
        booking_session.end(session, row, "discarded", claims.now(session))


def test_of_two_desks_that_resume_one_booking_one_goes_on(work, actor, colleague, clinic, at_once):
    for _round in range(ROUNDS):
        begun = held(work, actor, clinic)
        here, there = at_once((rivals.resume, actor, begun), (rivals.resume, colleague, begun))
        assert {here.value, there.value} == {begun.version + 1, begun.version + 2}
        later = actor if here.value > there.value else colleague
        row = sessions.row(work, begun)
        assert (row.workstation, row.user_id) == (later.workstation, later.user_id)
        assert row.version == begun.version + 2
        clear(work)


def test_a_save_is_kept_before_a_take_over_or_refused_after_it(work, actor, colleague, clinic, at_once):
    for _round in range(ROUNDS):
        begun = held(work, actor, clinic)
        saved, taken = at_once((rivals.save, actor, begun), (rivals.resume, colleague, begun))
        assert taken.refused == ""
        assert saved.refused in {"", "ChangedMeanwhile"}
        now = work.read(lambda s, b=begun: booking_session.find(s, actor=colleague, session_id=b.id))
        assert (now.choices.notes == "saved") == (saved.refused == "")
        assert now.held_until == begun.held_until
        clear(work)


def test_a_booking_is_either_confirmed_or_discarded(work, actor, clinic, at_once):
    for round_ in range(ROUNDS):
        day = round_ + 2 * (round_ // 5)  # Monday to Friday
        begun = desk.start(work, actor)
        begun = desk.hold(work, actor, begun, clinic.part("09:00", days=day)).session
        gone, booked = at_once((rivals.discard, actor, begun), (rivals.confirm, actor, begun))
        assert gone.refused == ""
        made = desk.count(work, t.Booking, t.Booking.session_id == begun.id)
        lives = desk.count(work, t.Claim, t.Claim.session_id == begun.id, t.Claim.live_to.is_(None))
        if booked.refused:
            assert (booked.refused, sessions.outcome(work, begun)) == ("ChangedMeanwhile", "discarded")
            assert (made, lives, sessions.holds(work, begun)) == (0, 0, 0)
        else:
            assert (sessions.outcome(work, begun), made, lives) == ("converted", 1, 2)


def test_of_two_bookings_begun_for_one_patient_the_later_takes_over(work, actor, colleague, clinic, at_once):
    for _round in range(ROUNDS):
        begun = desk.start(work, actor, OLGA)
        both = at_once((rivals.start, actor, begun), (rivals.start, colleague, begun))
        assert [one.refused for one in both] == ["", ""]
        rows = [work.read(lambda s, i=one.value: s.get(t.BookingSession, i).outcome) for one in both]
        assert sorted(rows) == ["abandoned", "open"]
        clear(work)


@pytest.mark.parametrize("shift_ms", [-5, 0, 5, 20])
def test_a_save_at_the_end_of_the_two_hours_wins_or_loses_whole(
    work, actor, colleague, clinic, at_once, shift_ms
):
    begun = held(work, actor, clinic)
    with work.engine.begin() as connection:
        ends = work.read(claims.now) + timedelta(milliseconds=150 + shift_ms)
        mine = t.BookingSession.id == begun.id
        connection.execute(update(t.BookingSession).where(mine).values(expires_at=ends))
    saved, swept = at_once((rivals.save, actor, begun), (rivals.sweep, colleague, begun))
    row = sessions.row(work, begun)
    assert swept.refused == ""
    assert row.outcome in {"open", "expired"}
    if saved.refused:
        assert saved.refused == "ChangedMeanwhile"
    else:
        assert (row.outcome, swept.value and swept.value.sessions) in {("open", 0), ("open", None)}
    if row.outcome == "expired":
        assert (row.choices, sessions.holds(work, begun), swept.value.sessions) == ({}, 0, 1)


def test_desks_that_sweep_at_once_count_each_thing_once(work, actor, colleague, clinic, at_once):
    for _round in range(3):
        begun = [desk.start(work, actor, None) for _n in range(6)]
        for n, one in enumerate(begun[:4]):
            desk.hold(work, actor, one, clinic.part(f"{9 + n + n // 3}:00"))
        shift_clock(work, timedelta(hours=3))
        told = at_once(*((rivals.sweep, who, begun[0]) for who in (actor, colleague, actor)))
        done = [one.value for one in told if one.value is not None]
        assert [one.refused for one in told] == [""] * 3
        assert sum(one.sessions for one in done) == 6
        assert sum(one.holds for one in done) == 4
        rows = work.read(lambda s: s.scalars(select(t.BookingSession)).all())
        assert all(row.outcome == "expired" for row in rows)
        assert {(row.holds_taken, row.holds_lapsed) for row in rows} == {(1, 1), (0, 0)}
        with work.engine.begin() as connection:
            connection.execute(delete(t.BookingSession))
        shift_clock(work, timedelta(0))


def everything(work):
    """All that an act may change."""

    def look(session):
        rows = session.scalars(select(t.BookingSession).order_by(t.BookingSession.id)).all()
        values = [{c.name: getattr(row, c.key) for c in t.BookingSession.__table__.columns} for row in rows]
        ends = session.execute(select(t.Claim.id, t.Claim.kind, t.Claim.live_to).order_by(t.Claim.id)).all()
        counts = [len(session.scalars(select(table.id)).all()) for table in (t.AuditEntry, t.Booking)]
        return values, ends, counts

    return work.read(look)


@pytest.mark.skipif(sys.platform == "win32", reason="forks the desk that dies")
@pytest.mark.parametrize("act", ["start", "save", "resume", "hand_over", "discard", "confirm", "sweep"])
def test_a_desk_that_dies_in_the_middle_changes_nothing(
    pool, work, database_url, actor, colleague, clinic, act
):
    """Olga's booking is named Emma's, whose other one ends by it; every act but that is on Emma's."""
    sessions.discard(work, colleague, desk.start(work, colleague, None))
    others = held(work, actor, clinic)
    begun = desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("11:00")).session
    if act == "sweep":
        shift_clock(work, timedelta(hours=3))
    one = begun if act in {"save", "start"} else others
    before = everything(work)
    stride = 1 if work.engine.dialect.name == "sqlite" else 3  # connecting takes its time
    for statements in range(1, 200, stride):
        doing = (rivals.die_after, database_url, actor, getattr(rivals, act), one, statements)
        if pool.submit(*doing).result(60):
            break
        assert everything(work) == before
    assert statements > 3
    assert everything(work) != before
